"""Past: what watches must know of before they began to look: windows, states, the last word of a silent sensor.

It is read from InfluxDB, up to where the stream goes on. Of a window, the first sample of each slot is enough.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from andon.alerting.evaluate.sources.formula import Expression, Name
from andon.alerting.evaluate.sources.silence import ConstancyOf, SilenceOf
from andon.alerting.evaluate.watch import Watch
from andon.common import logs
from andon.common.errors import AndonError
from andon.common.history.before import stored_before
from andon.common.history.columns import as_value
from andon.common.history.history import History
from andon.common.history.samples import NO_SAMPLES, Samples, read_many
from andon.common.history.span import Span
from andon.common.plant import Asset, Plant

log = logs.get("alerting.past")

AT_ONCE = 50
"""Machines of which one question asks."""


async def recall(history: History, plant: Plant, watches: Sequence[Watch], until: int) -> list[Watch]:
    """Let watches know the past; those for which InfluxDB did not answer, to be asked again."""
    left: list[Watch] = []
    windows: dict[tuple[str, int], list[Watch]] = {}
    for watch in watches:
        if isinstance(watch.source, Expression) or watch.gate.condition is not None:
            left += await _states(history, plant, watch, until)
        if not isinstance(watch.source, Expression) and watch.source.reach:
            windows.setdefault((watch.sensor.key, watch.source.reach), []).append(watch)
    for (key, reach), group in windows.items():
        for start in range(0, len(group), AT_ONCE):
            left += await _windows(history, key, reach, group[start : start + AT_ONCE], until)
    return left


async def _windows(history: History, key: str, reach: int, watches: Sequence[Watch], until: int) -> Sequence[Watch]:
    machines = {watch.asset.id: watch.asset for watch in watches}
    try:
        found = await read_many(history, list(machines.values()), key, Span(max(until - reach, 0), until))
    except AndonError as error:
        log.info("the past is not known yet; asking again", sensor=key, error=str(error))
        return watches
    for watch in watches:
        watch.recall(_told(watch, found.get(watch.asset.id, NO_SAMPLES)))
    return []


def _told(watch: Watch, samples: Samples) -> list[tuple[int, Any]]:
    """What a source is to know of samples: whoever measures durations all, others the numbers that can be trusted."""
    times = samples.times.tolist()
    if isinstance(watch.source, (SilenceOf, ConstancyOf)):
        return [(time, as_value(v)) for time, v in zip(times, samples.values.tolist(), strict=True) if v is not None]
    numbers, good = samples.numbers.tolist(), samples.good.tolist()
    told = zip(times, numbers, good, strict=True)
    return [(time, value) for time, value, trusted in told if trusted and value == value]  # noqa: PLR0124 - NaN


async def _states(history: History, plant: Plant, watch: Watch, until: int) -> list[Watch]:
    """The value that each sensor of an expression held."""
    try:
        for name, machine in _machines(plant, watch):
            found = await stored_before(history, machine, name[1], until)
            if found is not None:
                watch.told(name, *found)
    except AndonError as error:
        log.info("the past is not known yet; asking again", rule=watch.rule.name, error=str(error))
        return [watch]
    return []


def _machines(plant: Plant, watch: Watch) -> Iterable[tuple[Name, Asset]]:
    for machine_id, keys in watch.names.items():
        machine = plant.find(machine_id)
        if machine is not None:
            yield from (((machine_id, key), machine) for key in keys)
