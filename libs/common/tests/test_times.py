"""Times and durations as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from andon.common.errors import InvalidError
from andon.common.reading import NS_PER_MS, NS_PER_S
from andon.common.times import ns_to_iso, parse_duration, parse_time

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


@pytest.mark.parametrize("text", ["", "yesterday", "2025-13-01", "-x"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(InvalidError):
        parse_time(text)


@given(st.integers(min_value=0, max_value=4_000_000_000_000))
def test_iso_round_trip(ms: int) -> None:
    assert parse_time(ns_to_iso(ms * NS_PER_MS)) == ms * NS_PER_MS
