"""Event time from what devices write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from andon.common.errors import Reason, RefusedError
from andon.ingest.event_time import NEWEST, OLDEST, event_time

NOW = 1_763_900_000_123_456_789


@pytest.mark.parametrize(
    ("ts", "expected"),
    [
        (1_763_900_000, 1_763_900_000_000_000_000),
        (1_763_900_000.5, 1_763_900_000_500_000_000),
        (1_763_900_000_123, 1_763_900_000_123_000_000),
        (1_763_900_000_123_456, 1_763_900_000_123_456_000),
        (1_763_900_000_123_456_789, 1_763_900_000_123_456_789),
        ("2025-11-23T12:13:20Z", 1_763_900_000_000_000_000),
        ("2025-11-23T13:13:20.250+01:00", 1_763_900_000_250_000_000),
    ],
)
def test_units_are_told_apart_by_magnitude(ts: float | str, expected: int) -> None:
    assert event_time(ts, NOW) == expected


@pytest.mark.parametrize("ts", [0, 1, -5, 10**25, 4_000_000_000, 946_684_800, "yesterday", "", "x" * 10_000, 1e300])
def test_absurd_times_are_refused(ts: float | str) -> None:
    with pytest.raises(RefusedError) as refused:
        event_time(ts, NOW)
    assert refused.value.reason is Reason.BAD_TIME
    assert len(refused.value.detail) < 200


@given(st.integers(-OLDEST, NEWEST))
def test_every_time_in_the_window_is_taken_as_it_is(offset: int) -> None:
    assert event_time(NOW + offset, NOW) == NOW + offset
