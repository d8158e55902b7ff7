"""The broker alone: QoS 1 to a persistent subscriber that acknowledges at once and does nothing else."""

import asyncio
import time

from andon.common.mqtt import Publish, Session
from andon.common.testing.brokers import nats_broker
from andon.common.topics import INTAKE_FILTER
from andon.simulator.crew import new_stop, run_load
from andon.simulator.load import LoadPlan
from andon.simulator.settings import Broker
from bench.row import Row
from bench.stage import MACHINES, Stage

MESSAGES = 600_000
_PATIENCE = 120.0


class Sink:
    """A subscriber that counts."""

    def __init__(self, wanted: int) -> None:
        self.wanted = wanted
        self.seen = 0
        self.done = asyncio.Event()
        self.end = 0.0
        self.session: Session | None = None

    def take(self, epoch: int, messages: list[Publish]) -> None:
        """Acknowledge what came."""
        assert self.session is not None
        self.session.acknowledge(epoch, [m.packet_id for m in messages if m.packet_id])
        self.seen += len(messages)
        if self.seen >= self.wanted:
            self.end = time.time()
            self.done.set()


async def run(stage: Stage) -> list[Row]:
    """Messages per second from the first PUBLISH until the last was delivered."""
    messages = int(stage.scaled(MESSAGES))
    folder = stage.folder / "broker"
    folder.mkdir()
    broker = nats_broker(folder)
    await asyncio.to_thread(broker.process.start)
    sink = Sink(messages)
    sink.session = Session(broker.settings, (INTAKE_FILTER,), sink.take)
    keeping = asyncio.create_task(sink.session.keep())
    try:
        await asyncio.wait_for(sink.session.subscribed.wait(), 10)
        plan = LoadPlan(Broker("127.0.0.1", broker.port), machines=MACHINES, messages=messages)
        report = await asyncio.to_thread(run_load, plan, new_stop())
        await asyncio.wait_for(sink.done.wait(), _PATIENCE)
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        await asyncio.to_thread(broker.process.stop)
    speed = messages / (sink.end - report.journal.numbers[1] / 1000)
    stage.limits["broker"] = speed
    row = Row("broker", "broker alone, QoS 1", speed, "msg/s")
    row.details = {"PUBACKs/s": report.acknowledged / report.seconds}
    return [row]
