"""Signing out at a browser of several people: nothing of the one before is left, here or for who took a copy."""

import re

import httpx
from playwright.async_api import Page, expect

from andon.common.testing.factory import Factory
from andon.common.testing.waiting import ANSWER_SECONDS
from gallery.browser import sign_in

from .conftest import IN_A_BROWSER, only_refused

pytestmark = IN_A_BROWSER

TOKEN = "localStorage.getItem('andon.token')"


async def test_a_token_ends_as_its_person_leaves(page: Page, factory: Factory, mishaps: list[str]) -> None:
    await sign_in(page, factory)
    token = await page.evaluate(TOKEN)
    me = f"http://127.0.0.1:{factory.port}/api/registry/v1/me"
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {token}"}, timeout=ANSWER_SECONDS) as copy:
        assert (await copy.get(me)).status_code == 200
        await page.get_by_role("button", name=re.compile("Signed in as")).click()
        await page.get_by_role("button", name="Sign out").click()
        await expect(page).to_have_url(re.compile("/login"))
        assert (await copy.get(me)).status_code == 401
    only_refused(mishaps)


async def test_a_wrong_current_password_signs_nobody_out(page: Page, factory: Factory, mishaps: list[str]) -> None:
    await sign_in(page, factory)
    await page.goto(f"http://127.0.0.1:{factory.port}/settings")
    await page.get_by_label("Current password").fill("not this one")
    for name in ("New password", "New password, once more"):
        await page.get_by_label(name, exact=True).fill("correct horse battery")
    await page.get_by_role("button", name="Change password").click()
    await expect(page.get_by_text("The current password is wrong")).to_be_visible()
    await expect(page).to_have_url(re.compile("/settings"))
    assert [wrong.split("/")[-1] for wrong in mishaps] == ["password"]
    mishaps.clear()
