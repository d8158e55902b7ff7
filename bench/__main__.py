"""`python -m bench`: Andon as a whole on this machine, beside what its servers take alone. Read this first.

An `andon up` of its own (free ports, a folder that is removed afterwards) is loaded by the simulator's publishers;
each scenario is one file in `scenarios/` and returns rows of the final table. Rows name the design's targets.
"""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from andon.common import logs
from andon.common.errors import AndonError
from bench.report import show, write
from bench.run import SCENARIOS, run

app = typer.Typer(add_completion=False)


@app.command()
def bench(
    *,
    quick: Annotated[bool, typer.Option("--quick", help="A quarter of the load; figures are rougher.")] = False,
    only: Annotated[
        list[str] | None, typer.Option(help="One scenario; may be repeated: " + ", ".join(SCENARIOS))
    ] = None,
    page_minutes: Annotated[float, typer.Option(help="How long `charts` watches a page's memory.")] = 3,
    out: Annotated[Path | None, typer.Option(help="JSON file [.andon/bench/<time>.json]")] = None,
) -> None:
    """Measure throughput, latency, recovery, loss and memory; ends with status 1 when something was lost."""
    logs.setup("bench")
    console = Console()
    wanted = only or list(SCENARIOS)
    if wrong := [name for name in wanted if name not in SCENARIOS]:
        console.print(f"There is no scenario '{wrong[0]}'. There are: {', '.join(SCENARIOS)}.")
        sys.exit(2)
    try:
        report = asyncio.run(run(wanted, console, quick=quick, page_minutes=page_minutes))
    except AndonError as error:
        console.print(f"[red]✗[/] {error} {getattr(error, 'hint', '')}")
        sys.exit(2)
    console.print(show(report))
    console.print(f"[dim]{write(report, out)}[/]")
    sys.exit(1 if report.lost else 0)


if __name__ == "__main__":
    app(prog_name="bench")
