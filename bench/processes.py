"""Processes: what each of Andon's has used of the CPU and of memory, from /proc."""

import os
from pathlib import Path

from andon.common.testing.factory import MARKS, Factory

NAMES = {"nats": "nats-server", "influxdb": "InfluxDB", "ingest": "ingest", "derive": "derive", "api": "api"}
SERVERS = ("nats-server", "InfluxDB")
_TICK = 1 / os.sysconf("SC_CLK_TCK")
_MEGABYTE = 2**20
assert set(NAMES) <= set(MARKS)


def cpu_seconds(factory: Factory) -> dict[str, float]:
    """Seconds of CPU since each process started; `busy` is the whole machine's, whoever used them."""
    return {shown: used(factory.pid(name)) for name, shown in NAMES.items()} | {"busy": _busy()}


def parent(pid: int) -> int:
    """Who started a process."""
    return int(_stat(pid)[1])


def resident(pid: int) -> float:
    """Resident memory in MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024 / _MEGABYTE
    return 0.0


def used(pid: int) -> float:
    """Seconds of CPU since a process started."""
    fields = _stat(pid)
    return (int(fields[11]) + int(fields[12])) * _TICK


def _busy() -> float:
    """CPU seconds of everybody since the machine started."""
    user, nice, system, _, _, irq, softirq, *_ = map(int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:])
    return (user + nice + system + irq + softirq) * _TICK


def _stat(pid: int) -> list[str]:
    """What /proc tells of a process, from its state on."""
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
