"""Sensors beside one another: chosen by typing, read under one crosshair, beside earlier; the address says it all."""

import re
from datetime import UTC, datetime, timedelta
from math import sin

from playwright.async_api import Locator, Page, expect

from andon.common.testing.factory import Factory
from andon.common.testing.waiting import eventually
from gallery.browser import sign_in

from .conftest import IN_A_BROWSER, PRESS

pytestmark = IN_A_BROWSER

OTHER = PRESS.replace("press-1", "press-2")
BEGIN = datetime(2021, 3, 4, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
STRETCH = f"from={BEGIN.timestamp() * 1000:.0f}&to={(BEGIN + HOUR).timestamp() * 1000:.0f}"


async def bring_history(factory: Factory) -> None:
    """Two hours of two presses, a value each ten seconds; in the first hour all is ten degrees colder."""
    for turn, machine in enumerate((PRESS, OTHER)):
        rows = ["time,oil_temperature,number"]
        for second in range(-3600, 3600, 10):
            warm = 50 + 10 * turn + 5 * sin(second % 3600 / 300) - (10 if second < 0 else 0)
            rows.append(f"{(BEGIN + timedelta(seconds=second)).isoformat()},{warm},{second}")
        await factory.call("POST", f"/api/ingest/v1/imports?asset={machine}", content="\n".join(rows).encode())

    async def all_there() -> bool:
        asked = [f"sensor={machine}/oil_temperature&{STRETCH}" for machine in (PRESS, OTHER)]
        return [(await factory.call("GET", f"/api/query/v1/stats?{one}"))["count"] for one in asked] == [360, 360]

    await eventually(all_there, timeout=60)


def legend(page: Page) -> Locator:
    return page.get_by_role("table", name="Sensors of the comparison").locator("tbody").get_by_role("row")


async def add(page: Page, typed: str) -> None:
    field = page.get_by_role("combobox", name="Add a sensor")
    await field.click()
    await field.fill(typed)
    await page.get_by_role("option").first.click()


async def test_two_presses_are_compared_and_the_address_says_all_of_it(factory: Factory, page: Page) -> None:
    await bring_history(factory)
    await sign_in(page, factory)
    await page.goto(f"http://127.0.0.1:{factory.port}/plant/{PRESS}/oil_temperature?{STRETCH}")
    await page.get_by_role("main").get_by_role("link", name="Compare").click()
    await expect(legend(page)).to_have_count(1)
    await add(page, "press-2 oil berlin")
    await expect(legend(page)).to_have_count(2)
    await expect(page).to_have_url(re.compile(f"sensor={PRESS}/oil_temperature&sensor={OTHER}/oil_temperature"))

    one, other = legend(page).nth(0), legend(page).nth(1)
    await expect(one).to_contain_text("45.0 °C")  # least
    await expect(other).to_contain_text("65.0 °C")  # greatest
    chart = page.get_by_role("img", name="Comparison of")
    await chart.hover()
    await expect(page.get_by_role("columnheader", name="2021")).to_be_visible()  # the instant under the crosshair
    values = [await row.get_by_role("cell").nth(1).inner_text() for row in (one, other)]
    cold, warm = (float(value.removesuffix(" °C")) for value in values)
    assert abs(warm - cold - 10) < 0.2  # both at one instant

    await page.get_by_label("Earlier period").select_option("1h")
    await expect(page.get_by_text("thin line: 1 h earlier")).to_be_visible()
    for row in (one, other):
        await expect(row).to_contain_text("+10.0 °C")  # of the mean
    await page.get_by_role("button", name="Per sensor").click()
    await expect(page.get_by_role("img", name="Comparison of")).to_have_count(2)

    shared = await page.context.new_page()
    await shared.goto(page.url)
    await expect(legend(shared)).to_have_count(2)
    await expect(legend(shared).nth(1)).to_contain_text("+10.0 °C")
    await expect(shared.get_by_label("Earlier period")).to_have_value("1h")
    await expect(shared.get_by_role("button", name="Per sensor")).to_have_attribute("aria-pressed", "true")
    await expect(shared.get_by_role("img", name="Comparison of")).to_have_count(2)
    await shared.get_by_role("button", name=re.compile("^Remove press-2")).click()
    await expect(legend(shared)).to_have_count(1)


async def test_charts_above_one_another_share_the_crosshair_and_the_time(factory: Factory, page: Page) -> None:
    await bring_history(factory)
    await sign_in(page, factory)
    sensors = f"sensor={PRESS}/oil_temperature&sensor={PRESS}/number&sensor={OTHER}/oil_temperature"
    await page.goto(f"http://127.0.0.1:{factory.port}/compare?{sensors}&{STRETCH}&stacked")
    charts = page.get_by_role("application", name="Comparison of")
    await expect(charts).to_have_count(3)
    await expect(legend(page).nth(2)).to_contain_text("65.0 °C")  # all is loaded
    await charts.nth(0).focus()
    await page.keyboard.press("Home")
    hairs = page.locator(".u-over > i:not([hidden])")
    await expect(hairs).to_have_count(6)  # in each chart a line, and a dot on the value
    await expect(legend(page).nth(1).get_by_role("cell").nth(1)).to_have_text("0.0")
    await page.keyboard.press("ArrowRight")
    await expect(legend(page).nth(1).get_by_role("cell").nth(1)).to_have_text("10.0")

    await page.keyboard.press("+")
    await expect(page).not_to_have_url(re.compile(re.escape(STRETCH)))
    await expect(page).to_have_url(re.compile(r"stacked=sensor"))

    await page.goto(f"http://127.0.0.1:{factory.port}/compare?{sensors}&{STRETCH}&stacked=unit&pair")
    await expect(page.get_by_role("img", name="Comparison of")).to_have_count(2)
    await page.get_by_role("button", name=re.compile("oil temperature and .* 1.00", re.IGNORECASE)).first.click()
    await expect(page.get_by_role("img", name=re.compile("across"))).to_be_visible()
    await expect(page).to_have_url(re.compile("pair=0-2"))


async def test_what_cannot_be_drawn_says_why(factory: Factory, page: Page) -> None:
    await sign_in(page, factory)
    await page.goto(f"http://127.0.0.1:{factory.port}/compare")
    await expect(page.get_by_text("Choose sensors, of any machines")).to_be_visible()
    await page.goto(f"http://127.0.0.1:{factory.port}/compare?sensor={PRESS}/state&sensor=gone/away&{STRETCH}")
    await expect(legend(page).nth(0)).to_contain_text("it has no axis of values")
    await expect(legend(page).nth(1)).to_contain_text("not in the plant")
