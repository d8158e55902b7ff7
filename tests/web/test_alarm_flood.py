"""A flood: more alarms than anybody reads come at once, and the list stays one that can be worked with."""

import asyncio
from typing import Any

import pytest
from playwright.async_api import Page, expect

from andon.common.testing.factory import Factory
from gallery.browser import sign_in

from .conftest import IN_A_BROWSER

SILOS = 400
AREA = "hamburg/store"

pytestmark = IN_A_BROWSER


@pytest.fixture(scope="module")
def plant() -> str:
    """A store of many silos."""
    silos = "\n".join(f"              - {{slug: silo-{n}, name: Silo {n}, type: silo}}" for n in range(SILOS))
    return f"""
types:
  silo:
    sensors:
      - {{key: level, name: Level, unit: "%"}}
sites:
  - slug: hamburg
    areas:
      - slug: store
        lines:
          - slug: silos
            machines:
{silos}
"""


@pytest.fixture(scope="module")
def rules() -> list[dict[str, Any]]:
    """Every silo that is too full."""
    return [
        {
            "name": "Too full",
            "scope": {"type": "silo", "sensor": "level"},
            "condition": {"above": 90},
            "severity": "low",
        }
    ]


async def test_a_flood_is_read_searched_and_acknowledged(factory: Factory, page: Page) -> None:
    device = await factory.add_device("store", AREA)
    await sign_in(page, factory)
    await page.goto(f"http://127.0.0.1:{factory.port}/alarms")
    await expect(page.get_by_text("No open alarms")).to_be_visible()

    async with factory.device(device) as gateway:
        fill = (gateway.publish(f"factory/{AREA}/silos/silo-{n}/level", "95", qos=1) for n in range(SILOS))
        await asyncio.gather(*fill)
    await expect(page.get_by_text(f"{SILOS} alarms, {SILOS} not acknowledged")).to_be_visible()

    rows = page.get_by_role("row").filter(has_text="Level is 95.0 %")
    assert await rows.count() < SILOS / 5  # the others are there once somebody looks at them
    await expect(page.get_by_role("grid", name="Open alarms")).to_have_attribute("aria-rowcount", str(SILOS + 1))
    await page.keyboard.press("j")
    await page.keyboard.press("End")
    await expect(page.locator(f'tr[aria-rowindex="{SILOS + 1}"]')).to_be_focused()

    await page.get_by_label("Search", exact=True).fill("silo-123")
    await expect(page.get_by_role("row").filter(has_text="Silo 123 ")).to_be_visible()
    await expect(page.get_by_text("1 alarm, 1 not acknowledged")).to_be_visible()
    await page.get_by_role("button", name="Clear filter").click()

    await page.get_by_label(f"Select all {SILOS} shown").check()
    await page.get_by_role("button", name="Acknowledge", exact=True).click()
    dialog = page.get_by_role("dialog", name=f"Acknowledge {SILOS} alarms")
    await dialog.get_by_role("button", name="Acknowledge").click()
    await expect(page.get_by_text(f"{SILOS} alarms, all acknowledged")).to_be_visible()
