"""Calculated: a value that no message brought follows from others; these can be traced in their turn. Pure."""

from andon.common.errors import InvalidError
from andon.common.expression import inputs, parse, place
from andon.common.expression.formulas import Machines
from andon.common.plant import Asset, Plant, Sensor, is_below

MOST_INPUTS = 200
"""Sensors that are named; an expression may follow from more."""


def follows_from(plant: Plant, asset: Asset, sensor: Sensor, scope: str) -> list[str]:
    """Paths of the sensors that a calculated one follows from, as far as they lie in `scope`."""
    try:
        nodes = list(inputs(parse(sensor.expression)))
    except InvalidError:  # an older expression that is none any more: it is shown, and names nobody
        return []
    machines = Machines(plant)
    meant = [pair for node in nodes for pair in machines.sensors(place(node.path, asset.path))]
    paths = {one.path for machine, one in meant if one is not sensor and is_below(machine.path, scope)}
    return sorted(paths)[:MOST_INPUTS]
