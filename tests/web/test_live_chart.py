"""A live chart outlives what it is fed by: it goes on, the gap is filled, and nobody loses their place."""

from datetime import datetime, timedelta
from itertools import pairwise

from playwright.async_api import Page, expect

from andon.common.testing.factory import Factory
from andon.common.testing.waiting import eventually
from gallery.browser import sign_in

from .conftest import IN_A_BROWSER, PRESS
from .press import warming

pytestmark = IN_A_BROWSER

LONGEST_PAUSE = timedelta(seconds=6)
"""Between two rows of the chart's table; the press speaks four times a second."""


async def test_a_live_chart_goes_on_over_a_restart_and_its_gap_is_filled(
    factory: Factory, page: Page, mishaps: list[str]
) -> None:
    async with warming(factory, "press that goes on"):
        await sign_in(page, factory)
        address = f"http://127.0.0.1:{factory.port}/plant/{PRESS}/oil_temperature?range=5m"
        await page.goto(address)
        await page.get_by_text("As a table").click()
        await eventually(lambda: has_rows(page, 4), timeout=60)
        before = (await drawn(page))[0]

        factory.kill("api")
        await expect(page.get_by_role("status").get_by_text("reconnecting")).to_be_visible()
        await factory.is_ready(timeout=60)
        await expect(page.get_by_role("status").get_by_text("reconnecting")).to_be_hidden()

        await eventually(lambda: goes_on_since(page, before + timedelta(seconds=10)), timeout=60)
        assert page.url == address
    mishaps.clear()  # while there was nobody, requests failed


async def drawn(page: Page) -> list[datetime]:
    """The instants of what the chart draws, the newest first."""
    rows = page.get_by_role("table", name="Values of Oil temperature").locator("tbody tr td:first-child")
    return [datetime.strptime(text, "%m/%d/%Y, %H:%M:%S") for text in await rows.all_inner_texts()]  # noqa: DTZ007


async def has_rows(page: Page, count: int) -> bool:
    return len(await drawn(page)) >= count


async def goes_on_since(page: Page, instant: datetime) -> bool:
    """Its newest value is later than that, and there is no gap before it."""
    times = await drawn(page)
    pauses = [after - before for after, before in pairwise(times)]
    return times[0] > instant and max(pauses) < LONGEST_PAUSE
