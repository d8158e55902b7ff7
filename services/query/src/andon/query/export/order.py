"""Order: what an export is asked for, and the sensors, range and clock that it comes to for this caller."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from andon.common.errors import InvalidError
from andon.common.history.span import Span, span_of
from andon.common.plant import Asset, Datatype, Sensor
from andon.common.sight import find_sensor
from andon.common.times import ns_to_iso, time_zone
from andon.query.branches import Branches
from andon.query.export.rollup import AGGREGATES, Rollup, rollup_of
from andon.query.series.aggregates import OF_SWITCHES, WITHOUT_ARITHMETIC
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
    agg: Annotated[
        str, Field(max_length=128, description=f"Some of {', '.join(AGGREGATES)}, with commas; without, every value")
    ] = ""
    bucket: Annotated[Text, Field(description="10s, 5m, 8h, shift, day, week or month")] = ""
    tz: Annotated[Text, Field(description="Time zone of times in texts and workbooks, of days, of from and to")] = "UTC"
    shifts: Annotated[str, Field(max_length=200)] = USUAL_SHIFTS
    name: Annotated[str, Field(max_length=100, description="Name of the file")] = ""


@dataclass(frozen=True)
class Column:
    """A sensor to be exported; or one of several aggregates of it, `agg`."""

    asset: Asset
    sensor: Sensor
    agg: str = ""

    @property
    def path(self) -> str:
        """The name of the column: the sensor's path, and the aggregate where there are several."""
        return f"{self.sensor.path} {self.agg}" if self.agg else self.sensor.path


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
    def sensors(self) -> int:
        """How many there are."""
        return len({column.sensor.path for column in self.columns})

    @property
    def datatypes(self) -> set[Datatype]:
        """Those of all its columns."""
        return {self.datatype(column) for column in self.columns}

    def datatype(self, column: Column) -> Datatype:
        """That of the values in a column: what a bucket tells is a number, but for its first and last value."""
        agg = column.agg or (self.rollup.aggs[0] if self.rollup else "")
        return column.sensor.datatype if agg in ("", "first", "last") else "float"


def order_of(wish: Wish, branches: Branches, scope: str, kept_since: int = 0) -> Order:
    """What a wish comes to, cut to the caller's part of the plant. `kept_since`: from when on all samples are kept.

    Raises:
        InvalidError: it cannot be exported so; says what to change.
        NotFoundError: no such sensor or part, or not the caller's.
    """
    zone = time_zone(wish.tz)
    span = span_of(wish.from_, wish.to, zone)
    rollup = rollup_of(wish.agg, wish.bucket, span, zone, wish.shifts)
    aggs = rollup.aggs if rollup and len(rollup.aggs) > 1 else ("",)
    columns = tuple(Column(*found, agg) for found in _sensors(wish, branches, scope) for agg in aggs)
    if not columns:
        raise InvalidError("No sensor is named; give sensor=<path>, or under=<part of the plant that has sensors>")
    if len(columns) > MOST_SENSORS[wish.layout]:
        what = "sensors" if len(aggs) == 1 else "aggregates of sensors"
        raise InvalidError(
            f"These are {len(columns)} {what}; at most {MOST_SENSORS[wish.layout]} with layout={wish.layout}"
            + (f", and {MOST_SENSORS['long']} with layout=long" if wish.layout == "wide" else "; name fewer")
        )
    if rollup:
        _require_meaning(columns, rollup)
    gone = 0 if rollup or kept_since <= span.start else kept_since
    return Order(columns, span, wish.format, wish.layout, zone, rollup, _file_name(wish, columns, span), gone)


def _sensors(wish: Wish, branches: Branches, scope: str) -> Iterable[tuple[Asset, Sensor]]:
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
    return {sensor.path: (asset, sensor) for asset, sensor in found}.values()


def _require_meaning(columns: tuple[Column, ...], rollup: Rollup) -> None:
    """Refuse arithmetic of a state."""
    for sensor in (column.sensor for column in columns if column.sensor.datatype != "float"):
        known = OF_SWITCHES if sensor.datatype == "bool" else WITHOUT_ARITHMETIC
        wrong = [agg for agg in rollup.aggs if agg not in known]
        if wrong:
            raise InvalidError(
                f"'{sensor.path}' is a {sensor.datatype}, and has no {', '.join(wrong)}; "
                f"ask for {', '.join(agg for agg in AGGREGATES if agg in known)} of it, or leave it out"
            )


def _file_name(wish: Wish, columns: tuple[Column, ...], span: Span) -> str:
    extension = "." + EXTENSIONS.get(wish.format, wish.format)
    given = _NOT_IN_NAMES.sub("-", wish.name).strip(" .-")
    if given:
        return given.removesuffix(extension) + extension
    others = len({column.sensor.path for column in columns}) - 1
    what = wish.under or columns[0].sensor.path + (f" and {others} more" if others else "")
    start, end = (re.sub(r"[:-]|\.\d+", "", ns_to_iso(at)) for at in (span.start, span.end))
    return f"{_NOT_IN_NAMES.sub('-', what).replace(' ', '-')}_{start}_{end}{extension}"
