"""`andon reference`: the pages of `docs/reference/` that are made, not written. Nothing is started, nobody is asked.

`http.py` and `channels.py` read the OpenAPI and AsyncAPI documents in that folder, `settings.py` the settings' classes,
`commands.py` the commands.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from andon.cli.progress import say
from andon.cli.reference import channels, commands, http, settings

NOTE = "<!-- Made by ./justw reference; not edited by hand. -->\n\n"


def write(folder: Path) -> None:
    """Write all pages into a folder that holds the documents."""
    for name, text in pages(folder):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        say("✓", str(target))


def pages(folder: Path) -> Iterator[tuple[str, str]]:
    """Each page: its name in the folder, and its text."""
    for file in sorted((folder / "openapi").glob("*.json")):
        yield f"http/{file.stem}.md", _page(http.page(file.stem, json.loads(file.read_text())))
    for file in sorted((folder / "asyncapi").glob("*.json")):
        yield f"asyncapi/{file.stem}.md", _page(channels.page(file.stem, json.loads(file.read_text())))
    yield "settings.md", _page(settings.page())
    yield "commands.md", _page(commands.page())


def _page(text: str) -> str:
    return NOTE + text.rstrip() + "\n"
