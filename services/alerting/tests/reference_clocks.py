"""When readings were measured, whatever their clocks said: a part of the reference model, slow and obvious as that."""

import math
from collections.abc import Sequence

from .reference import Model, Said


def measured(model: Model, came: Sequence[tuple[int, Said]]) -> list[Said]:
    """When readings that arrived (time, reading) were measured.

    What says that it comes from more than five seconds ahead was measured when it arrived. Where it came out that a
    clock is slow by what was older than what was known, it was set back; from then on, what is older than what is known
    was measured as much later as the clock is slow, at its arrival at the latest.
    """
    found = list[Said]()
    for place, (arrived, (time, machine, values, qualities)) in enumerate(came):
        same = [p for p in range(place + 1) if _clock_of(came[p][1]) == _clock_of(came[place][1])]
        slow, known = slowness([(came[p][0], came[p][0] - came[p][1][0]) for p in same])
        at = arrived if time > arrived + 5 * 10**9 else time
        if known is not None:
            first = same[known]
            back = came[first][1][0] < _newest(model, found[:first], machine)
            at = min(time + slow, arrived) if back and time < _newest(model, found, machine) else time
        found.append((at, machine, values, qualities))
    return found


def _clock_of(said: Said) -> tuple[str, str]:
    return said[1], next(iter(said[2]))


def _newest(model: Model, found: Sequence[Said], machine: str) -> float:
    """The newest that is known of the sensors of a machine which the rule looks at."""
    return max(
        (time for time, one, values, _ in found if one == machine and any((one, key) in model.names for key in values)),
        default=-math.inf,
    )


def slowness(lags: Sequence[tuple[int, int]]) -> tuple[int, int | None]:
    """By how much a clock is slow whose readings arrived (time, lag), and by which of them that came out.

    A minute is no lag. Lags within a minute are those of a slow clock once they have been there for half a minute,
    and for ten times as long as they vary. A clock known to be slow is so until its lag is less by a minute.
    """
    minute, slow, known = 60 * 10**9, 0, None
    alike = list[tuple[int, int]]()
    for place, (arrived, lag) in enumerate(lags):
        if lag <= minute or lag < slow - minute:
            slow, known, alike = 0, None, []
        if lag <= slow + minute:
            alike = []
            continue
        alike.append((arrived, lag))
        varies = max(lag for _, lag in alike) - min(lag for _, lag in alike)
        if varies > minute:
            alike = alike[-1:]
        elif arrived - alike[0][0] >= max(minute // 2, 10 * varies):
            slow, known, alike = min(lag for _, lag in alike), place, []
    return slow, known
