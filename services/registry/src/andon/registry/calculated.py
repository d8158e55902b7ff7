"""Whether the calculated sensors of a machine, or of a machine type, can follow from its own sensors. Pure.

What they need of other machines may come later; that is looked at with the whole plant (`storage/calculated.py`).
"""

from collections.abc import Iterable
from typing import Any

from andon.common.auth import Principal
from andon.common.errors import ForbiddenError, InvalidError
from andon.common.expression import check_datatype, datatype_of, inputs, parse, place
from andon.common.plant import Datatype, Sensor

SHOWN = 20


def check(path: str, sensors: Iterable[Sensor]) -> None:
    """Refuse an expression that names a sensor its own machine does not have, or takes a text for a number.

    path: of the machine, or the slug of a type.

    Raises:
        InvalidError: names the sensor, and what is wrong.
    """
    own = {sensor.key: sensor for sensor in sensors}
    for sensor in own.values():
        if sensor.expression:
            try:
                _check(path, sensor, own)
            except InvalidError as error:
                raise InvalidError(f"'{sensor.path}': {error}") from None


def _check(path: str, sensor: Sensor, own: dict[str, Sensor]) -> None:
    tree, here = parse(sensor.expression), place(sensor.key, path).slugs

    def datatype(written: str) -> Datatype | None:
        where = place(written, path)
        if where.slugs != here:
            return None
        if where.key not in own:
            there = ", ".join(sorted(own)[:SHOWN])
            raise InvalidError(f"expression: there is no sensor '{where.key}' beside it; there are {there}")
        return own[where.key].datatype

    check_datatype(sensor, datatype_of(tree, datatype))


def check_scope(path: str, before: list[dict[str, Any]], now: list[dict[str, Any]], caller: Principal) -> None:
    """Refuse new expressions of the machine at `path` that read what their writer may not see.

    Raises:
        ForbiddenError: names the sensor, and what is outside.
    """
    there = {(sensor["key"], sensor.get("expression")) for sensor in before}
    for sensor in now:
        text = sensor.get("expression")
        if not text or (sensor["key"], text) in there:
            continue
        for node in inputs(parse(text)):
            if not caller.may_see(place(node.path, path).below):
                raise ForbiddenError(
                    f"'{path}/{sensor['key']}': '{node.path}' is outside your part of the plant ('{caller.scope}')"
                )
