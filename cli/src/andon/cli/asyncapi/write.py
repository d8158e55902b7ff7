"""`andon asyncapi`: the AsyncAPI documents as files. Nothing is started, nobody is asked."""

import json
from pathlib import Path

from andon.cli.asyncapi import mqtt, nats, websocket
from andon.cli.asyncapi.spec import write as written
from andon.cli.progress import say

DOCUMENTS = {"mqtt": mqtt.DOCUMENT, "nats": nats.DOCUMENT, "websocket": websocket.DOCUMENT}


def write(folder: Path) -> None:
    """Write `<folder>/<name>.json` for each document."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, document in DOCUMENTS.items():
        target = folder / f"{name}.json"
        target.write_text(text(written(document)))
        say("✓", str(target))


def text(document: dict[str, object]) -> str:
    """A document as its file has it."""
    return json.dumps(document, indent=2, allow_nan=False, ensure_ascii=False) + "\n"
