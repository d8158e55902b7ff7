"""Figures: what a message, a sample, a sensor and a browser cost, and where each number comes from. Pure.

What a result of the bench holds is measured. What it lacks is taken from what was recorded when the parts were chosen,
or assumed, and each figure says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from andon.common.reading import NS_PER_MS, Reading
from andon.common.wire import Batch, encode_batch
from bench.scenarios.clients import CLIENTS
from bench.stage import MACHINES, PLANTS

PROCESSES = ("nats-server", "InfluxDB", "ingest", "derive", "api")
"""As the bench names them. `api` is registry, query, alerting and pages in one."""
STAGE_SENSORS = MACHINES * sum(PLANTS.values())
"""What api knows while the clients of the bench look on."""
FIFTY = PLANTS["fifty"]
_BATCH = 500
_MICRO = 1e6
_NOW = 1_732_380_000_000 * NS_PER_MS


class Basis(StrEnum):
    """How a number is known."""

    MEASURED = "measured"
    COMPUTED = "computed"
    RECORDED = "recorded"
    ASSUMED = "assumed"


@dataclass(frozen=True)
class Figure:
    """A number, its unit, and how it is known."""

    value: float
    unit: str
    basis: Basis
    source: str


FALLBACK = {
    **{
        f"{name}, a message": Figure(value, "µs", Basis.ASSUMED, "a share of the 50 µs of decision 0018")
        for name, value in zip(PROCESSES, (15.0, 6.0, 20.0, 3.0, 6.0), strict=True)
    },
    **{
        f"{name}, a value": Figure(value, "µs", Basis.ASSUMED, "a share of 676,000 samples/s on two cores")
        for name, value in zip(PROCESSES, (0.2, 1.5, 0.5, 0.3, 0.5), strict=True)
    },
    **{
        f"{name}, memory": Figure(value, "MB", Basis.ASSUMED, "the bounds of its configuration, and Python's libraries")
        for name, value in zip(PROCESSES, (200.0, 600.0, 100.0, 100.0, 250.0), strict=True)
    },
    "a browser": Figure(3.0, "thousandths of a core", Basis.ASSUMED, "a page that watches 100 sensors"),
    "a sensor": Figure(3.0, "kB", Basis.ASSUMED, "newest value, table of the plant, what a rule remembers"),
    "the broker alone": Figure(75_700, "msg/s", Basis.RECORDED, "a whole run on two cores, the load beside it"),
    "InfluxDB alone, 1 field": Figure(310_000, "samples/s", Basis.RECORDED, "1.6.7 on two cores"),
    "InfluxDB alone, 50 fields": Figure(1_213_600, "samples/s", Basis.RECORDED, "a whole run on two cores"),
    "a value on disk": Figure(3.0, "bytes", Basis.ASSUMED, "InfluxData: about three bytes for a number"),
    "a row of a minute or hour on disk": Figure(60.0, "bytes", Basis.ASSUMED, "a dozen numbers of a sensor"),
}
"""What stands in for what a result does not hold."""


def gather(result: Mapping[str, Any] | None) -> dict[str, Figure]:
    """All figures, by name; measured where the result has them."""
    found = dict(FALLBACK)
    if result is not None:
        found |= _costs(result) | _memory(result) | _engines(result) | _disk(result)
    return found | {
        f"a reading of {values} value{'s' * (values > 1)} in the stream": _wire(values) for values in (1, 10)
    }


def stream_bytes(values: int) -> float:
    """Bytes that a reading of so many values takes in the stream TELEMETRY, as `andon.common.wire` packs it."""
    reading = Reading("k3f9a1c2", _NOW, {f"sensor_{number}": 71.25 + number for number in range(values)})
    return len(encode_batch(Batch(_NOW, [reading] * _BATCH))) / _BATCH


def _wire(values: int) -> Figure:
    return Figure(stream_bytes(values), "bytes", Basis.COMPUTED, "packed by andon.common.wire")


def _costs(result: Mapping[str, Any]) -> dict[str, Figure]:
    """CPU of a message and of each further value: two floods, one with a value a message, one with fifty."""
    one, fifty = _row(result, "one-value"), _row(result, "fifty-values")
    if one is None or fifty is None:
        return {}
    found = {}
    for name in PROCESSES:
        if f"{name} cores" not in one["details"] or f"{name} cores" not in fifty["details"]:
            continue
        small = _micros(one, name, one["value"])
        large = _micros(fifty, name, fifty["details"]["msg/s"])
        value = max(0.0, (large - small) / (FIFTY - 1))
        message = max(0.0, small - value)
        found[f"{name}, a message"] = Figure(message, "µs", Basis.MEASURED, "one-value, fifty-values")
        found[f"{name}, a value"] = Figure(value, "µs", Basis.MEASURED, "one-value, fifty-values")
    return found


def _micros(row: Mapping[str, Any], name: str, stored: float) -> float:
    """Microseconds of CPU of one message. The cores are an average until the slower of store and rules was done."""
    return float(row["details"][f"{name} cores"] / min(stored, row["details"]["evaluated/s"]) * _MICRO)


def _memory(result: Mapping[str, Any]) -> dict[str, Figure]:
    """Memory of each process with the demo plant, or under full load where that is more; of a sensor, of a browser."""
    found = {}
    idle, clients = _row(result, "start", "memory, demo plant"), _row(result, "clients")
    floods = [row for row in (_row(result, "one-value"), _row(result, "fifty-values")) if row]
    for name in PROCESSES:
        sizes = [idle["details"][name]] if idle and name in idle["details"] else []
        if name != "api":  # what it holds under load follows from how many sensors there are
            sizes += [row["details"][f"{name} MB"] for row in floods if f"{name} MB" in row["details"]]
        if sizes:
            found[f"{name}, memory"] = Figure(max(sizes), "MB", Basis.MEASURED, "start, one-value, fifty-values")
    if clients and idle:
        more = clients["details"]["api MB end"] - idle["details"]["api"]
        found["a sensor"] = Figure(max(0.0, more) * 1000 / STAGE_SENSORS, "kB", Basis.MEASURED, "clients, start")
    if clients and (flood := _costs(result)):
        rate = clients["details"]["samples/s"]
        path = (flood["api, a message"].value / PLANTS["ten"] + flood["api, a value"].value) * rate / _MICRO
        each = max(0.0, clients["details"]["api cores"] - path) / CLIENTS * 1000
        found["a browser"] = Figure(each, "thousandths of a core", Basis.MEASURED, "clients: 100 sensors once a second")
    return found


def _engines(result: Mapping[str, Any]) -> dict[str, Figure]:
    """What servers take alone."""
    found = {}
    for name, scenario, row_name in (
        ("the broker alone", "broker", "broker alone, QoS 1"),
        ("InfluxDB alone, 1 field", "influx", "InfluxDB alone, 1 field a line"),
        ("InfluxDB alone, 50 fields", "influx", "InfluxDB alone, 50 fields a line"),
    ):
        if row := _row(result, scenario, row_name):
            found[name] = Figure(row["value"], row["unit"], Basis.MEASURED, scenario)
    return found


def _disk(result: Mapping[str, Any]) -> dict[str, Figure]:
    """What InfluxDB's packed files take."""
    found = {}
    for name, row_name in (
        ("a value on disk", "a sample on disk"),
        ("a row of a minute or hour on disk", "a row of a minute on disk"),
    ):
        if row := _row(result, "history", row_name):
            found[name] = Figure(row["value"], "bytes", Basis.MEASURED, "history: a year of a sensor at 1 Hz, packed")
    return found


def _row(result: Mapping[str, Any], scenario: str, name: str = "") -> Mapping[str, Any] | None:
    """The first row of a scenario, or the one of that name."""
    rows = (row for row in result["rows"] if row["scenario"] == scenario and (not name or row["name"] == name))
    return next(rows, None)
