"""Tables: rules, channels, alarms with their transitions, phases, the outbox, and marks. Times are UTC nanoseconds."""

from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from andon.alerting.alarm import AlarmState


class Table(DeclarativeBase):
    """All of alerting's tables."""

    type_annotation_map = {dict[str, Any]: JSON, list[str]: JSON}  # noqa: RUF012 - SQLAlchemy's own form


class ChannelRow(Table):
    """A way to reach people."""

    __tablename__ = "channels"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    target: Mapped[str] = mapped_column(String(2000))


class RuleRow(Table):
    """A rule as it was written; durations stay text, `rule.py` reads them."""

    __tablename__ = "rules"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    scope: Mapped[dict[str, Any]]
    condition: Mapped[dict[str, Any]]
    deadband: Mapped[float]
    on_delay: Mapped[str] = mapped_column(String(40))
    off_delay: Mapped[str] = mapped_column(String(40))
    severity: Mapped[str] = mapped_column(String(20))
    channels: Mapped[list[str]]


class AlarmRow(Table):
    """One alarm as it stands; `number` is that of its last transition."""

    __tablename__ = "alarms"
    __table_args__ = (
        # At most one open alarm per rule and sensor, whatever goes wrong above this line.
        Index(
            "one_open_alarm",
            "rule_id",
            "asset_id",
            "key",
            unique=True,
            sqlite_where=text(f"state != '{AlarmState.NORMAL}'"),
            postgresql_where=text(f"state != '{AlarmState.NORMAL}'"),
        ),
        Index("alarms_in_order", "rank", "since"),
        Index("alarms_by_time", "since"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    rule_id: Mapped[str] = mapped_column(String(16))
    rule_name: Mapped[str] = mapped_column(String(100))
    asset_id: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(64))
    asset: Mapped[str] = mapped_column(String(300), index=True)
    asset_name: Mapped[str] = mapped_column(String(200))
    sensor: Mapped[str] = mapped_column(String(400))
    unit: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(20), index=True)
    active: Mapped[bool]
    severity: Mapped[str] = mapped_column(String(20))
    rank: Mapped[int]
    since: Mapped[int] = mapped_column(BigInteger)
    value: Mapped[float]
    limit: Mapped[float]
    message: Mapped[str] = mapped_column(String(500))
    number: Mapped[int]
    acknowledged_by: Mapped[str | None] = mapped_column(String(200))
    acknowledged_at: Mapped[int | None] = mapped_column(BigInteger)
    comment: Mapped[str | None] = mapped_column(String(2000))
    cleared_at: Mapped[int | None] = mapped_column(BigInteger)


class TransitionRow(Table):
    """The journal: every transition of an alarm, numbered from 1. `by` is None when the process did it."""

    __tablename__ = "transitions"

    alarm_id: Mapped[str] = mapped_column(ForeignKey("alarms.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    from_state: Mapped[str] = mapped_column(String(20))
    to_state: Mapped[str] = mapped_column(String(20))
    at: Mapped[int] = mapped_column(BigInteger)
    value: Mapped[float | None]
    by: Mapped[str | None] = mapped_column(String(200))
    comment: Mapped[str | None] = mapped_column(String(2000))


class PhaseRow(Table):
    """State of one rule on one sensor (`phase.Phase`)."""

    __tablename__ = "phases"

    rule_id: Mapped[str] = mapped_column(String(16), primary_key=True)
    asset_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    state: Mapped[int]
    since: Mapped[int] = mapped_column(BigInteger)
    last: Mapped[int] = mapped_column(BigInteger)
    value: Mapped[float]


class NotificationRow(Table):
    """The outbox: one message to one channel about one transition.

    state: pending, sent, failed. payload: the webhook shape of the design. next_at: when to try (again).
    """

    __tablename__ = "outbox"
    __table_args__ = (UniqueConstraint("alarm_id", "number", "channel"), Index("outbox_due", "state", "next_at"))

    # SQLite counts up by itself only in a column of type INTEGER.
    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    alarm_id: Mapped[str] = mapped_column(String(16))
    number: Mapped[int]
    channel: Mapped[str] = mapped_column(String(100))
    asset: Mapped[str] = mapped_column(String(300))
    payload: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(20), default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[int] = mapped_column(BigInteger)
    next_at: Mapped[int] = mapped_column(BigInteger)
    sent_at: Mapped[int | None] = mapped_column(BigInteger)
    error: Mapped[str | None] = mapped_column(String(500))


class MarkRow(Table):
    """Something that was done once in the life of this database, and is not to be done again."""

    __tablename__ = "marks"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
