"""Five thousand alarms in ten seconds: what that does to pages, and to those who are called."""

import asyncio
import time

from andon.common.testing.factory import Factory
from andon.common.testing.sinks import Sink
from andon.common.testing.waiting import eventually
from andon.common.topics import machine_topic
from andon.simulator import packets
from andon.simulator.load_plant import load_plant
from andon.simulator.session import Session
from andon.simulator.settings import Broker
from bench.row import Row, Target, percentile
from bench.stage import MACHINES, Stage, add_rule

SENSORS = 5
SECONDS = 10.0
LINE = "burst/area-0/line-0"
LISTENED_SECONDS = 30.0
"""After the last alarm messages are counted for so long."""
_PATIENCE = 60.0


async def run(stage: Stage) -> list[Row]:
    """Time of a page of alarms meanwhile, time until the last alarm is there, and messages that were sent."""
    factory = await stage.factory()
    await factory.apply_plant(load_plant(MACHINES, SENSORS, LINE, "burst"))
    sink = Sink()
    try:
        await factory.call(
            "POST", "/api/alerting/v1/channels", json={"name": "burst", "kind": "webhook", "target": sink.url}
        )
        for key in range(SENSORS):
            await add_rule(factory, f"burst/v{key}", 80, channels=["burst"])
        return await _burst(stage, factory, sink)
    finally:
        sink.stop()


async def _burst(stage: Stage, factory: Factory, sink: Sink) -> list[Row]:
    machines = int(stage.scaled(MACHINES))
    broker, pages = await stage.broker(), list[float]()
    await eventually(lambda: _watching(factory), timeout=60, what="all sensors are watched")
    looking = asyncio.create_task(_look(factory, pages))
    ended = await asyncio.to_thread(_publish, broker, machines)
    await eventually(lambda: _all_there(factory, machines * SENSORS), timeout=_PATIENCE, what="all alarms are there")
    behind = time.monotonic() - ended
    await asyncio.sleep(LISTENED_SECONDS)
    looking.cancel()
    await asyncio.gather(looking, return_exceptions=True)
    page = Row("burst", "page of alarms meanwhile, p95", percentile(pages, 0.95), "ms", Target(500, at_most=True))
    page.details = {"p50": percentile(pages, 0.5), "max": max(pages), "alarms": machines * SENSORS}
    last = Row("burst", "last alarm there after", behind, "s", Target(5, at_most=True))
    return [page, last, Row("burst", "messages sent", len(sink.accepted), "", Target(200, at_most=True))]


async def _look(factory: Factory, pages: list[float]) -> None:
    """Read the first page of alarms, again and again."""
    while True:
        began = time.perf_counter()
        answer = await factory.http.get(f"/api/alerting/v1/alarms?under={LINE}&limit=100")
        assert answer.status_code == 200, answer.text
        pages.append((time.perf_counter() - began) * 1000)
        await asyncio.sleep(0.2)


async def _watching(factory: Factory) -> bool:
    rules = (await factory.call("GET", "/api/alerting/v1/rules"))["items"]
    return all(rule["watches"] == MACHINES for rule in rules if rule["name"].startswith("burst/"))


async def _all_there(factory: Factory, alarms: int) -> bool:
    return bool((await factory.call("GET", f"/api/alerting/v1/alarms/summary?under={LINE}"))["open"] >= alarms)


def _publish(broker: Broker, machines: int) -> float:
    """Let all sensors of one machine after the other exceed their limit; when the last message was acknowledged."""
    session = Session(broker, f"burst-{time.time_ns():x}", lambda _: None, patience=_PATIENCE)
    began, sent = time.monotonic(), 0
    while sent < machines or session.pending:
        if sent < machines and time.monotonic() >= began + SECONDS * sent / machines:
            values = ",".join(f'"v{key}":100' for key in range(SENSORS))
            payload = f'{{"ts":{time.time() * 1000:.0f},"values":{{{values}}}}}'.encode()
            session.publish(packets.text(machine_topic(f"{LINE}/m-{sent}")), payload, (sent, 0, 0))
            sent += 1
        session.turn(0.005 if not session.unsent else 0.0)
    session.close()
    return time.monotonic()
