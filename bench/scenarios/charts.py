"""Twenty charts of 20 sensors that move ten times a second, in a real Chromium: frames, and memory over the minutes.

They are on the page that compares, one below the other, of the last minute: once that is full, what comes in has to
go out again, and memory stays where it is. Without a graphics card Chromium draws on the cores that Andon runs on.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from math import sin
from statistics import median
from urllib.parse import urlencode

import aiomqtt
import orjson
from playwright.async_api import BrowserContext, Page

from andon.common import jobs
from andon.common.testing.factory import Factory
from bench.row import Row, Target, percentile
from bench.stage import Stage
from bench.tab import Frames, frames, heap
from gallery.big_plant import QUANTITIES, big_plant, machine_path
from gallery.browser import DESKTOP, PATIENCE, chromium, signed_in

HZ = 10
MACHINES = [machine_path(number) for number in (0, 1)]
SENSORS = [f"{machine}/{key}" for machine in MACHINES for key in QUANTITIES]
SECONDS = 30.0
FULL_SECONDS = 75.0
"""Until the charts' minute is full."""
LOOK_SECONDS = 10.0
_BARE = """([count, hz]) => {
  for (let n = 0; n < count; n += 1) {
    const canvas = document.body.appendChild(document.createElement("canvas"));
    [canvas.width, canvas.height] = [1100, 160];
    const ink = canvas.getContext("2d");
    setInterval(() => {
      ink.clearRect(0, 0, 1100, 160);
      ink.beginPath();
      for (let x = 0; x < 1100; x += 2) ink.lineTo(x, 80 + 60 * Math.sin((x + performance.now() / 100) / 40));
      ink.stroke();
    }, 1000 / hz);
  }
}"""
"""As many canvases with one line each, drawn as often, and nothing else: what this browser can do on this machine."""
_DRAWN = "count => document.querySelectorAll('#main canvas').length >= count"


async def run(stage: Stage) -> list[Row]:
    """Frames while nobody touches the page, and how the heap grows."""
    async with Factory(stage.folder / "charts") as factory, chromium() as browser:
        await factory.apply_plant(big_plant())
        known = await signed_in(browser, factory)
        context = await browser.new_context(viewport=DESKTOP, storage_state=known)
        context.set_default_timeout(PATIENCE)
        async with _moving(factory):
            tab = await context.new_page()
            query = urlencode({"sensor": SENSORS, "stacked": "sensor", "range": "1m"}, doseq=True)
            await tab.goto(f"http://127.0.0.1:{factory.port}/compare?{query}")
            await tab.wait_for_function(_DRAWN, arg=len(SENSORS))
            await asyncio.sleep(FULL_SECONDS)
            drawn = await frames(tab, stage.scaled(SECONDS))
            memory = await _memory(context, tab, stage.page_minutes)
            await tab.close()
            limit = await _limit(context, stage.scaled(SECONDS))
        await context.close()
    return [*_smooth(drawn, limit), memory]


async def _limit(context: BrowserContext, seconds: float) -> Frames:
    """Of a page without Andon, while the machines go on."""
    tab = await context.new_page()
    await tab.goto("about:blank")
    await tab.evaluate(_BARE, [len(SENSORS), HZ])
    return await frames(tab, seconds)


@asynccontextmanager
async def _moving(factory: Factory) -> AsyncIterator[None]:
    """Meanwhile the machines say their values, HZ times a second."""
    device = await factory.add_device("charts", "")
    async with factory.device(device) as client:
        speaking = asyncio.create_task(_speak(client))
        try:
            yield
        finally:
            await jobs.end(speaking)


async def _speak(client: aiomqtt.Client) -> None:
    began = asyncio.get_running_loop().time()
    for step in count():
        for turn, machine in enumerate(MACHINES):
            values = {key: 50 + 30 * sin(step / (20 + 7 * n) + turn) for n, key in enumerate(QUANTITIES)}
            await client.publish(f"factory/{machine}", orjson.dumps({"values": values}), qos=1)
        await asyncio.sleep(max(0.0, began + (step + 1) / HZ - asyncio.get_running_loop().time()))


def _smooth(drawn: Frames, limit: Frames) -> list[Row]:
    name = f"{len(SENSORS)} charts at {HZ} Hz"
    speed = Row("charts", f"{name}, frames", drawn.per_second, "1/s", Target(58))
    speed.limit, speed.limit_of = limit.per_second, "bare canvases"
    speed.details = {"worst ms": max(drawn.between), "long tasks": len(drawn.long_tasks)}
    late = Row("charts", f"{name}, p95 between frames", percentile(drawn.between, 0.95), "ms", Target(20, at_most=True))
    late.details = {"bare canvases": percentile(limit.between, 0.95)}
    return [speed, late]


async def _memory(context: BrowserContext, tab: Page, minutes: float) -> Row:
    """Of the last third of the time against the first."""
    session = await context.new_cdp_session(tab)
    await session.send("Performance.enable")
    looks = [await heap(session)]
    for _ in range(max(3, round(minutes * 60 / LOOK_SECONDS))):
        await asyncio.sleep(LOOK_SECONDS)
        looks.append(await heap(session))
    third = len(looks) // 3
    grown = median(looks[-third:]) - median(looks[:third])
    row = Row("charts", f"heap, grown in {minutes:g} min", grown, "MB", Target(2, at_most=True))
    row.details = {"first": looks[0], "last": looks[-1], "most": max(looks)}
    return row
