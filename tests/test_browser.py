"""What a person does in a browser: go down to a sensor, see it move, acknowledge an alarm, replay dead letters."""

import asyncio
import json
import os
import re
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import aiomqtt
import pytest
import pytest_asyncio
from playwright.async_api import Page, async_playwright, expect

from andon.common import jobs
from andon.common.testing.factory import Credential, Factory
from andon.common.testing.waiting import eventually

from .conftest import PLANT as PRESSES
from .conftest import PRESS

PLANT = PRESSES.replace("{key: number}", "{key: number}\n      - {key: guard, name: Guard, datatype: bool}")
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WAY_DOWN = [PRESS.rsplit("/", above)[0] for above in (3, 2, 1)] + [PRESS, f"{PRESS}/oil_temperature"]
ALARM = "Oil temperature is 81.2 °C, above 65 °C"
PAST_ALARM = "Oil temperature was 81.2 °C, above 65 °C"
PATIENCE = 30_000
"""Milliseconds; two busy cores run a browser, too."""

expect.set_options(timeout=PATIENCE)
pytestmark = [pytest.mark.timeout(240), pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def factory(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Factory]:
    rule = {
        "name": "Oil hot",
        "scope": {"sensor": f"{PRESS}/oil_temperature"},
        "condition": {"above": 65},
        "severity": "high",
    }
    async with Factory(tmp_path_factory.mktemp("andon")) as started:
        await started.apply_plant(PLANT)
        await started.call("POST", "/api/alerting/v1/rules", json=rule)
        yield started


@pytest_asyncio.fixture(loop_scope="module")
async def page() -> AsyncIterator[Page]:
    """An empty tab of the system's Chromium; a page that throws, or is denied something, fails the test."""
    program = next(path for name in CHROMIUM if (path := shutil.which(name)))
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=[*root, "--disable-dev-shm-usage"])
        tab = await browser.new_page(viewport={"width": 1400, "height": 900})
        tab.set_default_timeout(PATIENCE)
        wrong: list[str] = []
        tab.on("pageerror", lambda error: wrong.append(str(error)))
        tab.on(
            "response", lambda answer: wrong.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None
        )
        yield tab
        await browser.close()
    assert wrong == []


async def oil_warms(factory: Factory, device: Credential) -> None:
    """Publish a temperature that grows a little each time, until cancelled."""
    async with factory.device(device) as gateway:
        for step in count():
            values = {"state": "RUN", "oil_temperature": 40 + step % 200 / 10}
            await gateway.publish(f"factory/{PRESS}", json.dumps({"values": values}), qos=1)
            await asyncio.sleep(0.25)  # a press that reports four times a second


async def sign_in(page: Page, factory: Factory) -> None:
    await page.goto(f"http://127.0.0.1:{factory.port}/")
    await page.get_by_label("Name").fill("admin")
    await page.get_by_label("Password").fill((factory.folder / "admin-password").read_text().strip())
    await page.get_by_role("button", name="Sign in").click()


async def click_through(page: Page, path: str) -> None:
    """Follow the link of the page itself, not of the navigation, to a place in the plant."""
    await page.locator(f'#main a[href="/plant/{path}"]').first.click()
    await expect(page).to_have_url(re.compile(re.escape(f"/plant/{path}") + r"(\?.*)?$"))


async def test_from_the_overview_down_to_a_value_that_moves(factory: Factory, page: Page) -> None:
    device = await factory.add_device("warm press", PRESS)
    press = asyncio.create_task(oil_warms(factory, device))
    try:
        await sign_in(page, factory)
        for site in ("Berlin", "munich"):
            await expect(page.get_by_role("region", name=site)).to_be_visible()
        for deep, path in enumerate(WAY_DOWN, 2):
            await click_through(page, path)
            steps = page.get_by_role("navigation", name="Breadcrumb").get_by_role("listitem")
            await expect(steps).to_have_count(deep)
        await expect(page.get_by_role("heading", name="Oil temperature")).to_be_visible()
        await expect(page.get_by_role("img", name="Trend of Oil temperature").locator("canvas")).to_be_visible()
        await page.get_by_text("Distribution").click()
        await expect(page.get_by_role("img", name="Distribution of Oil temperature")).to_be_visible()
        await expect(page.get_by_text("Standard deviation")).to_be_visible()

        value = page.locator("#main header, #main .current").get_by_text(re.compile(r"\d+\.\d °C")).first
        await expect(value).to_be_visible()
        seen = await value.inner_text()
        await expect(value).not_to_have_text(seen)

        up = page.get_by_role("navigation", name="Breadcrumb").get_by_role("link", name="Press shop")
        await up.click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Press shop")
    finally:
        await jobs.end(press)


