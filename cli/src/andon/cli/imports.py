"""`andon import`: looks at a file, says what stands in it, and imports it once that is what was meant."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import typer
from rich.padding import Padding
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from andon.cli.client import Client
from andon.cli.progress import console, hint, printable, say
from andon.cli.settings import UpSettings
from andon.common.errors import SetupError

URL = "/api/ingest/v1/imports"
PIECE = 2**18
LOOK_SECONDS = 0.3
MOST_SENSORS = 30


async def run(
    settings: UpSettings, file: Path, wanted: dict[str, str], *, dry_run: bool, yes: bool, refused: Path | None
) -> None:
    """Look at a file; then, unless it is a dry run, import it if `yes`, or whoever is asked, says so.

    Raises:
        SetupError: Andon does not answer, or the file cannot be read; says what to change.
    """
    if not file.is_file():
        raise SetupError(f"There is no file {file}.", "Name a CSV, XLSX or Parquet file.")
    if not file.stat().st_size:
        raise SetupError(f"{file} is empty.", "Nothing is imported.")
    async with Client(settings) as client:
        looked = await _job(client, file, {**wanted, "dry_run": "true"}, "looking")
        _show(looked)
        if dry_run or not looked["samples"]:
            await _save_refused(client, looked, refused)
            return
        if not yes and not await _confirmed(looked):
            hint("Nothing is imported. Add --yes to import it.")
            return
        done = await _job(client, file, wanted, "importing")
        say("✓", f"{_count(done['samples'], 'sample is', 'samples are')} imported, and stored.")
        await _save_refused(client, done, refused)


async def _job(client: Client, file: Path, wanted: dict[str, str], what: str) -> dict[str, Any]:
    """Send a file, and follow its import to the end; Ctrl-C cancels it."""
    columns = (
        TextColumn(f"  {what}"),
        BarColumn(),
        TextColumn("{task.fields[samples]:,} samples"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        bar = bars.add_task(what, total=file.stat().st_size, samples=0)
        params = {**wanted, "name": file.name[:200]}
        job: dict[str, Any] = await client.call("POST", URL, params=params, content=_pieces(file))
        try:
            while job["state"] in ("waiting", "running"):
                await asyncio.sleep(LOOK_SECONDS)
                job = await client.call("GET", f"{URL}/{job['id']}")
                bars.update(bar, completed=job["bytes"], samples=job["samples"])
        except asyncio.CancelledError:
            await client.call("DELETE", f"{URL}/{job['id']}")
            say("!", f"Cancelled after {job['samples']:,} samples; what is imported stays.")
            raise
    if job["state"] != "done":
        rest = "Nothing is imported."
        if job["samples"] and "dry_run" not in wanted:
            rest = f"{job['samples']:,} samples came in before; to import the file again is harmless."
        raise SetupError(f"{file.name}: {job['detail'] or job['state']}", rest)
    return job


async def _pieces(file: Path) -> AsyncIterator[bytes]:
    with file.open("rb") as opened:
        while piece := await asyncio.to_thread(opened.read, PIECE):
            yield piece


def _show(job: dict[str, Any]) -> None:
    """What stands in the file."""
    report = job["report"]
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("sensor", overflow="fold")
    table.add_column("samples", justify="right", no_wrap=True)
    for name in ("from", "to"):
        table.add_column(name, no_wrap=True)
    for one in report["sensors"][:MOST_SENSORS]:
        table.add_row(
            Text(printable(one["sensor"])), f"{one['samples']:,}", _time_text(one["first"]), _time_text(one["last"])
        )
    console.print(Padding(table, (0, 0, 0, 2)))
    if len(report["sensors"]) > MOST_SENSORS:
        say("·", f"and {len(report['sensors']) - MOST_SENSORS} more sensors")
    mark = "✓" if job["samples"] else "!"
    rows, samples = _count(job["rows"], "row", "rows"), _count(job["samples"], "sample", "samples")
    say(mark, f"{rows} ({report['format']}, {report['layout']}): {samples} can be used.")
    if report["duplicates"]:
        least = "" if report["in_order"] else "at least "
        say("·", f"{least}{report['duplicates']:,} of them are of a time that came before; the last one counts")
    for note in report["notes"]:
        say("·", note)
    if report["unknown"]:
        say("!", "Not in the plant, and left out: " + ", ".join(report["unknown"][:10]))
    for reason, count in job["refused"].items():
        say("!", f"{count:,} cannot be used: {reason}")
    for one in report["problems"]:
        column = f", {one['column']}" if one["column"] else ""
        say("·", f"row {one['row']}{column}: {one['detail']}")


def _count(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"


def _time_text(iso: str) -> str:
    """To the second, in UTC: `2021-03-01 00:00:00Z`."""
    return f"{iso[:10]} {iso[11:19]}Z"


async def _confirmed(job: dict[str, Any]) -> bool:
    if not sys.stdin.isatty():
        return False
    return await asyncio.to_thread(typer.confirm, f"  Import {_count(job['samples'], 'sample', 'samples')}?")


async def _save_refused(client: Client, job: dict[str, Any], refused: Path | None) -> None:
    count = sum(job["refused"].values())
    if refused is None or not count:
        return
    refused.write_bytes(await client.download(f"{URL}/{job['id']}/refused"))
    say("·", f"What cannot be used is in {refused}; mended, it can be imported as it is.")
