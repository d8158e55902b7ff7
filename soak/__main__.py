"""`python -m soak`: a whole Andon under load, broken in every way there is, and judged each time. Read this first.

plan.py says which fault strikes when, faults.py how; scene.py is the Andon, its network and its load; press.py the
machines, journal.py what they were told is safe, oracle.py what must be true of it, watch.py what was seen meanwhile.
"""

import asyncio
import logging
import secrets
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from andon.common.errors import AndonError
from soak.faults import ALL
from soak.plan import chosen
from soak.report import Report, show, write
from soak.run import run

app = typer.Typer(add_completion=False)


@app.command()
def soak(
    *,
    minutes: Annotated[float, typer.Option(help="How long; each fault strikes once in any case.")] = 10,
    seed: Annotated[int | None, typer.Option(help="Of the random pairs; printed, for a run that repeats them.")] = None,
    only: Annotated[str, typer.Option(help="Faults whose name holds one of these words: kill,disk")] = "",
    names: Annotated[bool, typer.Option("--names", help="Say which faults there are, and do nothing.")] = False,
    out: Annotated[Path | None, typer.Option(help="JSON file [.andon/soak/<time>.json]")] = None,
) -> None:
    """Every fault once, then random pairs; ends with status 1 when anything is lost, double, wrong or unexplained."""
    logging.disable(logging.CRITICAL)  # connections break all the time here; what counts is in the report
    console = Console()
    if names:
        console.print("\n".join(fault.name for fault in ALL), highlight=False)
        return
    try:
        faults = chosen([word.strip() for word in only.split(",") if word.strip()])
    except LookupError as error:
        console.print(f"No fault's name holds '{error.args[0]}'. --names lists them.")
        sys.exit(2)
    report = Report(secrets.randbelow(10**6) if seed is None else seed)
    console.print(f"[bold]Andon soak[/] · {len(faults)} faults, then pairs · --seed {report.seed}", highlight=False)
    try:
        asyncio.run(run(faults, report, console, minutes=minutes))
    except AndonError as error:
        console.print(f"[red]✗[/] {error} {getattr(error, 'hint', '')}")
        sys.exit(2)
    console.print(show(report))
    console.print(f"[dim]{write(report, out)}[/]")
    sys.exit(1 if report.complaints else 0)


if __name__ == "__main__":
    app(prog_name="soak")
