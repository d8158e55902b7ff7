"""Sight: what of the plant a caller may read, and what they are told of the rest. The one place that decides.

What lies outside of their part of the plant does not exist for them. Who names it, by path or by id, is answered as for
what is not there: by 404 in the same words, or by the same empty list; anything else would tell which paths and ids
there are.

403 is for what they may know of and not do: what needs another role; to change what they may read alone; and to write
down a place outside of their part, like the scope of a device, the reach of a rule or a node of a plant file
(`Principal.require_path`). Such a place is judged as it is written, whether it is there or not.
"""

from andon.common.errors import NotFoundError
from andon.common.plant import Asset, Plant, Sensor, is_below

ANY = "sensor, machine or node"


def nothing(name: str, kind: str = ANY) -> NotFoundError:
    """For what is not there, and for what is not the caller's; in their own words, for an id must tell no path."""
    return NotFoundError(f"There is no {kind} '{name[:300]}' that you may see; GET /api/registry/v1/assets lists all")


def cut(path: str | None, scope: str, name: str, kind: str = ANY) -> str:
    """The part of `path` that lies in `scope`: the deeper of the two. path: where `name` is, None where nothing is.

    Raises:
        NotFoundError: it is not there, or they do not meet.
    """
    if path is not None:
        if is_below(path, scope):
            return path
        if is_below(scope, path):
            return scope
    raise nothing(name, kind)


def find_sensor(plant: Plant, name: str, scope: str, kind: str = ANY) -> tuple[Asset, Sensor]:
    """A sensor by path, or by `<machine id>/<key>`.

    Raises:
        NotFoundError: there is none, or none in `scope`.
    """
    found = plant.find_sensor(name)
    if found is not None and is_below(found[0].path, scope):
        return found
    node = plant.find(name)
    if found is None and node is not None and is_below(node.path, scope):
        like = (
            f"one of its sensors, like '{node.sensors[0].path}'" if node.sensors else "a sensor of one of its machines"
        )
        raise NotFoundError(f"'{name[:300]}' is a {node.kind}; name {like}")
    raise nothing(name, kind)
