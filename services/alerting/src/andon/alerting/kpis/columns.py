"""The journal as columns, and which of its lines are annunciations. Pure; times are UTC nanoseconds.

An annunciation is a moment at which an alarm begins to ask for an operator (ISA-18.2-2016, section 16). Who counts all
lines of a journal, with what operators do, measures the operators.
"""

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from andon.alerting.alarm.events import ANNOUNCING, Event
from andon.alerting.alarm.state import HIDDEN, AlarmState, Severity

Numbers: TypeAlias = npt.NDArray[np.int64]
Mask: TypeAlias = npt.NDArray[np.bool_]
Seconds: TypeAlias = npt.NDArray[np.float64]

SEVERITIES = tuple(str(severity) for severity in Severity)
"""By their code in a column, least first."""
EVENTS = tuple(str(event) for event in (*ANNOUNCING, *(one for one in Event if one not in ANNOUNCING)))
"""By their code in a column, those that announce first."""
CODES = {name: code for code, name in enumerate(EVENTS)}
STATES = ("other", str(AlarmState.UNACKNOWLEDGED), *(str(state) for state in HIDDEN))
"""States after a line, by their code in a column; all that are not named are `other`."""
UNACKNOWLEDGED, OUT_OF_SIGHT = 1, 2
"""Codes from OUT_OF_SIGHT on are those of states that ask nobody."""


@dataclass(frozen=True)
class Span:
    """From `start` to before `end`."""

    start: int
    end: int


@dataclass(frozen=True)
class Columns:
    """Lines of the journal, in order of alarm and number; each column has one entry a line.

    alarm, watch: index of the alarm, and of its rule with its sensor. event, severity: codes in EVENTS, SEVERITIES.
    state: code in STATES, of the alarm after the line. late: told of the past, so nobody was called.
    """

    alarm: Numbers
    watch: Numbers
    at: Numbers
    event: Numbers
    severity: Numbers
    state: Numbers
    late: Mask

    def __len__(self) -> int:
        return len(self.at)

    def where(self, mask: npt.NDArray[Any]) -> "Columns":
        """The lines of a mask, or those at some indices."""
        return Columns(*(getattr(self, name)[mask] for name in Columns.__dataclass_fields__))

    def within(self, span: Span) -> "Columns":
        """The lines of a range."""
        return self.where((self.at >= span.start) & (self.at < span.end))

    def by_time(self) -> "Columns":
        """The same lines, oldest first; those of one instant stay as they are."""
        return self.where(np.argsort(self.at, kind="stable"))


def annunciated(columns: Columns) -> Mask:
    """Lines that are annunciations (`alarm.events.announces`); nobody was called for late ones, so they are none."""
    found: Mask = _announces(columns) & (columns.state == UNACKNOWLEDGED) & ~columns.late
    return found


def unheard(columns: Columns) -> tuple[Mask, Mask]:
    """Lines that would be annunciations but for their lateness; and but for being out of sight."""
    announces = _announces(columns)
    return announces & (columns.state == UNACKNOWLEDGED) & columns.late, announces & (columns.state >= OUT_OF_SIGHT)


def _announces(columns: Columns) -> Mask:
    found: Mask = columns.event < len(ANNOUNCING)
    return found


def is_one_of(columns: Columns, *events: str) -> Mask:
    """Lines with one of these events."""
    found: Mask = np.isin(columns.event, [CODES[event] for event in events])
    return found


def runs(columns: Columns, first: Mask) -> tuple[Numbers, Mask]:
    """Where runs of lines of one kind begin, and whether the next run follows in the same alarm.

    first: the kind of each line. A run ends where the kind or the alarm changes.
    """
    if not len(columns):
        return np.empty(0, np.int64), np.empty(0, np.bool_)
    same = columns.alarm[1:] == columns.alarm[:-1]
    begins = np.flatnonzero(np.concatenate(([True], ~same | (first[1:] != first[:-1]))))
    followed = np.zeros(len(begins), np.bool_)
    followed[:-1] = columns.alarm[begins[1:]] == columns.alarm[begins[:-1]]
    return begins, followed
