"""What is around every page: search, tree, views, settings that follow the person, a phone's bar, no network."""

import re
from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect
from tests.conftest import PRESS

from andon.common.testing.factory import Factory
from gallery.browser import DESKTOP, PATIENCE, admin_password, sign_in

from .conftest import IN_A_BROWSER, only_refused

OIL = f"{PRESS}/oil_temperature"

pytestmark = IN_A_BROWSER


@pytest_asyncio.fixture(loop_scope="session")
async def elsewhere(browser: Browser) -> AsyncIterator[Page]:
    """An empty tab of another browser."""
    context = await browser.new_context(viewport=DESKTOP)
    tab = await context.new_page()
    tab.set_default_timeout(PATIENCE)
    yield tab
    await context.close()


def palette(page: Page) -> Locator:
    """The search, while it is open."""
    return page.get_by_role("dialog", name="Search the plant")


async def test_a_sensor_is_found_by_the_keyboard_alone(factory: Factory, page: Page) -> None:
    await sign_in(page, factory)
    await page.get_by_role("navigation", name="Main").wait_for()
    await page.keyboard.press("Control+k")
    field = palette(page).get_by_role("combobox")
    await expect(field).to_be_focused()
    await page.keyboard.type("oli temp")
    option = palette(page).get_by_role("option").first
    await expect(option).to_contain_text("Oil temperature")
    await expect(field).to_have_attribute("aria-activedescendant", re.compile("oil_temperature"))
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile(f"/plant/{OIL}$"))
    await expect(page).to_have_title(re.compile(r"Oil temperature · Andon$"))

    await page.keyboard.press("/")
    await expect(palette(page).get_by_role("option").first).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(palette(page)).to_be_hidden()


async def test_the_tree_leads_to_a_sensor_and_stays_as_it_was_left(factory: Factory, page: Page) -> None:
    await sign_in(page, factory)
    await page.get_by_role("button", name="Plant tree").click()
    tree = page.get_by_role("treegrid", name="Plant tree")
    await page.get_by_label("Filter the tree").fill("oil")
    await tree.get_by_role("row", name="Oil temperature").first.click()
    await expect(page).to_have_url(re.compile(f"/plant/{OIL}$"))
    await page.get_by_label("Filter the tree").fill("")
    await page.reload()
    await expect(tree.get_by_role("row", name="Oil temperature")).to_have_attribute("aria-selected", "true")


async def test_a_view_is_saved_found_and_not_lost_by_a_slip(factory: Factory, page: Page) -> None:
    await sign_in(page, factory)
    await page.goto(f"http://127.0.0.1:{factory.port}/alarms?severity=high")
    await page.get_by_role("button", name="Save this view").click()
    dialog = page.get_by_role("dialog", name="Save this view")
    await dialog.get_by_label("Name").fill("Morning round")
    await dialog.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("“Morning round” is saved.")).to_be_visible()

    await page.goto(f"http://127.0.0.1:{factory.port}/views")
    await page.get_by_role("button", name="Delete Morning round").click()
    await expect(page.get_by_role("link", name="Morning round")).to_be_hidden()
    await page.get_by_role("button", name="Undo").click()
    await expect(page.get_by_role("link", name="Morning round")).to_be_visible()

    await page.keyboard.press("Control+k")
    await page.keyboard.type("morning")
    await expect(palette(page).get_by_role("option").first).to_contain_text("Morning round")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile(r"/alarms\?severity=high$"))


async def test_language_and_theme_follow_the_person(
    factory: Factory, page: Page, elsewhere: Page, mishaps: list[str]
) -> None:
    await page.goto(f"http://127.0.0.1:{factory.port}/login")
    await page.get_by_role("button", name="Deutsch").click()
    await page.get_by_label("Name").fill("admin")
    await page.get_by_label("Passwort").fill(admin_password(factory))
    await page.get_by_role("button", name="Anmelden").click()
    navigation = page.get_by_role("navigation", name="Hauptmenü")
    await expect(navigation.get_by_role("link", name="Kennzahlen")).to_be_visible()
    await expect(page.locator("html")).to_have_attribute("lang", "de")

    await page.get_by_role("button", name="Angemeldet als admin").click()
    await page.get_by_role("link", name="Einstellungen").click()
    async with page.expect_request(lambda asked: '"dark"' in (asked.post_data or "")):
        await page.get_by_role("radio", name="Dunkel").check()
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    await page.get_by_role("button", name="Angemeldet als admin").click()
    await page.get_by_role("button", name="Abmelden").click()
    await expect(page.get_by_role("heading", name="Anmelden")).to_be_visible()

    await sign_in(elsewhere, factory)
    await expect(elsewhere.locator("html")).to_have_attribute("data-theme", "dark")
    await expect(elsewhere.get_by_role("navigation", name="Hauptmenü")).to_be_visible()
    await factory.call("PUT", "/api/registry/v1/me/preferences", json={})
    only_refused(mishaps)  # last of all, for a busy machine refuses late


async def test_without_network_the_frame_opens_and_says_so(factory: Factory, page: Page, mishaps: list[str]) -> None:
    await sign_in(page, factory)
    # Kept as soon as the computer has nothing better to do.
    kept = "navigator.serviceWorker.ready.then(() => caches.open('andon-shell')).then(c => c.match('/')).then(Boolean)"
    await page.wait_for_function(f"() => {kept}")
    await page.goto(f"http://127.0.0.1:{factory.port}/plant/{PRESS}")
    await page.context.set_offline(True)
    await page.reload()
    await expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    banner = page.get_by_role("status").filter(has_text="No connection")
    await expect(banner).to_be_visible()

    await page.context.set_offline(False)
    await expect(page.get_by_role("heading", name="press-1", level=1)).to_be_visible()
    await expect(banner).to_be_hidden()
    assert page.url.endswith(f"/plant/{PRESS}")
    mishaps.clear()


async def test_a_phone_has_its_places_at_the_thumb(factory: Factory, phone: Page) -> None:
    await sign_in(phone, factory)
    bar = phone.get_by_role("navigation", name="Main")
    await expect(bar.get_by_role("link", name="Alarms")).to_be_in_viewport()
    await bar.get_by_role("button", name="More").tap()
    await phone.get_by_role("dialog", name="More").get_by_role("link", name="Health").tap()
    await expect(phone).to_have_url(re.compile("/health$"))
    await expect(phone.get_by_role("dialog", name="More")).to_be_hidden()

    await bar.get_by_role("button", name="Search").tap()
    await palette(phone).get_by_role("combobox").fill("press 1")
    await palette(phone).get_by_role("option", name="press-1").filter(has_text="Machine").first.tap()
    await expect(phone.get_by_role("heading", name="press-1", level=1)).to_be_visible()
    assert await phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
