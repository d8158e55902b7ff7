"""What a person with a phone does beside a machine: read off, type, be asked, store; also where there is no network."""

import re

import pytest
from playwright.async_api import Page, expect

from andon.common.testing.factory import Factory
from andon.common.testing.waiting import eventually
from gallery.browser import sign_in

from .conftest import IN_A_BROWSER, PLANT, PRESS

pytestmark = IN_A_BROWSER

STORE = re.compile("^Store")


@pytest.fixture(scope="module")
def plant() -> str:
    """Presses with a level that is read off a glass, once a shift."""
    level = "{key: oil_level, name: Oil level, unit: '%', limits: {ll: 20, l: 35, h: 95}, entered_every: 8h}"
    return PLANT.replace("{key: number}", f"{{key: number}}\n      - {level}")


async def choose(phone: Page, factory: Factory) -> None:
    """Sign in, and go to the form of the press as one does with a thumb."""
    await sign_in(phone, factory)
    await phone.get_by_role("navigation", name="Main").get_by_role("link", name="Enter").click()
    await phone.get_by_label("Machine").fill("press-1 berlin")
    await phone.get_by_role("option").first.click()
    await expect(phone.get_by_role("heading", name="press-1")).to_be_visible()


async def test_a_reading_is_entered_on_a_phone_and_a_strange_one_is_looked_at_twice(
    factory: Factory, phone: Page
) -> None:
    await choose(phone, factory)
    level = phone.get_by_label("Oil level", exact=True)
    await expect(level).to_have_attribute("inputmode", "decimal")
    await expect(phone.get_by_text("Normal 35 to 95 %")).to_be_visible()
    store = phone.get_by_role("button", name=STORE)

    await level.fill("8o")
    await expect(phone.get_by_text("This is not a number.")).to_be_visible()
    await level.fill("8,5")
    await expect(phone.get_by_text("Below the lower alarm limit of 20")).to_be_visible()
    await expect(phone.get_by_role("button", name="Check 1 value first")).to_be_disabled()
    await phone.get_by_label("I have checked this").check()
    await expect(store).to_be_enabled()
    await level.fill("82,5")
    await expect(phone.get_by_label("I have checked this")).to_be_hidden()
    await phone.get_by_label("Note").fill("Topped up before")
    await store.click()
    await expect(phone.get_by_text(re.compile("^Stored: 1 reading at"))).to_be_visible()

    await phone.get_by_role("link", name="Oil level").click()
    await expect(phone.locator("#main").get_by_text("82.5 %").first).to_be_visible()
    await phone.get_by_role("button", name="Trace…").click()
    trace = phone.get_by_role("dialog")
    await expect(trace.get_by_role("definition").filter(has_text="admin, by HTTP")).to_be_visible()
    await expect(trace.get_by_role("definition").filter(has_text="Topped up before")).to_be_visible()


async def test_without_a_network_readings_wait_and_are_sent_once_it_is_back(factory: Factory, phone: Page) -> None:
    await choose(phone, factory)
    sent: list[str] = []
    phone.on("request", lambda asked: sent.append(asked.url) if asked.url.endswith("/v1/readings") else None)
    await phone.context.set_offline(True)
    for value in ("71", "72"):
        await phone.get_by_label("Oil level", exact=True).fill(value)
        await phone.get_by_role("textbox", name="Read at").fill("-10m" if value == "71" else "now")
        await phone.get_by_role("button", name=STORE).click()
        await expect(phone.get_by_text(re.compile("^Kept in this browser: 1 reading"))).to_be_visible()
    await expect(phone.get_by_text("Waiting for the network: 2")).to_be_visible()

    await phone.get_by_role("button", name=re.compile("^Signed in as")).click()
    await phone.get_by_role("button", name="Sign out").click()
    asked = phone.get_by_role("dialog", name="Sign out?")
    await expect(asked).to_contain_text("2 entries of yours are not yet stored")
    await asked.get_by_role("button", name="Cancel").click()

    sent.clear()
    await phone.context.set_offline(False)
    await expect(phone.get_by_text("Waiting for the network")).to_have_count(0)
    await expect(phone.get_by_text("2 entries that waited in this browser: stored")).to_be_visible()
    assert len(sent) == 2

    async def stored() -> bool:
        asked = {"sensor": f"{PRESS}/oil_level", "from": "-1h"}
        points = (await factory.call("GET", "/api/query/v1/series", params=asked))["points"]
        return (points[0][1], points[-1][1]) == (71, 72)  # each at its own time

    await eventually(stored)


async def test_what_the_service_refuses_is_told_kept_and_mended(
    factory: Factory, phone: Page, mishaps: list[str]
) -> None:
    await choose(phone, factory)

    async def refuse(route: object) -> None:
        await route.fulfill(  # type: ignore[attr-defined]
            status=422, content_type="application/problem+json", body='{"title": "No", "detail": "the gauge is locked"}'
        )

    await phone.route("**/api/ingest/v1/readings", refuse)
    await phone.get_by_label("Oil level", exact=True).fill("64")
    await phone.get_by_role("button", name=STORE).click()
    await expect(phone.get_by_text("the gauge is locked")).to_be_visible()
    await phone.unroute("**/api/ingest/v1/readings")
    mishaps.clear()

    await phone.reload()
    await phone.get_by_role("button", name=re.compile("^Fix press-1")).click()
    await expect(phone.get_by_label("Oil level", exact=True)).to_have_value("64")
    await phone.get_by_label("Oil level", exact=True).fill("65")
    await phone.get_by_role("button", name=STORE).click()
    await expect(phone.get_by_text(re.compile("^Stored: 1 reading at"))).to_be_visible()
    await expect(phone.get_by_text("the gauge is locked")).to_have_count(0)


async def test_a_round_leads_from_machine_to_machine(factory: Factory, phone: Page) -> None:
    await sign_in(phone, factory)
    await phone.goto(f"http://127.0.0.1:{factory.port}/enter?round={PRESS.rpartition('/')[0]}")
    await expect(phone.get_by_text("Machine 1 of 3")).to_be_visible()
    await phone.get_by_label("Oil level", exact=True).fill("80")
    await phone.get_by_role("button", name=STORE).click()
    await phone.get_by_role("link", name="Next machine").click()
    await expect(phone.get_by_text("Machine 2 of 3")).to_be_visible()
    await expect(phone).to_have_url(re.compile("machine=.*press-2"))


async def test_a_label_leads_to_the_form_of_its_machine(factory: Factory, page: Page) -> None:
    await sign_in(page, factory)
    await page.goto(f"http://127.0.0.1:{factory.port}/labels?under=berlin")
    await expect(page.get_by_role("list", name="Labels to print").get_by_role("listitem")).to_have_count(3)
    await expect(page.get_by_text("Phones do not reach this address")).to_be_visible()
    machine = await factory.call("GET", "/api/registry/v1/assets", params={"under": PRESS})
    await page.goto(f"http://127.0.0.1:{factory.port}/enter?machine={machine['items'][0]['id']}")
    await expect(page.get_by_role("heading", name="press-1")).to_be_visible()
