"""InfluxDB alone: lines as the store writes them, prepared beforehand, two writes at a time."""

import asyncio
import time
from pathlib import Path

from andon.common.influx import Influx, join_lines, line
from andon.common.reading import NS_PER_MS, Reading
from andon.common.servers.influx import influx_server
from andon.common.settings import InfluxSettings
from andon.common.testing.ports import free_port
from bench.row import Row
from bench.stage import MACHINES, Stage

SAMPLES = {50: 8_000_000, 1: 2_000_000}
WRITE_LINES = {50: 1500, 1: 5000}
"""About what the store puts into one write."""
WRITERS = 2


async def run(stage: Stage) -> list[Row]:
    """Samples per second with 50 fields a line, and with one."""
    rows = []
    for values, samples in SAMPLES.items():
        bodies = _bodies(values, int(stage.scaled(samples)) // values, WRITE_LINES[values])
        speed = await asyncio.to_thread(_serve, stage.folder / f"influx-{values}", bodies, values)
        stage.limits[f"influx-{values}"] = speed
        name = f"InfluxDB alone, {values} field{'s' * (values > 1)} a line"
        rows.append(Row("influx", name, speed, "samples/s"))
    return rows


def _bodies(values: int, lines: int, at_once: int) -> list[tuple[int, bytes]]:
    """Write bodies, each with its number of lines."""
    keys = [f"v{n}" for n in range(values)]
    prefixes = [
        f"load,area=area-0,asset=a{n:07x},line=line-0,machine=m-{n},site=load ".encode() for n in range(MACHINES)
    ]
    now = time.time_ns() // NS_PER_MS * NS_PER_MS
    made = []
    for start in range(0, lines, at_once):
        numbers = range(start, min(lines, start + at_once))
        readings = (Reading("", now + n // MACHINES * NS_PER_MS, dict.fromkeys(keys, float(n))) for n in numbers)
        made.append(
            (len(numbers), join_lines(line(prefixes[n % MACHINES], r) for n, r in zip(numbers, readings, strict=True)))
        )
    return made


def _serve(folder: Path, bodies: list[tuple[int, bytes]], values: int) -> float:
    port = free_port()
    process = influx_server(folder, port=port, backup_port=free_port())
    process.start()
    try:
        return asyncio.run(_write(port, bodies)) * values
    finally:
        process.stop()


async def _write(port: int, bodies: list[tuple[int, bytes]]) -> float:
    """Lines per second."""
    influx = Influx(InfluxSettings(url=f"http://127.0.0.1:{port}"))
    await influx.ensure_database()
    waiting = list(bodies)

    async def writer() -> None:
        while waiting:
            answer = await influx.write(waiting.pop()[1])
            assert answer.stored, answer.detail

    began = time.perf_counter()
    await asyncio.gather(*(writer() for _ in range(WRITERS)))
    took = time.perf_counter() - began
    await influx.aclose()
    return sum(lines for lines, _ in bodies) / took
