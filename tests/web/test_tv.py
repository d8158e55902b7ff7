"""The board on the wall: it rotates by itself, shows what is new at once, and needs keys at most."""

import re

from playwright.async_api import Page, expect

from andon.common.testing.factory import Factory
from gallery.browser import sign_in

from .conftest import IN_A_BROWSER, PRESS
from .press import say, warming

pytestmark = IN_A_BROWSER


def board(page: Page, of: str) -> str:
    """Selector of the picture of a part of the plant."""
    return f'main section[aria-label="{of}"]'


async def test_it_rotates_without_a_mouse(factory: Factory, page: Page) -> None:
    async with warming(factory, "press on the wall"):
        await sign_in(page, factory)
        await page.goto(f"http://127.0.0.1:{factory.port}/tv?every=5s")
        await expect(page.locator(board(page, "All sites"))).to_be_visible()
        await expect(page.get_by_role("navigation")).to_have_count(0)
        await expect(page.locator("footer")).to_contain_text(re.compile(r"Live.*1 / [2-9]"))
        await expect(page.locator(board(page, "All sites"))).to_have_count(0)
        await expect(page.locator(board(page, "All sites"))).to_be_visible()


async def test_keys_step_and_leave(factory: Factory, page: Page) -> None:
    await sign_in(page, factory)
    await page.goto(f"http://127.0.0.1:{factory.port}/tv?every=10m")
    await expect(page.locator("footer")).to_contain_text("1 / ")
    await page.keyboard.press("ArrowRight")
    await expect(page.locator("footer")).to_contain_text("2 / ")
    await page.keyboard.press("ArrowLeft")
    await expect(page.locator(board(page, "All sites"))).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("heading", name="All sites", level=1)).to_be_visible()


async def test_a_new_alarm_is_shown_at_once_with_its_age(factory: Factory, page: Page) -> None:
    device = await factory.add_device("hot press", PRESS)
    await sign_in(page, factory)
    await page.goto(f"http://127.0.0.1:{factory.port}/tv?every=10m")
    await expect(page.locator(board(page, "All sites"))).to_be_visible()
    async with factory.device(device) as gateway:
        await say(gateway, 81.2)
        line = page.locator(board(page, "line-1"))
        alarm = line.get_by_role("listitem").filter(has_text="Oil temperature is 81.2 °C, above 65 °C")
        await expect(alarm).to_contain_text(re.compile(r"\d+ s"))
        await say(gateway, 40)
