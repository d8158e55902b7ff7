"""`python -m deploy.docker.pin`: write down which images the tags of others name today, for all who build after it.

With `--check`: only say which images have no digest yet.
"""

import re
import sys
from functools import cache
from pathlib import Path
from typing import Annotated

import httpx
import typer

from andon.common.errors import SetupError
from deploy.docker import references, registry

ROOT = Path(__file__).parents[2]
PLACES: dict[str, re.Pattern[str]] = {
    "deploy/docker/Dockerfile": references.BASE,
    "deploy/compose/compose.yaml": references.SERVICE,
    "deploy/compose/watch.yaml": references.SERVICE,
}
"""File -> how images stand in it."""
PATIENCE_S = 30
app = typer.Typer(add_completion=False)


@app.command()
def pin(
    *,
    check: Annotated[bool, typer.Option("--check", help="Change nothing: fail where an image has no digest.")] = False,
    root: Annotated[Path, typer.Option(help="The checkout.")] = ROOT,
) -> None:
    """Write the digests of the images of others into the files that name them."""
    texts = {name: (root / name).read_text() for name in PLACES}
    if check:
        missing = [
            f"{one} in {name}" for name, text in texts.items() for one in references.unpinned(text, PLACES[name])
        ]
        sys.exit(
            f"No digest: {', '.join(missing)}.\n  -> just pin-images, and commit what it wrote" if missing else None
        )
    try:
        made = _pinned(texts)
    except SetupError as error:
        sys.exit(f"{error}\n  -> {error.hint}")
    for name, text in made.items():
        (root / name).write_text(text)


def _pinned(texts: dict[str, str]) -> dict[str, str]:
    """All files, or none of them: an image that cannot be asked for leaves everything as it is."""
    with httpx.Client(timeout=PATIENCE_S, follow_redirects=True) as client:

        @cache
        def digest(image: references.Reference) -> str:
            found = registry.digest(client, image)
            print(f"{image}@{found}")
            return found

        return {name: references.pin(text, PLACES[name], digest) for name, text in texts.items()}


if __name__ == "__main__":
    app(prog_name="python -m deploy.docker.pin")
