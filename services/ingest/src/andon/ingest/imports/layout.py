"""Layout: which column of a file is what. Pure.

wide: a time, then one column for each sensor. long: a time, a sensor, its value, and perhaps its quality.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from andon.common.errors import InvalidError
from andon.common.plant import Asset, Datatype, Plant, Sensor
from andon.ingest.imports.order import Options

TIMES = ("time", "timestamp", "datetime", "date", "ts")
"""What the column of the times may be called; in a wide table the first column may be called anything."""
ASSETS = ("asset", "machine")


@dataclass(frozen=True)
class Target:
    """A sensor that a file may write to."""

    asset: str
    key: str
    path: str
    datatype: Datatype


class Targets:
    """Finds sensors by the names a file has for them: path, `<machine id>/<key>`, or key of the machine asked for.

    default: the machine asked for; then the file is for it alone.
    """

    def __init__(self, assets: Iterable[Asset], default: str = "") -> None:
        self._plant = Plant()
        for asset in assets:
            self._plant.put(asset)
        self._only = self._plant.find(default) if default else None
        self._found: dict[str, Target | None] = {}
        self._calculated: set[str] = set()
        self._elsewhere: set[str] = set()
        if default and (self._only is None or self._only.kind != "machine"):
            raise InvalidError(f"There is no machine '{default[:200]}' in the plant")

    def find(self, name: str) -> Target | None:
        """The sensor of that name; None where there is none, or one that takes no values of this file."""
        if name not in self._found:
            found = self._plant.find_sensor(name)
            if found is None and self._only is not None and "/" not in name:
                found = self._plant.find_sensor(f"{self._only.path}/{name}")
            if len(self._found) > 100_000:  # names without end are the file's, and not to be kept
                self._found.clear()
            self._found[name] = None if found is None or self._is_closed(name, *found) else _target(*found)
        return self._found[name]

    def _is_closed(self, name: str, asset: Asset, sensor: Sensor) -> bool:
        if self._only is not None and asset.id != self._only.id:
            self._elsewhere.add(name)
        elif sensor.expression:
            self._calculated.add(name)
        return name in self._elsewhere or name in self._calculated

    def is_elsewhere(self, name: str) -> bool:
        """Whether a name that was looked for is that of a sensor of another machine than the one asked for."""
        return name in self._elsewhere

    def why_not(self, name: str) -> str:
        """Why there is no sensor of a name that can be written to."""
        if name in self._calculated:
            return f"'{name[:200]}' is calculated by Andon, and takes no values"
        if name in self._elsewhere and self._only is not None:
            return (
                f"'{name[:200]}' is a sensor of another machine than '{self._only.path}', which this import is for; "
                "leave asset away to import for all machines that the file names"
            )
        return f"there is no sensor '{name[:200]}' in the plant; add it, or mend the name"


def _target(asset: Asset, sensor: Sensor) -> Target:
    return Target(asset.id, sensor.key, sensor.path, sensor.datatype)


@dataclass
class Wide:
    """Column of the times, sensors by their columns, and the columns that are none."""

    time: str
    targets: dict[str, Target]
    unknown: list[str] = field(default_factory=list)

    @property
    def wanted(self) -> list[str]:
        """Columns to read."""
        return [self.time, *self.targets]


@dataclass
class Long:
    """Columns of a table with one sample in each row. The sensor's name is `sensor`, or `asset` and `key` together."""

    time: str
    value: str
    sensor: str = ""
    asset: str = ""
    key: str = ""
    quality: str = ""

    @property
    def wanted(self) -> list[str]:
        """Columns to read."""
        return [one for one in (self.time, self.value, self.sensor, self.asset, self.key, self.quality) if one]


def find_layout(names: list[str], targets: Targets, options: Options) -> Wide | Long:
    """What the columns are.

    Raises:
        InvalidError: no column is a time, or none a sensor; says what is needed.
    """
    plain = {name.strip().lower(): name for name in reversed(names) if name.strip()}
    found = _long(plain)
    if options.layout == "long" and found is None:
        raise InvalidError("The long layout needs the columns time, sensor (or asset and key), and value")
    if found is not None and options.layout != "wide":
        return found
    return _wide(names, plain, targets, options)


def _long(plain: dict[str, str]) -> Long | None:
    time = next((plain[one] for one in TIMES if one in plain), "")
    asset = next((plain[one] for one in ASSETS if one in plain), "")
    sensor, key, value = plain.get("sensor", ""), plain.get("key", ""), plain.get("value", "")
    if not time or not value or not (sensor or (asset and key)):
        return None
    quality = plain.get("quality", "")
    if sensor:
        return Long(time, value, sensor=sensor, quality=quality)
    return Long(time, value, asset=asset, key=key, quality=quality)


def _wide(names: list[str], plain: dict[str, str], targets: Targets, options: Options) -> Wide:
    time = next((plain[one] for one in TIMES if one in plain), names[0])
    found, unknown, seen = dict[str, Target](), list[str](), dict[str, str]()
    for name in names:
        if name == time or not name.strip():
            continue
        target = targets.find(name.strip())
        if target is None:
            unknown.append(name)
        elif target.path in seen:
            raise InvalidError(f"The columns '{seen[target.path]}' and '{name}' are the same sensor; take one away")
        else:
            seen[target.path], found[name] = name, target
    if not found:
        there = ", ".join(f"'{name[:60]}'" for name in unknown[:5])
        need = (
            f"a key of a sensor of '{options.asset[:200]}'"
            if options.asset
            else "a sensor's path, or give asset=<machine> for keys"
        )
        raise InvalidError(f"No column is a sensor: {there}. The first row has to name, behind the time, {need}")
    return Wide(time, found, unknown)
