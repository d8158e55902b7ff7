"""What a person does with alarms: see them appear, acknowledge, shelve, take it back; by mouse, by keys, on a phone."""

import re
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from andon.common.testing.factory import Factory
from gallery.browser import sign_in, signed_in

from .conftest import IN_A_BROWSER, OIL_HOT, PRESS
from .press import say

ALARM = "Oil temperature is 81.2 °C, above 65 °C"
PAST_ALARM = "Oil temperature was 81.2 °C, above 65 °C"
OTHER_PRESS = "berlin/pressing/line-1/press-2"

HEARD = """
window.heard = 0;
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (at) { window.heard += 1; return start.call(this, at); };
"""
"""Counts the tones of a page."""

pytestmark = IN_A_BROWSER


@pytest.fixture(scope="module")
def rules() -> list[dict[str, Any]]:
    """Oil that is hot at two presses."""
    other = {**OIL_HOT, "name": "Oil of press 2 hot", "scope": {"sensor": f"{OTHER_PRESS}/oil_temperature"}}
    return [OIL_HOT, other]


async def open_alarms(page: Page, factory: Factory) -> Locator:
    """Sign in and go to the list; a row of it, by its text, is `row.filter(has_text=...)`."""
    await sign_in(page, factory)
    await page.get_by_role("navigation", name="Main").get_by_role("link", name="Alarms").click()
    await expect(page.get_by_text("No open alarms")).to_be_visible()
    return page.get_by_role("row")


async def test_an_alarm_appears_and_is_acknowledged_with_a_comment(factory: Factory, page: Page) -> None:
    device = await factory.add_device("hot press", PRESS)
    row = (await open_alarms(page, factory)).filter(has_text=ALARM)

    async with factory.device(device) as gateway:
        await say(gateway, 81.2)
        await expect(row).to_contain_text("Not acknowledged")
        await row.get_by_role("button", name=f"Acknowledge {ALARM}").click()
        dialog = page.get_by_role("dialog", name="Acknowledge alarm")
        await dialog.get_by_label("Comment").fill("Cooler is being cleaned")
        await dialog.get_by_role("button", name="Acknowledge").click()
        await expect(dialog).to_be_hidden()
        await expect(row).to_contain_text("admin: “Cooler is being cleaned”")

        await row.hover()
        await say(gateway, 40)
        await expect(row).to_contain_text("No longer in this list")  # and stays under the hand
        await page.get_by_role("heading", name="Open alarms").hover()
        await expect(row).to_be_hidden()
    await page.get_by_role("button", name="Closed").click()
    await page.get_by_role("button", name=PAST_ALARM, exact=True).click()
    dialog = page.get_by_role("dialog", name=PAST_ALARM)
    journal = dialog.get_by_role("list", name="Journal").get_by_role("listitem")
    await expect(journal).to_contain_text(["Raised81.2 °C", "Acknowledged by admin", "Back to normal40.0 °C"])
    await expect(dialog.get_by_role("region", name="Around the alarm").locator("canvas")).to_be_visible()


async def test_an_alarm_is_shelved_with_a_reason_and_asks_again_once_it_is_not(factory: Factory, page: Page) -> None:
    device = await factory.add_device("shelved press", PRESS)
    row = (await open_alarms(page, factory)).filter(has_text=ALARM)

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
        await page.get_by_role("button", name=re.compile("^Shelved")).click()
        await expect(row).to_contain_text("by admin: “Spare cooler ordered”")
        await row.get_by_role("button", name=ALARM, exact=True).click()
        await dialog.get_by_role("button", name="Unshelve").click()
        await expect(dialog.get_by_role("definition").filter(has_text="Not acknowledged")).to_be_visible()
        await page.keyboard.press("Escape")
        await page.get_by_role("button", name=re.compile("^Open")).click()
        await expect(row).to_contain_text("Not acknowledged")
        await say(gateway, 40)
        await _is_over(page, factory)


async def test_many_are_acknowledged_by_keys_alone(factory: Factory, page: Page) -> None:
    device = await factory.add_device("line", "berlin/pressing/line-1")
    row = (await open_alarms(page, factory)).filter(has_text="Oil temperature is")

    async with factory.device(device) as gateway:
        await say(gateway, 81.2)
        await gateway.publish(f"factory/{OTHER_PRESS}/oil_temperature", "77.5", qos=1)
        await expect(row).to_have_count(2)
        await page.keyboard.press("j")
        await page.keyboard.press("Shift+J")
        await expect(page.get_by_text("2 selected")).to_be_visible()
        await page.keyboard.press("a")
        dialog = page.get_by_role("dialog", name="Acknowledge 2 alarms")
        await expect(dialog.get_by_label("Comment")).to_be_focused()
        await page.keyboard.type("Cooling water is off")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await expect(dialog).to_be_hidden()
        await expect(row.filter(has_text="admin: “Cooling water is off”")).to_have_count(2)
        await page.keyboard.press("Shift+?")
        await expect(page.get_by_role("dialog", name="Keys in the list of alarms")).to_be_visible()
        await page.keyboard.press("Escape")
        await gateway.publish(f"factory/{OTHER_PRESS}/oil_temperature", "40", qos=1)
        await say(gateway, 40)
        await _is_over(page, factory)


