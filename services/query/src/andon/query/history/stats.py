"""GET /stats: one sensor's range in seven numbers."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from andon.common.api import Caller
from andon.common.errors import InvalidError
from andon.common.influx import quote_identifier
from andon.query.branches import KnownBranches, find_sensor
from andon.query.history.history import AskedSpan, KnownHistory, select

router = APIRouter()

NUMBERS = ("count", "mean", "min", "max", "stddev", "first", "last")


class Stats(BaseModel):
    """Count of the values, and the rest in the sensor's unit; None where there is no value."""

    sensor: str
    unit: str
    count: int = 0
    mean: float | None = None
    min: float | None = None
    max: float | None = None
    stddev: float | None = None
    first: float | None = None
    last: float | None = None


@router.get("/stats")
async def stats(
    caller: Caller,
    branches: KnownBranches,
    history: KnownHistory,
    span: AskedSpan,
    sensor: Annotated[str, Query(min_length=1)],
) -> Stats:
    """Count, mean, minimum, maximum, standard deviation, first and last value from `from` to before `to`."""
    asset, found = find_sensor(branches.plant, sensor, caller.scope)
    if found.datatype != "float":
        raise InvalidError(f"'{found.path}' is a {found.datatype}; statistics need numbers")
    field = quote_identifier(found.key)
    rows = await history.rows(select(", ".join(f"{n}({field})" for n in NUMBERS), asset, span))
    numbers = dict(zip(NUMBERS, rows[0][1:], strict=True)) if rows else {}
    return Stats(sensor=found.path, unit=found.unit, **numbers)
