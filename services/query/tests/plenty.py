"""Plenty of samples in InfluxDB, written as text at once: for stories of exports."""

import tempfile
from pathlib import Path

import pytest

from andon.common.influx import Influx, line_prefix
from andon.common.plant import Asset, Sensor

from .conftest import MS, PRESS, S

T = 1_763_899_200 * S
"""A round time, and midnight UTC."""


def a_wide_machine(sensors: int) -> Asset:
    """A machine of many sensors that measure numbers."""
    path = "berlin/body/line-1/press-9"
    keys = tuple(Sensor(f"n{n}", f"{path}/n{n}", unit="Cel") for n in range(sensors))
    return Asset(id="p9", path=path, kind="machine", slug="press-9", name=path, type="press", sensors=keys)


async def store_plenty(influx: Influx, machine: Asset, count: int) -> dict[str, object]:
    """So many values a second apart of each sensor of a machine that measures numbers; the range that holds them."""
    head = line_prefix(machine).decode()
    keys = [sensor.key for sensor in machine.sensors if sensor.datatype == "float"]
    step = max(500_000 // len(keys) // 10, 1)
    for at in range(0, count, step):
        lines = [
            f"{head}{','.join(f'{key}={n + i}.25' for i, key in enumerate(keys))} {T + n * S}"
            for n in range(at, min(at + step, count))
        ]
        assert (await influx.write("\n".join(lines).encode())).stored
    return {"from": T // MS, "to": (T + count * S) // MS}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The system's place for temporary files: the story's own, to see what is left there."""
    found = tmp_path / "temporary"
    found.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(found))
    return found


def left(place: Path) -> list[str]:
    """What lies in the folder of exports, besides its lock."""
    return sorted(p.name for p in place.glob("andon-export-*/*") if p.name != "lock")


TEMPERATURE = f"{PRESS.path}/temperature"
