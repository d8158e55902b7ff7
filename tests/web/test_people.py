"""What an admin does with people: admit somebody to a part of the plant, and sign them out."""

import re

from playwright.async_api import Browser, Page, expect

from andon.common.testing.factory import Factory
from gallery.browser import PATIENCE, sign_in

from .conftest import IN_A_BROWSER

pytestmark = IN_A_BROWSER

PASSWORD = "ten letters and more"


async def test_somebody_is_admitted_and_sees_their_part_of_the_plant_alone(
    factory: Factory, page: Page, browser: Browser
) -> None:
    await sign_in(page, factory)
    await page.get_by_role("navigation", name="Main").get_by_role("link", name="People").click()
    await page.get_by_role("button", name="Change admin").click()
    own = page.get_by_role("dialog", name="Change admin")
    await expect(own).to_contain_text("so that you do not lock yourself out")
    await own.get_by_role("button", name="Close").last.click()
    await page.get_by_role("button", name="Add person").click()
    adding = page.get_by_role("dialog", name="Add person")
    await adding.get_by_label("Name to sign in with").fill("mia")
    await adding.get_by_label("Password").fill(PASSWORD)
    await adding.get_by_label("Role").select_option("operator")
    await adding.get_by_label("Part of the plant").focus()
    await adding.get_by_label("Part of the plant").select_option("munich")
    await adding.get_by_role("button", name="Add person").click()
    row = page.get_by_role("row").filter(has_text="mia")
    await expect(row).to_contain_text("signed out")

    context = await browser.new_context()
    hers = await context.new_page()
    hers.set_default_timeout(PATIENCE)
    await sign_in(hers, factory, "mia", PASSWORD)
    await expect(hers.locator('#main a[href^="/plant/munich"]').first).to_be_visible()
    await expect(hers.locator('#main a[href^="/plant/berlin"]')).to_have_count(0)
    await expect(hers.get_by_role("link", name="People")).to_have_count(0)
    await hers.goto(f"http://127.0.0.1:{factory.port}/people")
    await expect(hers.get_by_text("This page is for the role Admin and above.")).to_be_visible()

    await page.reload()
    await expect(row).to_contain_text("signed in at 1 place")
    await row.get_by_role("button", name="Sign mia out everywhere").click()
    await page.get_by_role("dialog").get_by_role("button", name="Sign out everywhere").click()
    await expect(row).to_contain_text("signed out")
    await hers.goto(f"http://127.0.0.1:{factory.port}/alarms")
    await expect(hers).to_have_url(re.compile("/login"))
    await context.close()
