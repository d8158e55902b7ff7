"""Live: the factory's clock. Once what was missed, then what is said now, until asked to stop."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from time import time

from andon.common import jobs, logs
from andon.common.service import background
from andon.simulator.factory import Factory
from andon.simulator.orders import Orders, orders_file
from andon.simulator.plant_file import PlantFile
from andon.simulator.publish import Publisher
from andon.simulator.settings import Broker

log = logs.get("simulator")

BACKFILL_STEP = 10
"""Seconds between two points of history."""
RECENT_SECONDS, RECENT_STEP = 900, 1
"""Of late history is as fine as what follows live, or it would look as if the machines changed at the start."""
_PER_MESSAGE = 50
_PER_SECOND = 200  # messages of history, that is 10,000 reports
_MARK_SECONDS = 10
_DRAIN_SECONDS = 3.0


async def live(broker: Broker, plant: PlantFile, *, seed: int, rate: float, backfill: float, home: Path) -> None:
    """Run the factory until asked to stop: `rate` reports a second of each machine, `backfill` seconds of history."""
    publisher = Publisher(broker)

    async def story() -> None:
        await publisher.connected.wait()  # the schedule of faults begins when somebody listens
        factory = Factory(plant, seed, time())
        log.info("the factory runs", machines=len(factory.machines), seed=seed, rate=rate)
        if backfill:
            await send_history(factory, publisher, since=_last_seen(home, time() - backfill), until=time())
        await tick(factory, publisher, rate, home)

    await until_stopped(publisher, story)


async def until_stopped(publisher: Publisher, story: Callable[[], Awaitable[None]]) -> None:
    """Tell a story through a publisher, to its end or until SIGTERM or Ctrl-C; what is said by then is sent."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for which in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(which, stop.set)
    async with background(("publish", publisher.run())):
        tasks = [asyncio.ensure_future(story()), asyncio.ensure_future(stop.wait())]
        done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        await jobs.end(*pending)
        await publisher.drained(_DRAIN_SECONDS)
        for task in done:
            task.result()  # a story that failed says so
    log.info("stopped", sent=publisher.sent, dropped=publisher.dropped, unsent=publisher.waiting)


async def tick(factory: Factory, publisher: Publisher, rate: float, home: Path) -> None:
    """Say what every machine says, `rate` times a second, for ever, on the clock's full steps."""
    orders = Orders(orders_file(home))
    number = int(time() * rate) + 1
    _mark(home, number / rate)
    while True:
        t = number / rate
        await asyncio.sleep(max(0.0, t - time()))
        for fault in orders.new():
            factory.order(fault)
        for report in factory.reports(t):
            publisher.say(report)
        if number % max(1, round(_MARK_SECONDS * rate)) == 0:
            _mark(home, t)
        number = max(number + 1, int(time() * rate))  # after a sleep of the computer: now, not everything since


async def send_history(factory: Factory, publisher: Publisher, *, since: float, until: float) -> None:
    """Send what the machines said in a span of the past, so that charts are not empty on the first day."""
    recent = max(since, until - RECENT_SECONDS)
    for machine in factory.machines:
        reports = factory.history(machine, int(since), int(recent), BACKFILL_STEP)
        reports += factory.history(machine, int(recent), int(until), RECENT_STEP)
        for first in range(0, len(reports), _PER_MESSAGE):
            publisher.say_all(machine.path, reports[first : first + _PER_MESSAGE])
            await asyncio.sleep(1 / _PER_SECOND)
    log.info("history is sent", seconds=round(until - since))


def _mark(home: Path, t: float) -> None:
    """Remember until when this factory has spoken, so that the next start sends only what is missing."""
    home.mkdir(parents=True, exist_ok=True)
    (home / "simulator-until").write_text(f"{t:.0f}\n")


def runs(home: Path) -> bool:
    """Whether a simulator runs on this folder: its mark is fresh."""
    mark = home / "simulator-until"
    return mark.exists() and time() - mark.stat().st_mtime < 3 * _MARK_SECONDS


def _last_seen(home: Path, earliest: float) -> float:
    file = home / "simulator-until"
    text = file.read_text().strip() if file.exists() else ""
    return max(earliest, float(text)) if text.isdigit() else earliest
