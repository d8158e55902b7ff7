"""Tables of what is on its way to people: intents, messages, escalations, and what each channel may send."""

from typing import Any, Literal

from sqlalchemy import BigInteger, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from andon.alerting.tables.table import Table

# SQLite counts up by itself only in a column of type INTEGER.
_Counted = BigInteger().with_variant(Integer, "sqlite")


class IntentRow(Table):
    """A transition that somebody is to be told of, written with it; gone once it is known who.

    channels, policy: of the rule as it was. payload: alarm and transition in the webhook shape of the design.
    """

    __tablename__ = "intents"

    id: Mapped[int] = mapped_column(_Counted, primary_key=True)
    alarm_id: Mapped[str] = mapped_column(String(16))
    number: Mapped[int]
    event: Mapped[str] = mapped_column(String(20))
    at: Mapped[int] = mapped_column(BigInteger)
    channels: Mapped[list[str]]
    policy: Mapped[str | None] = mapped_column(String(100))
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[int] = mapped_column(BigInteger)


NotificationState = Literal["pending", "sending", "sent", "failed", "merged", "muted", "superseded"]
UNDER_WAY: tuple[NotificationState, ...] = ("pending", "sending")


class NotificationRow(Table):
    """The outbox: one message to one channel about one transition, or a digest of many (`alarm_id` `~<channel id>`).

    event, at, rank: of the transition and the alarm, for digests count them. place: the line.
    step, repeat: of the escalation; 0 for what is told at once. bundle: messages of one bundle are merged if several
    wait. state: pending, sending, sent, failed, merged, muted, superseded; reason: why muted or superseded, for people.
    held: muted until a silence ends; until: muted until then (quiet hours). merged_in: the message that tells of it.
    stands_in: the channel this one is a fallback for. owner, claimed_until: who sends it, and how long others keep off.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("channel", "alarm_id", "number", "step", "repeat", name="told_once"),
        Index("outbox_due", "state", "channel", "next_at"),
        Index("outbox_of_alarm", "alarm_id", "channel"),
        Index("outbox_merged", "merged_in"),
    )

    id: Mapped[int] = mapped_column(_Counted, primary_key=True)
    alarm_id: Mapped[str] = mapped_column(String(16))
    number: Mapped[int]
    step: Mapped[int] = mapped_column(default=0)
    repeat: Mapped[int] = mapped_column(default=0)
    channel: Mapped[str] = mapped_column(String(100))
    asset: Mapped[str] = mapped_column(String(300))
    place: Mapped[str] = mapped_column(String(300), default="")
    event: Mapped[str] = mapped_column(String(20), default="")
    at: Mapped[int] = mapped_column(BigInteger, default=0)
    rank: Mapped[int] = mapped_column(default=0)
    bundle: Mapped[str] = mapped_column(String(400), default="")
    payload: Mapped[dict[str, Any]]
    state: Mapped[NotificationState] = mapped_column(String(20), default="pending")
    reason: Mapped[str | None] = mapped_column(String(200))
    held: Mapped[bool] = mapped_column(default=False)
    until: Mapped[int | None] = mapped_column(BigInteger, index=True)
    merged_in: Mapped[int | None] = mapped_column(BigInteger)
    stands_in: Mapped[str | None] = mapped_column(String(100))
    owner: Mapped[str | None] = mapped_column(String(40))
    claimed_until: Mapped[int | None] = mapped_column(BigInteger)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[int] = mapped_column(BigInteger, index=True)
    next_at: Mapped[int] = mapped_column(BigInteger)
    sent_at: Mapped[int | None] = mapped_column(BigInteger)
    error: Mapped[str | None] = mapped_column(String(500))


class EscalationRow(Table):
    """An alarm that nobody has acknowledged, and whom its policy calls next.

    number: the transition it began with. step, repeat: what comes next. began: from when on the steps count.
    due: when by the wall clock. held: a silence stops it. payload: as of the intent.
    """

    __tablename__ = "escalations"

    alarm_id: Mapped[str] = mapped_column(String(16), primary_key=True)
    number: Mapped[int]
    policy: Mapped[str] = mapped_column(String(100))
    step: Mapped[int]
    repeat: Mapped[int]
    began: Mapped[int] = mapped_column(BigInteger)
    due: Mapped[int] = mapped_column(BigInteger, index=True)
    held: Mapped[bool] = mapped_column(default=False)
    event: Mapped[str] = mapped_column(String(20))
    at: Mapped[int] = mapped_column(BigInteger)
    payload: Mapped[dict[str, Any]]


class BudgetRow(Table):
    """How many messages a channel may send just now: `tokens` as of `at` (`notify.budget`)."""

    __tablename__ = "budgets"

    channel: Mapped[str] = mapped_column(String(100), primary_key=True)
    tokens: Mapped[float]
    at: Mapped[int] = mapped_column(BigInteger)
