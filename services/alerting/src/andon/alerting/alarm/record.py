"""Record: the lines of the journal as points in InfluxDB, where Grafana finds them beside the readings.

    andon_alarm,site=,area=,line=,machine=,asset=,sensor=,rule=,rule_id=,severity= event=,state=,active=,... <at>

The journal stays the truth; this is a copy for who asks in InfluxQL, without what people wrote. A line is marked once
InfluxDB has it: killed in between, the same point is written again, to no effect. `active` is 1 while the alarm is
there and not hidden, `announced` 1 where people were called; `acknowledged_after` and `lasted` are seconds since it was
raised.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from sqlalchemy import ScalarSelect, func, select, tuple_, update
from sqlalchemy.orm import aliased

from andon.alerting.alarm.events import Event, announces
from andon.alerting.alarm.state import AlarmState
from andon.alerting.database import GONE, Database
from andon.alerting.tables import AlarmRow, TransitionRow
from andon.alerting.tables.alarms import TO_RECORD
from andon.common import logs
from andon.common.errors import UnavailableError
from andon.common.influx import ALARMS, TAGS, Influx, join_lines, point
from andon.common.reading import NS_PER_S, Value
from andon.common.sql import said
from andon.common.trouble import Trouble

log = logs.get("alerting.record")

LOOK_SECONDS = 2.0
PIECE = 500
"""Lines that are written, and marked, at once."""
APART = 1000
"""Lines of one instant are told apart by their nanoseconds: InfluxDB keeps one point of a series and a time."""
_ACTIVE = (AlarmState.UNACKNOWLEDGED, AlarmState.ACKNOWLEDGED)

Line: TypeAlias = tuple[TransitionRow, AlarmRow, int | None]


class Recorder:
    """Writes what InfluxDB does not have yet, in the instance for which `holds` says so."""

    def __init__(self, database: Database, influx: Influx, holds: Callable[[], bool]) -> None:
        self._database, self._influx, self._holds = database, influx, holds
        self.trouble = Trouble(
            log,
            comes="alarms are not written to InfluxDB, Grafana does not see them; trying again until they are",
            over="alarms are written to InfluxDB again",
        )

    async def run(self) -> None:
        """Record for ever."""
        while True:
            busy = False
            try:
                busy = self._holds() and await self.record()
                self.trouble.say("")
            except GONE as error:
                self.trouble.say(said(error))
            except UnavailableError as error:
                self.trouble.say(str(error))
            await asyncio.sleep(0 if busy else LOOK_SECONDS)

    async def record(self) -> bool:
        """Write one piece of what is to be recorded; whether there was any.

        Raises:
            UnavailableError: InfluxDB does not take it just now.
        """
        query = select(TransitionRow, AlarmRow, _raised()).join(AlarmRow, AlarmRow.id == TransitionRow.alarm_id)
        async with self._database.read() as session:
            rows = await session.execute(query.where(TO_RECORD).order_by(TransitionRow.at).limit(PIECE))
            found = [tuple(row) for row in rows]
        if not found:
            return False
        await self._write(found)
        own = tuple_(TransitionRow.alarm_id, TransitionRow.number)
        keys = [(line[0].alarm_id, line[0].number) for line in found]
        async with self._database.write() as session:
            await session.execute(update(TransitionRow).where(own.in_(keys)).values(recorded=True))
        return True

    async def _write(self, found: Sequence[Line]) -> None:
        """Write lines; what InfluxDB will never take stays in the journal alone, and is logged."""
        answer = await self._influx.write(join_lines(point_of(*line) for line in found))
        if answer.stored or answer.too_old == len(found):
            return
        if not answer.refused:
            raise UnavailableError(f"InfluxDB answered {answer.status}: {answer.detail[:200]}")
        if len(found) == 1:
            log.warning("InfluxDB refuses a line of an alarm", alarm=found[0][1].id, error=answer.detail[:200])
            return
        middle = len(found) // 2
        await self._write(found[:middle])
        await self._write(found[middle:])


def point_of(line: TransitionRow, alarm: AlarmRow, raised: int | None) -> bytes:
    """Line protocol of one line of a journal. raised: when the alarm came before that, if it is known."""
    tags = dict(zip(TAGS, [*alarm.asset.split("/"), alarm.asset_id], strict=False))
    tags |= {"sensor": alarm.key, "rule": alarm.rule_name, "rule_id": alarm.rule_id, "severity": str(line.severity)}
    fields: dict[str, Value] = {
        "event": str(line.event),
        "state": str(line.to_state),
        "active": float(line.to_state in _ACTIVE),
        "alarm": alarm.id,
        "title": f"{alarm.asset_name}: {alarm.rule_name}",
        "message": alarm.message,
    }
    numbers = {"value": line.value, "limit": alarm.limit, "announced": None, **_seconds(line, raised)}
    if announces(line.event, line.to_state):
        numbers["announced"] = 1.0
    fields |= {name: float(number) for name, number in numbers.items() if number is not None}
    return point(ALARMS, tags, fields, line.at // APART * APART + line.number % APART)


def _seconds(line: TransitionRow, raised: int | None) -> dict[str, float | None]:
    """How long it took until somebody acknowledged, or until its cause was gone."""
    if raised is None:
        return {}
    seconds = max(0.0, (line.at - raised) / NS_PER_S)  # a person's clock and a machine's may differ
    over = line.event == Event.CLEARED or (line.event == Event.CLOSED and line.from_state in _ACTIVE)
    return {
        "acknowledged_after": seconds if line.event == Event.ACKNOWLEDGED else None,
        "lasted": seconds if over else None,
    }


def _raised() -> ScalarSelect[Any]:
    """When the alarm of a line was raised last before it."""
    before = aliased(TransitionRow)
    of_it = before.alarm_id == TransitionRow.alarm_id, before.number < TransitionRow.number
    query = select(func.max(before.at)).where(*of_it, before.event == Event.RAISED)
    return query.correlate(TransitionRow).scalar_subquery()
