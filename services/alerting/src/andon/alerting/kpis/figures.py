"""Targets: what a figure should be, and whether it is. Pure.

From ISA-18.2-2016, section 16 and EEMUA 191, which speak of what ONE operator sees to: ask for the part of the plant
that one operator looks after. `good` is the target. `bearable` is the most that can be managed, where they name it;
where they do not it is Andon's own.
"""

from typing import Literal, TypeAlias

import msgspec

Rating: TypeAlias = Literal["good", "fair", "poor"]


class Target(msgspec.Struct, frozen=True):
    """What is wanted of one figure. least: more is better."""

    name: str
    title: str
    unit: str
    words: str
    good: float
    bearable: float
    source: str
    least: bool = False
    below: bool = False


class Figure(msgspec.Struct, frozen=True):
    """One line of the table. value, met, rating: None where there is nothing to measure; note says why."""

    name: str
    title: str
    value: float | None
    unit: str
    target: str
    source: str
    met: bool | None
    rating: Rating | None
    note: str = ""


_ISA = "ISA-18.2-2016"
_EEMUA = "EEMUA 191"
_OWN = "Andon"

TARGETS = {
    target.name: target
    for target in (
        Target("per_ten_minutes", "Annunciations per 10 minutes, average", "", "at most 1, manageable 2", 1, 2, _ISA),
        Target("per_hour", "Annunciations per hour, average", "", "at most 6, manageable 12", 6, 12, _ISA),
        Target("per_day", "Annunciations per day, average", "", "at most 144, manageable 288", 144, 288, _ISA),
        Target("peak_ten_minutes", "Fullest 10 minutes", "", "at most 10", 10, 10, _ISA),
        Target("peak_hour", "Fullest hour", "", "at most 15", 15, 30, _EEMUA),
        Target("peak_day", "Fullest day", "", "at most 150, manageable 300", 150, 300, _ISA),
        Target("crowded", "10 minutes with more than 10", "%", "below 1 %", 1, 5, _ISA, below=True),
        Target("flooded", "Time in floods", "%", "below 1 %", 1, 5, _ISA, below=True),
        Target("top_ten", "Share of the ten most frequent", "%", "at most 5 %", 5, 20, _ISA),
        Target("chattering", "Chattering alarms", "", "none", 0, 0, _ISA),
        Target("fleeting", "Fleeting annunciations", "", "none", 0, 0, _ISA),
        Target("stale", "Stale alarms", "", "fewer than 5", 5, 10, _ISA, below=True),
        Target("stale_worst_day", "Stale alarms on the worst day", "", "fewer than 5", 5, 10, _ISA, below=True),
        Target("low", "Priority low", "%", "about 80 %", 80, 65, _ISA, least=True),
        Target("medium", "Priority medium", "%", "about 15 %", 15, 30, _ISA),
        Target("high", "Priority high", "%", "about 5 %", 5, 10, _ISA),
        Target("critical", "Priority critical", "%", "below 1 %", 1, 2, _ISA, below=True),
        Target("unanswered", "Never acknowledged", "%", "none", 0, 5, _OWN),
    )
}


def rated(name: str, value: float | None, note: str = "") -> Figure:
    """A figure with its target, and whether it is met; None is rated as nothing."""
    target = TARGETS[name]
    rating: Rating | None = None
    if value is not None:
        rating = "good" if _reaches(target, value, target.good) else "poor"
        if rating == "poor" and _reaches(target, value, target.bearable):
            rating = "fair"
    met = None if rating is None else rating == "good"
    return Figure(target.name, target.title, value, target.unit, target.words, target.source, met, rating, note)


def unrated(name: str, value: float, note: str) -> Figure:
    """A figure whose target says nothing here; note says why."""
    figure = rated(name, value, note)
    return msgspec.structs.replace(figure, met=None, rating=None)


def _reaches(target: Target, value: float, limit: float) -> bool:
    if target.least:
        return value >= limit
    return value < limit if target.below else value <= limit
