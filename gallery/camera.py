"""Camera: pictures of the pages, small and sharp, by the name of page, theme and size."""

import io
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, StorageState, ViewportSize

from gallery.browser import DESKTOP, PHONE, TABLET
from gallery.pages import Page, Theme, dress, visit

SIZES: dict[str, ViewportSize] = {"desktop": DESKTOP, "tablet": TABLET, "phone": PHONE}
LOOKS: tuple[Theme, ...] = ("light", "dark")

_COLOURS = 128  # enough for flat pages: no colour is off by more than the eye sees, and a file has some 20 kB
_ROUNDS = 3  # of moving these to where most pixels are: the greys of the ground stay what they are
_SHARP = 2  # pixels of the picture for one of a phone's page


def sizes_of(page: Page) -> list[str]:
    """Sizes a page is photographed in."""
    return [size for size in SIZES if size != "phone" or page.phone]


def file_name(page: Page, look: Theme, size: str) -> str:
    """`<page>-<theme>-<size>.webp`."""
    return f"{page.name}-{look}-{size}.webp"


@dataclass(frozen=True)
class Camera:
    """A browser in front of the Andon at `base`, held by the person `known` there."""

    browser: Browser
    base: str
    known: StorageState

    async def take(self, page: Page, size: str, folder: Path) -> None:
        """Photograph a page in all its looks, at the same moment."""
        context = await self.browser.new_context(
            viewport=SIZES[size],
            device_scale_factor=_SHARP if size == "phone" else 1,
            locale="en-GB",
            timezone_id="Europe/Berlin",
            storage_state=self.known if page.signed_in else None,
        )
        tab = await context.new_page()
        await visit(tab, self.base, page)
        if page.later:
            await tab.locator(page.later).filter(visible=True).first.wait_for()
        for look in LOOKS:
            await dress(tab, look)
            folder.joinpath(file_name(page, look, size)).write_bytes(small(await tab.screenshot()))
        await context.close()


def small(png: bytes) -> bytes:
    """The picture as WebP of few colours, without loss beyond these."""
    whole = Image.open(io.BytesIO(png)).convert("RGB")
    flat = whole.quantize(_COLOURS, Image.Quantize.MAXCOVERAGE, kmeans=_ROUNDS, dither=Image.Dither.NONE)
    written = io.BytesIO()
    flat.convert("RGB").save(written, "WEBP", lossless=True, quality=100, method=4)
    return written.getvalue()
