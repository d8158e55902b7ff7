"""Shards: an InfluxDB that was killed while it wrote an index takes readings again, and has all that it had."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from andon.common.influx import Influx
from andon.common.servers.shards import mend
from andon.common.testing.fixtures import InfluxForTest
from andon.common.testing.waiting import eventually

WEEK = 7 * 86_400


@pytest.fixture
def influxdb(influxdb: InfluxForTest) -> Iterator[InfluxForTest]:
    """One that puts values into files at once."""
    influxdb.process.stop()
    environment = {**influxdb.process.environment, "INFLUXDB_DATA_CACHE_SNAPSHOT_WRITE_COLD_DURATION": "1s"}
    influxdb.process = replace(influxdb.process, environment=environment)
    influxdb.process.start()
    yield influxdb
    influxdb.process.stop()


def manifests(influxdb: InfluxForTest) -> list[Path]:
    return sorted((influxdb.process.log.parents[1] / "influxdb" / "data").glob("*/*/*/index/*/MANIFEST"))


async def test_what_was_in_a_shard_is_there_again_after_its_index_was_cut_off(
    influx: Influx, influxdb: InfluxForTest
) -> None:
    async def in_files() -> bool:
        return bool(list(manifests(influxdb)[0].parents[2].glob("*.tsm")))

    assert (await influx.write(b'robot,asset=a temperature=1 1000000000\nrobot,asset=b state="on" 1000000000')).stored
    assert (await influx.write(f"robot,asset=a temperature=9 {WEEK * 10**9}".encode())).stored
    await eventually(in_files, what="the first values are in a file")
    assert (await influx.write(b"robot,asset=a temperature=2 2000000000")).stored  # in the journal alone
    influxdb.process.kill()
    first, *_ = manifests(influxdb)
    whole = [path for path in manifests(influxdb) if path.parents[2] != first.parents[2]]
    before = {path: path.stat().st_mtime_ns for path in whole}
    first.write_bytes(b"")
    influxdb.process.start()
    assert {path: path.stat().st_mtime_ns for path in whole} == before, "another shard is left alone"
    assert (await influx.write(b"robot,asset=c temperature=3 3000000000")).stored
    (found,) = await influx.query('SELECT "temperature", "state" FROM robot GROUP BY "asset"')
    rows = {series.tags["asset"]: [list(row[1:]) for row in series.rows] for series in found}
    assert rows == {"a": [[1, None], [2, None], [9, None]], "b": [[None, "on"]], "c": [[3, None]]}


async def test_an_influxdb_without_shards_is_left_alone(tmp_path: Path) -> None:
    mend(tmp_path / "nothing")
    mend(tmp_path)
