"""Tables of who is told, and when not: policies, schedules with their overrides, silences."""

from typing import Any

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from andon.alerting.tables.table import Table


class PolicyRow(Table):
    """A policy as it was written (`notify.policy.PolicyDraft`)."""

    __tablename__ = "policies"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    draft: Mapped[dict[str, Any]]


class ScheduleRow(Table):
    """A schedule as it was written (`notify.schedule.ScheduleDraft`)."""

    __tablename__ = "schedules"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    draft: Mapped[dict[str, Any]]


class OverrideRow(Table):
    """Somebody who is on call instead, from `start` until `end`."""

    __tablename__ = "overrides"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    schedule_id: Mapped[str] = mapped_column(ForeignKey("schedules.id", ondelete="CASCADE"), index=True)
    member: Mapped[str] = mapped_column(String(100))
    start: Mapped[int] = mapped_column(BigInteger)
    end: Mapped[int] = mapped_column(BigInteger)
    by: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[int] = mapped_column(BigInteger)


class SilenceRow(Table):
    """A silence or a maintenance window (`notify.silence.Silence`).

    under_id, rule_id: of the part of the plant (`<asset id>`, `<asset id>/<key>`) and the rule; under, rule: what they
    were called when it was written, and all there is of what the plant did not know then.
    """

    __tablename__ = "silences"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    under: Mapped[str] = mapped_column(String(400))
    under_id: Mapped[str] = mapped_column(String(130), default="")
    rule: Mapped[str | None] = mapped_column(String(100))
    rule_id: Mapped[str | None] = mapped_column(String(16))
    below: Mapped[str | None] = mapped_column(String(20))
    start: Mapped[int] = mapped_column(BigInteger)
    end: Mapped[int] = mapped_column(BigInteger)
    weekly: Mapped[bool]
    zone: Mapped[str] = mapped_column(String(64))
    until: Mapped[int | None] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(String(2000))
    by: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[int] = mapped_column(BigInteger)
    ended_at: Mapped[int | None] = mapped_column(BigInteger, index=True)
    ended_by: Mapped[str | None] = mapped_column(String(200))
