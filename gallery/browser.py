"""Browser: the system's Chromium, and a person who signs in with it. For stories, screenshots and bench alike."""

import os
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, Page, StorageState, ViewportSize, async_playwright, expect

from andon.common.errors import SetupError
from andon.common.testing.factory import Factory

DESKTOP = ViewportSize(width=1400, height=900)
TABLET = ViewportSize(width=1024, height=768)
PHONE = ViewportSize(width=390, height=844)
PATIENCE = 30_000
"""Milliseconds; two busy cores run a browser, too."""

_NOT = (
    "WebUIOmniboxPopup",  # a page behind the address bar of each window, drawn and laid out, and never seen
    "WebUIOmniboxAimPopup",
    # This list replaces that of playwright; here is what of it changes how a page behaves, or asks the network.
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
)
"""Features of Chromium that a page under test does without."""
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_LOGIN = re.compile(r"/login(\?|$)")


@asynccontextmanager
async def chromium(*options: str) -> AsyncIterator[Browser]:
    """A headless Chromium of the system, with command line options of its own.

    Raises:
        SetupError: there is none.
    """
    program = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if program is None:
        raise SetupError("There is no Chromium on this machine.", hint="Install the package chromium.")
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=program,
            args=[*root, "--disable-dev-shm-usage", f"--disable-features={','.join(_NOT)}", *options],
        )
        try:
            yield browser
        finally:
            await browser.close()


def admin_password(factory: Factory) -> str:
    """The first admin's password."""
    return (factory.folder / "admin-password").read_text().strip()


async def sign_in(page: Page, factory: Factory, name: str = "admin", password: str = "") -> None:
    """Sign in on the form, and wait until the first page is there; without a password, as the first admin."""
    await page.goto(f"http://127.0.0.1:{factory.port}/")
    await page.get_by_label("Name").fill(name)
    await page.get_by_label("Password").fill(password or admin_password(factory))
    await page.get_by_role("button", name="Sign in").click()
    await expect(page).not_to_have_url(_LOGIN)


async def signed_in(browser: Browser, factory: Factory) -> StorageState:
    """What the browser keeps of the first admin: who begins with it need not sign in."""
    context = await browser.new_context()
    await sign_in(await context.new_page(), factory)
    known = await context.storage_state()
    await context.close()
    return known
