"""The standing of an Andon in the words of a terminal."""

import io
from typing import Any

import pytest
from rich.console import Console

from andon.cli import standing

TOLD: dict[str, Any] = {
    "processes": [
        {"service": "ingest", "instance": "0", "version": "0.2.0", "age_seconds": 7260.0, "sick": {}},
        {"service": "query", "instance": "a", "version": "0.1.0", "age_seconds": 5.0, "sick": {"influxdb": "refused"}},
    ],
    "readers": [{"durable": "store", "waiting": 12_000, "unacknowledged": 64}],
    "streams": [
        {"name": "TELEMETRY", "messages": 9, "bytes": 900_000_000, "limit": 1_000_000_000},
        {"name": "EVENTS", "messages": 2, "bytes": 512, "limit": None},
    ],
    "used": 1_500_000,
    "limit": 3_000_000,
    "influxdb": "InfluxDB 1.6.7",
}


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> str:
    written = io.StringIO()
    monkeypatch.setattr(standing, "console", Console(file=written, width=100))
    standing.show(TOLD)
    return written.getvalue()


@pytest.mark.parametrize(
    "words",
    [
        ("✓ ingest", "0.2.0", "2 h"),
        ("✗ query", "0.1.0", "5 s", "influxdb: refused"),
        ("store", "12,000", "64"),
        ("TELEMETRY", "900.0 MB", "1.0 GB (90%)"),
        ("EVENTS", "512 B", "no limit"),
        ("all, on disk", "1.5 MB", "3.0 MB (50%)"),
        ("InfluxDB 1.6.7",),
    ],
)
def test_a_line_says_all_of_one_thing(said: str, words: tuple[str, ...]) -> None:
    assert any(all(word in line for word in words) for line in said.splitlines()), said
