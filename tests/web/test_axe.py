"""No page does wrong to those who see, hear or move differently: axe, in every theme, at a desk and on a phone.

And none is wider than what it is shown on.
"""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, StorageState
from playwright.async_api import Page as Tab

from andon.common.testing.factory import Factory
from gallery.axe import OF_COLOUR, violations
from gallery.browser import PHONE, signed_in
from gallery.demo import demo
from gallery.pages import PAGES, THEMES, Page, Theme, dress, is_drawn, visit
from gallery.width import too_wide

from .conftest import IN_A_BROWSER

NOBODY: StorageState = {"cookies": [], "origins": []}

pytestmark = IN_A_BROWSER


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def factory(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Factory]:
    async with demo(tmp_path_factory.mktemp("andon")) as started:
        yield started


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def known(browser: Browser, factory: Factory) -> StorageState:
    return await signed_in(browser, factory)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
async def test_axe_finds_nothing_and_the_page_fits(
    page: Page, desk: BrowserContext, factory: Factory, known: StorageState
) -> None:
    await desk.set_storage_state(known if page.signed_in else NOBODY)
    async with await desk.new_page() as tab:
        await visit(tab, f"http://127.0.0.1:{factory.port}", page)
        found = [f"desktop, {wrong}" for wrong in [*await too_wide(tab), *await in_themes(tab, THEMES)]]
        # On a phone it is the same page, turned narrow; its colours are the desk's, which were gone through.
        await tab.set_viewport_size(PHONE)
        await is_drawn(tab)
        found += [f"phone, {wrong}" for wrong in [*await too_wide(tab), *await in_themes(tab, THEMES[:1])]]
    assert not found, "\n".join(found)


async def in_themes(tab: Tab, themes: tuple[Theme, ...]) -> list[str]:
    """Violations, each with its theme: of all rules in the first one, and in the others of those of colour."""
    found = []
    for theme in themes:
        await dress(tab, theme)
        wrong = await violations(tab, None if theme == themes[0] else OF_COLOUR)
        found += [f"{theme}: {line}" for line in wrong]
    return found