async def test_what_was_shelved_is_taken_back(factory: Factory, page: Page) -> None:
    device = await factory.add_device("taken back", PRESS)
    row = (await open_alarms(page, factory)).filter(has_text=ALARM)

    async with factory.device(device) as gateway:
        await say(gateway, 81.2)
        await row.get_by_role("checkbox").check()
        await page.get_by_role("button", name="Shelve", exact=True).click()
        dialog = page.get_by_role("dialog", name="Shelve alarm")
        await dialog.get_by_label("Reason").fill("The wrong one")
        await dialog.get_by_role("button", name="Shelve").click()
        await expect(page.get_by_text("1 alarm shelved.")).to_be_visible()
        await page.get_by_role("heading", name="Open alarms").hover()
        await expect(row).to_be_hidden()
        await page.get_by_role("button", name="Undo").click()
        await expect(row).to_contain_text("Not acknowledged")
        await say(gateway, 40)
        await _is_over(page, factory)


async def test_on_a_phone_an_alarm_is_a_card_and_the_filter_one_button(factory: Factory, phone: Page) -> None:
    device = await factory.add_device("phone", PRESS)
    await sign_in(phone, factory)
    await phone.goto(f"http://127.0.0.1:{factory.port}/alarms")
    card = phone.get_by_role("row").filter(has_text=ALARM)

    async with factory.device(device) as gateway:
        await say(gateway, 81.2)
        await expect(card).to_contain_text("Oil temperature")
        await phone.get_by_role("button", name="Filter", exact=True).tap()
        sheet = phone.get_by_role("dialog", name="Filter")
        await sheet.get_by_label("Severity").select_option("low")
        await sheet.get_by_role("button", name="Show").tap()
        await expect(phone.get_by_text("No open alarm matches this filter.")).to_be_visible()
        await phone.get_by_role("button", name="Filter (1)").tap()
        await sheet.get_by_role("button", name="Clear filter").tap()
        await sheet.get_by_role("button", name="Show").tap()
        await card.get_by_role("button", name="Acknowledge").tap()
        await phone.get_by_role("dialog").get_by_role("button", name="Acknowledge").tap()
        await expect(card).to_contain_text("Acknowledged by admin")
        assert await phone.evaluate("document.scrollingElement.scrollWidth") <= 390
        await say(gateway, 40)
        await expect(card).to_be_hidden()


async def test_a_new_alarm_is_heard_until_somebody_silences_it(factory: Factory, page: Page) -> None:
    device = await factory.add_device("loud", PRESS)
    await page.add_init_script(HEARD)
    await open_alarms(page, factory)
    await page.get_by_role("button", name="Sound").click()
    heard = page.get_by_role("region", name="New alarm")

    async with factory.device(device) as gateway:
        await say(gateway, 81.2)
        await expect(heard).to_contain_text(ALARM)
        await page.wait_for_function("window.heard > 0")
        await page.get_by_role("navigation", name="Main").get_by_role("link", name="Rules").click()
        await heard.get_by_role("button", name="Silence").click()
        await expect(heard).to_be_hidden()
        await page.go_back()
        await page.get_by_role("button", name="Sound").click()
        await page.get_by_role("button", name=f"Acknowledge {ALARM}").click()
        await page.get_by_role("dialog").get_by_role("button", name="Acknowledge").click()
        await say(gateway, 40)
        await _is_over(page, factory)


async def test_an_address_that_names_an_unknown_rule_says_so(factory: Factory, page: Page) -> None:
    await sign_in(page, factory)
    await page.goto(f"http://127.0.0.1:{factory.port}/alarms?rule=nonsense")
    await expect(page.get_by_text("There is no rule “nonsense”")).to_be_visible()


async def test_an_alarm_is_told_in_german(factory: Factory, browser: Browser) -> None:
    device = await factory.add_device("german", PRESS)
    context = await browser.new_context(locale="de-DE", storage_state=await signed_in(browser, factory))
    page = await context.new_page()
    await page.goto(f"http://127.0.0.1:{factory.port}/alarms")

    async with factory.device(device) as gateway:
        await say(gateway, 81.2)
        row = page.get_by_role("row").filter(has_text="Oil temperature liegt bei 81,2 °C, über 65 °C")
        await expect(row).to_contain_text("Nicht quittiert")
        await row.get_by_role("button", name="Quittieren").click()
        await page.get_by_role("dialog", name="Alarm quittieren").get_by_role("button", name="Quittieren").click()
        await expect(row).to_contain_text("Quittiert von admin")
        await say(gateway, 40)
        await page.get_by_role("heading", name="Offene Alarme").hover()
        await expect(row).to_be_hidden()
    await context.close()


async def _is_over(page: Page, factory: Factory) -> None:
    """All that asks is acknowledged, its cause being gone: the next story begins with no alarm."""
    await page.get_by_role("heading", name="Open alarms").hover()
    await expect(page.get_by_role("row").filter(has_text="Oil temperature is")).to_have_count(0)
    await factory.call("POST", "/api/alerting/v1/alarms/ack", json={"under": ""})
    await expect(page.get_by_text("No open alarms")).to_be_visible()
