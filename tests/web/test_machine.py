"""The page of a machine: its type decides it once for all of its machines."""

import re
from typing import Any

import pytest
from playwright.async_api import Page, expect

from andon.common.testing.factory import Factory
from gallery.browser import sign_in

from .conftest import IN_A_BROWSER, PLANT, PRESS
from .press import warming

OTHER_PRESS = PRESS.replace("press-1", "press-2")
PAGE = """
    documents: [{title: Press manual, url: "https://example.com/press.pdf"}]
    page:
      sections:
        - {title: Heat, show: tiles, sensors: [oil_temperature]}
        - {title: Work, show: states, sensors: [state]}
"""

pytestmark = IN_A_BROWSER


@pytest.fixture(scope="module")
def plant() -> str:
    return PLANT.replace("  press:\n", f"  press:{PAGE}", 1)


@pytest.fixture(scope="module")
def rules() -> list[dict[str, Any]]:
    scope, condition = {"type": "press", "sensor": "oil_temperature"}, {"above": 65}
    return [{"name": "Oil hot", "scope": scope, "condition": condition, "severity": "high", "channels": []}]


async def test_a_type_decides_the_pages_of_all_its_machines(factory: Factory, page: Page) -> None:
    async with warming(factory, "press gateway"):
        await sign_in(page, factory)
        for press in (PRESS, OTHER_PRESS):
            await page.goto(f"http://127.0.0.1:{factory.port}/plant/{press}")
            headings = page.locator("#main h2")
            await expect(headings.filter(has_text="Heat")).to_be_visible()
            told = [
                text for text in await headings.all_inner_texts() if text in {"Heat", "Work", "Other values", "Values"}
            ]
            assert told == ["Heat", "Work", "Other values"]
            await expect(page.get_by_role("link", name="Press manual")).to_have_attribute(
                "href", "https://example.com/press.pdf"
            )
        await page.goto(f"http://127.0.0.1:{factory.port}/plant/{PRESS}")
        await expect(page.get_by_role("img", name=re.compile("RUN"))).to_be_visible()


async def test_it_says_who_is_called_for_the_machine(factory: Factory, page: Page) -> None:
    mail = {"name": "maintenance", "kind": "email", "target": "maintenance@example.com"}
    await factory.call("POST", "/api/alerting/v1/channels", json=mail)
    rota = {
        "name": "rota",
        "zone": "Europe/Berlin",
        "layers": [{"members": ["maintenance"], "start": "2026-01-01T00:00:00", "every": "7d"}],
    }
    await factory.call("POST", "/api/alerting/v1/schedules", json=rota)
    policy = {"name": "night", "steps": [{"after": "0s", "to": ["rota"]}]}
    await factory.call("POST", "/api/alerting/v1/policies", json=policy)
    [rule] = [r for r in (await factory.call("GET", "/api/alerting/v1/rules"))["items"] if r["name"] == "Oil hot"]
    await factory.call("PATCH", f"/api/alerting/v1/rules/{rule['id']}", json={"policy": "night"})

    await sign_in(page, factory)
    await page.goto(f"http://127.0.0.1:{factory.port}/plant/{PRESS}")
    called = page.locator("section").filter(has=page.get_by_role("heading", name="Who is called"))
    await expect(called).to_contain_text("maintenance, until")
    await expect(called).to_contain_text("rota · at once · 1 rule, High")