async def test_a_value_leads_to_the_message_it_came_by(factory: Factory, page: Page) -> None:
    device = await factory.add_device("traced press", PRESS)
    press = asyncio.create_task(oil_warms(factory, device))
    try:
        await sign_in(page, factory)
        for path in WAY_DOWN:
            await click_through(page, path)
        await page.get_by_role("button", name="Trace…").click()
        dialog = page.get_by_role("dialog", name="Where this value came from")
        for hop in ("Measured", "Arrived at Andon", "Safe on disk", "In the history"):
            await expect(dialog.get_by_text(hop)).to_be_visible()
        await expect(dialog.get_by_text(f"factory/{PRESS}", exact=True)).to_be_visible()
        await expect(
            dialog.get_by_text(re.compile(r'^\{"values": \{"state": "RUN", "oil_temperature": 4'))
        ).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(dialog).to_be_hidden()

        chart = page.get_by_role("img", name="Trend of Oil temperature")
        box = await chart.bounding_box()
        assert box is not None
        await chart.click(position={"x": box["width"] / 2, "y": box["height"] / 2})
        await expect(dialog).to_be_visible()
    finally:
        await jobs.end(press)


async def test_a_trend_becomes_a_file(factory: Factory, page: Page) -> None:
    device = await factory.add_device("exported press", PRESS)
    press = asyncio.create_task(oil_warms(factory, device))
    try:
        await sign_in(page, factory)
        for path in WAY_DOWN:
            await click_through(page, path)
        await page.get_by_role("button", name="Export…").click()
        dialog = page.get_by_role("dialog", name="Export")
        async with page.expect_download() as downloading:
            await dialog.get_by_role("button", name="Export").click()
        file = await downloading.value
        assert file.suggested_filename.endswith(".csv")
        head, *lines = (await file.path()).read_text().splitlines()
        assert head == f"time,{PRESS}/oil_temperature"
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d),\d+(\.\d+)?", lines[-1])
        await expect(dialog.get_by_text("is ready")).to_be_visible()
        await dialog.get_by_role("button", name="Close", exact=True).last.click()
        await expect(dialog).to_be_hidden()
        await expect(page.get_by_role("button", name="Export…")).to_be_focused()
    finally:
        await jobs.end(press)


async def test_history_is_looked_at_and_then_imported(factory: Factory, page: Page, tmp_path: Path) -> None:
    rows = [f"2019-05-01T{n // 60:02d}:{n % 60:02d}:00Z,{20 + n / 100},{n}" for n in range(1000)]
    file = tmp_path / "old.csv"
    file.write_text("\n".join(["time,oil_temperature,colour", *rows, "yesterday,1,2", "2019-05-02T00:00:00Z,hot,3"]))
    await sign_in(page, factory)
    await expect(page.get_by_role("region", name="Berlin")).to_be_visible()
    await page.goto(f"http://127.0.0.1:{factory.port}/plant/{PRESS}")
    await page.get_by_role("button", name="Import…").click()
    dialog = page.get_by_role("dialog", name="Import history")
    await dialog.get_by_label("File").set_input_files(file)
    await dialog.get_by_role("button", name="Look at the file").click()
    await expect(dialog.get_by_text("1,000 samples of 1 sensor can be used; 2 cells cannot.")).to_be_visible()
    await expect(dialog.get_by_text("Not in the plant, and left out: colour.")).to_be_visible()
    await expect(dialog.get_by_text("expected a number, got 'hot'")).to_be_visible()
    await dialog.get_by_role("button", name="Import 1,000 samples").click()
    await expect(dialog.get_by_text("1,000 samples are imported and stored.")).to_be_visible()
    async with page.expect_download() as download:
        await dialog.get_by_role("button", name="Save 2 refused cells").click()
    assert "'yesterday' is no time" in (await (await download.value).path()).read_text()
    await dialog.get_by_role("button", name="Close").last.click()
    await expect(dialog).to_be_hidden()


