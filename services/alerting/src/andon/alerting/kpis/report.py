"""All figures of a range put together. Pure; who calls it does so in a thread.

What the caller's part of the plant is, is decided where the columns are read.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np

from andon.alerting.kpis import hidden, offenders, windows
from andon.alerting.kpis.advice import Advise, advise
from andon.alerting.kpis.columns import SEVERITIES, Columns, Numbers, Seconds, Span, annunciated, unheard
from andon.alerting.kpis.figures import Figure, rated, unrated
from andon.alerting.kpis.floods import Flood, floods, percent_of_time
from andon.alerting.kpis.offenders import TOP, History, Offender, Pair
from andon.alerting.kpis.spells import answers, spells, stale_per_day

MOST_OFFENDERS = 20
MOST_EACH = 10
"""Of those that chatter, are fleeting or stale, beyond the most frequent ones."""
FEW_WATCHES = 200
"""With fewer, even a load that is spread evenly has more than 5 % in its ten most frequent ones."""
FEW = 100
"""Annunciations below which percentages of priorities say nothing."""


@dataclass(frozen=True)
class Advised:
    """An offender with what to do about it."""

    offender: Offender
    suggestion: str


@dataclass(frozen=True)
class Waiting:
    """Seconds from annunciation to acknowledgement, None where nobody did. severity: '' for all together."""

    severity: str
    count: int
    median: float | None
    p90: float | None
    unanswered: int


@dataclass(frozen=True)
class Report:
    """All that can be said. late, unseen: annunciations but for their lateness, or but for being out of sight.

    days: where the days begin, and the last one ends; stale: how many alarms were stale on each, hidden ones with them.
    """

    annunciations: int
    late: int
    unseen: int
    watches: int
    figures: list[Figure]
    priorities: dict[str, int]
    floods: list[Flood]
    offenders: list[Advised]
    waiting: list[Waiting]
    hidden: list[hidden.Hidden]
    pairs: list[Pair]
    days: Numbers
    stale: Numbers
    chart: windows.Chart


def report(columns: Columns, span: Span, zone: ZoneInfo, advise: Advise = advise) -> Report:
    """The figures of a range. columns: its lines, and the earlier ones of alarms that were open when it began."""
    lines = columns.within(span)
    late, unseen = unheard(lines)
    told = lines.where(annunciated(lines)).by_time()
    active = spells(columns)
    begun = active.within(span)
    history = History(told, offenders.chatter(told), begun, answers(lines), hidden.stale(columns, active, span.end))
    bounds = windows.days(span, zone)
    stale = stale_per_day(active, bounds, span.end)
    found = floods(told.at, span)
    counts = np.bincount(told.severity, minlength=len(SEVERITIES))
    ranked, frequency = offenders.ranking(told.watch, 0)
    rows = offenders.offenders(history, _chosen(history, ranked))
    waiting = _waiting(history)
    return Report(
        annunciations=len(told),
        late=int(np.count_nonzero(late)),
        unseen=int(np.count_nonzero(unseen)),
        watches=len(ranked),
        figures=[
            *_rates(told.at, span, zone, found),
            *_nuisances(history, frequency, int(stale.max(initial=0))),
            *_mix(counts),
            _unanswered(waiting[0]),
        ],
        priorities={name: int(count) for name, count in zip(SEVERITIES, counts, strict=True)},
        floods=found,
        offenders=[Advised(row, advise(row)) for row in rows],
        waiting=waiting,
        hidden=hidden.hidden(columns),
        pairs=offenders.pairs(told),
        days=bounds,
        stale=stale,
        chart=windows.chart(told.at, told.severity, span, zone),
    )


def _chosen(history: History, ranked: Numbers) -> list[int]:
    """The most frequent watches, and beyond them the worst that chatter, are fleeting or stale; most frequent first."""
    chattering, _ = offenders.ranking(history.told.watch[history.bursts], 0)
    fleeting, _ = offenders.ranking(history.spells.watch[history.spells.fleeting], 0)
    stale = sorted(history.stale, key=lambda watch: -history.stale[watch])
    named = {int(watch) for watch in ranked[:MOST_OFFENDERS]}
    for others in (chattering.tolist(), fleeting.tolist(), stale):
        named.update(others[:MOST_EACH])
    place = {watch: number for number, watch in enumerate(ranked.tolist())}
    return sorted(named, key=lambda watch: (place.get(watch, len(place)), watch))


def _rates(at: Numbers, span: Span, zone: ZoneInfo, found: list[Flood]) -> Iterable[Figure]:
    rates = windows.rates(at, span, zone)
    for name in windows.Rates.__dataclass_fields__:
        yield rated(name, float(getattr(rates, name)))
    yield rated("flooded", percent_of_time(found, span))


def _nuisances(history: History, frequency: Numbers, worst_day: int) -> Iterable[Figure]:
    total, watches = int(frequency.sum()), len(frequency)
    if not total:
        yield rated("top_ten", None, "nothing was annunciated")
    else:
        share = 100 * float(frequency[:TOP].sum()) / total
        few = f"only {watches} rules and sensors alarmed: of fewer than {FEW_WATCHES} ten always have more than 5 %"
        yield rated("top_ten", share) if watches >= FEW_WATCHES else unrated("top_ten", share, few)
    yield rated("chattering", float(len(np.unique(history.told.watch[history.bursts]))))
    yield rated("fleeting", float(np.count_nonzero(history.spells.fleeting)))
    yield rated("stale", float(len(history.stale)))
    yield rated("stale_worst_day", float(worst_day))


def _mix(counts: Numbers) -> Iterable[Figure]:
    total = int(counts.sum())
    for name, count in zip(SEVERITIES, counts.tolist(), strict=True):
        if total >= FEW:
            yield rated(name, 100 * count / total)
        elif total:
            yield unrated(name, 100 * count / total, f"{total} annunciations are too few for a mix; {FEW} are needed")
        else:
            yield rated(name, None, "nothing was annunciated")


def _waiting(history: History) -> list[Waiting]:
    said = history.answers
    kinds = [("", np.ones(len(said.seconds), np.bool_))]
    kinds += [(name, said.severity == code) for code, name in enumerate(SEVERITIES)]
    return [_waited(name, said.seconds[mask]) for name, mask in kinds]


def _waited(severity: str, seconds: Seconds) -> Waiting:
    answered = seconds[~np.isnan(seconds)]
    median, p90 = np.percentile(answered, [50, 90]).tolist() if len(answered) else (None, None)
    return Waiting(severity, len(seconds), median, p90, len(seconds) - len(answered))


def _unanswered(waiting: Waiting) -> Figure:
    if not waiting.count:
        return rated("unanswered", None, "nothing was annunciated")
    return rated("unanswered", 100 * waiting.unanswered / waiting.count)
