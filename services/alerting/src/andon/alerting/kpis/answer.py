"""What HTTP answers of the figures: its shapes, and how a report becomes one of them. Pure."""

import csv
import io
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel
from typing_extensions import TypedDict

from andon.alerting.alarm.state import HIDDEN, AlarmState
from andon.alerting.described import Described
from andon.alerting.kpis.columns import Span
from andon.alerting.kpis.floods import Flood
from andon.alerting.kpis.report import Advised, Report
from andon.alerting.kpis.windows import Chart
from andon.alerting.tables import AlarmRow
from andon.common.reading import NS_PER_S
from andon.common.times import ns_to_iso, ns_to_ms

MAX_LISTED = 100
"""Floods, and hidden alarms, of one answer: the longest ones."""


class Kpi(BaseModel):
    """One figure. value, met, rating: null where there is nothing to judge; `note` says why.

    rating: good reaches the target; fair can be managed; poor cannot.
    """

    name: str
    title: str
    value: float | None
    unit: str
    target: str
    source: str
    met: bool | None
    rating: Literal["good", "fair", "poor"] | None
    note: str


class FloodOut(BaseModel):
    """One flood; `over` is false where it still went on at the end of the range."""

    start: str
    end: str
    seconds: float
    count: int
    over: bool


class WatchOut(BaseModel):
    """A rule and a sensor it watches."""

    rule: str
    rule_name: str
    sensor: str
    asset_name: str


class OffenderOut(WatchOut):
    """One rule on one sensor, and what to do about it. count, chatter, fleeting, unanswered: annunciations.

    share: percent of all. stale_seconds: for how long it has been active, if that is more than a day, else 0.
    median_active: seconds from raise to clear; median_acknowledge: seconds to the acknowledgement.
    """

    count: int
    share: float
    chatter: int
    fleeting: int
    stale_seconds: float
    median_active: float | None
    median_acknowledge: float | None
    unanswered: int
    suggestion: str


class WaitingOut(BaseModel):
    """Seconds to acknowledge; null where nobody did. `unanswered` of `count` were never acknowledged."""

    count: int
    median: float | None
    p90: float | None
    unanswered: int


class HiddenOut(WatchOut):
    """An alarm nobody sees, how, and since when."""

    state: AlarmState
    since: str
    seconds: float


class PairOut(BaseModel):
    """`follower` asked next within a minute after `leader`: so often, and percent of all times the leader asked."""

    leader: WatchOut
    follower: WatchOut
    count: int
    share: float


class ChartOut(BaseModel):
    """Annunciations per bucket: [epoch ms at which it begins, low, medium, high, critical]."""

    resolution: str
    points: list[tuple[int, int, int, int, int]]


class BySeverity(TypedDict):
    """How many, of each severity."""

    low: int
    medium: int
    high: int
    critical: int


class Kpis(BaseModel):
    """The figures from `start` to `end`. late, unseen: what was no annunciation, being told late, or out of sight.

    watches: rules on sensors that were annunciated. stale_per_day: [epoch ms of midnight, alarms stale on that day].
    time_to_acknowledge: under `all`, and by severity. hidden: how many are shelved, suppressed or out of service.
    """

    start: str
    end: str
    under: str
    annunciations: int
    late: int
    unseen: int
    watches: int
    kpis: list[Kpi]
    priorities: Annotated[dict[str, int], Described(BySeverity)]
    floods: list[FloodOut]
    flood_count: int
    offenders: list[OffenderOut]
    time_to_acknowledge: dict[str, WaitingOut]
    hidden: dict[str, int]
    hidden_longest: list[HiddenOut]
    pairs: list[PairOut]
    stale_per_day: list[tuple[int, int]]
    chart: ChartOut


