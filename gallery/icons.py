"""Icons of the installed pages, from web/public/andon.svg: `python -m gallery.icons` after the picture has changed."""

import asyncio
from pathlib import Path

from playwright.async_api import Browser

from gallery.browser import chromium

PUBLIC = Path(__file__).parents[1] / "web" / "public"
GREY = "#dcdedf"

ICONS = {"andon-192": (192, 0.16, 0.76), "andon-512": (512, 0.16, 0.76), "andon-maskable-512": (512, 0.0, 0.56)}
"""Name -> size in pixels, how round the corners are, and how much of it the lamp fills.

A system that cuts its own shape out of the maskable one leaves the middle four fifths.
"""


async def draw(browser: Browser, name: str, size: int, corner: float, fill: float) -> None:
    """Write one icon as PNG."""
    page = await browser.new_page(viewport={"width": size, "height": size})
    lamp = (PUBLIC / "andon.svg").read_text()
    await page.set_content(
        f"<style>body {{ margin: 0; background: transparent }} div {{ width: {size}px; height: {size}px; display: grid;"
        f" place-items: center; background: {GREY}; border-radius: {size * corner}px }} svg {{ width: {fill:.0%} }}"
        "</style>"
        f"<div>{lamp}</div>"
    )
    await page.screenshot(path=PUBLIC / "icons" / f"{name}.png", omit_background=True)
    await page.close()


async def main() -> None:
    """Draw all of them."""
    async with chromium() as browser:
        for name, (size, corner, fill) in ICONS.items():
            await draw(browser, name, size, corner, fill)


if __name__ == "__main__":
    asyncio.run(main())
