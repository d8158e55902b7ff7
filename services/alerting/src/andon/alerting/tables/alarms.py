"""Tables of alarms and of what happened to them. Times are UTC nanoseconds."""

from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, false, text
from sqlalchemy.orm import Mapped, mapped_column

from andon.alerting.alarm.state import AlarmState
from andon.alerting.tables.table import Table

IS_OPEN = text(f"state != '{AlarmState.NORMAL}'")
"""Of an alarm that is not over; spelled as the indexes have it, else a database would not see that they fit."""
TO_RECORD = text("NOT recorded")
"""Of a line of the journal that InfluxDB does not have yet; spelled so, too."""


class AlarmRow(Table):
    """One alarm as it stands; `number` is that of its last transition.

    level, levels: the most severe of the rule's levels that are active, and all of these. latched: its cause was there
    and nobody has reset it. group: what it is first-out in, '' for nothing. realarm_at: when an acknowledged alarm asks
    again. advice: cause, consequence and action as the rule had them. gated: its rule's own design suppresses it.
    parent: the alarm that explains it, and so suppresses it; parent_asset: the path of that one's machine.
    """

    __tablename__ = "alarms"
    __table_args__ = (
        # At most one open alarm per rule and sensor, whatever goes wrong above this line.
        Index(
            "one_open_alarm",
            "rule_id",
            "asset_id",
            "key",
            unique=True,
            sqlite_where=IS_OPEN,
            postgresql_where=IS_OPEN,
        ),
        # What operators look at, in their order; closed alarms of years are not in it.
        Index(
            "open_alarms_in_order",
            "rank",
            "since",
            "id",
            sqlite_where=IS_OPEN,
            postgresql_where=IS_OPEN,
        ),
        Index("alarms_of_state", "state", "rank", "since", "id"),
        Index("alarms_by_time", "since", "id"),
        Index("alarms_of_rule", "rule_id", "since"),
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
    state: Mapped[str] = mapped_column(String(20))
    active: Mapped[bool]
    severity: Mapped[str] = mapped_column(String(20))
    rank: Mapped[int]
    since: Mapped[int] = mapped_column(BigInteger)
    value: Mapped[float | None]
    limit: Mapped[float | None]
    message: Mapped[str] = mapped_column(String(500))
    number: Mapped[int]
    acknowledged_by: Mapped[str | None] = mapped_column(String(200))
    acknowledged_at: Mapped[int | None] = mapped_column(BigInteger)
    comment: Mapped[str | None] = mapped_column(String(2000))
    cleared_at: Mapped[int | None] = mapped_column(BigInteger)
    level: Mapped[str] = mapped_column(String(20))
    levels: Mapped[list[str]]
    acknowledged: Mapped[bool]
    latched: Mapped[bool]
    suppressed: Mapped[bool]
    suppressed_by: Mapped[str | None] = mapped_column(String(200))
    gated: Mapped[bool]
    parent: Mapped[str | None] = mapped_column(String(16), index=True)
    parent_asset: Mapped[str | None] = mapped_column(String(300))
    shelved_until: Mapped[int | None] = mapped_column(BigInteger, index=True)
    shelved_by: Mapped[str | None] = mapped_column(String(200))
    shelved_reason: Mapped[str | None] = mapped_column(String(2000))
    out_of_service: Mapped[bool]
    service_reason: Mapped[str | None] = mapped_column(String(2000))
    late: Mapped[bool]
    group: Mapped[str] = mapped_column(String(400), index=True)
    first_out: Mapped[bool]
    assigned_to: Mapped[str | None] = mapped_column(String(200))
    realarm_at: Mapped[int | None] = mapped_column(BigInteger, index=True)
    advice: Mapped[dict[str, Any]]


class TransitionRow(Table):
    """The journal: all that happened to an alarm, numbered from 1. `by` is None when the process did it.

    event: one of `alarm.events.Event`. at: when, by event time where a sensor caused it. severity: of the alarm then.
    recorded: InfluxDB has it (`alarm.record`).
    """

    __tablename__ = "transitions"
    __table_args__ = (Index("transitions_to_record", "at", sqlite_where=TO_RECORD, postgresql_where=TO_RECORD),)

    alarm_id: Mapped[str] = mapped_column(ForeignKey("alarms.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    from_state: Mapped[str] = mapped_column(String(20))
    to_state: Mapped[str] = mapped_column(String(20))
    event: Mapped[str] = mapped_column(String(20))
    severity: Mapped[str] = mapped_column(String(20))
    at: Mapped[int] = mapped_column(BigInteger, index=True)
    late: Mapped[bool]
    value: Mapped[float | None]
    by: Mapped[str | None] = mapped_column(String(200))
    comment: Mapped[str | None] = mapped_column(String(2000))
    recorded: Mapped[bool] = mapped_column(server_default=false(), default=False)
