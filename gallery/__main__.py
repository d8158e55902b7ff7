"""`python -m gallery`: every page of the web, photographed. Read this first.

pages.py is the list of pages, which axe and bench use, too; demo.py the Andon they show, with what has gone wrong in it
and what people have done about it (arranged.yaml); browser.py the Chromium, camera.py the pictures, axe.py and
width.py what is wrong with a page.
"""

import asyncio
import logging
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.console import Console

from gallery.browser import chromium, signed_in
from gallery.camera import LOOKS, Camera, file_name, sizes_of
from gallery.demo import demo
from gallery.pages import PAGES

FOLDER = Path(__file__).resolve().parents[1] / "docs/screenshots"
RISE = 150.0
"""Seconds in which values drift over their limits before the pictures: a chart is to show how it came."""

app = typer.Typer(add_completion=False)


@app.command()
def screenshots(
    *,
    only: Annotated[str, typer.Option(help="Pages whose name holds this word.")] = "",
    out: Annotated[Path, typer.Option(help="Folder for the pictures.")] = FOLDER,
    quick: Annotated[bool, typer.Option("--quick", help="Values jump over their limits: no waiting.")] = False,
) -> None:
    """Start a demo Andon, wait until it has alarms to show, and photograph every page into docs/screenshots."""
    logging.disable(logging.CRITICAL)
    console = Console()
    out.mkdir(parents=True, exist_ok=True)
    asyncio.run(_take(out, console, only=only, rise=0.0 if quick else RISE))
    if not only:
        _tidy(out)
    size = sum(file.stat().st_size for file in out.glob("*.webp"))
    console.print(f"{len(list(out.glob('*.webp')))} pictures, {size / 1e6:.1f} MB, in {out}", highlight=False)


async def _take(out: Path, console: Console, *, only: str, rise: float) -> None:
    with TemporaryDirectory(prefix="andon-gallery-") as folder, console.status("The demo factory starts ...") as status:
        async with demo(Path(folder), rise=rise) as factory, chromium() as browser:
            camera = Camera(browser, f"http://127.0.0.1:{factory.port}", await signed_in(browser, factory))
            for page in PAGES:
                for size in sizes_of(page):
                    if only in page.name:
                        status.update(f"{page.name}, {size}")
                        await camera.take(page, size, out)


def _tidy(out: Path) -> None:
    """Remove pictures of pages that are no more, and write the page that shows the others."""
    wanted = {file_name(page, look, size) for page in PAGES for size in sizes_of(page) for look in LOOKS}
    for file in out.glob("*.webp"):
        if file.name not in wanted:
            file.unlink()
    lines = ["# Screenshots", "", "Taken by `./justw screenshots` from the demo factory; not edited by hand.", ""]
    for page in PAGES:
        lines += [f"## {page.name}", "", *_shown(page.name), ""]
    (out / "README.md").write_text("\n".join(lines))


def _shown(name: str) -> list[str]:
    return [f"![{name}, {look}]({name}-{look}-desktop.webp)" for look in LOOKS]


if __name__ == "__main__":
    app(prog_name="screenshots")