async def test_a_switch_tells_how_long_it_was_on_however_often_it_changed(factory: Factory, page: Page) -> None:
    begin = datetime(2020, 5, 1, tzinfo=UTC)
    turns = [begin + timedelta(minutes=6 * n + after) for n in range(6000) for after in (0, 4)]
    file = "time,guard\n" + "\n".join(f"{at.isoformat()},{str(n % 2 == 0).lower()}" for n, at in enumerate(turns))
    await factory.call("POST", f"/api/ingest/v1/imports?asset={PRESS}", content=file.encode())
    stretch = f"from={begin.timestamp() * 1000:.0f}&to={(begin + timedelta(days=25)).timestamp() * 1000:.0f}"
    await eventually(lambda: is_rolled_up(factory, f"sensor={PRESS}/guard&{stretch}", timedelta(days=25)), timeout=60)
    await sign_in(page, factory)
    await expect(page.get_by_role("region", name="Berlin")).to_be_visible()
    await page.goto(f"http://127.0.0.1:{factory.port}/plant/{PRESS}/guard?{stretch}")
    sums = page.get_by_role("list", name="How long in each state").get_by_role("listitem")
    await expect(page.get_by_text("what held longest in each 5 min; the sums below are exact")).to_be_visible()
    await expect(sums).to_have_text(["On 66.7 % · 16 d 16 h", "Off 33.3 % · 8 d 8 h"])

    await page.get_by_role("button", name="Custom…").click()
    dialog = page.get_by_role("dialog", name="Show from")
    await dialog.get_by_label("From", exact=True).fill("2020-05-02T00:00Z")
    await dialog.get_by_label("To", exact=True).fill("2020-05-32")
    await expect(dialog.get_by_text("This is no time.")).to_be_visible()
    await dialog.get_by_label("To", exact=True).fill("2020-05-03T00:00Z")
    await dialog.get_by_role("button", name="Show").click()
    await expect(page.get_by_text("shares of each 10 min")).to_be_visible()
    await expect(sums).to_have_text(["On 66.7 % · 16 h 00 min", "Off 33.3 % · 8 h 00 min"])


async def is_rolled_up(factory: Factory, asked: str, known: timedelta) -> bool:
    """Whether a state is known for so long: what has just been imported is in the rollups seconds later."""
    durations = await factory.call("GET", f"/api/query/v1/durations?{asked}")
    rollups = await factory.call("GET", "/api/query/v1/rollups")
    return bool(durations["seconds"] == known.total_seconds() and not rollups["pending"])


async def test_an_alarm_appears_and_is_acknowledged_with_a_comment(factory: Factory, page: Page) -> None:
    device = await factory.add_device("hot press", PRESS)
    await sign_in(page, factory)
    await page.get_by_role("navigation", name="Main").get_by_role("link", name="Alarms").click()
    await expect(page.get_by_text("No open alarms")).to_be_visible()

    async with factory.device(device) as gateway:
        await say(gateway, 81.2)
        row = page.get_by_role("row").filter(has_text=ALARM)
        await expect(row).to_contain_text("Not acknowledged")
        await row.get_by_role("button", name=f"Acknowledge {ALARM}").click()
        dialog = page.get_by_role("dialog", name="Acknowledge alarm")
        await dialog.get_by_label("Comment").fill("Cooler is being cleaned")
        await dialog.get_by_role("button", name="Acknowledge").click()
        await expect(dialog).to_be_hidden()
        await expect(row).to_contain_text("admin: “Cooler is being cleaned”")

        await say(gateway, 40)
        await expect(row).to_be_hidden()
    await page.get_by_role("button", name="Closed").click()
    await page.get_by_role("button", name=PAST_ALARM).click()
    journal = page.get_by_role("dialog", name=PAST_ALARM).get_by_role("list", name="Journal").get_by_role("listitem")
    await expect(journal).to_contain_text(["Raised", "Acknowledged by admin", "Back to normal"])


