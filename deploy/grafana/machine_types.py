"""Machine types as dashboards need them, read from a plant file."""

from dataclasses import dataclass, field
from pathlib import Path

from andon.common.errors import AndonError, InvalidError
from andon.common.plant import Datatype
from andon.registry.plantfile import TypeSpec, parse
from andon.registry.sensors import LimitsSpec, SensorSpec
from deploy.grafana import uids


@dataclass(frozen=True)
class TypeSensor:
    """A sensor of a type. limits rise from low-low to high-high, None is none; entered: by people, now and then."""

    key: str
    name: str
    unit: str
    datatype: Datatype
    limits: LimitsSpec
    decimals: int
    entered: bool

    @property
    def is_number(self) -> bool:
        """Whether it has a trend; states and switches have strips."""
        return self.datatype == "float"


@dataclass(frozen=True)
class Section:
    """Numbers that belong together; the title is '' where nobody grouped them."""

    title: str
    sensors: list[TypeSensor]


@dataclass(frozen=True)
class MachineType:
    """A type of machines: its slug, which is its measurement, its name, and its sensors in their order."""

    slug: str
    name: str
    sensors: list[TypeSensor]
    sections: list[Section] = field(default_factory=list)

    @property
    def numbers(self) -> list[TypeSensor]:
        """What has a trend."""
        return [sensor for sensor in self.sensors if sensor.is_number]

    @property
    def states(self) -> list[TypeSensor]:
        """What has a strip."""
        return [sensor for sensor in self.sensors if not sensor.is_number]


def read(path: Path) -> list[MachineType]:
    """The types of a plant file (YAML or JSON), as *Export* saves it.

    Raises:
        InvalidError: the file cannot be read, or is no plant file; says where.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InvalidError(f"The plant file {path} cannot be read: {error.strerror}") from None
    try:
        found = parse(data, form="json" if path.suffix == ".json" else "yaml")
    except AndonError as error:
        raise InvalidError(f"{path} is no plant file: {error}") from None
    return [_made(slug, spec) for slug, spec in found.types.items()]


def without_dashboard(types: list[MachineType]) -> list[MachineType]:
    """Those whose slug is too long for a uid of Grafana's: their machines have the general dashboards alone."""
    return [one for one in types if not uids.fits(one.slug)]


def _made(slug: str, spec: TypeSpec) -> MachineType:
    sensors = {sensor.key: _sensor(sensor) for sensor in spec.sensors}
    made = MachineType(slug, spec.name or slug, list(sensors.values()))
    left = {sensor.key: sensor for sensor in made.numbers}
    for section in spec.page.sections:
        own = [left.pop(key) for key in section.sensors if key in left]
        if own:
            made.sections.append(Section(section.title, own))
    if left:
        made.sections.append(Section("Others" if made.sections else "", list(left.values())))
    return made


def _sensor(spec: SensorSpec) -> TypeSensor:
    name = spec.name or spec.key
    return TypeSensor(
        spec.key, name, spec.unit, spec.datatype, spec.limits, spec.decimals, entered=bool(spec.entered_every)
    )
