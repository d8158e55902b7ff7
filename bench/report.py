"""Report: the rows as a table for people and as JSON for comparison."""

import os
import platform
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import orjson
from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from bench.row import Row


@dataclass
class Report:
    """All rows of one run, and where it ran."""

    rows: list[Row] = field(default_factory=list)
    quick: bool = False
    began: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def lost(self) -> int:
        """PUBACKed messages that InfluxDB does not hold."""
        return sum(row.loss or 0 for row in self.rows)


def machine() -> str:
    """The machine in a few words."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GB, {platform.system()} {platform.machine()}"


def show(report: Report) -> Group:
    """The table."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, title_justify="left", header_style="bold dim")
    table.add_column("", no_wrap=True)
    for name in ("measured", "target", "of the limit"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("lost", justify="right")
    before = ""
    for row in report.rows:
        if before and before != row.scenario:
            table.add_section()
        before = row.scenario
        table.add_row(_name(row), _value(row), _target(row), _ratio(row), _loss(row))
    title = Text.assemble(("Andon bench", "bold"), f" · {machine()}", (_mode(report), "dim"))
    return Group(Text(), title, table, _notes(report))


def write(report: Report, file: Path | None) -> Path:
    """Write the JSON; its path."""
    if file is None:
        file = Path(os.environ.get("ANDON_HOME", ".andon")) / "bench" / f"{report.began:%Y%m%dT%H%M%SZ}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    rows = [{**asdict(row), "ratio": row.ratio, "passed": row.passed} for row in report.rows]
    told = {"began": report.began, "machine": machine(), "quick": report.quick, "rows": rows}
    file.write_bytes(orjson.dumps(told, option=orjson.OPT_INDENT_2))
    return file


def number(value: float) -> str:
    """Three digits that count; thousands apart."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}".rstrip("0").rstrip(".") or "0"


def _mode(report: Report) -> str:
    return " · quick: a quarter of the load" if report.quick else ""


def _name(row: Row) -> Text:
    mark, style = {True: ("✓ ", "green"), False: ("✗ ", "bold red"), None: ("· ", "dim")}[row.passed]
    return Text.assemble((mark, style), row.name)


def _value(row: Row) -> Text:
    style = {True: "green", False: "bold red", None: ""}[row.passed]
    return Text.assemble((number(row.value), style), (f" {row.unit}", "dim"))


def _target(row: Row) -> Text:
    if row.target is None:
        return Text("")
    return Text(f"{'≤' if row.target.at_most else '≥'} {number(row.target.bound)}")


def _ratio(row: Row) -> Text:
    if row.ratio is None:
        return Text("")
    return Text.assemble(f"{row.ratio:.0%}", (f" {row.limit_of}", "dim"))


def _loss(row: Row) -> Text:
    if row.loss is None:
        return Text("")
    return Text(f"{row.loss:,}", "bold red" if row.loss else "green")


def _notes(report: Report) -> Table:
    """What else was measured, row by row."""
    notes = Table.grid(padding=(0, 2))
    notes.add_column(style="dim", no_wrap=True)
    notes.add_column(style="dim", overflow="fold")
    for row in report.rows:
        if row.details:
            notes.add_row("  " + row.name, ", ".join(f"{name} {number(value)}" for name, value in row.details.items()))
    return notes
