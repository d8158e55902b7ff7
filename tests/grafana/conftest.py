"""An InfluxDB with half a day of the demo plant, as store, derive, alerting, ledger and prober write it."""

from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from time import time

import numpy as np
import pytest
import pytest_asyncio

from andon.alerting.alarm.record import point_of
from andon.alerting.tables import AlarmRow, TransitionRow
from andon.common import platform
from andon.common.influx import Influx, join_lines, line, line_prefix
from andon.common.plant import Asset
from andon.common.reading import NS_PER_S, Reading, Value
from andon.common.testing.fixtures import running_influxdb
from andon.query.tiers import runs, tiers, windows
from andon.query.tiers.tiers import HOURS, MINUTES
from andon.simulator.machine import Machine
from andon.simulator.plant_file import PlantFile, demo_plant_text, parse_plant

EVERY, HOURS_BACK = 20, 12
RAISED, ACKNOWLEDGED, CLEARED = ("raised", "acknowledged", "cleared")
CALLED = ("normal", "unacknowledged"), ("unacknowledged", "acknowledged"), ("acknowledged", "normal")


@dataclass(frozen=True)
class Demo:
    """What was written: an InfluxDB, one machine of each type by its slug, and when it ends (UTC seconds)."""

    influx: Influx
    machines: dict[str, str]
    end: int


def machines_of(plant: PlantFile) -> dict[str, Asset]:
    """The first machine of each type."""
    found: dict[str, Asset] = {}
    for number, (path, kind, sensors) in enumerate(plant.machines()):
        slug = path.rpartition("/")[2]
        asset = Asset(id=f"m{number}", path=path, kind="machine", slug=slug, name=slug, type=kind, sensors=sensors)
        found.setdefault(kind, asset)
    return found


def told(plant: PlantFile, asset: Asset, at: int) -> dict[str, Value]:
    """All that a machine says at an instant; what is entered or calculated stands still."""
    said = dict(Machine(1, asset.path, asset.type or "", asset.sensors).values(at))
    rest: dict[str, Value] = {"float": 1.0, "bool": False, "string": "RUN"}
    said |= {one.key: rest[one.datatype] for one in plant.types[asset.type or ""].sensors if one.key not in said}
    if at > time() - 600 and isinstance(said.get("state"), str):
        said["state"] = "RUN"  # whatever the hour of the test: something runs
    return said


def rolled(prefix: bytes, key: str, times: list[int], values: list[Value], width: int) -> Iterable[bytes]:
    """Rows of a rollup, made as derive makes them."""
    instants = np.array(times, np.int64) * NS_PER_S
    bounds = windows.edges(int(instants[0]) // width * width, int(instants[-1]) + 1, width)
    if isinstance(values[0], float):
        good = np.ones(len(times), np.bool_)
        made = windows.from_samples(instants, np.array(values, float), good, bounds)
        return tiers.lines(prefix, key, made, width)
    told = runs.of_samples(instants, np.array(values, np.object_))
    return runs.lines(prefix, key, runs.shortened(told, bounds), bounds)


async def write(influx: Influx, lines: Iterable[bytes], database: str = "") -> None:
    found = list(lines)
    for first in range(0, len(found), 5000):
        answer = await influx.write(join_lines(found[first : first + 5000]), database=database)
        assert answer.stored, answer.detail


async def write_machine(influx: Influx, asset: Asset, said: dict[int, dict[str, Value]]) -> None:
    """What a machine said at instants (UTC seconds), and its rollups."""
    prefix = line_prefix(asset)
    await write(influx, (line(prefix, Reading(asset.id, at * NS_PER_S, values)) for at, values in said.items()))
    for tier in (MINUTES, HOURS):
        for key in next(iter(said.values())):
            values = [values[key] for values in said.values()]
            await write(influx, rolled(prefix, key, list(said), values, tier.width), f"andon{tier.suffix}")


def alarm_lines(asset: Asset, key: str, begin: int) -> Iterable[bytes]:
    """An alarm that is raised, acknowledged and over."""
    alarm = AlarmRow(id=f"a{begin}", rule_id="r1", rule_name="Too hot", asset_id=asset.id, key=key, asset=asset.path)
    alarm.asset_name, alarm.message, alarm.limit = asset.name, "Above 80", 80.0
    for number, (event, (before, after)) in enumerate(zip((RAISED, ACKNOWLEDGED, CLEARED), CALLED, strict=True)):
        at = (begin + 20 * number) * NS_PER_S
        turn = TransitionRow(
            alarm_id=alarm.id, number=number + 1, from_state=before, to_state=after, event=event, at=at
        )
        turn.severity, turn.value = "high", 81.0
        yield point_of(turn, alarm, begin * NS_PER_S)


def platform_readings(end: int) -> dict[str, dict[int, dict[str, Value]]]:
    """What ledger and prober tell, for the last hours."""
    ledger: dict[str, Value] = {"unexplained": 0.0, "lost": 0.0, "missing": 0.0, "waiting": 2.0}
    prober: dict[str, Value] = {"broker": 0.01, "stored": 0.2, "live": 0.1, "number": 7.0}
    times = range(end - HOURS_BACK * 3600, end, EVERY)
    return {platform.LEDGER: dict.fromkeys(times, ledger), platform.PROBER: dict.fromkeys(times, prober)}


@pytest.fixture(scope="module")
def plant() -> PlantFile:
    return parse_plant(demo_plant_text())


@pytest.fixture(scope="module")
def influx_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Influx]:
    with running_influxdb(tmp_path_factory.mktemp("influxdb")) as found:
        yield Influx(found.settings)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def demo(influx_port: Influx, plant: PlantFile) -> AsyncIterator[Demo]:
    influx, end = influx_port, int(time())
    for suffix in ("", "_1m", "_1h"):
        await influx.ensure_database(f"andon{suffix}")
    machines = machines_of(plant)
    times = range(end - HOURS_BACK * 3600, end, EVERY)
    for asset in machines.values():
        await write_machine(influx, asset, {at: told(plant, asset, at) for at in times})
        for sensor in plant.types[asset.type or ""].sensors:
            await write(influx, (one for n in range(12) for one in alarm_lines(asset, sensor.key, end - 1500 + 60 * n)))
    for path, said in platform_readings(end).items():
        asset = Asset(id=path.rpartition("/")[2], path=path, kind="machine", slug="x", name="Andon", type="")
        await write_machine(influx, asset, said)
        await write(influx, alarm_lines(asset, next(iter(said[end - HOURS_BACK * 3600])), end - 900))
    yield Demo(influx, {kind: asset.path for kind, asset in machines.items()}, end)
    await influx.aclose()
