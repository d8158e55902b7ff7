"""The plant file as the simulator reads it: machines with the sensors they measure, by type and own, and the rules."""

from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec
import yaml

from andon.common.errors import InvalidError
from andon.common.plant import Datatype, Limits, Sensor


class SensorEntry(msgspec.Struct):
    """A sensor in the file: `andon.common.plant.Sensor` without its path."""

    key: str
    name: str = ""
    unit: str = ""
    datatype: Datatype = "float"
    limits: Limits = Limits()
    decimals: int = 1
    expression: str = ""
    entered_every: str = ""

    def at(self, machine: str) -> Sensor:
        """This sensor at a machine."""
        path = f"{machine}/{self.key}"
        return Sensor(self.key, path, self.name, self.unit, self.datatype, self.limits, self.decimals)


class MachineType(msgspec.Struct):
    """A template of sensors."""

    sensors: list[SensorEntry] = []


class MachineEntry(msgspec.Struct):
    """A machine; its own sensors override its type's by key."""

    slug: str
    type: str = ""
    sensors: list[SensorEntry] = []


class LineEntry(msgspec.Struct):
    """A line."""

    slug: str
    machines: list[MachineEntry] = []


class AreaEntry(msgspec.Struct):
    """An area."""

    slug: str
    lines: list[LineEntry] = []


class SiteEntry(msgspec.Struct):
    """A site."""

    slug: str
    areas: list[AreaEntry] = []


class Condition(msgspec.Struct):
    """When a rule speaks: above a value, below one, or outside a band."""

    above: float | None = None
    below: float | None = None
    outside: tuple[float, float] | None = None

    def holds(self, value: float) -> bool:
        """Whether `value` is one to speak about."""
        low, high = self.outside or (self.below, self.above)
        return (high is not None and value > high) or (low is not None and value < low)


class RuleEntry(msgspec.Struct):
    """A rule, as far as it matters to faults: which sensors, and where the threshold lies."""

    name: str
    scope: dict[str, str]
    condition: Condition


class PlantFile(msgspec.Struct):
    """The whole file."""

    types: dict[str, MachineType] = {}
    sites: list[SiteEntry] = []
    rules: list[RuleEntry] = []

    def machines(self) -> list[tuple[str, str, tuple[Sensor, ...]]]:
        """(path, type, sensors) of every machine, in the file's order."""
        return [
            (path, machine.type, self._sensors(machine, path))
            for site in self.sites
            for area in site.areas
            for line in area.lines
            for machine in line.machines
            for path in [f"{site.slug}/{area.slug}/{line.slug}/{machine.slug}"]
        ]

    def _sensors(self, machine: MachineEntry, path: str) -> tuple[Sensor, ...]:
        template = self.types[machine.type].sensors if machine.type in self.types else []
        entries = {entry.key: entry for entry in [*template, *machine.sensors]}
        measured = (entry for entry in entries.values() if not entry.expression and not entry.entered_every)
        return tuple(entry.at(path) for entry in measured)


def demo_plant_text() -> str:
    """The demo plant (YAML), as `POST /api/registry/v1/plant` and `/api/alerting/v1/apply` take it."""
    return files("andon.simulator").joinpath("demo/plant.yaml").read_text(encoding="utf-8")


def parse_plant(text: str) -> PlantFile:
    """Plant file from YAML or JSON.

    Raises:
        InvalidError: it is neither, or not a plant; says where.
    """
    try:
        tree: Any = yaml.safe_load(text)
        return msgspec.convert(tree, PlantFile)
    except (yaml.YAMLError, msgspec.ValidationError) as error:
        raise InvalidError(
            f"this is no plant file: {error}; `python -m andon.simulator plant` prints a good one"
        ) from None


def read_plant(file: Path | None) -> PlantFile:
    """Plant from a file; the demo plant when there is none.

    Raises:
        InvalidError: the file cannot be read, or is no plant.
    """
    if file is None:
        return parse_plant(demo_plant_text())
    try:
        return parse_plant(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidError(f"the plant file {file} cannot be read: {error}") from None
