"""Parts of the plant, and rules, as requests name them: a slip of the pen is told, and not taken for nothing."""

from collections.abc import Collection, Iterable
from difflib import get_close_matches
from heapq import nlargest
from itertools import takewhile
from operator import eq

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession

from andon.alerting.alarm.query import has_alarms
from andon.alerting.routes.rules import touches
from andon.common import sight
from andon.common.auth import Principal
from andon.common.errors import InvalidError, NotFoundError
from andon.common.plant import Plant, is_below

MOST_COMPARED = 50
"""Names that are compared as a whole: with ten thousand it took half a second, in which nothing was judged."""


def part_of(request: Request, caller: Principal, name: str) -> str:
    """The path of a node or a sensor that is named by path or id; '' is the whole plant.

    While the plant is not known here, a name stays as it is.

    Raises:
        NotFoundError: there is none, or none the caller may see; tells what is nearest.
    """
    plant: Plant = request.app.state.plant
    path = _path_of(plant, name)
    if path is not None and (caller.may_see(path) or is_below(caller.scope, path)):
        return path
    if not request.app.state.work.knows_plant:
        return name
    near = nearest(plant, caller.scope, name)
    if near:
        raise NotFoundError(f"There is no {sight.ANY} '{name[:300]}' that you may see; the nearest is '{near}'")
    raise sight.nothing(name)


async def past_part_of(request: Request, session: AsyncSession, caller: Principal, name: str) -> str:
    """As `part_of`; alarms of what is not there any more are found, too."""
    try:
        return part_of(request, caller, name)
    except NotFoundError:
        if await has_alarms(session, (caller.scope, name)):
            return name
        raise


def own_part_of(request: Request, caller: Principal, name: str) -> str:
    """As `part_of`, to be written down: all of it is the caller's.

    Raises:
        ForbiddenError: it is outside the caller's part, whether it is there or not.
    """
    path = _path_of(request.app.state.plant, name)
    caller.require_path(path if path is not None and caller.may_see(path) else name)
    return part_of(request, caller, name)


def require_rule(request: Request, caller: Principal, name: str) -> None:
    """Refuse the name of no rule.

    Raises:
        InvalidError: no rule of that name can raise alarms in the caller's part of the plant.
    """
    known = [rule.name for rule in request.app.state.rulebook.rules if touches(rule, caller)]
    if name not in known:
        near = [f"; the nearest is '{found}'" for found in _closest(name, known)]
        raise InvalidError(f"There is no rule '{name}'{''.join(near)}")


def nearest(plant: Plant, scope: str, name: str) -> str:
    """The path in `scope` that is most like a name, slug by slug and as deep as there is any; '' where none is."""
    found = ""
    for slug in name.split("/"):
        known = _slugs_below(plant, scope, found)
        near = [slug] if slug in known else _closest(slug, known)
        if not near:
            break
        found = f"{found}/{near[0]}".lstrip("/")
    return found


def _closest(name: str, known: Collection[str]) -> list[str]:
    """The name most like another, if any is; of many only those are compared that begin and end most alike."""

    def alike(one: str) -> int:
        return _common(name, one) + _common(reversed(name), reversed(one))

    return get_close_matches(name, nlargest(MOST_COMPARED, sorted(known), key=alike), 1)


def _common(one: Iterable[str], other: Iterable[str]) -> int:
    """With how many letters both begin."""
    return sum(takewhile(bool, map(eq, one, other)))


def _slugs_below(plant: Plant, scope: str, path: str) -> set[str]:
    depth = path.count("/") + 1 if path else 0
    known = {
        asset.path.split("/")[depth]
        for asset in plant
        if asset.path != path and is_below(asset.path, path) and is_below(asset.path, scope)
    }
    machine = plant.find(path)
    return known | {sensor.key for sensor in machine.sensors} if machine and is_below(path, scope) else known


def _path_of(plant: Plant, name: str) -> str | None:
    asset, sensor = plant.find(name), plant.find_sensor(name)
    if asset is not None:
        return asset.path
    if sensor is not None:
        return f"{sensor[0].path}/{sensor[1].key}"
    return name if any(is_below(one.path, name) for one in plant) else None
