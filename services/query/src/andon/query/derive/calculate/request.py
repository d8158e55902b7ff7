"""Request: what somebody asks to have calculated anew, as the route passes it on."""

import asyncio

from andon.common import subjects
from andon.common.bus import Bus
from andon.common.expression import Name
from andon.common.plant import is_below
from andon.query.derive.anew import Orders, Wanted
from andon.query.derive.calculate.calculation import Calculation
from andon.query.derive.calculate.pending import AT_ONCE


class Requests:
    """Run `hear` as a task."""

    def __init__(self, bus: Bus, calculation: Calculation) -> None:
        self._calculation = calculation
        self._orders = Orders(bus, subjects.RECALCULATE, calculation.opened, named=self._named, enter=self._enter)

    async def hear(self) -> None:
        """Hear for ever."""
        await self._orders.hear()

    def _named(self, wanted: Wanted) -> list[Name]:
        formulas = (cell.formula for cell in self._calculation.calculator.cells.values())
        return [formula.name for formula in formulas if is_below(formula.sensor.path, wanted.under)]

    async def _enter(self, names: list[Name], wanted: Wanted) -> None:
        pending, span = self._calculation.pending, [(wanted.start, wanted.end)]
        for first in range(0, len(names), AT_ONCE):
            await asyncio.gather(*(pending.add(name, span) for name in names[first : first + AT_ONCE]))
