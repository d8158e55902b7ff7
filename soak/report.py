"""Report: each fault and what became of it, as a table for people and as JSON."""

import os
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import orjson
from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from bench.report import machine, number
from soak.scene import Outcome

LATE = 30.0
"""Seconds after healing from which on a recovery is shown in yellow."""


@dataclass
class Report:
    """One run. `memory`: the most bytes each process of Andon's had. `story`: ends of logs when something is wrong."""

    seed: int
    began: datetime = field(default_factory=lambda: datetime.now(UTC))
    outcomes: list[Outcome] = field(default_factory=list)
    acknowledged: int = 0
    memory: dict[str, int] = field(default_factory=dict)
    story: str = ""

    @property
    def complaints(self) -> int:
        """How many faults did not end as they must."""
        return sum(bool(outcome.complaints) for outcome in self.outcomes)


def line(outcome: Outcome) -> Text:
    """One fault while the soak runs."""
    mark, style = ("✗", "bold red") if outcome.complaints else ("✓", "green")
    shown = "" if outcome.shown is None else f"shown after {_s(outcome.shown)}, "
    return Text.assemble((f"  {mark} ", style), outcome.fault, (f"  {shown}well after {_s(outcome.recovered)}", "dim"))


def show(report: Report) -> Group:
    """The table: single faults one by one, and the sum."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold dim")
    table.add_column("", overflow="fold")
    for name in ("shown", "well again"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("found", no_wrap=True)
    for outcome in report.outcomes:
        table.add_row(*_row(outcome))
    minutes = (datetime.now(UTC) - report.began).total_seconds() / 60
    title = Text.assemble(("Andon soak", "bold"), f" · {machine()} · seed {report.seed} · {minutes:.0f} min")
    return Group(Text(), title, table, _sum(report))


def write(report: Report, file: Path | None) -> Path:
    """Write the JSON; its path."""
    if file is None:
        file = Path(os.environ.get("ANDON_HOME", ".andon")) / "soak" / f"{report.began:%Y%m%dT%H%M%SZ}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(orjson.dumps({**asdict(report), "complaints": report.complaints}, option=orjson.OPT_INDENT_2))
    return file


def _row(outcome: Outcome) -> list[Text]:
    mark, style = ("✗ ", "bold red") if outcome.complaints else ("✓ ", "green")
    shown = Text("" if outcome.shown is None else _s(outcome.shown))
    well = Text(_s(outcome.recovered), "yellow" if outcome.recovered > LATE else "")
    found = ", ".join(f"{len(what)} {name}" for name, what in outcome.verdict.complaints().items())
    return [Text.assemble((mark, style), outcome.fault), shown, well, Text(found or "nothing", style.strip())]


def _s(seconds: float) -> str:
    return f"{number(seconds)} s"


def _sum(report: Report) -> Text:
    memory = ", ".join(f"{name} {size >> 20} MB" for name, size in report.memory.items())
    verdict = (
        ("none lost, double, wrong, or unexplained", "green")
        if not report.complaints
        else (f"{report.complaints} of {len(report.outcomes)} did not end as they must", "bold red")
    )
    what = f"{len(report.outcomes)} faults, {report.acknowledged:,} samples acknowledged: "
    return Text.assemble(what, verdict, (f"\nAt most {memory}.", "dim"))
