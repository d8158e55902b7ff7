"""What the overview and the pages below it tell: whether the factory runs, and where it does not."""

import re

from playwright.async_api import Page, expect

from andon.common.testing.factory import Factory
from gallery.browser import sign_in

from .conftest import IN_A_BROWSER, PRESS, click_through
from .press import say, warming

LINE = PRESS.rpartition("/")[0]
OIL = f"{PRESS}/oil_temperature"

pytestmark = IN_A_BROWSER


async def test_a_sensor_is_three_clicks_from_the_overview(factory: Factory, page: Page) -> None:
    async with warming(factory, "press gateway"):
        await sign_in(page, factory)
        await click_through(page, LINE)
        await click_through(page, PRESS)
        await click_through(page, OIL)
        await expect(page.get_by_role("heading", level=1)).to_contain_text("Oil temperature")


async def test_the_overview_tells_what_runs_and_how_fresh_it_is(factory: Factory, page: Page) -> None:
    async with warming(factory, "fresh press"):
        await sign_in(page, factory)
        berlin = page.get_by_role("region", name="Berlin")
        await expect(berlin.get_by_role("heading", level=2)).to_contain_text("1 of 3 running")
        await expect(berlin.get_by_role("heading", level=2)).to_contain_text(re.compile(r"Data \d+ s"))
        value = berlin.locator(f'a[href="/plant/{OIL}"]')
        await expect(value).to_contain_text("°C")
        await expect(value.locator("svg path")).to_have_count(1)


async def test_trouble_comes_first_and_says_what_it_is(factory: Factory, page: Page) -> None:
    device = await factory.add_device("hot press", PRESS)
    await sign_in(page, factory)
    line = page.locator(f'#main a[href="/plant/{LINE}"]')
    async with factory.device(device) as gateway:
        await say(gateway, 81.2)
        await expect(line).to_contain_text("Oil temperature is 81.2 °C, above 65 °C")
        await expect(line).to_contain_text("1 alarm, 1 new")
        await expect(page.get_by_role("heading", level=2).first).to_contain_text("Berlin")
        await line.click()
        machines = page.get_by_role("list", name="Machines, the worst first").get_by_role("listitem")
        await expect(machines.first).to_contain_text("81.2")
        await say(gateway, 40)
        await expect(page.get_by_text("Oil temperature was 81.2 °C, above 65 °C").first).to_be_visible()
