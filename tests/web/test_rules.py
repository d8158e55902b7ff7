"""What a person does with rules: try one on the past before it is made, have it raise, change, copy and switch it."""

import re

from playwright.async_api import Browser, Locator, Page, expect

from andon.common.testing.factory import Factory
from gallery.browser import PHONE, sign_in, signed_in

from .conftest import IN_A_BROWSER, PRESS
from .press import say

pytestmark = IN_A_BROWSER


def _address(factory: Factory, search: str = "") -> str:
    return f"http://127.0.0.1:{factory.port}/rules{search}"


async def _open(factory: Factory, page: Page, search: str = "") -> None:
    await sign_in(page, factory)
    await page.goto(_address(factory, search))


async def _switch(page: Page, rule: str, verb: str) -> None:
    await page.get_by_role("button", name=f"More for {rule}").click()
    await page.get_by_role("menuitem", name=verb).click()


def _row(page: Page, name: str) -> Locator:
    return page.get_by_role("row").filter(has_text=name)


async def test_a_rule_is_tried_on_the_past_made_and_raises(factory: Factory, page: Page) -> None:
    device = await factory.add_device("tried press", PRESS)
    async with factory.device(device) as gateway:
        for value in (20, 60, 20):
            await say(gateway, value)
        await sign_in(page, factory)
        await page.get_by_role("navigation", name="Main").get_by_role("link", name="Rules").click()
        await page.get_by_role("button", name="New rule").click()
        form = page.get_by_role("form", name="Rule")
        await form.get_by_label("Name", exact=True).fill("Oil warm")
        await form.get_by_role("combobox", name="Sensor").fill("press 1 oil")
        await page.keyboard.press("Enter")
        await form.get_by_label(re.compile("^Limit")).fill("50")
        for delay in ("On delay", "Off delay"):
            await form.get_by_label(delay).fill("0s")
        plain = form.get_by_role("region", name="In plain words")
        await expect(plain).to_contain_text("above 50 °C")
        await expect(plain).to_contain_text("Tells nobody")
        await expect(form.get_by_role("status").filter(has_text="It would have raised 1 alarm")).to_be_visible()
        await expect(form.locator("canvas").first).to_be_visible()
        await form.get_by_label(re.compile("^Limit")).fill("61")
        await expect(form.get_by_role("status").filter(has_text="It would not have raised")).to_be_visible()
        await form.get_by_label(re.compile("^Limit")).fill("50")
        await form.get_by_role("button", name="Create rule").click()
        await expect(_row(page, "Oil warm")).to_contain_text("above 50")
        await say(gateway, 55)
    await page.get_by_role("link", name="Alarms").first.click()
    await expect(_row(page, "above 50")).to_be_visible()


async def test_what_is_typed_is_sent_to_somebody_by_its_address(factory: Factory, page: Page) -> None:
    await _open(factory, page, f"?edit=new&name=Oil+cold&form=below&below=5&sensor={PRESS}/oil_temperature")
    form = page.get_by_role("form", name="Rule")
    await expect(form.get_by_role("region", name="In plain words")).to_contain_text("below 5 °C")
    await form.get_by_label("On delay").fill("1500ms")
    await expect(page).to_have_url(re.compile("on_delay=1500ms"))
    await page.reload()
    await expect(form.get_by_role("region", name="In plain words")).to_contain_text("for 1.5 s")
    assert "Oil cold" not in str(await factory.call("GET", "/api/alerting/v1/rules"))


async def test_a_suggestion_opens_a_rule_at_its_value_beside_how_it_is_in_force(factory: Factory, page: Page) -> None:
    rules = await factory.call("GET", "/api/alerting/v1/rules")
    hot = next(rule for rule in rules["items"] if rule["name"] == "Oil hot")
    await _open(factory, page, f"?edit={hot['id']}&above=62")
    form = page.get_by_role("form", name="Rule")
    await expect(form.get_by_label(re.compile("^Limit"))).to_have_value("62")
    await expect(form.get_by_role("status").filter(has_text="as it is in force")).to_be_visible()
    await form.get_by_role("button", name="Save").click()
    await expect(_row(page, "Oil hot")).to_contain_text("above 62")
    await page.get_by_role("button", name="Undo").click()
    await expect(_row(page, "Oil hot")).to_contain_text("above 65")


async def test_a_formula_without_a_limit_is_no_rule(factory: Factory, page: Page) -> None:
    await _open(
        factory, page, f"?edit=new&name=Sum&sensor={PRESS}/oil_temperature&form=truth&expression=oil_temperature-5"
    )
    form = page.get_by_role("form", name="Rule")
    await expect(form.get_by_text("needs a limit")).to_be_visible()
    await expect(form.get_by_role("button", name="Create rule")).to_be_disabled()
    await form.get_by_label("Alarm when the value").select_option("formula")
    await form.get_by_label(re.compile("^Limit")).fill("40")
    await expect(form.get_by_role("button", name="Create rule")).to_be_enabled()


async def test_rules_are_found_copied_switched_and_removed(factory: Factory, page: Page) -> None:
    await _open(factory, page)
    await _switch(page, "Oil hot", "Duplicate")
    await page.get_by_role("button", name="Create rule").click()
    await page.get_by_label("Search", exact=True).fill("copy")
    await expect(_row(page, "Oil hot (copy)")).to_be_visible()
    await expect(page).to_have_url(re.compile(r"q=copy"))
    await _switch(page, "Oil hot (copy)", "Switch off")
    await expect(_row(page, "Oil hot (copy)")).to_contain_text("switched off")
    await page.get_by_label("State").select_option("on")
    await expect(page.get_by_text("No rule matches.")).to_be_visible()
    await page.get_by_role("button", name="Undo").last.click()
    await expect(_row(page, "Oil hot (copy)")).to_be_visible()
    await _switch(page, "Oil hot (copy)", "Remove…")
    await page.get_by_role("dialog").get_by_role("button", name="Remove rule").click()
    await expect(page.get_by_text("No rule matches.")).to_be_visible()


async def test_a_rule_is_told_in_german_on_a_phone(factory: Factory, browser: Browser) -> None:
    context = await browser.new_context(locale="de-DE", viewport=PHONE, storage_state=await signed_in(browser, factory))
    phone = await context.new_page()
    await phone.goto(_address(factory, f"?edit=new&name=Öl&sensor={PRESS}/oil_temperature&above=62.5"))
    plain = phone.get_by_role("region", name="In einfachen Worten")
    await expect(plain).to_contain_text("Alarm der Schwere „Mittel“, wenn: Oil temperature über 62,5 °C")
    assert await phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    await context.close()
