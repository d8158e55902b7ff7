"""What a person does with dead letters: look at them, add the machine they meant, replay them."""

import json
import re

from playwright.async_api import Page, expect

from andon.common.testing.factory import Factory
from andon.common.testing.waiting import eventually
from gallery.browser import sign_in

from .conftest import IN_A_BROWSER, PLANT

FORGOTTEN = "munich/pressing/line-1/press-2"

pytestmark = IN_A_BROWSER


async def test_dead_letters_are_looked_at_and_replayed_once_their_machine_is_there(
    factory: Factory, page: Page
) -> None:
    device = await factory.add_device("forgotten press", "munich")
    async with factory.device(device) as gateway:
        for number in range(3):
            await gateway.publish(f"factory/{FORGOTTEN}", json.dumps({"values": {"number": number}}), qos=1)
    await eventually(lambda: would_replay(factory, {"replayed": 0, "still_refused": 3}))
    await sign_in(page, factory)
    await page.get_by_role("link", name="Dead letters").click()
    await page.get_by_label("Search", exact=True).fill("press-2")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name=re.compile("^3. the same, unfold"))).to_be_visible()
    await look_at_the_letter(page)

    await factory.apply_plant(PLANT + "              - {slug: press-2, type: press}\n")
    await eventually(lambda: would_replay(factory, {"replayed": 3, "still_refused": 0}))
    await page.get_by_role("button", name="Replay all that match").click()
    replay = page.get_by_role("dialog", name="Replay dead letters")
    await expect(replay).to_contain_text("3 letters match. All of them can be used now.")
    await replay.get_by_role("button", name="Replay 3 letters").click()
    await expect(replay).to_contain_text("3 letters are readings now, each at its own time.")
    await replay.get_by_role("button", name="Close").last.click()
    await expect(page.get_by_text("No such letter")).to_be_visible()


async def would_replay(factory: Factory, wanted: dict[str, int]) -> bool:
    body = {"under": FORGOTTEN, "dry_run": True}
    answer = await factory.call("POST", "/api/ingest/v1/deadletters/replay", json=body)
    return wanted == {name: answer[name] for name in wanted}


async def look_at_the_letter(page: Page) -> None:
    await page.get_by_role("button", name="show the letter").click()
    letter = page.get_by_role("dialog", name="Unknown machine")
    await expect(letter.get_by_text('{"values": {"number": 2}}')).to_be_visible()
    await letter.get_by_role("button", name="Hex").click()
    await expect(letter).to_contain_text("7b 22 76 61 6c 75 65 73")
    async with page.expect_download() as saved:
        await letter.get_by_role("button", name="Save bytes").click()
    assert (await (await saved.value).path()).read_text() == '{"values": {"number": 2}}'
    await letter.get_by_role("button", name="Close").click()
