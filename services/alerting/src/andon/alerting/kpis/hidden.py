"""What operators do not see at the end of a range, and what has been active too long. Pure."""

from dataclasses import dataclass

import numpy as np

from andon.alerting.kpis.columns import OUT_OF_SIGHT, STATES, Columns, Mask
from andon.alerting.kpis.spells import FOREVER, STALE, Spells


@dataclass(frozen=True)
class Hidden:
    """An alarm out of sight: how, of which watch, and since when."""

    state: str
    watch: int
    since: int


def hidden(columns: Columns) -> list[Hidden]:
    """Alarms that are shelved, suppressed or out of service after the last line, those hidden longest first."""
    if not len(columns):
        return []
    last = _last(columns)
    begins = np.flatnonzero(
        np.concatenate(([True], (columns.alarm[1:] != columns.alarm[:-1]) | (columns.state[1:] != columns.state[:-1])))
    )
    ends = np.flatnonzero(last & (columns.state >= OUT_OF_SIGHT))
    since = begins[np.searchsorted(begins, ends, side="right") - 1]
    found = [
        Hidden(STATES[int(columns.state[end])], int(columns.watch[end]), int(columns.at[start]))
        for start, end in zip(since, ends, strict=True)
    ]
    return sorted(found, key=lambda one: one.since)


def stale(columns: Columns, found: Spells, now: int) -> dict[int, int]:
    """Watches whose alarm is in sight, and active at `now` for more than a day; for how many nanoseconds."""
    away = columns.alarm[_last(columns) & (columns.state >= OUT_OF_SIGHT)]
    old = (found.end == FOREVER) & (now - found.start > STALE) & ~np.isin(found.alarm, away)
    return {int(w): int(now - s) for w, s in zip(found.watch[old], found.start[old], strict=True)}


def _last(columns: Columns) -> Mask:
    """Which lines are the last ones of their alarms."""
    return np.append(columns.alarm[1:] != columns.alarm[:-1], True)[: len(columns)]
