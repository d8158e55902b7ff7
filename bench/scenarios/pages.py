"""Pages in a real Chromium, on a plant of 10,000 sensors: how soon they are there, and what travels for the first."""

import asyncio
from dataclasses import dataclass
from statistics import median

from playwright.async_api import BrowserContext, Response

from andon.common.testing.factory import Factory
from bench.row import Row, Target
from bench.stage import Stage
from bench.tab import followed, opened
from gallery.big_plant import big_plant
from gallery.browser import DESKTOP, PATIENCE, chromium, signed_in

OVERVIEW = "#main a[href^='/plant/']"
WAY = ("/alarms", "/kpis", "/rules", "/devices", "/health", "/")
"""Pages that are opened from there one after another, by their links."""
LOOK_SECONDS = 1.0
"""For which people look at a page before they go on; the page does then what it has put off."""
TIMES = 9
"""Visits; the usual one counts, for what else a machine does just then makes the worst one a draw of lots."""


@dataclass(frozen=True)
class Visit:
    """Milliseconds until the first page was there, bytes of code that travelled for it, and ms of each next page."""

    first: float
    code: list[int]
    later: dict[str, float]


async def run(stage: Stage) -> list[Row]:
    """Each time as somebody who has signed in, with a browser that has fetched nothing yet."""
    async with Factory(stage.folder / "pages") as factory, chromium() as browser:
        await factory.apply_plant(big_plant())
        known = await signed_in(browser, factory)
        visits = []
        for _ in range(TIMES):
            context = await browser.new_context(viewport=DESKTOP, storage_state=known)
            context.set_default_timeout(PATIENCE)
            visits.append(await _visit(context, f"http://127.0.0.1:{factory.port}/"))
            await context.close()
    return [_first(visits), _code(visits[0]), _next(visits)]


async def _visit(context: BrowserContext, base: str) -> Visit:
    tab = await context.new_page()
    code: list[Response] = []
    tab.on("response", lambda answer: code.append(answer) if answer.url.endswith(".js") else None)
    first = await opened(tab, base, OVERVIEW)
    needed = tuple(code)  # what comes later is fetched beforehand, for pages that may be opened
    sizes = [(await answer.request.sizes())["responseBodySize"] for answer in needed]
    later = {}
    for page in WAY:
        await asyncio.sleep(LOOK_SECONDS)
        later[page] = await followed(tab, page)
    return Visit(first, sizes, later)


def _first(visits: list[Visit]) -> Row:
    times = [visit.first for visit in visits]
    row = Row("pages", "first page, nothing cached", median(times), "ms", Target(2000, at_most=True))
    row.details = {"best": min(times), "worst": max(times), "visits": len(times)}
    return row


def _code(visit: Visit) -> Row:
    row = Row("pages", "its JavaScript as it travels", sum(visit.code) / 1000, "kB", Target(250, at_most=True))
    row.details = {"files": len(visit.code)}
    return row


def _next(visits: list[Visit]) -> Row:
    usual = {page: median(visit.later[page] for visit in visits) for page in WAY}
    row = Row("pages", "next page, the slowest", max(usual.values()), "ms", Target(200, at_most=True))
    row.details = {**usual, "worst of all": max(max(visit.later.values()) for visit in visits)}
    return row
