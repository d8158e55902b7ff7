"""Tables of what people write: rules, calendars, channels; and what is kept once."""

from typing import Any

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from andon.alerting.tables.table import Table


class RuleRow(Table):
    """A rule as it was written (`rules.draft.RuleDraft`)."""

    __tablename__ = "rules"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    draft: Mapped[dict[str, Any]]


class CalendarRow(Table):
    """A calendar as it was written (`rules.calendar.CalendarDraft`)."""

    __tablename__ = "calendars"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    draft: Mapped[dict[str, Any]]


class ChannelRow(Table):
    """A way to reach people. secret: what its messages are signed with; fallback: the channel that stands in for it."""

    __tablename__ = "channels"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    target: Mapped[str] = mapped_column(String(2000))
    secret: Mapped[str | None] = mapped_column(String(100))
    fallback: Mapped[str | None] = mapped_column(String(100))


class MarkRow(Table):
    """Something that was done once in the life of this database, and is not to be done again."""

    __tablename__ = "marks"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)


class KeptRow(Table):
    """A value that was made once and is kept, like a key; or counts, like the version of the rules."""

    __tablename__ = "kept"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(String(4000))


class PushRow(Table):
    """A browser that wants to be told. scope: the part of the plant its person may see."""

    __tablename__ = "push_subscriptions"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    person: Mapped[str] = mapped_column(String(200), index=True)
    scope: Mapped[str] = mapped_column(String(300))
    endpoint: Mapped[str] = mapped_column(String(1000), unique=True)
    p256dh: Mapped[str] = mapped_column(String(200))
    auth: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[int] = mapped_column(BigInteger)
    failed_at: Mapped[int | None] = mapped_column(BigInteger)
