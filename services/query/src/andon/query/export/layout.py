"""Layout: slices as rows of a table: wide, a column for each sensor, or long, a row for each sample. Pure."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from andon.common.history.columns import Floats, Objects, Times
from andon.common.plant import Datatype
from andon.query.export.order import Order
from andon.query.export.slices import Part, Slice
from andon.query.live.table import GOOD

if TYPE_CHECKING:
    import pyarrow as pa

CELLS = 1_000_000
"""Cells of one table at most; a slice of many sensors that never speak at the same time would have many more."""

Cell: TypeAlias = "Callable[[pa.Array], pa.Array]"
"""How a file writes values: as they are, or as texts."""


class Rows(NamedTuple):
    """Rows in order of time. Besides the time: a column for each sensor, or sensor, value and quality."""

    times: Times
    columns: "list[pa.Array]"


def names(order: Order) -> list[str]:
    """What the columns are called, the time first."""
    if order.layout == "long":
        return ["time", "sensor", "value", "quality"]
    return ["time", *(column.path for column in order.columns)]


def rows(order: Order, one: Slice, cell: Cell) -> Iterator[Rows]:
    """The rows of a slice, in tables of a bounded size; none where it holds no sample."""
    if not len(one):
        return iter(())
    return _long(order, one, cell) if order.layout == "long" else _wide(order, one, cell)


def _wide(order: Order, one: Slice, cell: Cell) -> Iterator[Rows]:
    times = _all_times(one.parts)
    step = max(CELLS // len(order.columns), 1)
    for at in range(0, len(times), step):
        some = times[at : at + step]
        pairs = zip(order.columns, one.parts, strict=True)
        yield Rows(some, [cell(typed(_spread(part, some), order.datatype(column))) for column, part in pairs])


def _all_times(parts: list[Part]) -> Times:
    """Every time at which any sensor has a value, once."""
    spoken = [part.times for part in parts if len(part)]
    if all(len(times) == len(spoken[0]) and (times == spoken[0]).all() for times in spoken[1:]):
        return spoken[0]
    return np.unique(np.concatenate(spoken))


def _spread(part: Part, times: Times) -> Floats | Objects:
    """A sensor's values at some times, which hold all of its own between the first and the last; gaps between."""
    low, high = np.searchsorted(part.times, (times[0], times[-1] + 1))
    if high - low == len(times):
        return part.values[low:high]
    gap = np.nan if part.values.dtype == np.float64 else None
    spread: Floats | Objects = np.full(len(times), gap, part.values.dtype)  # type: ignore[assignment]
    spread[np.searchsorted(times, part.times[low:high])] = part.values[low:high]
    return spread


def _long(order: Order, one: Slice, cell: Cell) -> Iterator[Rows]:
    import pyarrow as pa  # noqa: PLC0415 - 55 MB that an idle process need not have

    spoken = [(index, part) for index, part in enumerate(one.parts) if len(part)]
    times = np.concatenate([part.times for _, part in spoken])
    by_time = np.argsort(times, kind="stable")
    sensor = np.repeat([index for index, _ in spoken], [len(part) for _, part in spoken])
    values = [cell(typed(part.values, order.datatype(order.columns[index]))) for index, part in spoken]
    paths = pa.array([column.path for column in order.columns])
    yield Rows(
        times[by_time],
        [
            paths.take(pa.array(sensor[by_time])),
            pa.concat_arrays(values).take(pa.array(by_time)),
            pa.array(np.concatenate([_qualities(part) for _, part in spoken])[by_time], pa.string()),
        ],
    )


def _qualities(part: Part) -> Objects:
    words: Objects = np.full(len(part), GOOD, np.object_)
    at = np.searchsorted(part.times, part.doubtful)
    there = at < len(part)
    there[there] = part.times[at[there]] == part.doubtful[there]
    words[at[there]] = part.quality[there]
    return words


def typed(values: Floats | Objects, datatype: Datatype) -> "pa.Array":
    """Values with the type they are stored with; a column of gaps alone with that of the sensor."""
    import pyarrow as pa  # noqa: PLC0415

    if values.dtype == np.float64:
        empty = np.isnan(values.astype(np.float64, copy=False))
        return pa.nulls(len(values), arrow_type(datatype)) if empty.all() else pa.array(values, mask=empty)
    types = {type(value) for value in values.tolist() if value is not None}
    if len(types) > 1:  # it was another kind of sensor once
        return pa.array([value if value is None else _text(value) for value in values.tolist()], pa.string())
    kind = {float: "float", bool: "bool", str: "string"}[types.pop()] if types else datatype
    return pa.array(values.tolist(), arrow_type(kind))


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def arrow_type(datatype: str) -> "pa.DataType":
    """Arrow's type of a datatype of ours."""
    import pyarrow as pa  # noqa: PLC0415

    return {"float": pa.float64(), "bool": pa.bool_(), "string": pa.string()}[datatype]
