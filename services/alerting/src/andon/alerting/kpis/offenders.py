"""Which rules on which sensors make the load: top offenders, chattering ones, and what follows what. Pure."""

from dataclasses import dataclass

import numpy as np

from andon.alerting.kpis.columns import Columns, Mask, Numbers, Seconds
from andon.alerting.kpis.spells import Answers, Spells, returns
from andon.common.reading import NS_PER_S

CHATTER = 3
CHATTER_WITHIN = 60 * NS_PER_S
"""Three annunciations of one rule and sensor within a minute are chatter (EEMUA 191; ISA-18.2-2016, section 16)."""
FOLLOWS_WITHIN = 60 * NS_PER_S
TOP = 10


@dataclass(frozen=True)
class Offender:
    """What is known of one rule on one sensor in a range, for a table and for advice. Times are nanoseconds.

    count: annunciations; share: percent of all. chatter: annunciations in bursts of chatter. durations: of its spells
    that were told and cleared. gaps: from a clear to the next raise. stale: how long it has been active, 0 if that is
    not stale. acknowledged: seconds to each acknowledgement. unanswered: how often nobody answered.
    """

    watch: int
    count: int
    share: float
    chatter: int
    durations: Numbers
    gaps: Numbers
    stale: int
    acknowledged: Seconds
    unanswered: int

    @property
    def fleeting(self) -> int:
        """How many of its spells were over in less than ten seconds."""
        return int(np.count_nonzero(self.durations < 10 * NS_PER_S))


@dataclass(frozen=True)
class Pair:
    """How often a `follower` asked next, within a minute after `leader`; percent of all that the leader asked."""

    leader: int
    follower: int
    count: int
    share: float


def ranking(watch: Numbers, watches: int) -> tuple[Numbers, Numbers]:
    """Watches by their annunciations, most first, and how many these are."""
    counts = np.bincount(watch, minlength=watches)
    order = np.argsort(-counts, kind="stable")
    order = order[counts[order] > 0]
    return order, counts[order]


def chatter(told: Columns) -> Mask:
    """Annunciations that belong to a burst of chatter: one of three of the same watch within less than a minute."""
    order = np.lexsort((told.at, told.watch))
    watch, at = told.watch[order], told.at[order]
    back = CHATTER - 1
    burst = (watch[back:] == watch[:-back]) & (at[back:] - at[:-back] < CHATTER_WITHIN)
    inside = np.zeros(len(order), np.bool_)
    for place in range(CHATTER):
        inside[place : place + len(burst)] |= burst
    found = np.empty(len(order), np.bool_)
    found[order] = inside
    return found


def pairs(told: Columns, most: int = TOP) -> list[Pair]:
    """The most frequent pairs of an annunciation and the next one, of another watch, within a minute; at least thrice.

    told: annunciations in order of time. Pairs tell where one alarm may be the consequence of another, and could be
    suppressed by it; they are no proof of that.
    """
    leader, follower = told.watch[:-1], told.watch[1:]
    close = (leader != follower) & (np.diff(told.at) < FOLLOWS_WITHIN)
    width = int(told.watch.max(initial=0)) + 1
    both, counts = np.unique(leader[close] * width + follower[close], return_counts=True)
    total = np.bincount(told.watch, minlength=width)
    best = np.argsort(-counts, kind="stable")[:most]
    return [
        Pair(int(pair // width), int(pair % width), int(count), 100 * float(count / total[pair // width]))
        for pair, count in zip(both[best], counts[best], strict=True)
        if count >= CHATTER
    ]


@dataclass(frozen=True)
class History:
    """All of a range that offenders are made of. told: annunciations in order of time; stale: watch -> nanoseconds."""

    told: Columns
    bursts: Mask
    spells: Spells
    answers: Answers
    stale: dict[int, int]


def offenders(history: History, chosen: list[int]) -> list[Offender]:
    """The chosen watches, with what is known of them, in the same order."""
    told, found, said = history.told, history.spells, history.answers
    gap_watch, gaps = returns(found)
    short = found.told & found.cleared
    total = max(1, len(told))
    counts = np.bincount(told.watch, minlength=max(chosen, default=0) + 1)
    made = list[Offender]()
    for watch in chosen:
        spent = said.seconds[said.watch == watch]
        mine = short & (found.watch == watch)
        made.append(
            Offender(
                watch=watch,
                count=int(counts[watch]),
                share=100 * int(counts[watch]) / total,
                chatter=int(np.count_nonzero(history.bursts & (told.watch == watch))),
                durations=found.end[mine] - found.start[mine],
                gaps=gaps[gap_watch == watch],
                stale=history.stale.get(watch, 0),
                acknowledged=spent[~np.isnan(spent)],
                unanswered=int(np.count_nonzero(np.isnan(spent))),
            )
        )
    return made
