"""What the stories of the pages share: an Andon of the module's own, a Chromium, and tabs that forgive nothing.

A module of stories begins with

    from .conftest import IN_A_BROWSER
    pytestmark = IN_A_BROWSER

and its stories take:

- `factory`: one `andon up` for all stories of the module. Its plant is PLANT, its one rule OIL_HOT; a module that needs
  others has a module-scoped fixture `plant` (YAML) or `rules` (a list of bodies for POST /rules) of its own.
- `page`: an empty tab, 1400 x 900; `phone`: one of 390 x 844 that is touched. Nothing is left in it of the story before
  but the code of the pages, which costs a second to fetch and read again. A page that throws, or an answer of 400 and
  more, fails the story in the end.
- `mishaps`: the list of these. A story that breaks something itself looks at them, and clears the list.

`gallery.browser.sign_in(page, factory)` is the way in; `press.py` here is a press with something to say. Modules run
side by side (`--dist loadscope`), each on ports of its own, and a module's Andon starts once: keep together what fits
together. A page that is new gets its line in `gallery/pages.py`, for axe, screenshots and bench.
"""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, expect
from tests.conftest import PLANT as PRESSES
from tests.conftest import PRESS

from andon.common.testing.factory import Factory
from gallery.browser import DESKTOP, PATIENCE, PHONE, chromium

IN_A_BROWSER = [pytest.mark.timeout(240), pytest.mark.asyncio(loop_scope="session")]
PLANT = PRESSES.replace("{key: number}", "{key: number}\n      - {key: guard, name: Guard, datatype: bool}")
OIL_HOT = {
    "name": "Oil hot",
    "scope": {"sensor": f"{PRESS}/oil_temperature"},
    "condition": {"above": 65},
    "severity": "high",
}

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def plant() -> str:
    """The plant of the module's factory."""
    return PLANT


@pytest.fixture(scope="module")
def rules() -> list[dict[str, Any]]:
    """Its rules."""
    return [OIL_HOT]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def factory(
    tmp_path_factory: pytest.TempPathFactory, plant: str, rules: list[dict[str, Any]]
) -> AsyncIterator[Factory]:
    async with Factory(tmp_path_factory.mktemp("andon")) as started:
        await started.apply_plant(plant)
        for rule in rules:
            await started.call("POST", "/api/alerting/v1/rules", json=rule)
        yield started


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as started:
        yield started


@pytest.fixture
def mishaps() -> list[str]:
    """What went wrong in the tabs of a story."""
    return []


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def desk(browser: Browser) -> AsyncIterator[BrowserContext]:
    """A browser at a desk, of the module's own."""
    async with await browser.new_context(viewport=DESKTOP) as context:
        yield context


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def hand(browser: Browser) -> AsyncIterator[BrowserContext]:
    """A browser in a hand, of the module's own."""
    touched: dict[str, Any] = {"is_mobile": True, "has_touch": True, "device_scale_factor": 2}
    async with await browser.new_context(viewport=PHONE, **touched) as context:
        yield context


@pytest_asyncio.fixture(loop_scope="session")
async def page(desk: BrowserContext, factory: Factory, mishaps: list[str]) -> AsyncIterator[Page]:
    async for tab in _tab(desk, factory, mishaps):
        yield tab


@pytest_asyncio.fixture(loop_scope="session")
async def phone(hand: BrowserContext, factory: Factory, mishaps: list[str]) -> AsyncIterator[Page]:
    async for tab in _tab(hand, factory, mishaps):
        yield tab


async def _tab(context: BrowserContext, factory: Factory, mishaps: list[str]) -> AsyncIterator[Page]:
    tab = await context.new_page()
    await _forget(tab, f"http://127.0.0.1:{factory.port}")
    tab.set_default_timeout(PATIENCE)
    tab.on("pageerror", lambda error: mishaps.append(str(error)))
    tab.on("response", lambda said: mishaps.append(f"{said.status} {said.url}") if said.status >= 400 else None)
    yield tab
    for opened in context.pages:
        await opened.close()
    await context.set_offline(offline=False)
    assert mishaps == []


async def _forget(tab: Page, origin: str) -> None:
    """As at a browser that has never been there, but for its cache of files."""
    session = await tab.context.new_cdp_session(tab)
    await session.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
    await session.detach()


def only_refused(mishaps: list[str]) -> None:
    """What a page was asking for as its person signed out was refused, and nothing else went wrong."""
    assert all(wrong.startswith("401 ") for wrong in mishaps)
    mishaps.clear()


async def click_through(page: Page, path: str) -> None:
    """Follow the link of the page itself, not of the navigation, to a place in the plant."""
    await page.locator(f'#main a[href="/plant/{path}"]').first.click()
    await expect(page).to_have_url(re.compile(re.escape(f"/plant/{path}") + r"(\?.*)?$"))
