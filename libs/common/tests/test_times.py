"""Times and durations as people write them."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from andon.common.errors import InvalidError
from andon.common.reading import NS_PER_MS, NS_PER_S
from andon.common.times import ns_to_iso, parse_duration, parse_time, time_zone

NOW = 1_763_900_000 * NS_PER_S


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        ("500ms", 0.5),
        ("5s", 5),
        ("10m", 600),
        ("8h", 28_800),
        ("7d", 604_800),
        ("2w", 1_209_600),
        ("1y", 365 * 86_400),
        ("1h30m", 5400),
    ],
)
def test_durations(text: str, seconds: float) -> None:
    assert parse_duration(text) == seconds * NS_PER_S


@pytest.mark.parametrize("text", ["", "5", "5 parsecs", "s5", "-5s", "1h and more"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(InvalidError, match="no duration"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("text", "ns"),
    [
        ("now", NOW),
        ("-1h", NOW - 3600 * NS_PER_S),
        ("-30d", NOW - 30 * 86_400 * NS_PER_S),
        ("-2w", NOW - 14 * 86_400 * NS_PER_S),
        ("-1y", NOW - 365 * 86_400 * NS_PER_S),
        ("1763900000250", 1_763_900_000_250 * NS_PER_MS),
        ("2025-11-23T12:13:20Z", NOW),
        ("2025-11-23T13:13:20+01:00", NOW),
        ("2025-11-23T12:13:20", NOW),
    ],
)
def test_times(text: str, ns: int) -> None:
    assert parse_time(text, now=NOW) == ns


BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-03-28", "2026-03-27T23:00:00Z"),
        ("2026-07-01T12:00", "2026-07-01T10:00:00Z"),
        ("2026-07-01T12:00Z", "2026-07-01T12:00:00Z"),
        ("2026-07-01T12:00-05:00", "2026-07-01T17:00:00Z"),
        ("2026-10-25T02:30", "2026-10-25T00:30:00Z"),  # it comes twice
        ("2026-03-29T02:30", "2026-03-29T01:30:00Z"),  # it never comes: an hour later, 03:30
        ("-1h", "2025-11-23T11:13:20Z"),
        ("1763900000000", "2025-11-23T12:13:20Z"),
    ],
)
def test_a_time_without_an_offset_is_what_the_clock_of_a_zone_shows(text: str, utc: str) -> None:
    assert parse_time(text, now=NOW, zone=BERLIN) == parse_time(utc)


@pytest.mark.parametrize("text", ["", "yesterday", "2025-13-01", "-x", f"-{'9' * 400}y", "9" * 5000])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(InvalidError):
        parse_time(text)


@pytest.mark.parametrize("text", ["1732380000", " 1732380000 ", "315532800", "315532799999"])
def test_epoch_seconds_are_told_from_milliseconds_which_would_be_1970(text: str) -> None:
    with pytest.raises(InvalidError, match=f"epoch times are milliseconds.* write {text.strip()}000 for these seconds"):
        parse_time(text, now=NOW)


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("0", 0),
        ("-1732380000", -1_732_380_000),
        ("1000", 1000),
        ("315532800000", 315_532_800_000),
        ("1970-01-21T01:13:00Z", 1_732_380_000),
    ],
)
def test_times_of_the_seventies_can_be_written_still(text: str, ms: int) -> None:
    assert parse_time(text, now=NOW) == ms * NS_PER_MS


@pytest.mark.parametrize("name", ["", "Berlin", "../../etc/passwd", "/etc/passwd", "Europe", "\x00", "x" * 64, "💥"])
def test_a_time_zone_that_is_none_is_said(name: str) -> None:
    with pytest.raises(InvalidError, match="is no time zone; write for example Europe/Berlin"):
        time_zone(name)


@given(st.integers(min_value=0, max_value=4_000_000_000_000))
def test_iso_round_trip(ms: int) -> None:
    assert parse_time(ns_to_iso(ms * NS_PER_MS)) == ms * NS_PER_MS
