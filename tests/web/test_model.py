"""What an engineer does with the plant: add a line and a machine, give a type a sensor, take it all out as a file."""

import re

from playwright.async_api import FilePayload, Locator, Page, expect
from tests.conftest import PRESS

from andon.common.testing.factory import Factory
from gallery.browser import sign_in

from .conftest import IN_A_BROWSER

pytestmark = IN_A_BROWSER

AREA = "munich/pressing"


async def test_a_line_and_a_machine_are_added_and_appear_in_the_overview(factory: Factory, page: Page) -> None:
    await sign_in(page, factory)
    await open_place(page, factory, AREA)
    await page.get_by_role("button", name="Add line").click()
    await add(page.get_by_role("dialog", name="New line"), "Line Süd 2")
    await expect(page).to_have_url(re.compile(r"/model\?at=munich%2Fpressing%2Fline-sued-2$"))

    await page.get_by_role("button", name="Add machine").click()
    machine = page.get_by_role("dialog", name="New machine")
    await machine.get_by_label("Machine type").select_option("press")
    await add(machine, "Press 9")
    await expect(page.get_by_role("region", name="Sensors")).to_contain_text("Oil temperature")
    await expect(page.get_by_role("row", name="Press 9")).to_have_attribute("aria-selected", "true")

    await page.get_by_role("navigation", name="Main").get_by_role("link", name="Plant", exact=True).click()
    await expect(page.locator(f'#main a[href^="/plant/{AREA}/line-sued-2"]').first).to_be_visible()
    await page.goto(f"http://127.0.0.1:{factory.port}/plant/{AREA}/line-sued-2")
    await expect(page.locator("#main")).to_contain_text("Press 9")


async def test_a_machine_is_held_tighter_than_its_type_and_only_once_it_is_saved(factory: Factory, page: Page) -> None:
    await sign_in(page, factory)
    await open_place(page, factory, PRESS)
    await page.get_by_role("button", name="Edit Oil temperature").click()
    sensor = page.get_by_role("dialog", name="Edit Oil temperature")
    await sensor.get_by_label("H", exact=True).fill("80")
    await expect(sensor).to_contain_text("Limits rise")
    await sensor.get_by_label("H", exact=True).fill("60")
    await sensor.get_by_role("button", name="OK").click()
    changes = page.get_by_role("region", name="1 change")
    await expect(changes).to_contain_text("High limit: 65.0 °C → 60.0 °C")
    assert await limit_of_oil(factory) == 65

    await page.get_by_role("navigation", name="Main").get_by_role("link", name="Alarms").click()
    leaving = page.get_by_role("dialog", name="Leave without saving?")
    await leaving.get_by_role("button", name="Stay").click()
    await changes.get_by_role("button", name="Save").click()
    await expect(changes).to_be_hidden()
    await expect(page.get_by_role("row", name=re.compile("Oil temperature"))).to_contain_text("its type, changed here")
    assert await limit_of_oil(factory) == 60


async def test_who_saves_last_does_not_undo_what_another_did(factory: Factory, page: Page) -> None:
    await sign_in(page, factory)
    await open_place(page, factory, AREA)
    await page.get_by_label("Name", exact=True).fill("Pressing hall")
    await factory.call("PATCH", f"/api/registry/v1/assets/{AREA}", json={"name": "Hall of presses"})
    changes = page.get_by_role("region", name="1 change")
    await changes.get_by_role("button", name="Save").click()
    await expect(changes.get_by_role("alert")).to_contain_text("Somebody else has changed this meanwhile")
    await changes.get_by_role("button", name="Show how it is now").click()
    await expect(page.get_by_label("Name", exact=True)).to_have_value("Hall of presses")


