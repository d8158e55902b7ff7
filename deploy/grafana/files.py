"""All files that Grafana needs, by their paths: made of the code here and of machine types. Pure."""

from collections.abc import Iterable

from deploy.grafana import figures, machine, places, platform_health, provisioning, sensor, services, uids
from deploy.grafana.board import Board
from deploy.grafana.machine_types import MachineType

GENERAL, TYPES, PROMETHEUS = (f"dashboards/{folder}" for folder in ("andon", "types", "prometheus"))


def general() -> dict[str, str]:
    """What every installation has, whatever its machines are."""
    own = [machine.general(), sensor.general(), sensor.state(), figures.made(), platform_health.made()]
    found = _of([*places.all_of_them(), *own], GENERAL) | _of([services.made()], PROMETHEUS)
    return found | provisioning.files()


def of_types(types: Iterable[MachineType], folder: str = TYPES) -> dict[str, str]:
    """Dashboards of machine types. A type without numbers has none for its sensors."""
    boards = []
    for one in types:
        if uids.fits(one.slug) and one.sensors:
            boards.append(machine.of_type(one))
            boards += [sensor.of_type(one)] if one.numbers else []
    return _of(boards, folder)


def _of(boards: list[Board], folder: str) -> dict[str, str]:
    return {f"{folder}/{board.uid}.json": board.text() for board in boards}
