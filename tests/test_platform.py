"""Andon watches itself with its own means: how long a reading takes, which hop does not answer, alarms of its own."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from time import time_ns
from typing import Any

import pytest
import pytest_asyncio
from pydantic import SecretStr

from andon.common import subjects
from andon.common.bus import open_bus
from andon.common.platform import LEDGER, PROBER
from andon.common.reading import Reading
from andon.common.secrets import load_or_create
from andon.common.settings import NatsSettings
from andon.common.testing.factory import Factory
from andon.common.testing.proxy import Proxy
from andon.common.testing.waiting import STATE_SECONDS, eventually
from andon.common.wire import Batch, encode_batch

from .conftest import PLANT

HOPS = ("broker", "stored", "live")


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def wired(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Factory, Proxy]]:
    """A factory whose prober hears the live feed over a wire that can be cut."""
    made = Factory(tmp_path_factory.mktemp("andon"))
    async with Proxy(made.port) as wire:
        made.environment["ANDON_INGEST_LIVE_URL"] = f"ws://127.0.0.1:{wire.port}/api/query/v1/live"
        async with made as started:
            await started.apply_plant(PLANT)
            yield started, wire


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def factory(wired: tuple[Factory, Proxy]) -> Factory:
    return wired[0]


async def probe(factory: Factory) -> dict[str, Any]:
    found: dict[str, Any] = await factory.call("GET", "/api/ingest/v1/probe")
    return found


async def measured(factory: Factory) -> dict[str, Any]:
    found = await probe(factory)
    assert all(found["hops"][hop]["p99"] for hop in HOPS), found
    return found


async def items(factory: Factory, path: str, **query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await factory.call("GET", path, params=query))["items"]
    return found


async def publish_as_ledger(factory: Factory, **values: float) -> None:
    """What the ledger would tell, straight into the stream."""
    machine = await factory.call("GET", f"/api/registry/v1/assets/{LEDGER}")
    secret = load_or_create(factory.folder / "secrets")["ANDON_NATS_PASSWORD"]
    url = f"nats://127.0.0.1:{factory.environment['ANDON_NATS_PORT']}"
    async with open_bus(NatsSettings(url=url, password=SecretStr(secret)), "test") as bus:
        await asyncio.wait_for(bus.ready(), STATE_SECONDS)
        batch = Batch(time_ns(), [Reading(machine["id"], time_ns(), dict(values))])
        await bus.publish(subjects.telemetry(0), encode_batch(batch), msg_id=f"test-{batch.arrived}")


async def test_how_long_a_reading_takes_is_measured_and_is_history_like_any_other(factory: Factory) -> None:
    found = await eventually(lambda: measured(factory), what="each hop is measured")
    assert found["trouble"] == ""
    assert 0 < found["hops"]["broker"]["p50"] < found["hops"]["stored"]["p99"] < 15

    async def history() -> list[list[float]]:
        sensor = {"sensor": f"{PROBER}/live", "from": "-5m"}
        points: list[list[float]] = (await factory.call("GET", "/api/query/v1/series", params=sensor))["points"]
        return points

    assert 0 < (await eventually(history, what="the canaries carry what was measured"))[0][1] < 15


async def test_the_platform_is_in_nobodys_picture_of_the_plant(factory: Factory) -> None:
    for path, under in (("/api/registry/v1/assets", "path"), ("/api/query/v1/latest", "sensor")):
        assert not [item for item in await items(factory, path) if item[under].startswith("andon")]
        await eventually(lambda path=path: items(factory, path, under="andon"))  # type: ignore[misc]
    assert await items(factory, "/api/alerting/v1/rules") == []
    assert await items(factory, "/api/alerting/v1/alarms") == [], "who is well raises no alarm"
    assert len(await items(factory, "/api/alerting/v1/rules", system=True)) == 5


@asynccontextmanager
async def frozen(factory: Factory, name: str) -> AsyncIterator[None]:
    """One process stands still; whoever watches it may start it anew meanwhile."""
    pid = factory.pid(name)
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


async def test_a_frozen_influxdb_is_named_by_health_and_by_the_canary_and_heals(factory: Factory) -> None:
    said = {"health": False, "canary": False}

    async def named() -> bool:
        said["health"] |= "influxdb" in str((await factory.http.get("/readyz")).json()["sick"])
        said["canary"] |= "is not yet in InfluxDB" in (await probe(factory))["trouble"]
        return all(said.values())

    async with frozen(factory, "influxdb"):
        await eventually(named, what="both have named it")
    await factory.is_ready()

    async def healed() -> bool:
        return (await probe(factory))["trouble"] == ""

    await eventually(healed, what="the next canary is seen")


async def test_a_live_feed_that_falls_silent_is_named_by_the_canary_and_heals(wired: tuple[Factory, Proxy]) -> None:
    factory, wire = wired

    async def named() -> bool:
        ready = await factory.http.get(f"http://127.0.0.1:{factory.ingest_port}/readyz")
        return "has not come by the live feed" in ready.json()["sick"].get("ingest: prober", "")

    await eventually(lambda: measured(factory), what="the feed was heard once")
    wire.cut()
    await eventually(named, what="ingest sees it by its canary")
    wire.mend()
    await factory.is_ready()


async def test_a_ledger_that_does_not_balance_is_an_alarm(factory: Factory) -> None:
    await publish_as_ledger(factory, unexplained=1.0)
    (alarm,) = await eventually(lambda: items(factory, "/api/alerting/v1/alarms", under=LEDGER), what="an alarm")
    assert (alarm["rule_name"], alarm["severity"], alarm["asset"]) == (
        "Andon: the ledger does not balance",
        "critical",
        LEDGER,
    )
    answer = await factory.call("POST", f"/api/alerting/v1/alarms/{alarm['id']}/ack", json={"comment": "looking"})
    assert answer["acknowledged_by"] == "admin"
    (once,) = await items(factory, "/api/alerting/v1/alarms", state="all", under=LEDGER)
    assert once["id"] == alarm["id"]

    async def ended() -> bool:
        return not await items(factory, "/api/alerting/v1/alarms", under=LEDGER)

    await eventually(ended, what="the ledger itself says that it balances")
