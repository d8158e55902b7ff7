"""What a person does with a sensor: go down to it, see it move, trace a value, export and import its history."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

from playwright.async_api import Page, expect

from andon.common.testing.factory import Factory
from andon.common.testing.waiting import eventually
from gallery.browser import sign_in

from .conftest import IN_A_BROWSER, PRESS, click_through
from .press import WAY_DOWN, warming

pytestmark = IN_A_BROWSER
SHOWN_SECONDS = 15 * 60
"""Of the chart, as it opens."""


async def test_from_the_overview_down_to_a_value_that_moves(factory: Factory, page: Page) -> None:
    async with warming(factory, "warm press"):
        await sign_in(page, factory)
        for site in ("Berlin", "munich"):
            await expect(page.get_by_role("region", name=site)).to_be_visible()
        for deep, path in enumerate(WAY_DOWN, 2):
            await click_through(page, path)
            steps = page.get_by_role("navigation", name="Breadcrumb").get_by_role("listitem")
            await expect(steps).to_have_count(deep)
        await expect(page.get_by_role("heading", name="Oil temperature")).to_be_visible()
        await expect(page.get_by_role("img", name="Trend of Oil temperature").locator("canvas")).to_be_visible()
        await page.get_by_text("Distribution and statistics").click()
        await expect(page.get_by_role("img", name="Distribution of Oil temperature")).to_be_visible()
        await expect(page.get_by_text("Standard deviation")).to_be_visible()

        value = page.locator("#main header, #main .current").get_by_text(re.compile(r"\d+\.\d °C")).first
        await expect(value).to_be_visible()
        seen = await value.inner_text()
        await expect(value).not_to_have_text(seen)

        up = page.get_by_role("navigation", name="Breadcrumb").get_by_role("link", name="Press shop")
        await up.click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Press shop")


async def test_a_value_leads_to_the_message_it_came_by(factory: Factory, page: Page) -> None:
    begun = monotonic()
    async with warming(factory, "traced press"):
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

        chart = page.locator("#main .u-over")
        box = await chart.bounding_box()
        assert box is not None
        ago = (monotonic() - begun) / 2  # amid what came: at its end nothing may be drawn yet
        await chart.click(position={"x": box["width"] * (1 - ago / SHOWN_SECONDS), "y": box["height"] / 2})
        await expect(dialog).to_be_visible()


async def test_a_trend_becomes_a_file(factory: Factory, page: Page) -> None:
    async with warming(factory, "exported press"):
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
    await expect(dialog.get_by_text("This is not a time.")).to_be_visible()
    await dialog.get_by_label("To", exact=True).fill("2020-05-03T00:00Z")
    await dialog.get_by_role("button", name="Show").click()
    await expect(page.get_by_text("shares of each 10 min")).to_be_visible()
    await page.get_by_role("application", name="Shares of states").focus()
    await page.keyboard.press("ArrowLeft")
    await expect(page.get_by_text(re.compile(r"10 min 00 s\s+On \d"))).to_be_visible()
    await expect(sums).to_have_text(["On 66.7 % · 16 h 00 min", "Off 33.3 % · 8 h 00 min"])


async def test_a_trend_is_read_by_keys_and_says_what_was_not_good(factory: Factory, page: Page) -> None:
    begin = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(hours=1)
    for second in range(60):
        reading = {
            "asset": PRESS,
            "ts": round(begin.timestamp() * 1000) + second * 1000,
            "values": {"number": second / 1000},
        }
        doubt = {"quality": "uncertain"} if 20 <= second < 30 else {}
        await factory.call("POST", "/api/ingest/v1/readings", json=reading | doubt)
    stretch = f"from={begin.timestamp() * 1000:.0f}&to={(begin + timedelta(minutes=1)).timestamp() * 1000:.0f}"
    await eventually(lambda: has_count(factory, f"sensor={PRESS}/number&{stretch}", 60), timeout=60)
    await sign_in(page, factory)
    await page.goto(f"http://127.0.0.1:{factory.port}/plant/{PRESS}/number?{stretch}")
    figures = page.locator("#main li")
    await expect(figures.filter(has_text="10 values not good")).to_be_visible()
    await expect(
        figures.filter(has_text="greatest 0.059")
    ).to_be_visible()  # nobody said how many decimals: enough of them

    chart = page.get_by_role("application", name="Trend of number")
    await chart.focus()
    await page.keyboard.press("Home")
    readout = page.locator("[aria-live] > b")
    await expect(readout).to_have_text("0.000")
    await page.keyboard.press("ArrowRight")
    await expect(readout).to_have_text("0.001")
    await page.keyboard.press("Shift+ArrowRight")
    await page.keyboard.press("Shift+ArrowRight")
    await expect(page.get_by_text("not good", exact=True)).to_be_visible()
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Where this value came from")
    await expect(dialog.get_by_text("Safe on disk")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await chart.focus()
    await page.keyboard.press("+")
    await expect(page).not_to_have_url(re.compile(re.escape(stretch)))
    await page.get_by_text("As a table").click()
    table = page.get_by_role("table", name="Values of number")
    await expect(table.get_by_role("row").nth(1)).to_contain_text("0.0")


async def test_the_wheel_zooms_and_a_push_moves(factory: Factory, page: Page) -> None:
    begin = round(datetime(2022, 3, 3, 4, tzinfo=UTC).timestamp() * 1000)
    await sign_in(page, factory)
    await page.goto(f"http://127.0.0.1:{factory.port}/plant/{PRESS}/number?from={begin}&to={begin + 1_000_000}")
    area = page.locator(".u-over")
    await area.hover()
    await page.mouse.wheel(0, -400)
    await expect(page).not_to_have_url(re.compile(f"from={begin}&"))
    begun, ended = shown(page)
    assert begin < begun < ended < begin + 1_000_000

    box = await area.bounding_box()
    assert box is not None
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    await page.keyboard.down("Shift")
    await page.mouse.move(*middle)
    await page.mouse.down()
    await page.mouse.move(middle[0] + box["width"] / 4, middle[1], steps=5)
    await page.mouse.up()
    await page.keyboard.up("Shift")
    await expect(page).not_to_have_url(re.compile(f"from={begun}&"))
    moved, until = shown(page)
    assert moved < begun
    assert abs((until - moved) - (ended - begun)) <= 2


def shown(page: Page) -> tuple[int, int]:
    """The stretch in the address."""
    found = re.search(r"from=(\d+)&to=(\d+)", page.url)
    assert found is not None, page.url
    return int(found[1]), int(found[2])


async def has_count(factory: Factory, asked: str, count: int) -> bool:
    """Whether so many samples are stored."""
    return bool((await factory.call("GET", f"/api/query/v1/stats?{asked}"))["count"] == count)


async def is_rolled_up(factory: Factory, asked: str, known: timedelta) -> bool:
    """Whether a state is known for so long: what has just been imported is in the rollups seconds later."""
    durations = await factory.call("GET", f"/api/query/v1/durations?{asked}")
    rollups = await factory.call("GET", "/api/query/v1/rollups")
    return bool(durations["seconds"] == known.total_seconds() and not rollups["pending"])
