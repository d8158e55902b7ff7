"""Stage: the Andon under load, its plant and rules, and the device that publishes."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from andon.common.influx import Influx
from andon.common.settings import InfluxSettings
from andon.common.testing.factory import Factory
from andon.common.testing.waiting import eventually
from andon.simulator.crew import new_stop, run_load
from andon.simulator.load import LoadPlan, LoadReport
from andon.simulator.load_plant import load_plant
from andon.simulator.settings import Broker

MACHINES = 1000
PLANTS = {"one": 1, "fifty": 50, "ten": 10, "probe": 1}
"""Machine type, which is also the site -> sensors of each machine."""
WATCHED = ["one/v0", *(f"fifty/v{n}" for n in range(5)), "ten/v0"]
QUOTA = 1_000_000
"""Messages per second the load may send: it is to find the limit of Andon, not that of a device."""
NEVER = 1e15
PROBE_LIMIT = 80.0


class Stage:
    """Made when first asked for: `async with Stage(folder) as stage: factory = await stage.factory()`.

    limits: what a server alone took, by the name of the measurement; filled by earlier scenarios. page_minutes: how
    long the memory of a page is watched.
    """

    def __init__(self, folder: Path, *, quick: bool, page_minutes: float = 3) -> None:
        self.folder = folder
        self.quick = quick
        self.page_minutes = page_minutes
        self.limits: dict[str, float] = {}
        self._factory: Factory | None = None
        self._broker: Broker | None = None
        self._influx: Influx | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._influx is not None:
            await self._influx.aclose()
        if self._factory is not None:
            await self._factory.__aexit__(kind, error, trace)

    def scaled(self, number: float) -> float:
        """So much, or a quarter of it when it has to be quick."""
        return number / 4 if self.quick else number

    async def factory(self) -> Factory:
        """The Andon, with plant and rules."""
        if self._factory is None:
            self._factory = Factory(self.folder / "andon", environment={"ANDON_ALERTING_WEBHOOK_ALLOW": "127.0.0.0/8"})
            await self._factory.start()
            await _furnish(self._factory)
            device = await self._factory.add_device("load", "", quota=QUOTA)
            self._broker = Broker("127.0.0.1", self._factory.mqtt_port, device.username, device.password)
            self._influx = Influx(InfluxSettings(url=f"http://127.0.0.1:{self._factory.influx_port}"))
        return self._factory

    async def broker(self) -> Broker:
        """Where the load goes, and as whom."""
        await self.factory()
        assert self._broker is not None
        return self._broker

    async def influx(self) -> Influx:
        """Where it has to arrive."""
        await self.factory()
        assert self._influx is not None
        return self._influx

    async def send(self, site: str, **plan: float) -> LoadReport:
        """Publish for the machines of one site."""
        load = LoadPlan(await self.broker(), machines=MACHINES, values=PLANTS[site], prefix=f"{site}/area-0/line-0")
        return await asyncio.to_thread(run_load, replace(load, **plan), new_stop())  # type: ignore[arg-type]

    async def counted(self) -> tuple[int, int]:
        """Readings stored, and readings held against the rules, since their processes started."""
        factory = await self.factory()
        stored = await self._counter(factory.ingest_port, "andon_store_readings_total")
        return stored, await self._counter(factory.port, "andon_evaluate_readings_total")

    async def _counter(self, port: int, name: str) -> int:
        assert self._factory is not None
        text = (await self._factory.http.get(f"http://127.0.0.1:{port}/metrics")).text
        return sum(int(float(line.split()[1])) for line in text.splitlines() if line.startswith(name + " "))


async def _furnish(factory: Factory) -> None:
    for site, values in PLANTS.items():
        await factory.apply_plant(load_plant(MACHINES, values, f"{site}/area-0/line-0", site))
    for watched in WATCHED:
        await add_rule(factory, watched, NEVER)
    await add_rule(factory, "probe/v0", PROBE_LIMIT)
    watches = MACHINES * (len(WATCHED) + 1)

    async def watching() -> bool:
        rules = (await factory.call("GET", "/api/alerting/v1/rules"))["items"]
        return sum(rule["watches"] or 0 for rule in rules) == watches

    await eventually(watching, timeout=60, what=f"{watches} sensors are watched")


async def add_rule(factory: Factory, watched: str, above: float, channels: Sequence[str] = ()) -> None:
    """A rule for one sensor of all machines of a type: `type/sensor`."""
    machine_type, sensor = watched.split("/")
    scope = {"type": machine_type, "sensor": sensor}
    rule = {"name": f"{watched} too high", "scope": scope, "condition": {"above": above}, "severity": "high"}
    rule |= {"channels": list(channels)}
    await factory.call("POST", "/api/alerting/v1/rules", json=rule)
