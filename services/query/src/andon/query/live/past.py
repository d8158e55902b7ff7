"""Past: what happened to sensors from a time on, at most so much of it; and what of it the feed tells again. Pure."""

from time import monotonic
from typing import Any

from andon.common.history.columns import as_value
from andon.common.plant import Datatype, Sensor
from andon.common.reading import NS_PER_MS, NS_PER_S, Value
from andon.query.live.outbox import Item
from andon.query.live.table import GOOD

MAX_SAMPLES = 10_000
REACH = 3600 * NS_PER_S
"""Nanoseconds back from now."""
BUSIER = 4
"""A machine may have said so many times as much as those it is asked for with."""
SEAM_SECONDS = 10.0
"""The feed brings within this time what was in InfluxDB already, for it may be busy."""


class Past:
    """Samples since `asked`, all of them from `start` on, which moves on when there are too many. Nanoseconds."""

    def __init__(self, asked: int, *, now: int) -> None:
        self.start = max(asked, now - REACH)
        self._asked = asked
        self._items: list[Item] = []

    def add(self, machine: str, sensors: list[Sensor], rows: list[list[Any]], room: int) -> None:
        """Rows of one machine, newest first, at most `room`: time, then value and quality of each sensor."""
        if len(rows) >= room:
            self.start = max(self.start, rows[-1][0])
        for row in rows:
            for sensor, value, quality in zip(sensors, row[1::2], row[2::2], strict=True):
                if value is not None and fits(value, sensor.datatype):
                    self._items.append(Item(machine, sensor.key, (row[0], as_value(value), quality or GOOD)))
        if len(self._items) > 2 * MAX_SAMPLES:
            self.cut()

    def cut(self) -> None:
        """Leave what can be told: when there are too many, the newest."""
        if len(self._items) > MAX_SAMPLES:
            times = sorted((item.sample[0] for item in self._items), reverse=True)
            self.start = max(self.start, times[MAX_SAMPLES] + 1)
        self._items = [item for item in self._items if item.sample[0] >= self.start]

    @property
    def items(self) -> list[Item]:
        """All samples from `start` on, oldest first; after `cut`."""
        return sorted(self._items, key=lambda item: item.sample[0])

    def give_up(self, now: int) -> None:
        """Nothing up to now can be told."""
        self.start, self._items = max(now, self._asked), []

    @property
    def gap(self) -> list[int] | None:
        """Epoch milliseconds, [from, to), of which more happened than is told; None when all is."""
        return [self._asked // NS_PER_MS, -(-self.start // NS_PER_MS)] if self.start > self._asked else None


class Told:
    """What a client was told from the past a moment ago. The feed may bring it again; a correction is news."""

    def __init__(self) -> None:
        self._samples: dict[tuple[str, str, int], tuple[Value, str]] = {}
        self._until = 0.0

    def remember(self, items: list[Item]) -> None:
        """These were told now."""
        self._samples = {(machine, key, at): (value, quality) for machine, key, (at, value, quality) in items}
        self._until = monotonic() + SEAM_SECONDS

    def news(self, items: list[Item]) -> list[Item]:
        """Those that were not told."""
        if not self._samples:
            return items
        found = []
        for item in items:
            time, value, quality = item.sample
            at = (item.asset, item.key, time)
            if self._samples.get(at) != (value, quality):
                found.append(item)
                if at in self._samples:
                    self._samples[at] = (value, quality)
        if monotonic() > self._until:
            self._samples = {}
        return found


def room(keys: int, machines: int) -> int:
    """Rows to ask for of a machine with so many sensors, among so many: all together hold a few times MAX_SAMPLES."""
    return max(1, MAX_SAMPLES * min(machines, BUSIER) // (keys * machines)) + 1


def fits(value: Value, datatype: Datatype) -> bool:
    """Whether a value is of a datatype; a sensor may have had another one while its machine had another type."""
    return datatype == ("bool" if isinstance(value, bool) else "string" if isinstance(value, str) else "float")
