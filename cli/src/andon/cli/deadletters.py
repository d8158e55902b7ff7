"""`andon deadletters`: what could not be used and why, and the way back once the cause is mended."""

from time import time_ns
from typing import Any

from rich.table import Table
from rich.text import Text

from andon.cli.client import Client
from andon.cli.progress import console, hint, printable, say
from andon.cli.settings import UpSettings
from andon.common.times import ns_to_iso

URL = "/api/ingest/v1/deadletters"


async def show(settings: UpSettings, wanted: dict[str, str], limit: int) -> None:
    """List the newest letters that match.

    Raises:
        SetupError: Andon does not answer, or does not know such a filter.
    """
    async with Client(settings) as client:
        page = await client.call("GET", URL, params={**wanted, "limit": limit})
    if not page["items"]:
        say("✓", "No dead letters: everything that matches could be used.")
        return
    table = Table("when", "reason", "from", "why", box=None, padding=(0, 2, 0, 0), header_style="dim")
    for letter in page["items"]:
        # What a device wrote is text, whatever brackets and colours it holds.
        source, detail = (Text(printable(letter[part])) for part in ("source", "detail"))
        table.add_row(letter["at"], letter["reason"], source, detail)
    console.print(table)
    if page["next_cursor"]:
        say("·", "There are older ones; --limit shows more, and the page 'Dead letters' all of them.")


async def replay(settings: UpSettings, wanted: dict[str, str], *, yes: bool) -> None:
    """Say how many of the letters that match can be used now; with `yes`, make them readings.

    Raises:
        SetupError: Andon does not answer, or does not know such a filter.
    """
    body = {**wanted, "to": ns_to_iso(time_ns())}  # what comes meanwhile is not meant
    async with Client(settings) as client:
        done = await _all(client, {**body, "dry_run": not yes})
    verb = "are readings now" if yes else "can be used now"
    say("✓" if done["replayed"] else "·", f"{done['replayed']} dead letter(s) {verb}.")
    if done["still_refused"]:
        reasons = "".join(f"\n{r['count']} from {r['source']}: {r['detail']}" for r in done["refused"])
        say("!", f"{done['still_refused']} {'stay' if yes else 'would stay'}:{reasons}")
    if done["replayed"] and not yes:
        hint("Nothing is changed. Add --yes to replay them.")


async def _all(client: Client, body: dict[str, Any]) -> dict[str, Any]:
    """Call by call until all that match were tried; the sum, with the reasons of the first call that has some."""
    total: dict[str, Any] = {"replayed": 0, "still_refused": 0, "refused": []}
    cursor = None
    while True:
        done = await client.call("POST", f"{URL}/replay", json={**body, "cursor": cursor})
        total["replayed"] += done["replayed"]
        total["still_refused"] += done["still_refused"]
        total["refused"] = total["refused"] or done["refused"]
        cursor = done["next_cursor"]
        if cursor is None:
            return total
