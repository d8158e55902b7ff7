"""How long alarms were active, and how long they waited for an answer. Pure.

A spell is the time from the line that raised an alarm to the one that cleared it, or that took it away: suppressed,
closed. An alarm whose cause is there when it is released from suppression begins a new one.
"""

from dataclasses import dataclass

import numpy as np

from andon.alerting.kpis.columns import (
    CODES,
    UNACKNOWLEDGED,
    Columns,
    Mask,
    Numbers,
    Seconds,
    Span,
    annunciated,
    is_one_of,
    runs,
)
from andon.alerting.kpis.windows import DAY
from andon.common.reading import NS_PER_S

FLEETING = 10 * NS_PER_S
"""What is over sooner was gone before anybody could act (ISA-18.2-2016, section 16: fleeting)."""
STALE = DAY
"""What is active for longer is a state of the plant, and no alarm (ISA-18.2-2016, section 16: stale)."""
FOREVER = 2**63 - 1
"""End of a spell that is not over."""

_ENDS = ("cleared", "suppressed", "closed")


@dataclass(frozen=True)
class Spells:
    """One entry a spell. cleared: its cause went by itself. told: it began with an annunciation."""

    alarm: Numbers
    watch: Numbers
    start: Numbers
    end: Numbers
    cleared: Mask
    told: Mask

    def __len__(self) -> int:
        return len(self.start)

    def within(self, span: Span) -> "Spells":
        """Those that began in a range."""
        mask = (self.start >= span.start) & (self.start < span.end)
        return Spells(*(getattr(self, name)[mask] for name in Spells.__dataclass_fields__))

    @property
    def fleeting(self) -> Mask:
        """Those that were told, and cleared in less than ten seconds."""
        return self.told & self.cleared & (self.end - self.start < FLEETING)


def spells(columns: Columns) -> Spells:
    """All spells, in order of alarm and number; one that is not over ends at FOREVER."""
    raised = is_one_of(columns, "raised")
    raised |= is_one_of(columns, "released") & (columns.state == UNACKNOWLEDGED)
    bounds = raised | is_one_of(columns, *_ENDS)
    lines, raised = columns.where(bounds), raised[bounds]
    begins, followed = runs(lines, raised)
    first = np.flatnonzero(raised[begins])
    ended = followed[first]
    last = begins[np.where(ended, np.minimum(first + 1, len(begins) - 1), first)]
    start = begins[first]
    return Spells(
        alarm=lines.alarm[start],
        watch=lines.watch[start],
        start=lines.at[start],
        # What people did is told by the clock, and what sensors did by theirs: no spell is shorter than nothing.
        end=np.where(ended, np.maximum(lines.at[last], lines.at[start]), FOREVER),
        cleared=ended & (lines.event[last] == CODES["cleared"]),
        told=annunciated(lines)[start],
    )


def stale_per_day(found: Spells, bounds: Numbers, now: int) -> Numbers:
    """Per day, how many spells were stale at some moment of it; none is before it has lasted that long."""
    start, end = found.start + STALE, np.minimum(found.end, now)
    start, end = start[start < end], end[start < end]
    begun = np.searchsorted(np.sort(start), bounds[1:], side="left")
    over = np.searchsorted(np.sort(end), bounds[:-1], side="right")
    return begun - over


@dataclass(frozen=True)
class Answers:
    """One entry each time an alarm asked. seconds: until it was acknowledged, nan where it was not."""

    watch: Numbers
    severity: Numbers
    seconds: Seconds


def answers(columns: Columns) -> Answers:
    """Time to acknowledge: from an annunciation to the first acknowledgement of the alarm after it.

    Where an alarm asks again before anybody answered, its first annunciation counts.
    """
    asking = annunciated(columns)
    acknowledged = is_one_of(columns, "acknowledged")
    lines, asking = columns.where(asking | acknowledged), asking[asking | acknowledged]
    begins, followed = runs(lines, asking)
    first = np.flatnonzero(asking[begins])
    told = followed[first]
    asked = begins[first]
    answered = begins[np.where(told, np.minimum(first + 1, len(begins) - 1), first)]
    waited = np.maximum(lines.at[answered] - lines.at[asked], 0) / NS_PER_S
    return Answers(lines.watch[asked], lines.severity[asked], np.where(told, waited, np.nan))


def returns(found: Spells) -> tuple[Numbers, Numbers]:
    """Of each spell that follows another of its rule and sensor: the watch, and nanoseconds since that one cleared."""
    order = np.lexsort((found.start, found.watch))
    watch, start = found.watch[order], found.start[order]
    end, cleared = found.end[order], found.cleared[order]
    next_one = (watch[1:] == watch[:-1]) & cleared[:-1]
    return watch[1:][next_one], np.maximum(start[1:][next_one] - end[:-1][next_one], 0)
