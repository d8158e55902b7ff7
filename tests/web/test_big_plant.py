"""In a plant of 10,000 sensors one is found as in a small one: by a few letters, in the tree, in three clicks."""

import re

import pytest
from playwright.async_api import Locator, Page, expect

from andon.common.testing.factory import Factory
from gallery.big_plant import LINES, MACHINES, QUANTITIES, SENSORS, big_plant, machine_path
from gallery.browser import sign_in

from .conftest import IN_A_BROWSER

MACHINE = machine_path(777)
LINE = MACHINE.rsplit("/", 1)[0]
SENSOR = f"{MACHINE}/vibration"

pytestmark = IN_A_BROWSER


@pytest.fixture(scope="module")
def plant() -> str:
    assert SENSORS == 10_000
    return big_plant()


@pytest.fixture(scope="module")
def rules() -> list[object]:
    return []


def rows(tree: Locator) -> Locator:
    return tree.get_by_role("row")


async def test_a_sensor_is_found_by_a_few_letters(factory: Factory, page: Page) -> None:
    site, area, line, machine = MACHINE.split("/")
    await sign_in(page, factory)
    await page.get_by_role("navigation", name="Main").wait_for()
    await page.keyboard.press("Control+k")
    palette = page.get_by_role("dialog", name="Search the plant")
    await expect(palette.get_by_role("combobox")).to_be_focused()
    await page.keyboard.type(f"{site} {area} {line[-1]} {machine.replace('-', ' ')} vibr")
    await expect(palette.get_by_role("option").first).to_contain_text("Vibration velocity")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile(f"/plant/{SENSOR}$"))
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Vibration velocity")


async def test_the_tree_draws_what_is_seen_of_it_alone(factory: Factory, page: Page) -> None:
    await sign_in(page, factory)
    await page.get_by_role("button", name="Plant tree").click()
    tree = page.get_by_role("treegrid", name="Plant tree")
    await page.get_by_label("Filter the tree").fill("vibration")
    await expect(rows(tree).filter(has_text="Vibration velocity").first).to_be_visible()
    assert await rows(tree).count() < LINES * MACHINES, "all that match are in the page, and not those in sight alone"


async def test_a_part_is_chosen_among_a_thousand_which_cost_nothing_before(factory: Factory, page: Page) -> None:
    await sign_in(page, factory)
    await page.goto(f"http://127.0.0.1:{factory.port}/alarms?under={MACHINE}")
    part = page.get_by_label("Part of the plant")
    await expect(part).to_have_value(MACHINE)
    assert await part.get_by_role("option").count() == 2, "the whole plant, and what is chosen"
    await part.click()
    await expect(part).to_have_value(MACHINE)
    await expect(part.get_by_role("option").nth(LINES * MACHINES)).to_be_attached()
    await part.select_option(LINE)
    await expect(page).to_have_url(re.compile(f"under={LINE.replace('/', '(/|%2F)')}$"))


async def test_a_sensor_is_three_clicks_away(factory: Factory, page: Page) -> None:
    await sign_in(page, factory)
    for path in (LINE, MACHINE, SENSOR):
        await page.locator(f'#main a[href="/plant/{path}"]').first.click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text(QUANTITIES["vibration"][0])
