"""Times as texts, thousands at once, are what the standard library writes."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from andon.common.times import ns_to_iso
from andon.query.export.clock import iso

from .conftest import MS, S

ZONES = ["Europe/Berlin", "Asia/Kathmandu", "America/St_Johns", "Pacific/Chatham", "America/Caracas", "UTC"]
TIMES = st.lists(st.integers(0, 9_223_372_036_000), min_size=1, max_size=30)


@given(TIMES)
def test_utc_has_milliseconds_and_a_z(milliseconds: list[int]) -> None:
    times = np.array(milliseconds, np.int64) * MS
    assert texts(times, "UTC") == [ns_to_iso(int(at)) for at in times]


@given(TIMES, st.sampled_from(ZONES[:-1]))
def test_a_time_zone_has_its_offset_whenever_it_is(milliseconds: list[int], zone: str) -> None:
    found = texts(np.array(milliseconds, np.int64) * MS, zone)
    for at, text in zip(milliseconds, found, strict=True):
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at)
        assert text == moment.astimezone(ZoneInfo(zone)).isoformat(timespec="milliseconds")


def test_the_hour_that_the_clock_strikes_twice_is_told_by_its_offset() -> None:
    begins = int(datetime(2026, 10, 25, 0, 30, tzinfo=UTC).timestamp()) * S
    assert texts(np.array([begins, begins + 3600 * S]), "Europe/Berlin") == [
        "2026-10-25T02:30:00.000+02:00",
        "2026-10-25T02:30:00.000+01:00",
    ]


def test_what_is_finer_than_milliseconds_is_kept() -> None:
    assert texts(np.array([1_763_900_000 * S + 123_456_789, 0]), "UTC") == [
        "2025-11-23T12:13:20.123456789Z",
        "1970-01-01T00:00:00.000000000Z",
    ]


def texts(times: "np.ndarray[tuple[int], np.dtype[np.int64]]", zone: str) -> list[str]:
    return [bytes(row).decode() for row in iso(times, ZoneInfo(zone))]
