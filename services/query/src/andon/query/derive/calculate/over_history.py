"""Over history: what a formula yielded over a range, all at once. Pure, given what its sensors said."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from andon.common.expression import Formula, Input, Name, Several, evaluate
from andon.common.expression.columns import COLUMNS
from andon.common.history.columns import Times
from andon.common.history.span import Span
from andon.common.reading import NS_PER_S, Quality, Reading
from andon.query.derive.calculate.inputs import NOTHING, Said
from andon.query.derive.calculate.track import HELD


def sources(formula: Formula, span: Span) -> Span:
    """The range in which its sensors are looked at, for what it yields in a range."""
    return span if formula.local else Span(max(span.start - NS_PER_S, 0), span.end)


def calculate(formula: Formula, said: Mapping[Name, Said], span: Span, *, before: Said = NOTHING) -> list[Reading]:
    """What a formula yielded in a range, in order of time: as the calculator would have, reading by reading.

    before: what it was said to yield. Where nothing follows any longer, that is said again with bad quality.
    """
    times = _times(formula, said, span)

    def look(node: Input | Several) -> Any:
        found = [_held(said.get(name, NOTHING), times) for name in formula.uses[node]]
        return found if isinstance(node, Several) else found[0] if found else np.full(len(times), np.nan)

    values = np.broadcast_to(evaluate(formula.tree, COLUMNS, look), times.shape)
    words = np.where(_uncertain(formula, said, times), Quality.UNCERTAIN.value, "")
    words[gone := np.isnan(values)] = Quality.BAD.value
    values = np.where(gone, _said_at(before, times), values)
    there = ~np.isnan(values)
    asset, key = formula.name
    found = values[there].astype(bool) if formula.sensor.datatype == "bool" else values[there]
    return [
        Reading(asset, time, {key: value}, {key: word} if word else None)
        for time, value, word in zip(times[there].tolist(), found.tolist(), words[there].tolist(), strict=True)
    ]


def _said_at(before: Said, times: Times) -> Any:
    """What was said of these times themselves; NaN where nothing was."""
    if not len(before.times):
        return np.full(len(times), np.nan)
    places = np.searchsorted(before.times, times).clip(max=len(before.times) - 1)
    return np.where(before.times[places] == times, before.values[places], np.nan)


def _times(formula: Formula, said: Mapping[Name, Said], span: Span) -> Times:
    """When it is calculated: where any of its sensors was measured, or at the end of each second with such a time."""
    measured = [said[name].times for name in formula.names if name in said]
    times = np.unique(np.concatenate(measured)) if measured else np.empty(0, np.int64)
    times = times[times >= sources(formula, span).start]
    if not formula.local:
        times = np.unique(-(-times // NS_PER_S) * NS_PER_S)
    return times[(times >= span.start) & (times < span.end)]


def _places(said: Said, times: Times) -> tuple[Any, Any]:
    """Which sample is held at each time, and whether one is."""
    places = np.searchsorted(said.times, times, "right") - 1
    return places, (places >= 0) & (times - said.times[places] <= HELD)


def _held(said: Said, times: Times) -> Any:
    if not len(said.times):
        return np.full(len(times), np.nan)
    places, there = _places(said, times)
    return np.where(there, said.values[places], None if said.values.dtype == np.object_ else np.nan)


def _uncertain(formula: Formula, said: Mapping[Name, Said], times: Times) -> Any:
    found = np.zeros(len(times), np.bool_)
    for name in formula.names:
        if name in said and said[name].uncertain.any():
            places, there = _places(said[name], times)
            found |= there & said[name].uncertain[places]
    return found
