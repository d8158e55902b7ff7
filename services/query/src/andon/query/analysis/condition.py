"""What is asked of a sensor's value at each instant: is it RUN, is it above a limit. Pure."""

from dataclasses import dataclass
from typing import Annotated, TypeAlias

import numpy as np
import numpy.typing as npt
from fastapi import Query

from andon.common.errors import InvalidError
from andon.common.history.columns import Objects
from andon.common.plant import Sensor
from andon.common.reading import Value
from andon.query.series.states import Held

Equals: TypeAlias = Annotated[str | None, Query(max_length=1000, description="The state, true or false, or a number")]
Limit: TypeAlias = Annotated[float | None, Query(allow_inf_nan=False, description="A limit in the sensor's unit")]
Mask: TypeAlias = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Condition:
    """True where the value is `equals`; or is above `above`, or below `below`, where these are given."""

    equals: Value | None = None
    above: float | None = None
    below: float | None = None

    def of(self, values: Held) -> Mask:
        """Where it is true."""
        if self.equals is not None:
            return np.asarray(values == self.equals, np.bool_)
        numbers = values.astype(np.float64, copy=False)
        found = np.zeros(len(values), np.bool_)
        if self.above is not None:
            found |= numbers > self.above
        if self.below is not None:
            found |= numbers < self.below
        return found

    def of_one(self, value: Value | None) -> bool | None:
        """Whether it is true of one value; None where that is not known."""
        if value is None:
            return None
        one: Objects = np.empty(1, np.object_)
        one[0] = value
        return bool(self.of(one)[0])


def condition(sensor: Sensor, equals: str | None, above: float | None, below: float | None) -> Condition:
    """What was asked, if it can be asked of this sensor.

    Raises:
        InvalidError: nothing was asked, both kinds at once, or what the sensor cannot answer.
    """
    limits = above is not None or below is not None
    if limits == (equals is not None):
        raise InvalidError("Ask for one: equals=RUN, or a limit by above= or below=, or both limits")
    if limits and sensor.datatype != "float":
        raise InvalidError(f"'{sensor.path}' is a {sensor.datatype}; a limit needs numbers, ask by equals=")
    return Condition(None if equals is None else _value(sensor, equals), above, below)


def _value(sensor: Sensor, text: str) -> Value:
    if sensor.datatype == "string":
        return text
    if sensor.datatype == "bool":
        if text.lower() not in ("true", "false"):
            raise InvalidError(f"'{sensor.path}' is a switch; equals must be true or false")
        return text.lower() == "true"
    try:
        return float(text)
    except ValueError:
        raise InvalidError(f"'{sensor.path}' is a number; equals='{text[:100]}' is none") from None
