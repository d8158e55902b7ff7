"""Order: what an export is asked for, and the sensors, range and clock that it comes to for this caller."""

import re
from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from andon.common.errors import InvalidError
from andon.common.plant import Asset, Datatype, Sensor
from andon.common.sight import find_sensor
from andon.common.times import ns_to_iso
from andon.query.branches import Branches
from andon.query.export.rollup import AGGREGATES, Agg, Rollup, rollup_of
from andon.query.history.history import Span, span_of
from andon.query.series import calendars
from andon.query.series.calendars import USUAL_SHIFTS

Format: TypeAlias = Literal["csv", "xlsx", "parquet", "arrow", "json", "ndjson"]
Layout: TypeAlias = Literal["wide", "long"]
Text: TypeAlias = Annotated[str, StringConstraints(max_length=64)]

MOST_SENSORS: dict[Layout, int] = {"wide": 200, "long": 500}
EXTENSIONS: dict[Format, str] = {"arrow": "arrows"}
"""Where it is not the format's own name: `.arrow` is the other form of Arrow, that which cannot be streamed."""
UTC = ZoneInfo("UTC")

_NOT_IN_NAMES = re.compile(r"[^\w.+ -]+")


class Wish(BaseModel):
    """What to export. Sensors by name, all below a part of the plant, or both; `agg` and `bucket` go together."""

    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)

    sensor: Annotated[list[Annotated[str, StringConstraints(max_length=512)]], Field(max_length=500)] = []
    under: Annotated[str, Field(max_length=512, description="A part of the plant, or a machine")] = ""
    from_: Annotated[Text, Field(alias="from", description="ISO 8601, epoch ms, or -1h, -30d, -2w, -1y")] = "-1h"
    to: Annotated[Text, Field(description="ISO 8601, epoch ms, or now; not included")] = "now"
    format: Format = "csv"
    layout: Layout = "wide"
    agg: Annotated[Agg | None, Field(description=f"One of {', '.join(AGGREGATES)}; without, every value")] = None
    bucket: Annotated[Text, Field(description="10s, 5m, 8h, shift, day, week or month")] = ""
    tz: Annotated[Text, Field(description="Time zone of times in texts and workbooks, of days, of from and to")] = "UTC"
    shifts: Annotated[str, Field(max_length=200)] = USUAL_SHIFTS
    name: Annotated[str, Field(max_length=100, description="Name of the file")] = ""


@dataclass(frozen=True)
class Column:
    """A sensor to be exported."""

    asset: Asset
    sensor: Sensor

    @property
    def path(self) -> str:
        """The sensor's path, the name of its column."""
        return self.sensor.path


@dataclass(frozen=True)
class Order:
    """An export as it will be made: nothing in it depends on the caller any more.

    kept_since: of what was before, samples that are asked for may be gone, UTC nanoseconds; 0 where none is.
    """

    columns: tuple[Column, ...]
    span: Span
    format: Format
    layout: Layout
    zone: ZoneInfo
    rollup: Rollup | None
    name: str
    kept_since: int = 0

    @property
    def datatypes(self) -> set[Datatype]:
        """Those of all its sensors."""
        return {column.sensor.datatype for column in self.columns}


def order_of(wish: Wish, branches: Branches, scope: str, kept_since: int = 0) -> Order:
    """What a wish comes to, cut to the caller's part of the plant. `kept_since`: from when on all samples are kept.

    Raises:
        InvalidError: it cannot be exported so; says what to change.
        NotFoundError: no such sensor or part, or not the caller's.
    """
    columns = _columns(wish, branches, scope)
    if not columns:
        raise InvalidError("No sensor is named; give sensor=<path>, or under=<part of the plant that has sensors>")
    if len(columns) > MOST_SENSORS[wish.layout]:
        raise InvalidError(
            f"These are {len(columns)} sensors; at most {MOST_SENSORS[wish.layout]} with layout={wish.layout}"
            + (f", and {MOST_SENSORS['long']} with layout=long" if wish.layout == "wide" else "; name fewer")
        )
    zone = calendars.zone(wish.tz)
    span = span_of(wish.from_, wish.to, zone)
    rollup = rollup_of(wish.agg, wish.bucket, span, zone, wish.shifts)
    if rollup:
        _require_numbers(columns)
    gone = 0 if rollup or kept_since <= span.start else kept_since
    return Order(columns, span, wish.format, wish.layout, zone, rollup, _file_name(wish, columns, span), gone)


def _columns(wish: Wish, branches: Branches, scope: str) -> tuple[Column, ...]:
    """Those named, in that order, then those below `under` in order of path (with an `agg` its numbers); each once."""
    found = [find_sensor(branches.plant, name, scope) for name in wish.sensor]
    if wish.under:
        for machine, keys in branches.select(wish.under, scope).items():
            asset = branches.plant.find(machine)
            if asset is not None:
                found += [
                    (asset, sensor)
                    for sensor in asset.sensors
                    if (keys is None or sensor.key in keys) and (not wish.agg or sensor.datatype == "float")
                ]
    return tuple({sensor.path: Column(asset, sensor) for asset, sensor in found}.values())


def _require_numbers(columns: tuple[Column, ...]) -> None:
    other = next((column for column in columns if column.sensor.datatype != "float"), None)
    if other:
        raise InvalidError(
            f"'{other.path}' is a {other.sensor.datatype}; only numbers have an agg: leave the one or the other out"
        )


def _file_name(wish: Wish, columns: tuple[Column, ...], span: Span) -> str:
    extension = "." + EXTENSIONS.get(wish.format, wish.format)
    given = _NOT_IN_NAMES.sub("-", wish.name).strip(" .-")
    if given:
        return given.removesuffix(extension) + extension
    what = wish.under or columns[0].path + (f" and {len(columns) - 1} more" if len(columns) > 1 else "")
    start, end = (re.sub(r"[:-]|\.\d+", "", ns_to_iso(at)) for at in (span.start, span.end))
    return f"{_NOT_IN_NAMES.sub('-', what).replace(' ', '-')}_{start}_{end}{extension}"
