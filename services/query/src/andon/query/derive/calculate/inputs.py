"""Inputs: what sensors said in a range, and what they held when it began, read from InfluxDB into columns."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt

from andon.common.expression import Name
from andon.common.history.columns import Columns, Floats, Objects, Times, as_value
from andon.common.history.history import History
from andon.common.history.span import Span
from andon.common.history.stored import doubts, parts, stored
from andon.common.influx import ARRIVED_SUFFIX, QUALITY_SUFFIX, measurement, quote_identifier
from andon.common.plant import Asset, Plant
from andon.common.reading import NS_PER_MS, Quality, Value
from andon.query.derive.calculate.track import HELD, UNUSABLE

MACHINES = 200
"""Machines in one statement."""


@dataclass(frozen=True)
class Said:
    """What one sensor said, in order of time: floats, or texts. `uncertain`: which of it was of uncertain quality."""

    times: Times
    values: Floats | Objects
    uncertain: npt.NDArray[np.bool_]

    def after(self, sample: tuple[int, Value, str]) -> "Said":
        """The same behind an earlier sample."""
        time, value, quality = sample
        first = _said(np.array([time], np.int64), np.array([value], np.object_), np.array([quality], np.object_))
        values = np.concatenate((first.values, self.values.astype(first.values.dtype)))
        return Said(
            np.concatenate((first.times, self.times)), values, np.concatenate((first.uncertain, self.uncertain))
        )


NOTHING = Said(np.empty(0, np.int64), np.empty(0), np.empty(0, np.bool_))


async def read(history: History, plant: Plant, names: Iterable[Name], span: Span) -> dict[Name, Said]:
    """What sensors said in a range, behind what they held when it began; those that held or said anything.

    Raises:
        UnavailableError: InfluxDB does not answer, not in time, or refuses.
        CutShortError: it is more than InfluxDB hands out at once.
    """
    names = set(names)
    found = await said(history, plant, names, span)
    before = await newest(history, plant, names, Span(max(span.start - HELD, 0), span.start))
    for sensor, sample in before.items():
        found[sensor] = found.get(sensor, NOTHING).after(sample)
    return found


async def said(history: History, plant: Plant, names: Iterable[Name], span: Span) -> dict[Name, Said]:
    """What sensors said in a range; those that said anything.

    Raises:
        UnavailableError: InfluxDB does not answer, not in time, or refuses.
        CutShortError: it is more than InfluxDB hands out at once.
    """
    names = set(names)
    found: dict[Name, Said] = {}
    for keys, machines in _questions(plant, names):
        values = await stored(history, machines, keys, span)
        told = await doubts(history, machines, span)
        for asset, one in values.items():
            for key in keys:
                sensor = asset, key
                if sensor in names:
                    found[sensor] = _column(one, key, told.get(asset), is_text=is_text_sensor(plant, sensor))
    return found


async def newest(
    history: History, plant: Plant, names: Iterable[Name], span: Span
) -> dict[Name, tuple[int, Value, str]]:
    """The newest sample of each sensor in a range, with its quality; '' is good.

    Raises:
        UnavailableError: InfluxDB does not answer, not in time, or refuses.
    """
    names = set(names)
    found: dict[Name, tuple[int, Value, str]] = {}
    for keys, machines in _questions(plant, names):
        for key in keys:
            fields = map(quote_identifier, (key + QUALITY_SUFFIX, key + ARRIVED_SUFFIX))
            what = f"last({quote_identifier(key)}), {', '.join(fields)}"
            for asset, some in (await parts(history, machines, what, span)).items():
                said = [_sample(rows, key) for rows in some.values()]
                fitting = [one for one in said if isinstance(one[1][1], str) == is_text_sensor(plant, (asset, key))]
                if fitting and (asset, key) in names:
                    found[asset, key] = max(fitting, key=lambda one: one[0])[1]
    return found


async def next_after(history: History, plant: Plant, name: Name, span: Span) -> int | None:
    """When a sensor said something for the first time in a range; None: it did not.

    Raises:
        UnavailableError: InfluxDB does not answer, not in time, or refuses.
    """
    for (key,), machines in _questions(plant, {name}):
        found = await parts(history, machines, f"first({quote_identifier(key)})", span)
        return min((int(rows.times[0]) for some in found.values() for rows in some.values()), default=None)
    return None


def _questions(plant: Plant, names: Iterable[Name]) -> Iterator[tuple[list[str], list[Asset]]]:
    """Keys and machines of what is asked for at once."""
    groups: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    by_id: dict[str, Asset] = {}
    for asset, key in names:
        machine = plant.find(asset)
        if machine is not None:
            by_id[asset] = machine
            groups[measurement(machine)][asset].add(key)
    for machines in groups.values():
        rest = iter(sorted(machines))
        while some := list(islice(rest, MACHINES)):
            yield sorted({key for asset in some for key in machines[asset]}), [by_id[asset] for asset in some]


def _sample(rows: Columns, key: str) -> tuple[tuple[int, int], tuple[int, Value, str]]:
    """The newest sample that one measurement has, behind its time and when it came."""
    time, value, quality = int(rows.times[0]), rows.fields["last"][0], rows.fields[key + QUALITY_SUFFIX][0]
    came = rows.numbers(key + ARRIVED_SUFFIX)[0]
    arrived = time if np.isnan(came) else int(came) * NS_PER_MS
    return (time, arrived), (time, as_value(value), quality if isinstance(quality, str) else "")


def is_text_sensor(plant: Plant, sensor: Name) -> bool:
    """Whether a sensor says texts; what it said when it was something else once is passed over."""
    known = plant.find_sensor("/".join(sensor))
    return known is not None and known[1].datatype == "string"


def _column(rows: Columns, key: str, doubts: Columns | None, *, is_text: bool) -> Said:
    values = rows.fields[key]
    there = _there(values, is_text=is_text)
    times, qualities = rows.times[there], np.full(int(there.sum()), "", np.object_)
    words = None if doubts is None else doubts.fields.get(key + QUALITY_SUFFIX)
    if doubts is not None and words is not None:
        known: Mapping[int, Any] = dict(zip(doubts.times.tolist(), words.tolist(), strict=True))
        qualities[:] = [known.get(time) or "" for time in times.tolist()]
    return _said(times, values[there], qualities)


def _there(values: Floats | Objects, *, is_text: bool) -> npt.NDArray[np.bool_]:
    """Where there is a value, of the sensor's kind."""
    if values.dtype == np.float64:
        return np.zeros(len(values), np.bool_) if is_text else ~np.isnan(values.astype(np.float64, copy=False))
    return np.array([value is not None and isinstance(value, str) == is_text for value in values], np.bool_)


def _said(times: Times, values: Floats | Objects, qualities: Objects) -> Said:
    """Texts as they are, all else as floats; nothing where the quality is such that nothing can follow from it."""
    unusable = np.isin(qualities.astype(str), list(UNUSABLE))
    uncertain = qualities.astype(str) == Quality.UNCERTAIN.value
    if values.dtype == np.object_ and any(isinstance(value, str) for value in values):
        return Said(times, np.where(unusable, None, values), uncertain)  # type: ignore[call-overload] # None is an object
    return Said(times, np.where(unusable, np.nan, values.astype(np.float64)), uncertain)
