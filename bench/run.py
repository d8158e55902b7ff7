"""Run: the scenarios in their order, each timed and told; the Andon they share starts when the first needs it."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from bench.report import Report, number
from bench.row import Row
from bench.scenarios import (
    alarm,
    backtest,
    broker_alone,
    burst,
    charts,
    clients,
    fifty_values,
    flood,
    history,
    influx_alone,
    latest,
    live,
    one_value,
    pages,
    recovery,
    rules,
    start,
)
from bench.stage import Stage

Scenario = Callable[[Stage], Awaitable[list[Row]]]

SCENARIOS: dict[str, Scenario] = {
    "influx": influx_alone.run,
    "broker": broker_alone.run,
    "one-value": one_value.run,
    "fifty-values": fifty_values.run,
    "live": live.run,
    "clients": clients.run,
    "alarm": alarm.run,
    "rules": rules.run,
    "burst": burst.run,
    "backtest": backtest.run,
    "latest": latest.run,
    "flood": flood.run,
    "history": history.run,
    "recovery": recovery.run,
    "start": start.run,
    "pages": pages.run,
    "charts": charts.run,
}


async def run(wanted: list[str], console: Console, *, quick: bool, page_minutes: float) -> Report:
    """Run scenarios; what they found."""
    report = Report(quick=quick)
    with TemporaryDirectory(prefix="andon-bench-") as folder:
        async with Stage(Path(folder), quick=quick, page_minutes=page_minutes) as stage:
            for name, scenario in SCENARIOS.items():
                if name in wanted:
                    await _run_one(name, scenario, stage, report, console)
    return report


async def _run_one(name: str, scenario: Scenario, stage: Stage, report: Report, console: Console) -> None:
    with console.status(f"{name} ..."):
        rows = await scenario(stage)
    report.rows += rows
    for row in rows:
        console.print(f"[dim]{name:>13}[/]  {row.name}: {number(row.value)} {row.unit}", highlight=False)
