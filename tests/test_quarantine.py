"""A device that floods, or sends garbage without end: it is slowed and everybody sees it, its neighbours go on, and
nothing that was acknowledged is lost, the flooder's own values neither."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from threading import Event

import pytest
import pytest_asyncio
from websockets.asyncio.client import connect

from andon.common import jobs
from andon.common.influx import Influx
from andon.common.settings import InfluxSettings
from andon.common.testing.factory import Credential, Factory
from andon.common.testing.waiting import eventually
from andon.simulator import packets
from andon.simulator.load import LoadPlan, LoadReport, send_load
from andon.simulator.load_plant import load_plant
from andon.simulator.session import Session
from andon.simulator.settings import Broker
from bench.oracle import judge
from bench.row import percentile

from .conftest import PLANT, PRESS
from .neighbour import NEIGHBOUR, neighbour_unharmed

pytestmark = [pytest.mark.timeout(240), pytest.mark.asyncio(loop_scope="module")]

QUOTA, NORMAL = 1000, 200
MACHINES = 100
LINE = "berlin/flooding/line-1"
SECONDS = 6.0
PATIENCE = 120.0


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def factory(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Factory]:
    settings = {"ANDON_REGISTRY_DEVICE_MESSAGES": str(QUOTA)}
    async with Factory(tmp_path_factory.mktemp("andon"), environment=settings) as started:
        await started.apply_plant(PLANT)
        await started.apply_plant(load_plant(MACHINES, 1, LINE, "flooder"))
        yield started


def broker(factory: Factory, device: Credential) -> Broker:
    return Broker("127.0.0.1", factory.mqtt_port, device.username, device.password)


@asynccontextmanager
async def latencies(factory: Factory, part: str) -> AsyncIterator[list[float]]:
    """Milliseconds from the neighbour's PUBLISH to the page that shows it, printed at the end."""
    took: list[float] = []
    async with connect(f"ws://127.0.0.1:{factory.port}/api/query/v1/live", proxy=None) as socket:
        await socket.send(json.dumps({"op": "auth", "token": factory.token}))
        await socket.send(json.dumps({"op": "subscribe", "under": [NEIGHBOUR], "max_hz": 20, "every": True}))

        async def listen() -> None:
            async for frame in socket:
                now = time.time() * 1000
                took.extend(now - sample[1] for sample in json.loads(frame).get("samples", ()))

        listening = asyncio.create_task(listen())
        try:
            yield took
        finally:
            await jobs.end(listening)
    print(f"neighbour, {part}: p50 {percentile(took, 0.5):.0f} ms, p99 {percentile(took, 0.99):.0f} ms")  # noqa: T201


async def was_kept_out(factory: Factory, device: Credential) -> str:
    """Why the device was kept out, as it was seen over REST."""

    async def reason() -> str:
        seen = await factory.call("GET", f"/api/registry/v1/devices/{device.id}")
        return str(seen["quarantine"]["reason"]) if seen["quarantine"] else ""

    return str(await eventually(reason, timeout=60, what="the device is in quarantine"))


async def flood(factory: Factory, device: Credential, rate: float) -> LoadReport:
    plan = LoadPlan(broker(factory, device), MACHINES, rate=rate, seconds=SECONDS, prefix=LINE, patience=PATIENCE)
    return await asyncio.to_thread(send_load, plan, Event())


@pytest.mark.parametrize("rate", [10 * NORMAL, 0], ids=["ten-fold", "as fast as it can"])
async def test_a_flood_is_slowed_and_its_neighbour_does_not_suffer(
    factory: Factory, device: Credential, rate: float
) -> None:
    flooder = await factory.add_device(f"flooder {rate}", LINE, quota=QUOTA)
    async with neighbour_unharmed(factory, device):
        async with latencies(factory, "calm"):
            calm = await flood(factory, flooder, NORMAL)
        async with latencies(factory, f"flood of {rate or 'all it can'}"):
            flooding = asyncio.create_task(flood(factory, flooder, rate))
            assert f"its quota is {QUOTA:,}" in await was_kept_out(factory, flooder)
            await factory.is_ready()
            report = await flooding  # it comes in again by itself, until the last is acknowledged
    assert (calm.reconnects, report.reconnects > 0) == (0, True)
    assert report.acknowledged == report.sent
    report.add(calm)
    async with influx(factory) as store:

        async def all_there() -> bool:
            assert (await judge(store, "flooder", 1, MACHINES, report.journal)).missing == 0
            return True

        await eventually(all_there, timeout=60, what="what was acknowledged is stored")


async def test_garbage_without_end_is_kept_out_and_each_piece_is_a_dead_letter(
    factory: Factory, device: Credential
) -> None:
    broken = await factory.add_device("broken", PRESS)
    before, stop, acknowledged = await malformed(factory), Event(), list[object]()

    def send() -> None:
        session = Session(broker(factory, broken), "broken", acknowledged.append, patience=PATIENCE)
        topic = packets.text(f"factory/{PRESS}")
        said = 0.0
        while not stop.is_set() or session.pending:
            if not stop.is_set() and session.pending < 50 and time.monotonic() > said + 0.1:
                said = time.monotonic()
                for _ in range(50):  # half of what it may send, and none of it good
                    session.publish(topic, b'{"values": ', (0, 0, 0))
            session.turn(0.02)
        session.close()

    async with neighbour_unharmed(factory, device), latencies(factory, "garbage"):
        sending = asyncio.create_task(asyncio.to_thread(send))
        try:
            assert await was_kept_out(factory, broken) == "sends what cannot be used; see its dead letters"
        finally:
            stop.set()
        await sending
    assert acknowledged
    await eventually(at_least(factory, before + len(acknowledged)), timeout=60, what="each is a dead letter")


@asynccontextmanager
async def influx(factory: Factory) -> AsyncIterator[Influx]:
    store = Influx(InfluxSettings(url=f"http://127.0.0.1:{factory.influx_port}"))
    yield store
    await store.aclose()


async def malformed(factory: Factory) -> int:
    """Dead letters of that kind so far."""
    text = (await factory.http.get(f"http://127.0.0.1:{factory.ingest_port}/metrics")).text
    mark = 'andon_deadletters_total{reason="malformed"}'
    return sum(int(float(line.split()[1])) for line in text.splitlines() if line.startswith(mark))


def at_least(factory: Factory, count: int) -> Callable[[], Awaitable[bool]]:
    async def there() -> bool:
        return await malformed(factory) >= count

    return there