async def test_an_alarm_is_shelved_with_a_reason_and_asks_again_once_it_is_not(factory: Factory, page: Page) -> None:
    device = await factory.add_device("shelved press", PRESS)
    await sign_in(page, factory)
    await page.get_by_role("navigation", name="Main").get_by_role("link", name="Alarms").click()
    row = page.get_by_role("row").filter(has_text=ALARM)

    async with factory.device(device) as gateway:
        await say(gateway, 81.2)
        await row.get_by_role("button", name=ALARM, exact=True).click()
        dialog = page.get_by_role("dialog", name=ALARM)
        await dialog.get_by_role("button", name="Shelve").click()
        form = dialog.get_by_role("form", name="Shelve")
        await form.get_by_label("For").select_option("4h")
        await form.get_by_label("Reason").fill("Spare cooler ordered")
        await form.get_by_role("button", name="Shelve").click()
        journal = dialog.get_by_role("list", name="Journal").get_by_role("listitem")
        await expect(journal).to_contain_text(["Raised", "Shelved by admin“Spare cooler ordered”"])
        await page.keyboard.press("Escape")
        await expect(page.get_by_text("No open alarms")).to_be_visible()

        await page.get_by_role("button", name=re.compile("^Shelved")).click()
        await expect(row).to_contain_text("by admin: “Spare cooler ordered”")
        await row.get_by_role("button", name=ALARM, exact=True).click()
        await dialog.get_by_role("button", name="Unshelve").click()
        await expect(dialog.get_by_role("definition").filter(has_text="Not acknowledged")).to_be_visible()
        await page.keyboard.press("Escape")
        await page.get_by_role("button", name=re.compile("^Open")).click()
        await expect(row).to_contain_text("Not acknowledged")
        await say(gateway, 40)
        await expect(page.get_by_role("row").filter(has_text=PAST_ALARM)).to_contain_text("Returned")


async def test_a_rule_is_tried_on_the_past_before_it_is_made(factory: Factory, page: Page) -> None:
    device = await factory.add_device("tried press", PRESS)
    async with factory.device(device) as gateway:
        for value in (20, 60, 20):
            await say(gateway, value)
    await sign_in(page, factory)
    await page.get_by_role("navigation", name="Main").get_by_role("link", name="Rules").click()
    await page.get_by_role("button", name="New rule").click()
    dialog = page.get_by_role("dialog", name="New rule")
    await dialog.get_by_label("Name").fill("Oil warm")
    await dialog.get_by_role("combobox", name="Sensor").fill("press 1 oil")
    await page.keyboard.press("Enter")
    await dialog.get_by_label(re.compile("^Limit")).fill("50")
    for delay in ("On delay", "Off delay"):
        await dialog.get_by_label(delay).fill("0s")
    await dialog.get_by_role("button", name="The last 7 days").click()
    await expect(dialog.get_by_text(re.compile("It would have raised"))).to_be_visible()
    await dialog.get_by_role("button", name="Create rule").click()
    await expect(page.get_by_role("row").filter(has_text="Oil warm")).to_contain_text("above 50")


FORGOTTEN = "munich/pressing/line-1/press-2"


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
    await page.get_by_label("Text").fill("press-2")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="3 of the same, unfold")).to_be_visible()
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
    await page.get_by_role("button", name="Show the letter").click()
    letter = page.get_by_role("dialog", name="Unknown machine")
    await expect(letter.get_by_text('{"values": {"number": 2}}')).to_be_visible()
    await letter.get_by_role("button", name="Hex").click()
    await expect(letter).to_contain_text("7b 22 76 61 6c 75 65 73")
    async with page.expect_download() as saved:
        await letter.get_by_role("button", name="Save bytes").click()
    assert (await (await saved.value).path()).read_text() == '{"values": {"number": 2}}'
    await letter.get_by_role("button", name="Close").click()


async def say(gateway: aiomqtt.Client, temperature: float) -> None:
    await gateway.publish(f"factory/{PRESS}/oil_temperature", str(temperature), qos=1)
