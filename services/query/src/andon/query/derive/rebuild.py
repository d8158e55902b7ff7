"""Rebuild: what somebody asks to roll up anew, as after data was written to InfluxDB past Andon."""

from andon.common import subjects
from andon.common.bus import Bus
from andon.common.following import PlantFollower
from andon.common.plant import Asset
from andon.query.derive import ranges
from andon.query.derive.anew import Orders, Wanted
from andon.query.derive.backlog import Backlog
from andon.query.tiers.tiers import HOURS


class Rebuild:
    """Run `hear` as a task."""

    def __init__(self, bus: Bus, follower: PlantFollower, backlog: Backlog) -> None:
        self._follower = follower
        self._backlog = backlog
        self._orders = Orders(bus, subjects.REBUILD, backlog.opened, named=self._named, enter=self._enter)

    async def hear(self) -> None:
        """Hear for ever."""
        await self._orders.hear()

    def _named(self, wanted: Wanted) -> list[Asset]:
        return self._follower.plant.machines(wanted.under)

    async def _enter(self, machines: list[Asset], wanted: Wanted) -> None:
        """Whole hours, so that each is made of all its minutes."""
        span = ranges.widened([(wanted.start, wanted.end)], HOURS.width)
        async with self._backlog.turn:
            await self._backlog.add_all({machine.id: span for machine in machines})
