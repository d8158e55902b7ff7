"""What a person does with rules: try one on the past, and make it."""

import re

from playwright.async_api import Page, expect

from andon.common.testing.factory import Factory
from gallery.browser import sign_in

from .conftest import IN_A_BROWSER, PRESS
from .press import say

pytestmark = IN_A_BROWSER


async def test_a_rule_is_tried_on_the_past_before_it_is_made(factory: Factory, page: Page) -> None:
    device = await factory.add_device("tried press", PRESS)
    async with factory.device(device) as gateway:
        for value in (20, 60, 20):
            await say(gateway, value)
    await sign_in(page, factory)
    await page.get_by_role("navigation", name="Main").get_by_role("link", name="Rules").click()
    await page.get_by_role("button", name="New rule").click()
    dialog = page.get_by_role("dialog", name="New rule")
    await dialog.get_by_label("Name").fill("Oil warm")
    await dialog.get_by_role("combobox", name="Sensor").fill("press 1 oil")
    await page.keyboard.press("Enter")
    await dialog.get_by_label(re.compile("^Limit")).fill("50")
    for delay in ("On delay", "Off delay"):
        await dialog.get_by_label(delay).fill("0s")
    await dialog.get_by_role("button", name="The last 7 days").click()
    await expect(dialog.get_by_text(re.compile("It would have raised"))).to_be_visible()
    await dialog.get_by_role("button", name="Create rule").click()
    await expect(page.get_by_role("row").filter(has_text="Oil warm")).to_contain_text("above 50")
