"""Sensors as they are written down, and how a machine's own override those of its type. Pure."""

from itertools import pairwise
from typing import Annotated, Any, Self

import msgspec
from pydantic import AfterValidator, Field, StringConstraints, model_validator

from andon.common.errors import InvalidError
from andon.common.expression import MAX_LENGTH, parse
from andon.common.influx import ARRIVED_SUFFIX, QUALITY_SUFFIX, RESERVED_KEYS, is_reserved
from andon.common.plant import Datatype, Sensor
from andon.common.reading import NS_PER_S
from andon.common.times import parse_duration
from andon.registry import calculated
from andon.registry.names import PRINTABLE, SensorKey, Strict

MAX_SENSORS = 500
SHORTEST_ROUND, LONGEST_ROUND = 60 * NS_PER_S, 365 * 86_400 * NS_PER_S

Unit = Annotated[str, StringConstraints(max_length=32, pattern=PRINTABLE)]
SensorName = Annotated[str, StringConstraints(max_length=200, pattern=PRINTABLE)]


NOT_RISING = "limits must rise: ll <= l <= h <= hh"


def _rise(*limits: float | None) -> bool:
    return all(low <= high for low, high in pairwise(v for v in limits if v is not None))


class LimitsSpec(Strict):
    """Alarm limits in the sensor's unit, rising from low-low to high-high; None is no limit."""

    ll: float | None = None
    l: float | None = None  # noqa: E741 - ISA-18.2 calls it L
    h: float | None = None
    hh: float | None = None

    @model_validator(mode="after")
    def rising(self) -> Self:
        """Refuse limits that no value could lie between."""
        if not _rise(self.ll, self.l, self.h, self.hh):
            raise ValueError(NOT_RISING)
        return self


def not_reserved(key: str) -> str:
    """Refuse a key that InfluxDB would take for something else than a sensor."""
    if is_reserved(key):
        words = ", ".join(sorted(RESERVED_KEYS))
        raise ValueError(
            f"'{key}' is no key for a sensor ({words}, and what ends with {QUALITY_SUFFIX} or {ARRIVED_SUFFIX}, are "
            "Andon's own)"
        )
    return key


def readable(expression: str) -> str:
    """Refuse an expression that cannot be read; none is none."""
    try:
        if expression:
            parse(expression)
    except InvalidError as error:
        raise ValueError(str(error)) from None
    return expression


def as_a_round(every: str) -> str:
    """Refuse what is no time between two readings of a person; none is none."""
    try:
        ns = parse_duration(every) if every else SHORTEST_ROUND
    except InvalidError as error:
        raise ValueError(str(error)) from None
    if not SHORTEST_ROUND <= ns <= LONGEST_ROUND:
        raise ValueError(f"'{every}' is no time between two readings of a person; write 1m to 1y, such as 8h or 7d")
    return every


class SensorSpec(Strict):
    """One sensor of a machine type or of a machine. On a machine, what is left out comes from the type."""

    key: Annotated[SensorKey, AfterValidator(not_reserved)]
    name: SensorName = ""
    unit: Unit = Field(default="", description="UCUM: Cel, bar, 1/min")
    datatype: Datatype = "float"
    limits: LimitsSpec = LimitsSpec()
    decimals: int = Field(default=1, ge=0, le=10)
    expression: Annotated[str, AfterValidator(readable)] = Field(
        default="", max_length=MAX_LENGTH, description="Calculated from other sensors: torque * speed / 9550"
    )
    entered_every: Annotated[str, AfterValidator(as_a_round)] = Field(
        default="", max_length=20, description="Entered by people, at least so often: 8h. Empty if it reports by itself"
    )


def one_per_key(sensors: list[SensorSpec]) -> list[SensorSpec]:
    """Refuse a list that names a key twice."""
    seen: set[str] = set()
    for sensor in sensors:
        if sensor.key in seen:
            raise ValueError(f"the sensor '{sensor.key}' stands here twice")
        seen.add(sensor.key)
    return sensors


Sensors = Annotated[list[SensorSpec], Field(max_length=MAX_SENSORS), AfterValidator(one_per_key)]


def written(sensors: list[SensorSpec]) -> list[dict[str, Any]]:
    """Sensors as the database keeps them: only the fields that were given."""
    return [s.model_dump(exclude_unset=True) for s in sensors]


def check(path: str, of_type: list[dict[str, Any]], own: list[dict[str, Any]]) -> tuple[Sensor, ...]:
    """All sensors of a machine; refuses one whose own sensors and those of its type are right, and wrong together.

    Raises:
        InvalidError: names the machine and the sensor.
    """
    merged = merge(path, of_type, own)
    if len(merged) > MAX_SENSORS:
        raise InvalidError(
            f"'{path}' would have {len(merged)} sensors with those of its type; {MAX_SENSORS} are allowed"
        )
    for sensor in merged:
        limits = sensor.limits
        if not _rise(limits.ll, limits.l, limits.h, limits.hh):
            raise InvalidError(f"'{sensor.path}', with what its machine type says: {NOT_RISING}")
        if sensor.expression and sensor.entered_every:
            raise InvalidError(
                f"'{sensor.path}' is calculated: nobody enters it. Leave out expression or entered_every"
            )
    calculated.check(path, merged)
    return merged


def merge(path: str, of_type: list[dict[str, Any]], own: list[dict[str, Any]]) -> tuple[Sensor, ...]:
    """All sensors of the machine at `path`: those of its type, overridden field by field by its own."""
    merged = {s["key"]: s for s in of_type}
    for sensor in own:
        base = merged.get(sensor["key"], {})
        limits = {**base.get("limits", {}), **sensor.get("limits", {})}
        merged[sensor["key"]] = {**base, **sensor, "limits": limits}
    return tuple(msgspec.convert({**s, "path": f"{path}/{key}"}, Sensor) for key, s in merged.items())
