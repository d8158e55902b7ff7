"""What a person does with a device: add it, paste the example into it, see it speak; slow it, give it a new secret."""

import re
import shlex

import aiomqtt
from playwright.async_api import Locator, Page, expect
from tests.conftest import PRESS

from andon.common.testing.factory import Factory
from gallery.browser import sign_in

from .conftest import IN_A_BROWSER, click_through

pytestmark = IN_A_BROWSER


async def test_a_device_is_added_publishes_the_example_and_appears(factory: Factory, page: Page) -> None:
    await sign_in(page, factory)
    await page.get_by_role("navigation", name="Main").get_by_role("link", name="Devices").click()
    await page.get_by_role("button", name="Add device").click()
    adding = page.get_by_role("dialog", name="Add device")
    await adding.get_by_label("Name").fill("Press gateway")
    await adding.get_by_label("May publish for").focus()
    await adding.get_by_label("May publish for").select_option(PRESS)
    await adding.get_by_role("button", name="Add device").click()

    credential = page.get_by_role("dialog", name="Credential of Press gateway")
    await expect(credential.get_by_text("Waiting for its first message…")).to_be_visible()
    await run(await line(credential, "Try it from a shell"))
    await expect(credential.get_by_text("It sends: the first message is here.")).to_be_visible()
    await credential.get_by_role("button", name="I have copied it").click()

    row = page.get_by_role("row").filter(has_text="Press gateway")
    await expect(row).to_contain_text("Admitted")
    await expect(row).to_contain_text(re.compile(r"\d s ago"))
    await click_through(page, PRESS)
    await expect(page.get_by_role("link", name=re.compile("Oil temperature")).first).to_be_visible()
    await expect(page.locator("#main")).to_contain_text("32.5")


async def test_a_new_secret_ends_the_old_one_and_a_revoked_device_stays_listed(factory: Factory, page: Page) -> None:
    old = await factory.add_device("Old gateway", PRESS)
    await sign_in(page, factory)
    await page.goto(f"http://127.0.0.1:{factory.port}/devices?q=old")
    row = page.get_by_role("row").filter(has_text="Old gateway")
    await row.get_by_role("button", name="New secret for Old gateway").click()
    await page.get_by_role("dialog", name="New secret").get_by_role("button", name="Give a new secret").click()
    credential = page.get_by_role("dialog", name="Credential of Old gateway")
    assert await line(credential, "Password") != old.password
    await run(await line(credential, "Try it from a shell"))
    await credential.get_by_role("button", name="I have copied it").click()

    await row.get_by_role("button", name="Quota of Old gateway").click()
    quota = page.get_by_role("dialog", name="Quota of Old gateway")
    await quota.get_by_label("Messages a second").fill("12")
    await quota.get_by_role("button", name="Save").click()
    await expect(row).to_contain_text("of 12")

    await row.get_by_role("button", name="Revoke Old gateway").click()
    await page.get_by_role("dialog", name="Revoke device").get_by_role("button", name="Revoke device").click()
    await expect(row).to_contain_text("Revoked")
    await page.get_by_label("Show").select_option("Admitted")
    await expect(page.get_by_text("No such device.")).to_be_visible()


async def line(dialog: Locator, label: str) -> str:
    """What stands below a label, to be copied."""
    term = dialog.locator("dl div").filter(has=dialog.page.locator(f"dt:text-is('{label}')")).last
    return await term.locator("code").inner_text()


async def run(command: str) -> None:
    """Do what the line for a shell would: it is taken apart as a shell does, and published by a client of ours."""
    program, *words = shlex.split(command)
    assert program == "mosquitto_pub"
    given = dict(zip(words[::2], words[1::2], strict=True))
    host, port, user, password = given["-h"], int(given["-p"]), given["-u"], given["-P"]
    async with aiomqtt.Client(host, port, username=user, password=password, identifier=user) as device:
        await device.publish(given["-t"], given["-m"], qos=int(given["-q"]))
