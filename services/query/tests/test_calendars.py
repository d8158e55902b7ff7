"""Shifts, days, weeks and months on a factory's clock, and what the clock change makes of them."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from andon.common.errors import InvalidError
from andon.common.history.span import LATEST_TIME, LONGEST, Span
from andon.query.series import calendars

from .conftest import S

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = 3600 * S
DAY = 24 * HOUR
THREE = (time(6), time(14), time(22))


def at(text: str, zone: ZoneInfo = BERLIN) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp()) * S


def hours(edges: list[int]) -> list[float]:
    return [(b - a) / HOUR for a, b in pairwise(edges)]


@pytest.mark.parametrize(
    ("day", "lasts"), [("2026-03-28", 24), ("2026-03-29", 23), ("2026-10-24", 24), ("2026-10-25", 25)]
)
def test_a_day_of_the_clock_change_is_shorter_or_longer(day: str, lasts: int) -> None:
    noon = at(f"{day}T12:00")
    edges = calendars.begins("day", Span(noon, noon + 1), BERLIN).tolist()
    assert edges[0] == at(f"{day}T00:00")
    assert hours(edges) == [lasts]


def test_the_night_shift_of_the_clock_change_is_nine_hours_long_and_the_others_eight() -> None:
    span = Span(at("2026-10-24T06:00"), at("2026-10-25T22:00"))
    edges = calendars.begins("shift", span, BERLIN, THREE).tolist()
    assert hours(edges) == [8, 8, 9, 8, 8]
    assert edges == [
        at("2026-10-24T06:00"),
        at("2026-10-24T14:00"),
        at("2026-10-24T22:00"),
        at("2026-10-25T06:00"),
        at("2026-10-25T14:00"),
        at("2026-10-25T22:00"),
    ]


def test_after_midnight_is_still_the_night_shift_of_the_day_before() -> None:
    two = at("2026-11-26T02:00")
    edges = calendars.begins("shift", Span(two, two + 1), BERLIN, THREE).tolist()
    assert edges == [at("2026-11-25T22:00"), at("2026-11-26T06:00")]


def test_one_shift_a_day_makes_a_production_day() -> None:
    span = Span(at("2026-11-25T05:59"), at("2026-11-25T06:01"))
    edges = calendars.begins("shift", span, BERLIN, (time(6),)).tolist()
    assert edges == [at(f"2026-11-{day}T06:00") for day in (24, 25, 26)]


def test_a_week_begins_on_monday_and_a_month_on_its_first() -> None:
    span = Span(at("2026-12-31T23:00"), at("2027-01-01T01:00"))
    assert calendars.begins("week", span, BERLIN).tolist() == [at("2026-12-28T00:00"), at("2027-01-04T00:00")]
    months = calendars.begins("month", span, BERLIN).tolist()
    assert months == [at("2026-12-01T00:00"), at("2027-01-01T00:00"), at("2027-02-01T00:00")]


def test_a_midnight_that_the_clock_leaves_out_is_where_it_jumps() -> None:
    cairo = ZoneInfo("Africa/Cairo")  # 24 April 2026 began at 01:00
    noon = at("2026-04-24T12:00", cairo)
    edges = calendars.begins("day", Span(noon, noon + 1), cairo).tolist()
    assert edges[0] == at("2026-04-24T01:00", cairo)
    assert hours(edges) == [23]


def test_a_day_that_a_country_left_out_is_no_bucket() -> None:
    apia = ZoneInfo("Pacific/Apia")  # there was no 30 December 2011
    span = Span(at("2011-12-29T12:00", apia), at("2011-12-31T12:00", apia))
    assert hours(calendars.begins("day", span, apia).tolist()) == [24, 24]


@st.composite
def spans(draw: st.DrawFn) -> Span:
    start = draw(st.integers(0, LATEST_TIME - 1))
    return Span(start, draw(st.integers(start + 1, min(start + 400 * DAY, LATEST_TIME))))


ZONES = st.sampled_from(
    ["UTC", "Europe/Berlin", "Asia/Kathmandu", "Pacific/Apia", "America/Havana", "Africa/Cairo", "Australia/Lord_Howe"]
)
SHIFTS = st.lists(st.times().map(lambda t: t.replace(second=0, microsecond=0)), min_size=1, max_size=6, unique=True)


@given(spans(), st.sampled_from(calendars.PERIODS), ZONES, SHIFTS)
def test_the_range_lies_within_the_edges_and_no_edge_is_idle(
    span: Span, period: calendars.Period, name: str, shifts: list[time]
) -> None:
    edges = calendars.begins(period, span, ZoneInfo(name), tuple(sorted(shifts))).tolist()
    assert edges[0] <= span.start
    assert edges == sorted(set(edges))
    assert len(edges) == 1 or edges[1] > span.start
    assert len(edges) < 3 or edges[-2] < span.end
    assert edges[-1] >= span.end or span.end > LATEST_TIME // S * S


@given(st.dates(date(1990, 1, 1), date(2037, 1, 1)), ZONES)
def test_each_day_begins_when_the_clock_shows_a_new_date(day: date, name: str) -> None:
    zone = ZoneInfo(name)
    noon = int(datetime.combine(day, time(12), zone).timestamp()) * S
    begin, end = calendars.begins("day", Span(noon, noon + 1), zone).tolist()
    shown = datetime.fromtimestamp(begin // S, UTC).astimezone(zone)
    assert shown.date() == day or (name, day) == ("Pacific/Apia", date(2011, 12, 30))
    before = datetime.fromtimestamp(begin // S - 1, UTC).astimezone(zone)
    assert before.date() < shown.date() or shown.fold == 0
    assert timedelta(hours=22) <= timedelta(seconds=(end - begin) // S) <= timedelta(hours=26)


def test_ten_years_of_days() -> None:
    start = at("2016-01-01T00:00")
    assert len(calendars.begins("day", Span(start, start + LONGEST), BERLIN)) == 3661


def test_ten_years_of_24_shifts_are_all_there() -> None:
    span = Span(at("2016-01-01T00:00"), at("2016-01-01T00:00") + LONGEST)
    hourly = tuple(time(hour) for hour in range(24))
    assert len(calendars.begins("shift", span, BERLIN, hourly)) == pytest.approx(3660 * 24, abs=12)


@given(st.dates(date(1970, 1, 3), date(2200, 1, 1)), st.sampled_from(sorted(available_timezones())))
def test_each_shift_begins_when_the_clock_shows_it(day: date, name: str) -> None:
    zone, shifts = ZoneInfo(name), tuple(time(hour, 30) for hour in range(24))
    plain = {int(datetime.combine(day, clock, zone).timestamp()) * S for clock in shifts}
    assert plain <= set(calendars.begins("shift", Span(min(plain), max(plain) + 1), zone, shifts).tolist())


@pytest.mark.parametrize("text", ["", "6", "06:00,", "24:00", "06:60", "06:00;14:00", "06:00,14:00,2²:00"])
def test_shifts_that_are_none_are_said(text: str) -> None:
    with pytest.raises(InvalidError, match="are no times of a day; write for example 06:00,14:00,22:00"):
        calendars.clocks(text)


def test_shifts_in_any_order_and_each_once() -> None:
    assert calendars.clocks(" 22:00, 06:00 ,14:00,06:00") == THREE
    with pytest.raises(InvalidError, match="at most 24"):
        calendars.clocks(",".join(f"00:{minute:02}" for minute in range(25)))
