"""Work: what a round has to do about what was marked. Pure."""

from collections import defaultdict
from dataclasses import dataclass, field

from andon.common.history.span import Span
from andon.common.plant import Asset, Plant
from andon.query.derive import ranges
from andon.query.derive.marks import FOR_EVER
from andon.query.tiers.coverage import Ranges
from andon.query.tiers.tiers import HOURS


@dataclass
class Work:
    """What is to be made: minutes and hours by range, for these machines; and what is left to the backlog.

    That is what is old, and all of machines that are not in the plant: removed, or not heard of yet.
    """

    minutes: dict[Span, list[Asset]] = field(default_factory=lambda: defaultdict(list))
    hours: dict[Span, list[Asset]] = field(default_factory=lambda: defaultdict(list))
    left: dict[str, Ranges] = field(default_factory=dict)


def sort(marked: dict[str, Ranges], plant: Plant, *, recent: int, hours: int) -> Work:
    """Sort marked minutes, by machine id.

    recent: what was measured before this, UTC nanoseconds, is left to the backlog.
    hours: up to when hours are made; those before it that something was marked in are made again.
    """
    work = Work()
    for asset, found in marked.items():
        machine, new = plant.find(asset), ranges.without(found, 0, recent)
        if machine is None:
            work.left[asset] = found
            continue
        if old := ranges.without(found, recent, FOR_EVER):
            work.left[asset] = old
        for start, end in new:
            work.minutes[Span(start, end)].append(machine)
        for start, end in ranges.widened(new, HOURS.width):
            for hour in range(start, min(end, hours), HOURS.width):
                work.hours[Span(hour, hour + HOURS.width)].append(machine)
    return work
