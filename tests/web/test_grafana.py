"""What a person sees of Grafana: its dashboards on their pages, as the same person, and honest words without it.

Before a stand-in for Grafana, which says back what it was asked and by whom.
"""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import FrameLocator, Locator, Page, expect

from andon.common.testing.factory import Factory
from andon.common.testing.grafana_stand_in import GrafanaStandIn
from gallery.browser import admin_password, sign_in

from .conftest import IN_A_BROWSER, PLANT, PRESS

pytestmark = IN_A_BROWSER
DASHBOARDS = ("andon-line", "andon-machine-press", "andon-sensor-press", "andon-state")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def grafana() -> AsyncIterator[GrafanaStandIn]:
    async with GrafanaStandIn(dashboards=DASHBOARDS) as started:
        yield started


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def factory(tmp_path_factory: pytest.TempPathFactory, grafana: GrafanaStandIn) -> AsyncIterator[Factory]:
    """An Andon that knows of a Grafana."""
    environment = {"ANDON_REGISTRY_GRAFANA_URL": grafana.url}
    async with Factory(tmp_path_factory.mktemp("andon"), environment=environment) as started:
        grafana.jwks_url = f"http://127.0.0.1:{started.port}/api/registry/v1/grafana/jwks.json"
        await started.apply_plant(PLANT)
        yield started


def address(factory: Factory, path: str) -> str:
    return f"http://127.0.0.1:{factory.port}{path}"


def panel(page: Page) -> Locator:
    return page.locator("section", has=page.get_by_role("heading", name="Grafana", exact=True))


async def come_to(page: Page) -> Locator:
    """Scroll down to Grafana, which waits until somebody does."""
    await expect(panel(page)).to_be_visible()
    await panel(page).scroll_into_view_if_needed()
    return panel(page)


async def frame_of(page: Page) -> FrameLocator:
    await come_to(page)
    return page.frame_locator("iframe")


async def shows(frame: FrameLocator, **asked: str) -> None:
    """The dashboard was asked for just this."""
    for name, value in asked.items():
        wanted = name.replace("var_", "var-")
        await expect(
            frame.get_by_role("row").filter(has_text=re.compile(f"^{wanted}{re.escape(value)}$"))
        ).to_be_visible()


async def test_a_dashboard_is_on_the_page_of_its_machine_and_follows_the_time(factory: Factory, page: Page) -> None:
    await sign_in(page, factory)
    await page.goto(address(factory, f"/plant/{PRESS}?range=1h"))
    frame = await frame_of(page)
    await expect(frame.get_by_role("heading", name="andon-machine-press")).to_be_visible()
    await expect(frame.locator("#who")).to_have_text("admin (Admin)")
    await shows(frame, var_site="berlin", var_machine="press-1", var_measurement="press", kiosk="true", to="now")
    await shows(frame, **{"from": "now-60m"})
    assert await page.locator("iframe").get_attribute("title") == "Grafana dashboard: press-1"

    await page.goto(address(factory, f"/plant/{PRESS}/oil_temperature?from=1700000000000&to=1700000060000"))
    frame = await frame_of(page)
    await shows(frame, var_sensor="oil_temperature", to="1700000060000", **{"from": "1700000000000"})

    await page.goto(address(factory, f"/plant/{PRESS}/state"))
    await expect((await frame_of(page)).get_by_role("heading", name="andon-state")).to_be_visible()


async def test_what_waits_for_grafana_covers_nothing_of_the_page(factory: Factory, page: Page) -> None:
    await page.route("**/grafana/api/**", lambda _route: None)  # Grafana takes its time
    await sign_in(page, factory)
    await page.goto(address(factory, f"/plant/{PRESS}"))
    waits = (await come_to(page)).get_by_role("status").filter(has_text="Grafana is loading")
    await expect(waits).to_be_visible()
    told, around = await waits.bounding_box(), await panel(page).bounding_box()
    assert told
    assert around
    assert told["y"] > around["y"]
    await page.unroute_all(behavior="ignoreErrors")


async def test_grafana_is_put_away_and_opened_in_a_tab_of_its_own(factory: Factory, page: Page) -> None:
    await sign_in(page, factory)
    await page.goto(address(factory, f"/plant/{PRESS}"))
    await (await frame_of(page)).locator("#who").wait_for()
    await panel(page).get_by_role("button", name="Hide").click()
    await expect(page.locator("iframe")).to_have_count(0)
    await page.reload()
    await expect(panel(page).get_by_role("button", name="Show")).to_be_visible()
    async with page.expect_popup() as opened:
        await panel(page).get_by_role("link", name=re.compile("Open in Grafana")).click()
    tab = await opened.value
    await expect(tab.locator("#who")).to_have_text("admin (Admin)")
    assert "kiosk" not in tab.url


async def test_a_link_to_grafana_leads_through_the_sign_in_and_nowhere_else(factory: Factory, page: Page) -> None:
    link = "/grafana/d/andon-line?var-line=line-1"
    await page.goto(address(factory, link))
    await page.get_by_label("Name").fill("admin")
    await page.get_by_label("Password").fill(admin_password(factory))
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("heading", name="andon-line")).to_be_visible()
    await expect(page.locator("#who")).to_have_text("admin (Admin)")
    assert page.url == address(factory, link)
    await page.goto(address(factory, "/open-grafana?to=https%3A%2F%2Fevil.example%2Fgrafana%2F"))
    await expect(page.locator("#main").get_by_role("alert")).to_contain_text("This address does not lead to Grafana")


async def test_somebody_of_a_part_of_the_plant_sees_a_whole_page_without_grafana(factory: Factory, page: Page) -> None:
    eva = {"username": "eva", "password": "eva-password", "role": "engineer", "scope": "berlin"}
    await factory.call("POST", "/api/registry/v1/people", json=eva)
    async with page.expect_response("**/api/registry/v1/grafana") as asked:
        await sign_in(page, factory, "eva", "eva-password")
    assert (await (await asked.value).json())["enabled"] is False
    await page.goto(address(factory, f"/plant/{PRESS}"))
    await expect(page.get_by_role("heading", level=1, name="press-1")).to_be_visible()
    await expect(panel(page)).to_have_count(0)


async def test_the_page_says_what_is_wrong_and_shows_grafana_once_it_is_back(
    factory: Factory, page: Page, grafana: GrafanaStandIn, mishaps: list[str]
) -> None:
    await sign_in(page, factory)
    await grafana.stop()
    await page.goto(address(factory, f"/plant/{PRESS}"))
    await expect((await come_to(page)).get_by_role("alert")).to_contain_text("Grafana does not answer")
    await grafana.start()
    await panel(page).get_by_role("button", name="Try again").click()
    await expect((await frame_of(page)).locator("#who")).to_have_text("admin (Admin)")
    await page.goto(address(factory, "/plant/berlin"))
    await expect((await come_to(page)).get_by_role("alert")).to_contain_text("no dashboard “andon-site”")
    assert {mishap.split()[0] for mishap in mishaps} == {"503", "404"}
    mishaps.clear()
