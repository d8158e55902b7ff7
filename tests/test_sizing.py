"""The sizing guide: the committed page is what is computed, its arithmetic holds, and what it needs is measured."""

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from andon.common.influx import Influx
from andon.common.plant import Asset
from andon.common.settings import InfluxSettings
from andon.common.testing.fixtures import running_influxdb
from andon.common.testing.waiting import eventually
from bench import disk
from bench.sizing.__main__ import FOLDER, KEPT, PAGE, made
from bench.sizing.example import RAW_DAYS, values
from bench.sizing.figures import FALLBACK, FIFTY, PROCESSES, Basis, gather
from bench.sizing.page import page
from bench.sizing.plan import DISK_MARGIN, MARGIN, PARTITIONS, Plant, plan
from bench.sizing.result import UnusableError, cleaned
from bench.year import KEYS, RARE, Year

FIGURES = gather(None)
CHART = yaml.safe_load((FOLDER.parents[1] / "deploy/k8s/andon/values.yaml").read_text())
plants = st.builds(Plant, sensors=st.integers(1, 200_000), hz=st.floats(0.01, 10), values=st.integers(1, 50))


def row(scenario: str, name: str, value: float, unit: str = "", **details: float) -> dict[str, Any]:
    """A row as the bench writes it."""
    return {
        "scenario": scenario,
        "name": name,
        "value": value,
        "unit": unit,
        "limit": None,
        "limit_of": "",
        "loss": 0,
    } | {
        "details": details,
        "target": None,
        "ratio": None,
        "passed": True,
    }


def result(*rows: dict[str, Any]) -> dict[str, Any]:
    """A result as the bench writes it."""
    machine = "2 cores, 24 GB, Linux x86_64"
    return {"began": "2026-11-27T16:14:07+00:00", "machine": machine, "quick": False, "rows": list(rows)}


def floods(message: float, value: float, rate: float) -> dict[str, Any]:
    """Of two floods in which each process takes so many microseconds for a message and for a value."""
    one = {f"{name} cores": (message + value) * rate / 1e6 for name in PROCESSES}
    fifty = {f"{name} cores": (message + FIFTY * value) * rate / 1e6 for name in PROCESSES}
    many = {"msg/s": rate, "evaluated/s": rate}
    return result(
        row("one-value", "1 value per message", rate, "msg/s", **many, **one),
        row("fifty-values", "50 values per message", rate * FIFTY, "samples/s", **many, **fifty),
    )


def test_the_committed_page_is_what_is_computed() -> None:
    assert (FOLDER / PAGE).read_text() == made(), f"{PAGE} is not what {KEPT} says. Run: ./justw reference"


def test_a_kept_result_tells_nothing_of_the_machine_but_its_size() -> None:
    kept = FOLDER / KEPT
    if kept.exists():
        told = orjson.loads(kept.read_bytes())
        assert set(told) == {"began", "machine", "quick", "rows"}
        assert len(told["began"]) == len("2026-11-27")


@given(plants, st.floats(1, 10))
def test_more_of_the_same_needs_no_less(plant: Plant, times: float) -> None:
    less, more = plan(plant, FIGURES), plan(replace(plant, sensors=int(plant.sensors * times)), FIGURES)
    assert all(more.used[name] >= part for name, part in less.used.items())
    assert more.raw >= less.raw
    assert more.stream >= less.stream
    for name, service in less.services.items():
        grown = more.services[name]
        assert grown.instances * grown.cores >= service.instances * service.cores * (1 - 1e-9) - 1e-9, name


@given(plants)
def test_nobody_computes_on_more_than_a_core_where_that_can_be_shared(plant: Plant) -> None:
    for name in ("ingest", "alerting"):
        assert plan(plant, FIGURES).services[name].cores <= 1 + 1e-9


@given(plants)
def test_several_values_in_a_message_cost_no_more_than_one_by_one(plant: Plant) -> None:
    together, apart = plan(plant, FIGURES), plan(replace(plant, values=1), FIGURES)
    assert all(part <= apart.used[name] * (1 + 1e-9) for name, part in together.used.items())
    assert together.stream <= apart.stream * (1 + 1e-9)
    assert together.raw == apart.raw


@given(plants)
def test_what_ends_first_is_the_bound_that_is_used_most(plant: Plant) -> None:
    found = plan(plant, FIGURES)
    assert found.used[found.first] == max(found.used.values())


@given(plants)
def test_the_example_has_room_for_what_it_says_in_values_that_the_chart_has(plant: Plant) -> None:
    told, found = yaml.safe_load(values(FIGURES, plant)), plan(plant, FIGURES)
    storage, history = told["nats"]["storage"], found.raw * RAW_DAYS / 365 + 2 * found.minutes
    stream = int(told["settings"]["ANDON_NATS_TELEMETRY_BYTES"])
    assert stream >= found.stream * 86_400
    assert int(storage["devicesDisk"].removesuffix("GB")) * 10**9 >= found.devices * 3600
    assert int(storage["size"].removesuffix("Gi")) > int(storage["disk"].removesuffix("GB")) > stream / 10**9
    assert int(told["influxdb"]["storage"]["size"].removesuffix("Gi")) * 2**30 >= history
    for server in ("nats", "influxdb"):
        assert told[server]["storage"].keys() <= CHART[server]["storage"].keys()


