"""Joining: what lies of one machine in the measurements of the types it had, as if all had been written to one. Pure.

Of two values of a field for one time the one that came last counts, as InfluxDB has it within a measurement.
"""

from collections.abc import Iterable
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from andon.common.history.columns import Columns, Floats, Objects, Times
from andon.common.history.span import Span
from andon.common.plant import Asset

Parts: TypeAlias = dict[str, Columns]
"""Rows of one machine by measurement, that of its type first, then those of types it had before, the newest first."""
Came: TypeAlias = dict[str, dict[str, Times]]
"""By measurement and field when each row's value came, UTC nanoseconds; what is not there came at its time."""


def fitting(machine: Asset, rows: Columns) -> Columns:
    """Rows in order of time, of each sensor only values of its datatype: as another type it may have had another.

    Of several fields a row stays though nothing in it fits: whoever asks for so many rows counts them.
    """
    datatypes = {sensor.key: sensor.datatype for sensor in machine.sensors}
    fields = {name: _of(datatypes.get(name), values) for name, values in rows.fields.items()}
    order = np.argsort(rows.times, kind="stable")
    if len(fields) == 1:  # of one measurement all fit, or none
        (values,) = fields.values()
        order = order[there(values)[order]]
    return Columns(rows.tags, rows.times, fields).part(order)


def _of(datatype: str | None, values: Floats | Objects) -> Floats | Objects:
    if datatype is None or (values.dtype == np.float64) == (datatype == "float"):
        kind = {"bool": bool, "string": str}.get(datatype or "")
        return values if kind is None else np.array([v if isinstance(v, kind) else None for v in values], np.object_)
    return np.full(len(values), np.nan)


def contested(found: Parts) -> tuple[list[str], Span] | None:
    """Fields of which several measurements have a value for the same time, and a range that holds such times."""
    fields, at = list[str](), list[Times]()
    both = _twice(rows.times for rows in found.values())
    some = {name: rows.part(np.flatnonzero(np.isin(rows.times, both))) for name, rows in found.items()}
    for field in dict.fromkeys(name for rows in some.values() for name in rows.fields) if both.size else ():
        twice = _twice(r.times[there(r.fields[field])] for r in some.values() if field in r.fields)
        if twice.size:
            fields, at = [*fields, field], [*at, twice]
    return (fields, Span(int(min(map(np.min, at))), int(max(map(np.max, at))) + 1)) if fields else None


def _twice(parts: Iterable[Times]) -> Times:
    """Times that several parts have."""
    times, count = np.unique(np.concatenate([np.unique(one) for one in parts]), return_counts=True)
    return times[count > 1]


def join(found: Parts, came: Came) -> Columns:
    """One row for each time, of rows in order of time: of each field the value that came last, else the first's."""
    times = np.unique(np.concatenate([rows.times for rows in found.values()]))
    names = dict.fromkeys(name for rows in found.values() for name in rows.fields)
    tags = next(iter(found.values())).tags
    return Columns(tags, times, {name: _field(name, found, came, times) for name in names})


def _field(field: str, found: Parts, came: Came, times: Times) -> Floats | Objects:
    some = [(name, rows) for name, rows in found.items() if field in rows.fields]
    numbers = all(rows.fields[field].dtype == np.float64 for _, rows in some)
    values: Floats | Objects = np.full(len(times), np.nan) if numbers else np.full(len(times), None, np.object_)
    newest = np.full(len(times), np.iinfo(np.int64).min)
    for name, rows in reversed(some):
        has = there(rows.fields[field])
        at = np.searchsorted(times, rows.times[has])
        arrived = came.get(name, {}).get(field, rows.times)[has]
        later = arrived >= newest[at]
        values[at[later]] = rows.fields[field][has][later]
        newest[at[later]] = arrived[later]
    return values


def there(values: Floats | Objects) -> npt.NDArray[np.bool_]:
    """Where a column has a value."""
    if values.dtype == np.float64:
        return ~np.isnan(values.astype(np.float64, copy=False))
    return np.array([value is not None for value in values], np.bool_)
