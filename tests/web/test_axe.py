"""No page does wrong to those who see, hear or move differently: axe, in every theme, at a desk and on a phone.

And none is wider than what it is shown on.
"""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, StorageState
from playwright.async_api import Page as Tab

from andon.common.testing.factory import Factory
from gallery.axe import OF_COLOUR, violations
from gallery.browser import DESKTOP, PHONE, signed_in
from gallery.demo import demo
from gallery.pages import PAGES, THEMES, Page, Theme, dress, visit
from gallery.width import too_wide

from .conftest import IN_A_BROWSER

SIZES = {"desktop": DESKTOP, "phone": PHONE}

pytestmark = IN_A_BROWSER


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def factory(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Factory]:
    async with demo(tmp_path_factory.mktemp("andon")) as started:
        yield started


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def known(browser: Browser, factory: Factory) -> StorageState:
    return await signed_in(browser, factory)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
async def test_axe_finds_nothing_and_the_page_fits(
    page: Page, browser: Browser, factory: Factory, known: StorageState
) -> None:
    found = []
    for size, viewport in SIZES.items():
        context = await browser.new_context(viewport=viewport, storage_state=known if page.signed_in else None)
        tab = await context.new_page()
        await visit(tab, f"http://127.0.0.1:{factory.port}", page)
        # What a phone shows has the colours of the desk: the themes are gone through there.
        themes = THEMES if size == "desktop" else THEMES[:1]
        found += [f"{size}, {wrong}" for wrong in [*await too_wide(tab), *await in_themes(tab, themes)]]
        await context.close()
    assert not found, "\n".join(found)


async def in_themes(tab: Tab, themes: tuple[Theme, ...]) -> list[str]:
    """Violations, each with its theme: of all rules in the first one, and in the others of those of colour."""
    found = []
    for theme in themes:
        await dress(tab, theme)
        wrong = await violations(tab, None if theme == themes[0] else OF_COLOUR)
        found += [f"{theme}: {line}" for line in wrong]
    return found
