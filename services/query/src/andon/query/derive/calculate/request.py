"""Request: what somebody asks to have calculated anew, as the route passes it on."""

import asyncio

from andon.common import subjects
from andon.common.bus import Bus
from andon.common.plant import is_below
from andon.query.derive.anew import Wanted, hear
from andon.query.derive.calculate.calculation import Calculation
from andon.query.derive.calculate.pending import AT_ONCE


class Requests:
    """Run `hear` as a task."""

    def __init__(self, bus: Bus, calculation: Calculation) -> None:
        self._bus = bus
        self._calculation = calculation

    async def hear(self) -> None:
        """Hear for ever."""
        await hear(self._bus, subjects.RECALCULATE, self._add)

    async def _add(self, wanted: Wanted) -> int:
        await self._calculation.opened.wait()
        cells = self._calculation.calculator.cells.values()
        names = [cell.formula.name for cell in cells if is_below(cell.formula.sensor.path, wanted.under)]
        pending, span = self._calculation.pending, [(wanted.start, wanted.end)]
        for first in range(0, len(names), AT_ONCE):
            await asyncio.gather(*(pending.add(name, span) for name in names[first : first + AT_ONCE]))
        return len(names)
