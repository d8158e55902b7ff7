"""Figures of alarms: as fast as columns, and the same as counting by hand."""

from collections import Counter
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from andon.alerting.alarm.events import announces
from andon.alerting.kpis import hidden, offenders, windows
from andon.alerting.kpis.columns import CODES, EVENTS, STATES, Columns, Span, annunciated
from andon.alerting.kpis.floods import floods
from andon.alerting.kpis.report import Report, report
from andon.alerting.kpis.spells import DAY, FOREVER, answers, spells, stale_per_day
from andon.common.reading import NS_PER_S

S = NS_PER_S
MINUTE = 60 * S
START = 1_790_000_400 * S  # on the hour and the ten minutes of the clock
UTC = ZoneInfo("UTC")

Line = tuple[int, float, str, int, str, bool]
"""Alarm, seconds after START, event, severity, state after it, late."""

lines = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.integers(0, 1500),
        st.sampled_from([*EVENTS, "raised", "cleared", "raised", "cleared", "acknowledged"]),
        st.integers(0, 3),
        st.sampled_from([*STATES, "unacknowledged", "unacknowledged"]),
        st.booleans(),
    ),
    max_size=60,
)


def table(journal: list[Line], *, unit: int = S) -> Columns:
    """The journal as columns; alarms 0 and 1 are of watch 0, 2 and 3 of watch 1 ..."""
    ordered = [line for _, line in sorted(enumerate(journal), key=lambda pair: (pair[1][0], pair[0]))]
    rows = [
        (alarm, alarm // 2, START + round(at * unit), CODES[event], severity, STATES.index(state), late)
        for alarm, at, event, severity, state, late in ordered
    ]
    columns = np.array(rows, np.int64).reshape(-1, 7).T
    return Columns(*columns[:6], columns[6].astype(np.bool_))


def raised(alarm: int, at: float, severity: int = 1) -> Line:
    return (alarm, at, "raised", severity, "unacknowledged", False)


def cleared(alarm: int, at: float) -> Line:
    return (alarm, at, "cleared", 1, "other", False)


@given(journal=lines)
def test_annunciations_are_what_the_journal_calls_people_for(journal: list[Line]) -> None:
    expected = sum(announces(event, state) and not late for _, _, event, _, state, late in journal)
    assert np.count_nonzero(annunciated(table(journal))) == expected


@given(found=st.lists(st.integers(0, 90), max_size=70))
@settings(max_examples=300)
def test_floods_are_what_a_clerk_with_a_watch_notes(found: list[int]) -> None:
    """Each minute the clerk counts the last ten of them."""
    at, end = sorted(found), 91
    expected, start, before = [], None, 0
    for minute in range(end):
        for index in [i for i, one in enumerate(at) if one == minute]:
            window = [one for one in at[: index + 1] if one > minute - 10]
            if start is None and len(window) > 10:
                start = max(window[-11], before)
        if start is not None and sum(minute - 10 < one <= minute for one in at) < 5:
            expected.append((start, minute, True))
            start, before = None, minute
    if start is not None:
        expected.append((start, end, False))
    seen = floods(np.array(at, np.int64) * MINUTE, Span(0, end * MINUTE))
    assert [(one.start // MINUTE, one.end // MINUTE, one.over) for one in seen] == expected
    assert [one.count for one in seen] == [sum(a <= x < b for x in at) for a, b, _ in expected]


@given(journal=lines)
def test_spells_and_answers_are_what_each_alarm_tells(journal: list[Line]) -> None:
    columns = table(journal)
    active, waited = list[Any](), list[Any]()
    for alarm in range(6):
        start, asked, severity = None, None, 0
        for _, at, event, rank, state, late in [line for line in journal if line[0] == alarm]:
            begins = event == "raised" or (event == "released" and state == "unacknowledged")
            told = announces(event, state) and not late
            if begins and start is None:
                start = (at, told)
            elif event in ("cleared", "suppressed", "closed") and start is not None:
                active.append((alarm, start[0], max(at, start[0]), event == "cleared", start[1]))
                start = None
            if told and asked is None:
                asked, severity = at, rank
            elif event == "acknowledged" and asked is not None:
                waited.append((alarm // 2, severity, max(0, at - asked)))
                asked = None
        if start is not None:
            active.append((alarm, start[0], None, False, start[1]))
        if asked is not None:
            waited.append((alarm // 2, severity, None))
    seen = spells(columns)
    ends = [None if end == FOREVER else (end - START) // S for end in seen.end.tolist()]
    begins_at = ((seen.start - START) // S).tolist()
    assert list(zip(seen.alarm.tolist(), begins_at, ends, seen.cleared, seen.told, strict=True)) == active
    said = answers(columns)
    seconds = [None if np.isnan(one) else one for one in said.seconds]
    assert list(zip(said.watch.tolist(), said.severity.tolist(), seconds, strict=True)) == waited


@given(journal=lines)
def test_chatter_and_pairs_are_what_a_list_shows(journal: list[Line]) -> None:
    told = table(journal)
    told = told.where(annunciated(told)).by_time()
    seen = list(zip(told.watch.tolist(), ((told.at - START) // S).tolist(), strict=True))
    inside = set[int]()
    for watch in range(3):
        mine = [index for index, one in enumerate(seen) if one[0] == watch]
        for three in zip(mine, mine[1:], mine[2:], strict=False):
            if seen[three[2]][1] - seen[three[0]][1] < 60:
                inside.update(three)
    assert set(np.flatnonzero(offenders.chatter(told)).tolist()) == inside
    follows = Counter((a[0], b[0]) for a, b in pairwise(seen) if a[0] != b[0] and b[1] - a[1] < 60)
    found = {(pair.leader, pair.follower): pair.count for pair in offenders.pairs(told)}
    assert found == {pair: count for pair, count in follows.items() if count >= 3}


@given(ranges=st.lists(st.tuples(st.integers(0, 200), st.integers(0, 200)), max_size=12))
def test_an_alarm_is_stale_on_each_day_after_its_first_24_hours(ranges: list[tuple[int, int]]) -> None:
    """Hours; the range is of five days, and some alarms are never over."""
    journal = list[Line]()
    for alarm, (at, length) in enumerate(ranges):
        journal.append(raised(alarm, at))
        if length < 150:
            journal.append(cleared(alarm, at + length))
    now, first = START + 120 * 3600 * S, START
    bounds = np.arange(6, dtype=np.int64) * DAY + first
    seen = stale_per_day(spells(table(journal, unit=3600 * S)), bounds, now)
    over = [(at + 24, min(at + length, 120) if length < 150 else 120) for at, length in ranges]
    expected = [sum(a < b and a < 24 * (day + 1) and b > 24 * day for a, b in over) for day in range(5)]
    assert seen.tolist() == expected


@given(found=st.lists(st.integers(0, 86_400 * 3 - 1), max_size=80), offset=st.integers(0, 3600))
def test_rates_and_the_chart_count_each_annunciation_once(found: list[int], offset: int) -> None:
    zone = ZoneInfo("Europe/Berlin")
    span = Span(START + offset * S, START + (offset + 86_400 * 3) * S)
    at = np.sort(np.array(found, np.int64)) * S + span.start
    seen = windows.rates(at, span, zone)
    tens = Counter(one // (600 * S) for one in at.tolist())
    assert seen.peak_ten_minutes == max(tens.values(), default=0)
    assert seen.peak_hour == max(Counter(one // (3600 * S) for one in at.tolist()).values(), default=0)
    touched = -(-span.end // (600 * S)) - span.start // (600 * S)
    assert abs(seen.crowded - 100 * sum(one > 10 for one in tens.values()) / touched) < 1e-9
    assert abs(seen.per_day - len(found) / 3) < 1e-9
    chart = windows.chart(at, np.zeros(len(at), np.int64), span, zone)
    assert chart.counts.sum() == len(found)
    assert len(chart.counts) <= windows.MAX_BUCKETS


def test_a_year_has_at_most_500_buckets_that_begin_at_midnight() -> None:
    span = Span(START, START + 366 * DAY)
    chart = windows.chart(np.empty(0, np.int64), np.empty(0, np.int64), span, ZoneInfo("Europe/Berlin"))
    assert (chart.resolution, len(chart.counts)) == ("1d", 367)
    hours = np.diff(chart.bounds) // (3600 * S)
    assert sorted(Counter(hours.tolist()).items()) == [(23, 1), (24, 365), (25, 1)]


def tell(journal: list[Line], seconds: float = 7200) -> Report:
    return report(table(journal), Span(START, START + round(seconds * S)), UTC)


def test_nothing_happened_and_everything_that_can_be_met_is() -> None:
    found = tell([])
    by_name = {figure.name: figure for figure in found.figures}
    assert by_name["per_ten_minutes"].met is by_name["flooded"].met is by_name["chattering"].met is True
    assert by_name["top_ten"].met is by_name["low"].rating is by_name["unanswered"].value is None
    assert found.offenders == found.floods == found.pairs == found.hidden == []


def test_what_flaps_is_told_which_delay_would_have_merged_it() -> None:
    flapping = [line for turn in range(20) for line in (raised(0, 30 * turn), cleared(0, 30 * turn + 15))]
    [row] = tell(flapping).offenders
    assert (row.offender.count, row.offender.chatter, row.offender.fleeting) == (20, 0, 0)
    assert row.suggestion == "None of 20 was acknowledged: review whether anybody needs it."
    faster = [line for turn in range(20) for line in (raised(0, 24 * turn), cleared(0, 24 * turn + 12))]
    [row] = tell(faster).offenders
    assert row.offender.chatter == 20
    assert row.suggestion == "An off-delay longer by 30 s would have merged 100 % of its 19 returns."


def test_what_is_gone_at_once_is_told_which_delay_would_have_kept_it_away() -> None:
    short = [line for turn in range(9) for line in (raised(0, 600 * turn), cleared(0, 600 * turn + 3))]
    [row] = tell([*short, raised(0, 5900), cleared(0, 6100)]).offenders
    assert row.suggestion == (
        "An on-delay longer by 5 s would have kept 9 of 10 away; the others would be told 5 s later."
    )


def test_what_is_active_for_days_is_stale_unless_it_is_hidden() -> None:
    old = [raised(0, 0), raised(2, 0), (2, 60, "shelved", 1, "shelved", False)]
    found = tell(old, 3 * 86_400 + 7200)
    assert {row.offender.watch: row.suggestion for row in found.offenders} == {
        0: "Active for 3 d 2 h: review the limit, for this is a state and no alarm.",
        1: "",
    }
    assert found.hidden == [hidden.Hidden("shelved", 1, START + 60 * S)]
    assert next(figure for figure in found.figures if figure.name == "stale").value == 1


def test_an_alarm_from_before_the_range_counts_as_stale_and_not_as_annunciated() -> None:
    columns = table([raised(0, 0)])
    found = report(columns, Span(START + 2 * DAY, START + 3 * DAY), UTC)
    assert found.annunciations == 0
    assert [row.offender.stale for row in found.offenders] == [3 * DAY]
    assert found.stale.tolist()[0] == 1


def test_the_mix_of_priorities_is_judged_once_there_is_enough_of_it() -> None:
    mixed = [raised(alarm, alarm * 60, 0 if alarm % 20 < 16 else 1 if alarm % 20 < 19 else 2) for alarm in range(100)]
    found = {figure.name: figure for figure in tell(mixed).figures}
    assert [found[name].value for name in ("low", "medium", "high", "critical")] == [80, 15, 5, 0]
    assert all(found[name].met for name in ("low", "medium", "high", "critical"))
    few = {figure.name: figure for figure in tell(mixed[:99]).figures}
    assert few["low"].met is None
    assert "99 annunciations are too few" in few["low"].note
