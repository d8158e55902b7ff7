"""The newest samples from InfluxDB, after a start or a lost connection, while the live feed already runs.

The feed may have been away: what it missed is in InfluxDB, or soon will be, or, where InfluxDB was away too, some day.
So the table is compared with InfluxDB after each (re)connection, and then again ever more seldom, for it costs InfluxDB
a look at every series. What a slow feed dropped is looked for within a minute; after a change of the plant only what
the table has no sample of.
"""

import asyncio
from dataclasses import dataclass, field
from time import monotonic, time_ns

from andon.common import logs
from andon.common.bus import Bus
from andon.common.errors import UnavailableError
from andon.common.history.columns import as_value
from andon.common.history.history import History
from andon.common.influx import ARRIVED_SUFFIX, QUALITY_SUFFIX, Series, measurement, measurements, quote_identifier
from andon.common.plant import Asset, Plant
from andon.common.reading import NS_PER_MS, NS_PER_S
from andon.query.live.audience import Audience
from andon.query.live.past import fits
from andon.query.live.table import GOOD, Sample, Table

log = logs.get("recall")

REACH_DAYS = 30
SOON_SECONDS = 5.0
"""What was published while the feed was away is in InfluxDB by then, if all is well."""
MORE_SELDOM = 6
"""Each wait for the next look at everything is so many times the one before, up to SELDOM_SECONDS."""
SELDOM_SECONDS = 600.0
DROPPED_SECONDS = 60.0
"""Within this time what a slow feed dropped is looked for."""

STATEMENTS = 4
"""Statements in one query; each brings a series for every machine of its type."""


class Recall:
    """Compares the table with InfluxDB; what is found newer is sent to those who listen.

    `tried` is set after the first attempt, whether it succeeded or not.
    """

    def __init__(self, plant: Plant, history: History, table: Table, audience: Audience) -> None:
        self._plant = plant
        self._history = history
        self._table = table
        self._audience = audience
        self._said_lost = False
        self.tried = asyncio.Event()

    async def keep(self, bus: Bus, plant_known: asyncio.Event, listening: asyncio.Event) -> None:
        """Compare whenever something may have been missed, for ever. A missing InfluxDB is said once."""
        done_epoch = done_version = version = -1
        due = pause = 0.0
        dropped = bus.dropped
        await plant_known.wait()
        await listening.wait()
        while True:
            before, version, epoch = version, self._plant.version, bus.epoch
            if bus.dropped > dropped:
                dropped, due = bus.dropped, min(due, monotonic() + DROPPED_SECONDS)
            if epoch != done_epoch or monotonic() >= due:
                if await self._try(everything=True):
                    pause = SOON_SECONDS if epoch != done_epoch else min(MORE_SELDOM * pause, SELDOM_SECONDS)
                    due = monotonic() + pause
                    done_epoch, done_version = epoch, version
            # not while a large plant is being written: then every second brings another version
            elif version == before and version != done_version and await self._try(everything=False):
                done_version = version
            self.tried.set()
            await asyncio.sleep(1)

    async def _try(self, *, everything: bool) -> bool:
        try:
            await self.once(everything=everything)
        except UnavailableError as error:
            if not self._said_lost:
                log.warning("newest values cannot be recalled; trying again until they can", error=str(error))
            self._said_lost = True
            return False
        self._said_lost = False
        return True

    async def once(self, *, everything: bool) -> None:
        """Bring the table up to what InfluxDB knows, or only where it has nothing; forget machines that are no more.

        Raises:
            UnavailableError: InfluxDB does not answer.
        """
        self._table.keep({asset.id for asset in self._plant})
        changed = _Changed({machine.id: machine for machine in self._plant.machines() if machine.earlier})
        for machine in changed.machines.values():
            self._forget_what_fits_no_more(machine)
        sensors = self._sensors(everything=everything)
        for first in range(0, len(sensors), STATEMENTS):
            group = sensors[first : first + STATEMENTS]
            answers = await self._history.ask(*(_statement(*one, tells=bool(changed.machines)) for one in group))
            for (name, key), found in zip(group, answers, strict=True):
                for series in found:
                    if not changed.take(name, key, series):
                        self._take(series.tags["asset"], key, _sample(series))
                await asyncio.sleep(0)  # a thousand machines later the live feed has its turn
        for (asset, key), (_, sample) in changed.newest.items():
            self._take(asset, key, sample)

    def _forget_what_fits_no_more(self, machine: Asset) -> None:
        known = self._table.samples(machine.id)
        for key in [s.key for s in machine.sensors if s.key in known and not fits(known[s.key][1], s.datatype)]:
            self._table.forget(machine.id, key)

    def _sensors(self, *, everything: bool) -> list[tuple[str, str]]:
        """Measurement and sensor key of all machines, each pair once."""
        found: dict[tuple[str, str], None] = {}
        since = _since()
        for machine in self._plant.machines():
            known = {} if everything else self._table.samples(machine.id)
            names = measurements(machine, since)
            found.update(((name, s.key), None) for s in machine.sensors if s.key not in known for name in names)
        return list(found)

    def _take(self, machine: str, key: str, sample: Sample) -> None:
        if self._plant.find(machine) is not None and self._table.recall(machine, key, sample):
            self._audience.refresh(machine, key)


@dataclass
class _Changed:
    """The newest samples of machines that had another type before, of all measurements they were stored in.

    newest: with what decides: its time, when it came, and whether it lies where the machine's values are stored now.
    """

    machines: dict[str, Asset]
    newest: dict[tuple[str, str], tuple[tuple[int, int, bool], Sample]] = field(default_factory=dict)

    def take(self, name: str, key: str, series: Series) -> bool:
        """Whether it is such a machine's."""
        machine = self.machines.get(series.tags["asset"])
        if machine is None:
            return False
        time, value, _, arrived = series.rows[0]
        came = time if arrived is None else int(arrived) * NS_PER_MS
        found = (time, came, name == measurement(machine)), _sample(series)
        if any(s.key == key and fits(value, s.datatype) for s in machine.sensors):
            self.newest[machine.id, key] = max(self.newest.get((machine.id, key), found), found, key=lambda one: one[0])
        return True


def _since() -> int:
    return time_ns() - REACH_DAYS * 86_400 * NS_PER_S


def _statement(name: str, key: str, *, tells: bool) -> str:
    """The newest value of one sensor key for all machines of one measurement, with the quality it had.

    tells: also when it came.
    """
    came = f", {quote_identifier(key + ARRIVED_SUFFIX)}" if tells else ""
    return (
        f"SELECT last({quote_identifier(key)}), {quote_identifier(key + QUALITY_SUFFIX)}{came}"  # noqa: S608 - quoted
        f" FROM {quote_identifier(name)} WHERE time > {_since()} GROUP BY {quote_identifier('asset')}"
    )


def _sample(series: Series) -> Sample:
    time, value, quality, *_ = series.rows[0]
    return time, as_value(value), quality or GOOD
