"""Rebuild: what somebody asks to roll up anew, as after data was written to InfluxDB past Andon."""

from andon.common import subjects
from andon.common.bus import Bus
from andon.common.following import PlantFollower
from andon.query.derive import ranges
from andon.query.derive.anew import Wanted, hear
from andon.query.derive.backlog import Backlog
from andon.query.tiers.tiers import HOURS


class Rebuild:
    """Run `hear` as a task."""

    def __init__(self, bus: Bus, follower: PlantFollower, backlog: Backlog) -> None:
        self._bus = bus
        self._follower = follower
        self._backlog = backlog

    async def hear(self) -> None:
        """Hear for ever."""
        await hear(self._bus, subjects.REBUILD, self._add)

    async def _add(self, wanted: Wanted) -> int:
        """Whole hours, so that each is made of all its minutes."""
        await self._backlog.opened.wait()
        machines = self._follower.plant.machines(wanted.under)
        span = ranges.widened([(wanted.start, wanted.end)], HOURS.width)
        async with self._backlog.turn:
            await self._backlog.add_all({machine.id: span for machine in machines})
        return len(machines)
