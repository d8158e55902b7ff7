"""Time series: everything InfluxDB has, of any density and however long ago, comes back as it was."""

import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from andon.cli.backup import measurement, series
from andon.cli.backup.archive import reading, writing
from andon.common.errors import SetupError, UnavailableError
from andon.common.influx import Influx
from andon.common.influx.retention import DAY, HOUR
from andon.common.testing.fixtures import InfluxForTest, running_influxdb

NOW = 1_795_768_617_000_000_000
YEAR = 365 * DAY


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[InfluxForTest]:
    with running_influxdb(tmp_path_factory.mktemp("influx")) as found:
        yield found


@pytest.fixture
async def influx(server: InfluxForTest) -> AsyncIterator[Influx]:
    client = Influx(server.settings)
    yield client
    await client.aclose()


def history() -> list[bytes]:
    """Dense and sparse, of yesterday and of 1971, every type; a machine that lacks what its neighbour has."""
    dense = [b"press,asset=a1,line=l\\ 1 t=%d.5,n=%d,on=true %d" % (i, i, NOW - i * 10**7) for i in range(30_000)]
    old = [b'press,asset=a2 t=1,state="RUN \\"x\\"",t__arrived=7i %d' % (NOW - i * YEAR) for i in range(1, 55)]
    return [*dense, *old, b"oven t=1e300 -86400000000000", b'andon_platform,asset=p ok="yes" %d' % (NOW + DAY)]


async def everything(influx: Influx, database: str) -> list[tuple[str, list[object]]]:
    found = []
    for of in await measurement.measurements(influx, database):
        [answer] = await influx.query(of.select(series.BEGIN, series.END), database=database)
        found += [(of.name, [one.tags, one.columns, one.rows]) for one in sorted(answer, key=lambda s: str(s.tags))]
    return found


async def filled(influx: Influx, database: str, lines: list[bytes]) -> None:
    await influx.ensure_database(database)
    assert (await influx.write(b"\n".join(lines), database=database)).stored


async def test_all_that_is_stored_comes_back(influx: Influx, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(series, "MANY_VALUES", 6000)
    monkeypatch.setattr(series, "MEMBER_BYTES", 50_000)
    monkeypatch.setattr(series, "WRITE_BYTES", 100_000)
    await filled(influx, "full", history())
    with writing(tmp_path / "b.tar") as writer:
        rows = await series.dump(influx, "full", writer, "series/raw")
    assert rows == {"andon_platform": 1, "oven": 1, "press": 30_054}
    await influx.ensure_database("again")
    assert await series.is_empty(influx, "again")
    with reading(tmp_path / "b.tar") as backup:
        names = backup.below("series/raw")
        assert len(names) > 1
        for name in names:
            with backup.open(name) as source:
                assert await series.load(influx, "again", source) == {}
    assert not await series.is_empty(influx, "again")
    assert await everything(influx, "again") == await everything(influx, "full")


async def test_what_is_denser_than_was_expected_is_read_again_in_parts(
    influx: Influx, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sparse for weeks, and before that a thousand times as much: no answer holds more than there is room for."""
    for module in (series, measurement):
        monkeypatch.setattr(module, "MANY_VALUES", 100)
    sparse = [b"press,asset=a1 t=1 %d" % (NOW - i * HOUR) for i in range(40)]
    dense = [b"press,asset=a%d t=1 %d" % (i % 3, NOW - 40 * HOUR - i * 10**9) for i in range(9000)]
    await filled(influx, "uneven", [*sparse, *dense])
    [of] = await measurement.measurements(influx, "uneven")
    found = [window async for window in series.windows(influx, "uneven", of)]
    assert sum(len(one) for window in found for one in window) == len(sparse) + len(dense)
    assert max(len(one) for window in found for one in window) <= 4 * 100


async def test_an_influxdb_that_is_away_is_no_wide_window(influx: Influx) -> None:
    away = Influx(influx.settings.model_copy(update={"url": "http://127.0.0.1:1"}))
    of = measurement.Measurement("press", ["asset"], {"t": "float"})
    with pytest.raises(UnavailableError):
        await series._window(away, "full", of.select(0, 1), series.FIRST_WINDOW)
    assert await series._window(away, "full", of.select(0, 1), HOUR) is None
    await away.aclose()


async def test_a_database_that_is_not_there_is_empty(influx: Influx, tmp_path: Path) -> None:
    assert await series.is_empty(influx, "nowhere")
    with writing(tmp_path / "b.tar") as writer:
        assert await series.dump(influx, "nowhere", writer, "series/raw") == {}
        assert writer.members == {}


async def test_what_the_database_keeps_no_longer_is_counted(influx: Influx, tmp_path: Path) -> None:
    await influx.ensure_database("short", keep=HOUR)
    lines = gzip.compress(b"press t=1 1000\npress t=2 2000\n")
    (tmp_path / "lines").write_bytes(lines)
    with (tmp_path / "lines").open("rb") as source:
        assert await series.load(influx, "short", source) == {series.TOO_OLD: 2}


async def test_lines_that_influxdb_refuses_are_an_error_in_its_words(influx: Influx, tmp_path: Path) -> None:
    await influx.ensure_database("typed")
    (tmp_path / "lines").write_bytes(gzip.compress(b"press t= 2000\n"))
    with (tmp_path / "lines").open("rb") as source, pytest.raises(SetupError, match="missing field value"):
        await series.load(influx, "typed", source)


async def test_values_of_another_type_are_counted_and_the_others_stored(influx: Influx, tmp_path: Path) -> None:
    await filled(influx, "other", [b"press t=1 1000"])
    (tmp_path / "lines").write_bytes(gzip.compress(b'press t="text" 2000\npress t=3 3000\n'))
    with (tmp_path / "lines").open("rb") as source:
        assert await series.load(influx, "other", source) == {series.OTHER_TYPE: 1}
    [[found]] = await influx.query('SELECT t FROM "press"', database="other")
    assert found.rows == [[1000, 1], [3000, 3]]


async def test_a_field_that_had_several_types_keeps_them_all(influx: Influx, tmp_path: Path) -> None:
    month = 30 * DAY
    lines = [b'press,asset=a t="RUN",u=1 %d', b"press,asset=a t=1.5,u=2 %d", b"press,asset=a t=true,u=3 %d"]
    for number, line in enumerate(lines):  # each in a stretch of time of its own
        await filled(influx, "several", [line % (NOW - number * month)])
    with writing(tmp_path / "b.tar") as writer:
        await series.dump(influx, "several", writer, "series/raw")
    await influx.ensure_database("types")
    with reading(tmp_path / "b.tar") as backup:
        for name in backup.below("series/raw"):
            with backup.open(name) as source:
                assert await series.load(influx, "types", source) == {}
    assert len(await everything(influx, "types")) == 3
    assert await everything(influx, "types") == await everything(influx, "several")


def test_a_window_is_as_wide_as_there_is_room_for_what_it_holds() -> None:
    assert series.next_width(HOUR, measurement.MANY_VALUES * 60) == HOUR // 60
    assert series.next_width(HOUR, measurement.MANY_VALUES // 2) == HOUR
    assert series.next_width(HOUR, 10) == 2 * HOUR
    assert series.next_width(series.LONGEST_WINDOW, 10) == series.LONGEST_WINDOW


def test_a_window_becomes_no_shorter_than_there_is_time() -> None:
    assert series.narrower(HOUR) == HOUR // 8
    with pytest.raises(SetupError, match="too few rows") as error:
        series.narrower(measurement.SHORTEST_WINDOW)
    assert "max-row-limit" in error.value.hint
