"""What a person does with an alarm: see it appear, acknowledge it, shelve it."""

import re

from playwright.async_api import Page, expect

from andon.common.testing.factory import Factory
from gallery.browser import sign_in

from .conftest import IN_A_BROWSER, PRESS
from .press import say

ALARM = "Oil temperature is 81.2 °C, above 65 °C"
PAST_ALARM = "Oil temperature was 81.2 °C, above 65 °C"

pytestmark = IN_A_BROWSER


async def test_an_alarm_appears_and_is_acknowledged_with_a_comment(factory: Factory, page: Page) -> None:
    device = await factory.add_device("hot press", PRESS)
    await sign_in(page, factory)
    await page.get_by_role("navigation", name="Main").get_by_role("link", name="Alarms").click()
    await expect(page.get_by_text("No open alarms")).to_be_visible()

    async with factory.device(device) as gateway:
        await say(gateway, 81.2)
        row = page.get_by_role("row").filter(has_text=ALARM)
        await expect(row).to_contain_text("Not acknowledged")
        await row.get_by_role("button", name=f"Acknowledge {ALARM}").click()
        dialog = page.get_by_role("dialog", name="Acknowledge alarm")
        await dialog.get_by_label("Comment").fill("Cooler is being cleaned")
        await dialog.get_by_role("button", name="Acknowledge").click()
        await expect(dialog).to_be_hidden()
        await expect(row).to_contain_text("admin: “Cooler is being cleaned”")

        await say(gateway, 40)
        await expect(row).to_be_hidden()
    await page.get_by_role("button", name="Closed").click()
    await page.get_by_role("button", name=PAST_ALARM).click()
    journal = page.get_by_role("dialog", name=PAST_ALARM).get_by_role("list", name="Journal").get_by_role("listitem")
    await expect(journal).to_contain_text(["Raised", "Acknowledged by admin", "Back to normal"])


async def test_an_alarm_is_shelved_with_a_reason_and_asks_again_once_it_is_not(factory: Factory, page: Page) -> None:
    device = await factory.add_device("shelved press", PRESS)
    await sign_in(page, factory)
    await page.get_by_role("navigation", name="Main").get_by_role("link", name="Alarms").click()
    row = page.get_by_role("row").filter(has_text=ALARM)

    async with factory.device(device) as gateway:
        await say(gateway, 81.2)
        await row.get_by_role("button", name=ALARM, exact=True).click()
        dialog = page.get_by_role("dialog", name=ALARM)
        await dialog.get_by_role("button", name="Shelve").click()
        form = dialog.get_by_role("form", name="Shelve")
        await form.get_by_label("For").select_option("4h")
        await form.get_by_label("Reason").fill("Spare cooler ordered")
        await form.get_by_role("button", name="Shelve").click()
        journal = dialog.get_by_role("list", name="Journal").get_by_role("listitem")
        await expect(journal).to_contain_text(["Raised", "Shelved by admin“Spare cooler ordered”"])
        await page.keyboard.press("Escape")
        await expect(page.get_by_text("No open alarms")).to_be_visible()

        await page.get_by_role("button", name=re.compile("^Shelved")).click()
        await expect(row).to_contain_text("by admin: “Spare cooler ordered”")
        await row.get_by_role("button", name=ALARM, exact=True).click()
        await dialog.get_by_role("button", name="Unshelve").click()
        await expect(dialog.get_by_role("definition").filter(has_text="Not acknowledged")).to_be_visible()
        await page.keyboard.press("Escape")
        await page.get_by_role("button", name=re.compile("^Open")).click()
        await expect(row).to_contain_text("Not acknowledged")
        await say(gateway, 40)
        await expect(page.get_by_role("row").filter(has_text=PAST_ALARM)).to_contain_text("Returned")
