"""Addresses that somebody else has written: none leads away from Andon, and none takes a page down."""

import json
from urllib.parse import quote

import pytest
from playwright.async_api import Page, expect
from tests.conftest import PRESS

from andon.common.testing.factory import Factory
from gallery.browser import admin_password, sign_in

from .conftest import IN_A_BROWSER

pytestmark = IN_A_BROWSER

OIL = f"{PRESS}/oil_temperature"
OBJECT = quote(json.dumps({"toString": 1}))
STRANGE = (
    f"/plant/{OIL}?from=1&to=1e300",
    f"/plant/{OIL}?from=NaN&to=NaN",
    f"/plant/{OIL}?range=99999999999d",
    f"/plant/{OIL}?range={OBJECT}",
    f"/compare?sensor={OBJECT}",
    f"/compare?sensor={OIL}&against=99999999999d",
    "/alarms?tab=__proto__&severity=constructor&state=toString",
    "/alarms?tab=history&from=1e300&to=99999999",
    f"/alarms?text={OBJECT}",
    "/oncall?tab=__proto__",
    "/kpis?range=constructor",
    f"/devices?q={OBJECT}&show=constructor",
    f"/tv?every={OBJECT}",
)


@pytest.mark.parametrize(
    "place", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
async def test_signing_in_leads_to_no_other_site(place: str, page: Page, factory: Factory) -> None:
    left: list[str] = []
    page.on("request", lambda asked: left.append(asked.url) if "evil" in asked.url.partition("/login")[0] else None)
    base = f"http://127.0.0.1:{factory.port}"
    await page.goto(f"{base}/login?next={quote(place, safe='')}")
    await page.get_by_label("Name").fill("admin")
    await page.get_by_label("Password").fill(admin_password(factory))
    await page.get_by_role("button", name="Sign in").click()
    await expect(page).to_have_url(f"{base}/")
    assert not left


async def test_what_makes_no_sense_in_an_address_is_as_if_it_were_not_there(page: Page, factory: Factory) -> None:
    await sign_in(page, factory)
    for address in STRANGE:
        await page.goto(f"http://127.0.0.1:{factory.port}{address}")
        await expect(page.locator("main h1, main section").first).to_be_visible()
        await expect(page.get_by_text("This did not work")).to_have_count(0)
