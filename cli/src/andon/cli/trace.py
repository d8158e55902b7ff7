"""`andon trace`: from a stored value back to the message it came by, hop by hop."""

import base64
from typing import Any

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from andon.cli.client import Client
from andon.cli.progress import console, printable, say
from andon.cli.settings import UpSettings

URL = "/api/ingest/v1/trace"
MOST_SHOWN = 2000
"""Characters of a payload shown."""


async def trace(settings: UpSettings, sensor: str, ts: str) -> None:
    """Print where the value of a sensor at a time came from.

    Raises:
        SetupError: Andon does not answer, or knows no such value, or none any more; carries its words.
    """
    async with Client(settings) as client:
        found = await client.call("GET", URL, params={"sensor": sensor, "ts": ts})
    say("✓", f"{found['sensor']} at {found['ts']}: {found['value']}")
    if found["expression"]:
        say("·", "\n".join([f"calculated as {found['expression']}, from", *found["follows_from"]]))
    for item in found["items"]:
        console.print(Padding(_message(item), (0, 0, 0, 4)))
    if not found["complete"]:
        say("!", "The search was cut short: there may be more messages of this instant.")


def _message(item: dict[str, Any]) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for hop in item["hops"]:
        after = "" if hop["after_ms"] is None else _gap_text(hop["after_ms"])
        table.add_row(hop["name"], f"{hop['at']}  {after}")
    table.add_row("sent by", _text(item["by"] or " or ".join(item["devices"]) or item["source"]))
    if item["topic"]:
        table.add_row("file" if item["source"] == "import" else "topic", _text(item["topic"]))
    table.add_row("read as", _text(f"{item['form']}, by the rule {item['rule']}"))
    if item["source"] != "import":
        table.add_row("it says", _text(f"{item['value']}{'' if item['counts'] else ' (a newer one counts)'}"))
    payload = item["payload"]
    if item["encoding"] == "base64":
        payload = base64.b64decode(payload).decode(errors="replace")
    table.add_row("message", _text(payload[:MOST_SHOWN]), end_section=True)
    return table


def _gap_text(ms: float) -> str:
    """`+0.4 ms`, `+61.2 ms`, `+42 s`, `+3 h 2 min`, `+2096 d 4 h`; negative where a clock is ahead."""
    seconds = round(abs(ms) / 1000)
    if seconds < 10:
        return f"{ms:+,.1f} ms"
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86_400
    sign = "-" if ms < 0 else "+"
    if days:
        return f"{sign}{days} d {hours % 24} h"
    if hours:
        return f"{sign}{hours} h {minutes % 60} min"
    return f"{sign}{minutes} min {seconds % 60} s" if minutes else f"{sign}{seconds} s"


def _text(words: str) -> Text:
    """What a device wrote is text, whatever brackets and colours it holds."""
    return Text(printable(words))