def test_a_year_of_one_sensor_is_counted() -> None:
    found = plan(Plant(1), FIGURES)
    assert found.raw == pytest.approx(31_536_000 * FALLBACK["a value on disk"].value * DISK_MARGIN)
    assert found.minutes == pytest.approx(60 * found.hours)


@given(st.floats(0.1, 100), st.floats(0.01, 10), st.floats(1, 100_000))
def test_two_floods_tell_what_a_message_and_a_value_cost(message: float, value: float, rate: float) -> None:
    figures = gather(floods(message, value, rate))
    for name in PROCESSES:
        assert figures[f"{name}, a message"].value == pytest.approx(message, rel=1e-6, abs=1e-6)
        assert figures[f"{name}, a value"].value == pytest.approx(value, rel=1e-6)
        assert figures[f"{name}, a value"].basis is Basis.MEASURED
    cores = MARGIN * (100 * message + 1000 * value) / 1e6
    assert plan(Plant(1000), figures).used["ingest's partitions"] == pytest.approx(cores / PARTITIONS, rel=1e-6)


def test_memory_disk_and_engines_are_taken_from_a_result() -> None:
    sizes = dict.fromkeys(PROCESSES, 50.0)
    clients = {f"{name} cores": 0.5 for name in PROCESSES} | {"samples/s": 10_000.0, "api MB end": 174.0}
    told = floods(10, 1, 20_000)
    told["rows"] += [
        row("broker", "broker alone, QoS 1", 90_000, "msg/s"),
        row("influx", "InfluxDB alone, 1 field a line", 300_000, "samples/s"),
        row("clients", "200 clients, p99", 200, "ms", **clients),
        row("history", "a sample on disk", 2.5, "bytes"),
        row("history", "a row of a minute on disk", 44, "bytes"),
        row("start", "memory, demo plant", 300, "MB", **sizes),
    ]
    figures = gather(cleaned(told))
    assert figures["ingest, memory"].value == 50
    assert figures["a sensor"].value == pytest.approx(2)
    assert figures["the broker alone"].value == 90_000
    assert figures["a value on disk"].value == 2.5
    assert figures["a row of a minute or hour on disk"].value == 44
    assert figures["a browser"].value == pytest.approx((0.5 - 10_000 * (10 / 10 + 1) / 1e6) / 200 * 1000)
    measured = [name for name, figure in figures.items() if figure.basis is Basis.MEASURED]
    assert len(measured) == len(figures) - 3, "two are computed, and of InfluxDB with fifty fields nothing was told"
    assert f"{len(measured)} of {len(figures)} figures were measured by `./justw bench` on 2026-11-27: 2 cores" in page(
        cleaned(told)
    )


def test_a_result_is_cleaned_and_a_lossy_or_strange_one_refused() -> None:
    told = result(row("broker", "broker alone, QoS 1", 75_712.3456, "msg/s")) | {
        "machine": "plc-7: 2 cores, 24 GB, Linux x86_64"
    }
    kept = cleaned(told)
    assert kept["machine"] == "2 cores, 24 GB, Linux x86_64"
    assert kept["rows"][0]["value"] == 75_710
    assert cleaned(result()) == cleaned(cleaned(result()))
    with pytest.raises(UnusableError, match="3 messages were lost"):
        cleaned(result({**row("one-value", "", 1), "loss": 3}))
    for strange in ({}, [], {**told, "rows": [{}]}):
        with pytest.raises(UnusableError, match="no result"):
            cleaned(strange)


async def test_what_a_value_takes_on_the_disk_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sensor every ten minutes instead of each second; shards of InfluxDB are whole weeks."""
    monkeypatch.setenv("INFLUXDB_DATA_CACHE_SNAPSHOT_WRITE_COLD_DURATION", "1s")
    machine = Asset("k3f9a1c2", "year/area-0/line-0/m-0", "machine", "m-0", "M", "year")
    year = Year(machine, int(time.time()) // 60 * 60, 60 * 86_400)
    with running_influxdb(tmp_path) as server:
        url = f"http://127.0.0.1:{server.port}"
        influx = Influx(InfluxSettings(url=url))
        await influx.ensure_database()
        await year.load(influx, KEYS, RARE)
        await influx.aclose()

        async def held() -> list[disk.Shard]:
            found = await disk.shards(http, url, tmp_path / "influxdb" / "data", "andon")
            whole = [one for one in found if disk.whole(one, year)]
            return whole if all(one.size for one in whole) else []

        async with httpx.AsyncClient() as http:
            shards = await eventually(held, timeout=60, what="shards are written to files")
    assert len(shards) >= 4
    assert {one.end - one.start for one in shards} == {7 * 86_400}
    assert disk.rows(7 * 86_400, RARE) == 10_080
    assert 1 < disk.of_each(shards, year, RARE) < 16, "more than nothing, less than a number as it is, with its time"