def answer(found: Report, rows: dict[int, AlarmRow], span: Span, under: str) -> Kpis:
    """The answer. rows: of each watch that `named` tells, one of its alarms."""
    return Kpis(
        start=ns_to_iso(span.start),
        end=ns_to_iso(span.end),
        under=under,
        annunciations=found.annunciations,
        late=found.late,
        unseen=found.unseen,
        watches=found.watches,
        kpis=[Kpi.model_validate(figure, from_attributes=True) for figure in found.figures],
        priorities=found.priorities,
        floods=_longest(found.floods),
        flood_count=len(found.floods),
        offenders=[_offender(one, rows) for one in found.offenders if one.offender.watch in rows],
        time_to_acknowledge={
            one.severity or "all": WaitingOut.model_validate(one, from_attributes=True) for one in found.waiting
        },
        hidden={str(state): sum(one.state == state for one in found.hidden) for state in HIDDEN},
        hidden_longest=_hidden(found, rows, span.end),
        pairs=_pairs(found, rows),
        stale_per_day=list(zip((found.days[:-1] // 10**6).tolist(), found.stale.tolist(), strict=True)),
        chart=_chart(found.chart),
    )


def named(found: Report) -> set[int]:
    """All watches that the answer calls by name."""
    return {
        *(row.offender.watch for row in found.offenders),
        *(one.watch for one in found.hidden[:MAX_LISTED]),
        *(watch for pair in found.pairs for watch in (pair.leader, pair.follower)),
    }


def offenders_csv(offenders: list[OffenderOut]) -> str:
    """The table of offenders. A text that a spreadsheet would take for a formula is quoted by an apostrophe."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(OffenderOut.model_fields))
    writer.writeheader()
    for row in offenders:
        writer.writerow({name: _harmless(value) for name, value in row.model_dump().items()})
    return text.getvalue()


def _harmless(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


def _called(row: AlarmRow) -> dict[str, str]:
    return {"rule": row.rule_id, "rule_name": row.rule_name, "sensor": row.sensor, "asset_name": row.asset_name}


def _offender(advised: Advised, rows: dict[int, AlarmRow]) -> OffenderOut:
    one = advised.offender
    return OffenderOut(
        **_called(rows[one.watch]),
        count=one.count,
        share=one.share,
        chatter=one.chatter,
        fleeting=one.fleeting,
        stale_seconds=one.stale / NS_PER_S,
        median_active=float(np.median(one.durations)) / NS_PER_S if len(one.durations) else None,
        median_acknowledge=float(np.median(one.acknowledged)) if len(one.acknowledged) else None,
        unanswered=one.unanswered,
        suggestion=advised.suggestion,
    )


def _longest(floods: list[Flood]) -> list[FloodOut]:
    chosen = sorted(floods, key=lambda flood: flood.start - flood.end)[:MAX_LISTED]
    return [
        FloodOut(
            start=ns_to_iso(one.start),
            end=ns_to_iso(one.end),
            seconds=(one.end - one.start) / NS_PER_S,
            count=one.count,
            over=one.over,
        )
        for one in sorted(chosen, key=lambda flood: flood.start)
    ]


def _hidden(found: Report, rows: dict[int, AlarmRow], now: int) -> list[HiddenOut]:
    return [
        HiddenOut(
            **_called(rows[one.watch]),
            state=AlarmState(one.state),
            since=ns_to_iso(one.since),
            seconds=(now - one.since) / NS_PER_S,
        )
        for one in found.hidden[:MAX_LISTED]
        if one.watch in rows
    ]


def _pairs(found: Report, rows: dict[int, AlarmRow]) -> list[PairOut]:
    return [
        PairOut(
            leader=WatchOut(**_called(rows[one.leader])),
            follower=WatchOut(**_called(rows[one.follower])),
            count=one.count,
            share=one.share,
        )
        for one in found.pairs
        if one.leader in rows and one.follower in rows
    ]


def _chart(chart: Chart) -> ChartOut:
    begins = chart.bounds[:-1].tolist()
    points = [(ns_to_ms(begin), *counts) for begin, counts in zip(begins, chart.counts.tolist(), strict=True)]
    return ChartOut(resolution=chart.resolution, points=points)
