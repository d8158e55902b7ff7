"""Hours of calendars against a slow model that looks at every day and every minute, changes of the clock included."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from andon.alerting.rules.calendar import DAYS, FOREVER, CalendarDraft, Hours
from andon.common.reading import NS_PER_S
from andon.common.times import datetime_to_ns

MINUTE = 60 * NS_PER_S
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia")
clocks = st.integers(0, 1439).map(lambda minute: f"{minute // 60:02}:{minute % 60:02}")
hours = st.fixed_dictionaries(
    {
        "days": st.lists(st.sampled_from(DAYS), min_size=1, max_size=7),
        "start": clocks,
        "end": st.one_of(clocks, st.just("24:00")),
    }
)
# Around the days on which clocks are changed, in both directions.
days = st.one_of(
    st.dates(date(2024, 1, 1), date(2027, 12, 31)),
    st.sampled_from([date(2026, 3, 29), date(2026, 10, 25), date(2026, 3, 8), date(2026, 11, 1), date(2026, 4, 5)]),
)


@st.composite
def calendars(draw: st.DrawFn) -> CalendarDraft:
    near = draw(days)
    closed = draw(st.lists(st.integers(-3, 3).map(lambda n: near + timedelta(days=n)), max_size=2))
    drawn = draw(st.lists(hours, min_size=1, max_size=3))
    return CalendarDraft.model_validate(
        {"name": "x", "zone": draw(st.sampled_from(ZONES)), "hours": drawn, "closed": closed}
    )


def instant(day: date, clock: str, zone: str) -> int:
    """When the clock of a place shows this; 24:00 is midnight after it."""
    hour, minute = map(int, clock.split(":"))
    local = datetime.combine(day, time()) + timedelta(days=hour // 24, hours=hour % 24, minutes=minute)
    return datetime_to_ns(local, ZoneInfo(zone))


def spans(draft: CalendarDraft, around: date) -> list[tuple[int, int]]:
    found = []
    for offset in range(-4, 5):
        day = around + timedelta(days=offset)
        for one in draft.hours:
            if DAYS[day.weekday()] in one.days and day not in draft.closed:
                ends = day if one.end > one.start else day + timedelta(days=1)
                found.append((instant(day, one.start, draft.zone), instant(ends, one.end, draft.zone)))
    return found


def model_is_open(draft: CalendarDraft, at: int) -> bool:
    around = datetime.fromtimestamp(at // NS_PER_S, UTC).date()
    return any(start <= at < end for start, end in spans(draft, around))


@given(calendars(), days, st.integers(0, 2 * 1440))
@settings(max_examples=300, deadline=None)
def test_a_calendar_is_open_exactly_in_its_hours(draft: CalendarDraft, day: date, minute: int) -> None:
    at = instant(day, "00:00", "UTC") + minute * MINUTE
    assert Hours(draft).is_open(at) == model_is_open(draft, at)


@given(calendars(), days, st.integers(0, 1440))
@settings(max_examples=60, deadline=None)
def test_the_next_change_is_the_first_minute_that_differs(draft: CalendarDraft, day: date, minute: int) -> None:
    at, asked = instant(day, "00:00", "UTC") + minute * MINUTE, Hours(draft)
    change = asked.next_change(at)
    now, edges = at, sorted({edge for span in spans(draft, day) for edge in span if edge > at})
    for edge in edges:
        if edge >= at + 3 * 1440 * MINUTE:
            break
        if model_is_open(draft, edge) != model_is_open(draft, edge - 1):
            assert change == edge
            return
        now = edge
    assert change > now


def test_a_night_shift_goes_on_until_the_morning_and_ends_on_the_clock() -> None:
    night = {"days": ["sat"], "start": "22:00", "end": "06:00"}
    asked = Hours(CalendarDraft.model_validate({"name": "n", "zone": "Europe/Berlin", "hours": [night]}))
    begins = datetime_to_ns(datetime(2026, 10, 24, 20, tzinfo=UTC))
    ends = asked.next_change(begins)
    assert ends - begins == 9 * 3600 * NS_PER_S  # the night in which clocks go back has an hour more
    assert asked.is_open(ends - 1)
    assert not asked.is_open(ends)


def test_one_that_never_opens_again_says_so() -> None:
    every_day = CalendarDraft.model_validate({"name": "always", "hours": [{}]})
    assert Hours(every_day).next_change(0) == FOREVER


@pytest.mark.parametrize("wrong", [{"zone": "Mars/Olympus"}, {"hours": []}, {"hours": [{"start": "25:00"}]}])
def test_what_no_clock_shows_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        CalendarDraft.model_validate({"name": "x", "hours": [{}]} | wrong)


def test_a_clock_time_that_yaml_took_for_a_number_wants_quotes() -> None:
    with pytest.raises(ValidationError, match='1320 is no time of day; put it in quotes, like "22:00"'):
        CalendarDraft.model_validate({"name": "night", "hours": [{"start": 1320}]})
