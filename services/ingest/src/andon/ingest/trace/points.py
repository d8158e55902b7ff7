"""Points: what InfluxDB has of one sensor within one millisecond."""

from dataclasses import dataclass

from andon.common.influx import ARRIVED_SUFFIX, Influx, measurements, quote_identifier, quote_string, quote_tag
from andon.common.plant import Asset
from andon.common.reading import NS_PER_MS, Value

MOST_POINTS = 20


@dataclass(frozen=True)
class Point:
    """A stored value; `arrived`: UTC nanoseconds at which it came, where that was far from its time."""

    value: Value | None
    arrived: int | None


async def points(influx: Influx, asset: Asset, key: str, start: int) -> list[Point]:
    """What is stored in the millisecond that begins at `start`.

    Raises:
        UnavailableError: InfluxDB does not answer.
    """
    answers = await influx.query(
        *(_statement(name, asset, key, start) for name in reversed(measurements(asset, start)))
    )
    found = dict[int, Point]()
    for time, value, arrived in (row for answer in answers for series in answer for row in series.rows):
        point, known = Point(value, None if arrived is None else int(arrived) * NS_PER_MS), found.get(time)
        if known is None or (point.arrived or time) >= (known.arrived or time):  # as another type it said another value
            found[time] = point
    return list(found.values())


def _statement(name: str, asset: Asset, key: str, start: int) -> str:
    return (
        f"SELECT {quote_identifier(key)}, {quote_identifier(key + ARRIVED_SUFFIX)}"  # noqa: S608 - quoted
        f" FROM {quote_identifier(name)} WHERE {quote_tag('asset')} = {quote_string(asset.id)}"
        f" AND time >= {start} AND time < {start + NS_PER_MS} LIMIT {MOST_POINTS}"
    )