async def test_a_type_gets_a_sensor_and_a_page_and_all_its_machines_with_it(factory: Factory, page: Page) -> None:
    await sign_in(page, factory)
    await page.get_by_role("navigation", name="Main").get_by_role("link", name="Machine types").click()
    await page.locator("#main").get_by_role("link", name="press", exact=True).click()
    await page.get_by_role("button", name="Add sensor").click()
    sensor = page.get_by_role("dialog", name="New sensor")
    await sensor.get_by_label("Name").fill("Ram force")
    await expect(sensor.get_by_label("Key")).to_have_value("ram_force")
    await sensor.get_by_label("Unit (UCUM)").fill("kN")
    await sensor.get_by_role("button", name="OK").click()
    await page.get_by_role("button", name="Add section").click()
    section = page.get_by_role("group", name="Section New section")
    await section.get_by_label("Add a sensor").select_option("Ram force")
    await expect(page.get_by_role("complementary", name="Preview")).to_contain_text("Ram force")
    changes = page.get_by_role("region", name="2 changes")
    await changes.get_by_role("button", name="Save").click()
    await expect(changes).to_be_hidden()

    machine = await factory.call("GET", f"/api/registry/v1/assets/{PRESS}")
    assert "ram_force" in [one["key"] for one in machine["sensors"]]
    await page.get_by_role("button", name="Delete type").click()
    await expect(page.get_by_role("dialog", name="Delete press?")).to_contain_text("Give them another type first.")


async def test_the_plant_goes_out_as_a_file_and_coming_in_again_changes_nothing(factory: Factory, page: Page) -> None:
    await sign_in(page, factory)
    await page.goto(f"http://127.0.0.1:{factory.port}/model")
    async with page.expect_download() as saved:
        await page.get_by_role("button", name="Export").click()
    file = await (await saved.value).path()
    await look_at(page, file.read_text())
    dialog = page.get_by_role("dialog", name="Import plant file")
    await expect(dialog).to_contain_text("Nothing would change.")

    await dialog.get_by_role("button", name="Another file").click()
    await look_at(page, "sites: [{slug: hamburg, areas: [{slug: mixing}]}]")
    await expect(dialog).to_contain_text("2 things new, 0 changed")
    await dialog.get_by_role("button", name="Apply 2 changes").click()
    await expect(page.get_by_role("row", name="hamburg")).to_be_visible()


async def test_a_place_is_deleted_once_nothing_is_below_it(factory: Factory, page: Page) -> None:
    await factory.call("POST", "/api/registry/v1/assets", json={"kind": "site", "slug": "oslo", "name": "Oslo"})
    area = {"parent": "oslo", "kind": "area", "slug": "hall", "name": "Hall"}
    await factory.call("POST", "/api/registry/v1/assets", json=area)
    await sign_in(page, factory)
    await open_place(page, factory, "oslo")
    await page.get_by_role("button", name="Delete", exact=True).click()
    refused = page.get_by_role("dialog", name="Delete Oslo?")
    await expect(refused).to_contain_text("Oslo has 1 place below it.")
    await refused.get_by_role("button", name="Close").last.click()

    await page.get_by_role("row", name="Hall", exact=True).click()
    await page.get_by_role("button", name="Delete", exact=True).click()
    await page.get_by_role("dialog", name="Delete Hall?").get_by_role("button", name="Delete").click()
    await expect(page.get_by_role("row", name="Hall", exact=True)).to_be_hidden()
    await expect(page).to_have_url(re.compile(r"at=oslo$"))


async def open_place(page: Page, factory: Factory, path: str) -> None:
    await page.goto(f"http://127.0.0.1:{factory.port}/model?at={path}")
    await expect(page.get_by_label("Name", exact=True)).to_be_visible()


async def add(dialog: Locator, name: str) -> None:
    """Fill in the name, from which the short name is made, and add."""
    await dialog.get_by_label("Name", exact=True).fill(name)
    await dialog.locator("button[type=submit]").click()
    await expect(dialog).to_be_hidden()


async def look_at(page: Page, text: str) -> None:
    dialog = page.get_by_role("dialog", name="Import plant file")
    if not await dialog.is_visible():
        await page.get_by_role("button", name="Import").click()
    content = FilePayload(name="plant.yaml", mimeType="application/yaml", buffer=text.encode())
    await dialog.get_by_label("Plant file").set_input_files(content)
    await dialog.get_by_role("button", name="Look at the file").click()


async def limit_of_oil(factory: Factory) -> float:
    machine = await factory.call("GET", f"/api/registry/v1/assets/{PRESS}")
    return float(next(one for one in machine["sensors"] if one["key"] == "oil_temperature")["limits"]["h"])
