"""Rollup: minutes made of samples, hours made of minutes, for any machines and range. Repeating it changes nothing."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby, islice
from typing import TypeVar

from andon.common import logs
from andon.common.errors import UnavailableError
from andon.common.history import samples
from andon.common.history.columns import CutShortError
from andon.common.history.history import History
from andon.common.history.samples import Fields, Samples
from andon.common.history.span import Span
from andon.common.history.stored import stored
from andon.common.history.tier import RAW, Tier
from andon.common.influx import Influx, join_lines, line_prefix, measurement
from andon.common.plant import Asset
from andon.query.derive.places import Places
from andon.query.tiers import runs, tiers, windows
from andon.query.tiers.keeping import unheeded
from andon.query.tiers.read import read_many_windows
from andon.query.tiers.runs import Told
from andon.query.tiers.tiers import HOURS, MINUTES
from andon.query.tiers.windows import Windows

log = logs.get("derive.rollup")

MACHINES = 200
"""Machines in one statement."""
KEYS = 20
"""Sensors in one statement, where a machine says several at one instant: half the cost of one by one."""
ROWS = 300_000
"""Rows of one machine that are read at once, for they lie in memory: it may say much after months of silence."""
WRITE_LINES = 5_000
WRITE_BYTES = 4 * 2**20
"""What a state said in a minute may be 20 kB; InfluxDB refuses a body of 25 MB."""


@dataclass
class Made:
    """What a rollup did: samples read."""

    samples: int = 0


@dataclass
class Rollup:
    """Reads and writes InfluxDB.

    whole_since: from when on all values of a tier are kept. No window is made of what is gone in part: it was made when
    all was there.
    together: by measurement, whether its machines say several sensors at one instant. Where each comes by itself, a
    row of many columns would be mostly holes.
    made: tiers whose database was missing and had to be made: nothing of what was stored before is in them.
    making: called before one is made; a process that is killed behind it could not tell that it was.
    """

    history: History
    influx: Influx
    whole_since: Callable[[Tier], int]
    together: dict[str, bool] = field(default_factory=dict)
    made: set[str] = field(default_factory=set)
    making: Callable[[], Awaitable[None]] = unheeded

    def __post_init__(self) -> None:
        """Rows lie where they lay before."""
        self.places = Places(self.history)

    async def minutes(self, machines: Iterable[Asset], span: Span) -> Made:
        """Make the minutes of a range, whose ends are whole minutes, of what is stored; of whole hours these, too.

        Raises:
            UnavailableError: InfluxDB does not answer, or does not take them.
        """
        made, whole = Made(), self._whole(span, of=RAW, width=MINUTES.width)
        hour = _up(whole.start, HOURS.width)
        cut = whole != span and hour < whole.end
        parts = [Span(whole.start, hour), Span(hour, whole.end)] if cut else [whole]
        for name, group in _by_measurement(machines):
            for some in batched(group, MACHINES):
                for part in parts:
                    if part.start < part.end:
                        await self._minutes(name, some, part, made)
        return made

    def hours_left(self, span: Span) -> Span:
        """The hours that a range touches, and `minutes` does not make along with it: they are made of minutes."""
        end = _up(span.end, HOURS.width)
        if HOURS in fitting(span):
            end = min(end, _up(self.whole_since(RAW), HOURS.width))
        return Span(span.start // HOURS.width * HOURS.width, end)

    async def _minutes(self, name: str, machines: list[Asset], span: Span, made: Made) -> None:
        keys = _numbers(machines)
        for some in batched(keys, KEYS if self.together.get(name, True) else 1):
            try:
                found = await samples.read_fields(self.history, machines, some, span, most=ROWS)
            except CutShortError:
                await self._halved(name, machines, span, made)
                return
            self._learn(name, found, len(some))
            rolled = await asyncio.to_thread(_rolled, machines, found, span, made)
            for tier in fitting(span):
                await self._write(tier, machines, await asyncio.to_thread(list, _number_lines(rolled, span, tier)))
        for key in _words(machines):
            try:
                said = await self._said(key, machines, span)
            except CutShortError:
                await self._halved(name, machines, span, made)
                return
            told = {asset: runs.of_samples(one.times, one.values) for asset, one in said.items()}
            made.samples += sum(map(len, told.values()))
            for tier in fitting(span):
                await self._write(tier, machines, _told_lines(machines, key, told, span, tier))

    async def _said(self, key: str, machines: list[Asset], span: Span) -> dict[str, Samples]:
        said = await samples.read_many(self.history, machines, key, span, most=ROWS + 1)
        if max(map(len, said.values()), default=0) > ROWS:
            raise CutShortError(f"There are more than {ROWS:,} rows; ask for a shorter range")
        return said

    async def _halved(self, name: str, machines: list[Asset], span: Span, made: Made) -> None:
        """The same in two parts: it was too much for one answer."""
        if len(machines) > 1:
            middle = len(machines) // 2
            parts = [(machines[:middle], span), (machines[middle:], span)]
        elif span.end - span.start > MINUTES.width:
            width = HOURS.width if len(fitting(span)) > 1 and span.end - span.start > HOURS.width else MINUTES.width
            middle = (span.start + span.end) // 2 // width * width
            parts = [(machines, Span(span.start, middle)), (machines, Span(middle, span.end))]
        else:
            log.error(
                "more samples in a minute than InfluxDB hands out; the minute is not rolled up",
                machine=machines[0].path,
            )
            return
        for some, part in parts:
            await self._minutes(name, some, part, made)
        if len(fitting(span)) > len(fitting(parts[0][1])):  # an hour that had to be cut
            await self.hours(machines, span)

    def _learn(self, name: str, found: Fields, keys: int) -> None:
        values = sum(len(one) for by_key in found.by_asset.values() for one in by_key.values())
        if keys > 1 and found.rows:
            self.together[name] = 2 * values > keys * found.rows

    async def hours(self, machines: Iterable[Asset], span: Span) -> None:
        """Make the hours of a range, whose ends are whole hours, of the minutes that are made.

        Raises:
            UnavailableError: InfluxDB does not answer, or does not take them.
        """
        span = self._whole(span, of=MINUTES, width=HOURS.width)
        if span.start >= span.end:
            return
        for _, group in _by_measurement(machines):
            for some in batched(group, MACHINES):
                by_id = {machine.id: machine for machine in some}
                for key in _numbers(some):
                    found = await read_many_windows(self.history, MINUTES, some, key, span)
                    rolled = [(by_id[asset], key, one) for asset, one in found.items()]
                    await self._write(HOURS, some, _number_lines(rolled, span, HOURS))
                for key in _words(some):
                    fields = [tiers.field(key, one) for one in runs.FIELDS]
                    rows = await stored(self.history, some, fields, span, tier=MINUTES)
                    told = {asset: runs.of_rows(one, key) for asset, one in rows.items()}
                    await self._write(HOURS, some, _told_lines(some, key, told, span, HOURS))

    def _whole(self, span: Span, *, of: Tier, width: int) -> Span:
        """The part of a range in which every window can be made of all its values."""
        return Span(max(span.start, _up(self.whole_since(of), width)), span.end)

    async def _write(self, tier: Tier, machines: list[Asset], lines: Iterable[bytes]) -> None:
        database = tier.database(self.influx.settings.database)
        for some in light(lines):
            body = join_lines(await self.places.kept(tier, machines, some))
            answer = await self.influx.write(body, database=database)
            if answer.status == 404:
                await self.making()
                self.made.add(tier.name)
                await self.influx.ensure_database(database=database, few=tier.few)
                answer = await self.influx.write(body, database=database)
            if answer.refused:
                say = log.debug if answer.too_old else log.error
                say("windows refused", tier=tier.name, detail=answer.detail[:200])
            elif not answer.stored:
                raise UnavailableError(f"InfluxDB answered {answer.status}: {answer.detail[:200]}")


_T = TypeVar("_T")


def batched(some: Iterable[_T], size: int) -> Iterator[list[_T]]:
    """Lists of at most so many (Python 3.12 has it in itertools)."""
    rest = iter(some)
    while part := list(islice(rest, size)):
        yield part


def light(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    """Lists of lines that InfluxDB takes at once."""
    some, size = list[bytes](), 0
    for line in lines:
        some.append(line)
        size += len(line)
        if len(some) >= WRITE_LINES or size >= WRITE_BYTES:
            yield some
            some, size = [], 0
    if some:
        yield some


def _up(time: int, width: int) -> int:
    return -(-time // width) * width


def _by_measurement(machines: Iterable[Asset]) -> Iterator[tuple[str, Iterator[Asset]]]:
    return groupby(sorted(machines, key=measurement), key=measurement)


def _numbers(machines: Iterable[Asset]) -> list[str]:
    """Keys of the sensors that measure numbers."""
    return sorted({sensor.key for machine in machines for sensor in machine.sensors if sensor.datatype == "float"})


def _words(machines: Iterable[Asset]) -> list[str]:
    """Keys of the sensors that tell states and switches."""
    return sorted({sensor.key for machine in machines for sensor in machine.sensors if sensor.datatype != "float"})


def _told_lines(machines: list[Asset], key: str, told: dict[str, Told], span: Span, tier: Tier) -> Iterator[bytes]:
    bounds = windows.edges(span.start, span.end, tier.width)
    for machine in machines:
        if machine.id in told:
            yield from runs.lines(line_prefix(machine), key, runs.shortened(told[machine.id], bounds), bounds)


def _rolled(machines: list[Asset], found: Fields, span: Span, made: Made) -> list[tuple[Asset, str, Windows]]:
    """Minutes of each sensor."""
    bounds = windows.edges(span.start, span.end, MINUTES.width)
    by_id = {machine.id: machine for machine in machines}
    rolled = []
    for asset, by_key in found.by_asset.items():
        for key, one in by_key.items():
            made.samples += len(one)
            rolled.append((by_id[asset], key, windows.from_samples(one.times, one.numbers, one.good, bounds)))
    return rolled


def _number_lines(rolled: list[tuple[Asset, str, Windows]], span: Span, tier: Tier) -> Iterator[bytes]:
    """Lines of a tier, of the minutes of each sensor."""
    bounds = windows.edges(span.start, span.end, tier.width)
    for machine, key, one in rolled:
        yield from tiers.lines(line_prefix(machine), key, windows.merge(one, bounds), tier.width)


def fitting(span: Span) -> list[Tier]:
    """The tiers whose windows a range is made of."""
    return [tier for tier in (MINUTES, HOURS) if not (span.start % tier.width or span.end % tier.width)]
