"""The standing of an Andon wherever it runs, as tables: who runs in which version, who is behind, how full it is."""

from typing import Any

from rich.table import Table
from rich.text import Text

from andon.cli.progress import console

FULL = 0.8
BEHIND = 1_000
"""Batches."""


def show(told: dict[str, Any]) -> None:
    """What `GET /api/ingest/v1/platform` tells."""
    console.print()
    console.print(processes(told["processes"]))
    console.print()
    console.print(readers(told["readers"]))
    console.print()
    console.print(streams(told))
    console.print(Text(f"\n  InfluxDB: {told['influxdb']}", style="dim"))


def processes(found: list[dict[str, Any]]) -> Table:
    """Who beats; two versions at once are an upgrade under way."""
    table = _table("service", "instance", "version", "running for", "what is wrong")
    for one in found:
        wrong = "\n".join(f"{who}: {why}" for who, why in one["sick"].items())
        mark = Text("✗ ", "bold red") if wrong else Text("✓ ", "green")
        table.add_row(
            mark + Text(one["service"]), one["instance"], one["version"], span(one["age_seconds"]), Text(wrong, "red")
        )
    return table


def readers(found: list[dict[str, Any]]) -> Table:
    """Who reads the stream of readings, and how far behind each is."""
    table = _table("reader", "batches waiting", "not done with")
    for one in found:
        style = "bold red" if one["waiting"] > BEHIND else ""
        table.add_row(one["durable"], Text(f"{one['waiting']:,}", style), f"{one['unacknowledged']:,}")
    return table


def streams(told: dict[str, Any]) -> Table:
    """How full each stream is. RAW and DEADLETTER give way to what is newer, and may be full."""
    table = _table("stream", "messages", "size", "of")
    for one in told["streams"]:
        share = one["bytes"] / one["limit"] if one["limit"] else 0.0
        style = "bold red" if share > FULL and one["name"] not in {"RAW", "DEADLETTER"} else ""
        table.add_row(one["name"], f"{one['messages']:,}", Text(size(one["bytes"]), style), room(share, one["limit"]))
    share = told["used"] / told["limit"] if told["limit"] else 0.0
    table.add_row("all, on disk", "", size(told["used"]), room(share, told["limit"]))
    return table


def size(count: int) -> str:
    """Bytes, as people say them."""
    for unit, width in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= width:
            return f"{count / width:.1f} {unit}"
    return f"{count} B"


def room(share: float, limit: int | None) -> str:
    """How much of a limit is used."""
    return f"{size(limit)} ({share:.0%})" if limit else "no limit"


def span(seconds: float) -> str:
    """How long something has been so."""
    for unit, width in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= width:
            return f"{seconds / width:.0f} {unit}"
    return f"{seconds:.0f} s"


def _table(*columns: str) -> Table:
    return Table(*columns, box=None, padding=(0, 2), header_style="dim")
