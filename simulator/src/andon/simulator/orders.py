"""Orders: faults on demand, one JSON line each in a file in the home folder.

`andon-simulator fault ...` appends a line, the running simulator reads what was added. A file needs no port, shows
people what was ordered, and an order given a moment before the start is not lost.
"""

from difflib import get_close_matches
from pathlib import Path
from time import time

import msgspec

from andon.common import logs
from andon.common.errors import InvalidError
from andon.common.plant import Sensor
from andon.simulator.faults import Fault, FaultKind, worst_of
from andon.simulator.plant_file import PlantFile

log = logs.get("simulator.orders")

MAX_READ_BYTES = 64 * 1024
_decoder = msgspec.json.Decoder(Fault)


def orders_file(home: Path) -> Path:
    """Where orders lie."""
    return home / "simulator-faults.jsonl"


def give_order(file: Path, fault: Fault) -> None:
    """Append an order; one short write, so that two at once do not mix."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("ab") as lines:
        lines.write(msgspec.json.encode(fault) + b"\n")


class Orders:
    """The reading end. It starts at the end of what is there: old orders are not carried out again."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._place = file.stat().st_size if file.exists() else 0

    def new(self) -> list[Fault]:
        """Orders given since the last call; a line that is none is logged and left out."""
        if not self._file.exists():
            self._place = 0
            return []
        with self._file.open("rb") as lines:
            lines.seek(self._place)
            whole, _, _ = lines.read(MAX_READ_BYTES).rpartition(b"\n")
        self._place += len(whole) + 1 if whole else 0
        return [fault for line in whole.splitlines() if (fault := _parse(line)) is not None]


def find_target(plant: PlantFile, target: str) -> tuple[str, Sensor | None]:
    """The machine and, where one is named, the sensor.

    Raises:
        InvalidError: the plant has neither; offers what is spelled alike.
    """
    sensors = {s.path: (path, s) for path, _, of_machine in plant.machines() for s in of_machine}
    machines = {path for path, _ in sensors.values()}
    if target in machines:
        return target, None
    if target in sensors:
        return sensors[target]
    near = get_close_matches(target, [*sensors, *machines], n=3, cutoff=0.4)
    raise InvalidError(f"the plant has no '{target}'; it has for example: {', '.join(near or sorted(machines)[:3])}")


def make_fault(machine: str, sensor: Sensor | None, kind: FaultKind, seconds: float, to: float | None) -> Fault:
    """A fault that starts now.

    Raises:
        InvalidError: such a thing cannot go wrong in this way.
    """
    if sensor is None and kind not in {FaultKind.DROP_OUT, FaultKind.CLOCK_SKEW}:
        raise InvalidError(f"a {kind.value} is a sensor's; name one, like {machine}/<sensor>")
    if kind is FaultKind.CLOCK_SKEW:
        return Fault(machine, "", kind, time(), seconds, -30.0 if to is None else to)
    if sensor is not None and sensor.datatype != "float" and kind in {FaultKind.DRIFT, FaultKind.SPIKE}:
        raise InvalidError(f"{sensor.path} is no number and cannot {kind.value}; stuck and drop-out it can")
    value = to if to is not None else worst_of(sensor) if sensor is not None else 0.0
    return Fault(machine, sensor.key if sensor else "", kind, time(), seconds, value)


def _parse(line: bytes) -> Fault | None:
    try:
        return _decoder.decode(line)
    except msgspec.DecodeError as error:
        log.warning("an ordered fault cannot be read", line=line[:200].decode(errors="replace"), error=str(error))
        return None
