"""From a value over its threshold to the alarm in the browser's stream, at half the load that has to be sustained."""

import asyncio
import time

import orjson

from andon.common.testing.factory import Factory
from andon.common.topics import machine_topic
from andon.simulator import packets
from andon.simulator.session import Session
from andon.simulator.settings import Broker
from bench.row import Row, Target, percentile
from bench.scenarios.live import RATE
from bench.stage import PROBE_LIMIT, Stage

PROBES = 100
"""Machines that exceed their limit, one after the other."""
_PAUSE = 0.1
_PATIENCE = 60.0
_SETTLE = 2.0


class Heard:
    """When each machine's alarm was first seen in the stream."""

    def __init__(self) -> None:
        self.at: dict[str, float] = {}
        self.connected = asyncio.Event()

    async def listen(self, factory: Factory) -> None:
        """Read the stream for ever."""
        async with factory.http.stream("GET", "/api/alerting/v1/alarms/stream", timeout=None) as answer:
            self.connected.set()
            async for text in answer.aiter_lines():
                if text.startswith("data: "):
                    self.at.setdefault(orjson.loads(text[6:])["asset"], time.time())


async def run(stage: Stage) -> list[Row]:
    """Latency in ms."""
    heard = Heard()
    listening = asyncio.create_task(heard.listen(await stage.factory()))
    await asyncio.wait_for(heard.connected.wait(), 10)
    probes = int(stage.scaled(PROBES))
    load = asyncio.create_task(stage.send("one", rate=RATE, seconds=_SETTLE + probes * _PAUSE + 1))
    broker = await stage.broker()
    raised = await asyncio.to_thread(raise_alarms, broker, probes)
    try:
        async with asyncio.timeout(_PATIENCE):
            while len(heard.at) < probes:
                await asyncio.sleep(0.05)
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        await load
    took = [(heard.at[path] - at) * 1000 for path, at in raised.items()]
    row = Row("alarm", "limit crossed to alarm, p99", percentile(took, 0.99), "ms", Target(500, at_most=True))
    row.details = {"p50": percentile(took, 0.5), "max": max(took), "alarms": len(took)}
    return [row]


def raise_alarms(broker: Broker, probes: int, first: int = 0) -> dict[str, float]:
    """Let one machine after the other exceed its limit, from the number `first` on: path -> when."""
    session = Session(broker, f"probe-{time.time_ns():x}", lambda _: None, patience=_PATIENCE)
    raised: dict[str, float] = {}
    next_at = time.monotonic() + _SETTLE
    while len(raised) < probes or session.pending:
        if len(raised) < probes and time.monotonic() >= next_at:
            path = f"probe/area-0/line-0/m-{first + len(raised)}"
            raised[path] = now = time.time()
            payload = b'{"ts":%d,"values":{"v0":%d}}' % (now * 1000, PROBE_LIMIT + 20)
            session.publish(packets.text(machine_topic(path)), payload, (len(raised), 0, 0))
            next_at += _PAUSE
        session.turn(0.01 if not session.unsent else 0.0)
    session.close()
    return raised
