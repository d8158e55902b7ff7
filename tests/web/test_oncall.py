"""What people do about on call: make turns and a policy, take over tonight, and silence a part they work on."""

import re

import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from andon.common.testing.factory import Factory
from gallery.browser import sign_in

from .conftest import IN_A_BROWSER, PRESS

pytestmark = IN_A_BROWSER

ROTA = "maintenance rota"
LINE = PRESS.rsplit("/", 1)[0]


@pytest_asyncio.fixture(scope="module", loop_scope="session", autouse=True)
async def people(factory: Factory) -> None:
    """Channels of three people; that of the first admin notifies their browsers."""
    for name in ("ada", "ben"):
        channel = {"name": name, "kind": "email", "target": f"{name}@example.com"}
        await factory.call("POST", "/api/alerting/v1/channels", json=channel)
    mine = {"name": "the boss", "kind": "push", "target": "admin"}
    await factory.call("POST", "/api/alerting/v1/channels", json=mine)


async def add(dialog: Locator, field: str, *names: str) -> None:
    """Type names into a list of members."""
    for name in names:
        await dialog.get_by_role("combobox", name=field).fill(name)
        await dialog.page.keyboard.press("Enter")
        await expect(dialog.get_by_role("button", name=f"Take {name} out")).to_be_visible()


async def test_turns_and_a_policy_are_made_and_tonight_is_taken_over(factory: Factory, page: Page) -> None:
    await sign_in(page, factory)
    await page.get_by_role("navigation", name="Main").get_by_role("link", name="On call").click()

    await page.get_by_role("button", name="New schedule").click()
    making = page.get_by_role("dialog", name="New schedule")
    await making.get_by_label("Name").fill(ROTA)
    await add(making, "In order of their turns", "ada", "ben")
    await making.get_by_label("A turn takes").fill("1d")
    await making.get_by_role("button", name="Create schedule").click()
    rota = page.get_by_role("region", name=ROTA)
    await expect(rota).to_contain_text(re.compile("(ada|ben)until .*, then (ada|ben)"))
    duty = page.get_by_role("region", name="Am I on call?")
    await expect(duty).to_contain_text("You are not on call")

    await page.get_by_role("button", name="New policy").click()
    writing = page.get_by_role("dialog", name="New policy")
    await writing.get_by_label("Name").fill("call maintenance")
    await add(writing, "Call channels or schedules", ROTA)
    await writing.get_by_role("button", name="Add a step").click()
    await add(writing.get_by_role("group", name="Step 2"), "Call channels or schedules", "the boss")
    await writing.get_by_role("button", name="Create policy").click()
    steps = page.get_by_role("row").filter(has_text="call maintenance").get_by_role("listitem")
    await expect(steps).to_have_text([f"at once: {ROTA}", "after 15 min: the boss"])

    await rota.get_by_role("button", name="Take over").click()
    taking = page.get_by_role("dialog", name=f"Take over in {ROTA}")
    await expect(taking.get_by_role("combobox")).to_have_value("the boss")
    await taking.get_by_role("button", name="8 h").click()
    await taking.get_by_role("button", name="Take over").click()
    await expect(duty).to_contain_text(re.compile(f"You are on call until .*{ROTA} · then (ada|ben)"))
    await expect(rota.get_by_role("list", name="Who takes over")).to_contain_text("the boss takes over from")

    await rota.get_by_role("button", name="the boss does not take over").click()
    await expect(duty).to_contain_text("You are not on call")
    await page.get_by_role("button", name="Undo").click()
    await expect(duty).to_contain_text("You are on call until")


async def test_a_part_is_silenced_while_it_is_worked_on_and_the_silence_ended(factory: Factory, phone: Page) -> None:
    await sign_in(phone, factory)
    await phone.goto(f"http://127.0.0.1:{factory.port}/oncall?tab=silences&under={LINE}")
    dialog = phone.get_by_role("dialog", name="Maintenance window")
    await expect(dialog.get_by_label("Part of the plant")).to_have_value(LINE)
    await dialog.get_by_role("button", name="8 h").tap()
    await dialog.get_by_label("Reason").fill("new oil")
    await dialog.get_by_role("button", name="Create maintenance window").tap()
    row = phone.get_by_role("row").filter(has_text="new oil")
    await expect(row).to_contain_text("Holds now")
    await expect(phone).to_have_url(re.compile(r"/oncall\?tab=silences$"))
    assert await phone.evaluate("document.documentElement.scrollWidth <= innerWidth")

    await row.get_by_role("button", name="End the silence").tap()
    asking = phone.get_by_role("dialog", name="End now")
    await asking.get_by_role("button", name="End now").tap()
    await expect(phone.get_by_text("Nothing is silenced")).to_be_visible()
    await phone.get_by_label("Those that are over, too").check()
    await expect(row).to_contain_text("Ended by admin")


async def test_it_is_all_said_in_german(factory: Factory, page: Page) -> None:
    await sign_in(page, factory)
    await page.goto(f"http://127.0.0.1:{factory.port}/settings")
    await page.get_by_label("Language").select_option("de")
    await page.goto(f"http://127.0.0.1:{factory.port}/oncall")
    await expect(page.get_by_role("heading", name="Wer Bereitschaft hat")).to_be_visible()
    await expect(page.get_by_role("region", name="Habe ich Bereitschaft?")).to_contain_text(re.compile("Sie haben"))
    await page.get_by_role("button", name="Stummschaltungen").click()
    await page.get_by_role("button", name="Stummschalten").click()
    dialog = page.get_by_role("dialog", name="Stummschalten")
    await dialog.get_by_label("Art").select_option("Wartung")
    await expect(page.get_by_role("button", name="Wartungsfenster anlegen")).to_be_enabled()
