"""Times as files write them: whatever the notation, the same instant; and what is no instant is said to be none."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from andon.common.reading import NS_PER_MS, NS_PER_S
from andon.common.times import datetime_to_ns, ns_to_iso
from andon.ingest.imports.moments import Column, Moments, mistake_in

NOW = datetime_to_ns(datetime(2026, 11, 1, tzinfo=UTC))
EPOCH = datetime.fromtimestamp(0, UTC).replace(tzinfo=None)
BERLIN, GREENWICH = ZoneInfo("Europe/Berlin"), ZoneInfo("UTC")

instants = st.integers(0, NOW // NS_PER_MS).map(lambda ms: ms * NS_PER_MS)
offsets = st.integers(-14 * 4, 14 * 4).map(lambda quarters: timezone(timedelta(minutes=15 * quarters)))


def read(column: Column, zone: ZoneInfo = GREENWICH, **how: object) -> tuple[list[int | None], dict[int, str]]:
    return Moments(zone, now=NOW, **how).read(column)  # type: ignore[arg-type]


@given(st.lists(st.tuples(instants, offsets)))
def test_iso_of_any_offset(found: list[tuple[int, timezone]]) -> None:
    texts = [datetime.fromtimestamp(ns // NS_PER_S, tz).isoformat() for ns, tz in found]
    wanted = [ns // NS_PER_S * NS_PER_S for ns, _ in found]
    assert read(pa.array(texts, pa.string())) == read(list(texts)) == (wanted, {})


@given(st.lists(instants))
def test_what_andon_exports(found: list[int]) -> None:
    texts = [ns_to_iso(ns) for ns in found]
    assert read(pa.array(texts, pa.string())) == read(list(texts)) == (found, {})


@given(st.lists(st.text("0123456789-:T .,Z+", max_size=30) | st.sampled_from(["2025-01-01", "2025-01-01T07"])))
def test_a_column_means_what_its_cells_mean(texts: list[str]) -> None:
    column = pa.array(texts, pa.string())
    for zone in (GREENWICH, BERLIN):
        assert read(column, zone) == read(list(texts), zone)
    for text in texts:
        assert read(pa.array([text], pa.string())) == read([text])


@given(st.lists(st.datetimes(EPOCH + timedelta(days=1), EPOCH + timedelta(days=20_400))))
def test_local_times_are_those_of_the_zone_unless_there_are_none_or_two(found: list[datetime]) -> None:
    times, wrong = read(pa.array([one.isoformat() for one in found], pa.string()), BERLIN)
    for index, one in enumerate(found):
        first, second = (one.replace(tzinfo=BERLIN, fold=fold).utcoffset() for fold in (0, 1))
        if first == second:
            assert times[index] == datetime_to_ns(one.replace(tzinfo=BERLIN).astimezone(UTC))
        else:
            assert index in wrong


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("2025-03-30 02:30", "never was in Europe/Berlin, as clocks were set forward"),
        ("2025-10-26T02:30:00", "2025-10-26 02:30 came twice in Europe/Berlin, as clocks were set back"),
        ("2999-01-01", "lies in the future"),
        ("1969-12-31T00:00:00Z", "lies before 1970"),
        ("03/04/2025 12:00", "give time_format, like %d.%m.%Y %H:%M:%S"),
        ("2025-02-30", "day is out of range"),
        ("20250301", "give time_format, like %Y%m%d"),
        ("٢٠٢٥-01-01", "is no time"),
        ("noon", "'noon' is no time"),
        ("9" * 400, "no time"),
        (True, "is no time"),
        (1e300, "no time since 1970"),
        (float("nan"), "no time"),
        (float("inf"), "no time"),
        (["x"], "no time"),
    ],
)
def test_what_is_no_time_is_said_to_be_none(cell: object, said: str) -> None:
    times, wrong = read([cell], BERLIN)
    assert times == [None]
    assert said in wrong[0]


@given(st.integers(10**11, NOW // NS_PER_MS).map(lambda ms: ms * NS_PER_MS))
def test_numbers_are_told_apart_by_their_size(ns: int) -> None:
    seconds = ns // NS_PER_S * NS_PER_S
    assert read([ns // NS_PER_S, ns // NS_PER_MS, ns // 1000, ns]) == ([seconds, ns, ns, ns], {})
    texts = [str(ns // NS_PER_MS), str(ns), f"{ns // NS_PER_S}.0"]
    assert read(pa.array(texts)) == ([ns, ns, seconds], {})


@given(st.integers(10**8, NOW // NS_PER_MS))
def test_days_of_excel(ms: int) -> None:
    moment = EPOCH + timedelta(milliseconds=ms)
    serial = (moment - EPOCH) / timedelta(days=1) + 25_569
    blurred = moment + timedelta(microseconds=3)  # what is left of a day's fraction
    assert read([serial, moment, blurred], serials=True) == ([ms * NS_PER_MS] * 3, {})
    assert read([moment.date()], serials=True)[0] == [datetime_to_ns(datetime(*moment.timetuple()[:3], tzinfo=UTC))]


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_timestamps_of_parquet(unit: str) -> None:
    ns, wall = NOW - 3600 * NS_PER_S, NOW
    per = {"s": NS_PER_S, "ms": NS_PER_MS, "us": 1000, "ns": 1}[unit]
    zoned = pa.array([ns // per, None], pa.timestamp(unit, "Asia/Tokyo"))
    bare = pa.array([wall // per, None], pa.timestamp(unit))
    assert read(zoned, BERLIN) == ([ns, None], {})
    assert read(bare, BERLIN) == ([wall - 3600 * NS_PER_S, None], {})
    assert read(zoned[:1], BERLIN) == ([ns], {})
    assert read(bare[:1], BERLIN) == ([wall - 3600 * NS_PER_S], {})


def test_what_the_database_would_not_keep_is_not_taken() -> None:
    times, wrong = read(["2025-01-01", "2025-01-02"], oldest=datetime_to_ns(datetime(2025, 1, 2, tzinfo=UTC)))
    assert times[0] is None
    assert times[1] is not None
    assert "keeps values, which is since 2025-01-02" in wrong[0]


def test_times_beyond_what_can_be_told() -> None:
    times, wrong = read(pa.array([2**62, -(2**62)], pa.timestamp("s")))
    assert (times, sorted(wrong)) == ([None, None], [0, 1])
    assert read(pa.array([date(2025, 1, 1)]), BERLIN)[0] == [datetime_to_ns(datetime(2024, 12, 31, 23, tzinfo=UTC))]


@pytest.mark.parametrize(
    ("pattern", "text"),
    [("%d.%m.%Y %H:%M:%S", "01.03.2021 00:00:00"), ("%m/%d/%y %I:%M %p", "03/01/21 12:00 AM"), ("%Y%m%d", "20210301")],
)
def test_a_notation_that_is_named(pattern: str, text: str) -> None:
    midnight = datetime_to_ns(datetime(2021, 2, 28, 23, tzinfo=UTC))
    assert read(pa.array([text, ""]), BERLIN, pattern=pattern) == ([midnight, None], {})
    assert "is not written like time_format" in read(["2021-03-01"], pattern=pattern)[1][0]
    with_zone = read([f"{text} +0500"], BERLIN, pattern=f"{pattern} %z")[0]
    assert with_zone == [midnight - 4 * 3600 * NS_PER_S]


@pytest.mark.parametrize(
    ("pattern", "why"),
    [("%Y %Y", "twice"), ("%c %x", "twice"), ("%Y-%Q", "bad directive"), ("%Y%", "stray"), ("%Y(%m", ""), ("%c", "")],
)
def test_a_notation_that_is_none_is_told_before_the_file_is_read(pattern: str, why: str) -> None:
    assert why in mistake_in(pattern)
    assert bool(why) == bool(mistake_in(pattern))
