"""What stands in a database of InfluxDB: measurements, with tags, fields and their types, and how to ask for all."""

from collections import Counter
from dataclasses import dataclass

from andon.common.influx import Influx, quote_identifier
from andon.common.reading import NS_PER_MS

MANY_VALUES = 500_000
"""Of one window; with more the next one is narrower by as much, with a quarter of it twice as wide."""
FEW_ROWS = 20
"""Of each series are always asked for, however many series there are."""
SHORTEST_WINDOW = NS_PER_MS


@dataclass
class Measurement:
    """A measurement: its tags, and the type of each of its fields. series: as many at least.

    cast: ask for the values of these types alone. InfluxDB lets a field have another type in another stretch of time,
    and hands out those of one type, without a word of the others.
    """

    name: str
    tags: list[str]
    types: dict[str, str]
    series: int = 1
    cast: bool = False

    def most(self, width: int) -> int:
        """Rows of each series that one answer may have; 0: all there are."""
        return max(FEW_ROWS, 4 * MANY_VALUES // (self.series * len(self.types) or 1)) if width > SHORTEST_WINDOW else 0

    def select(self, begin: int, end: int, *, one: bool = False, most: int = 0) -> str:
        """InfluxQL for its rows from `begin` to before `end`, series by series; or for the newest alone.

        most: rows of each series; 0: all.
        """
        where = f"FROM {quote_identifier(self.name)} WHERE time >= {begin} AND time < {end}"
        if one:
            return f"SELECT {self._what} {where} ORDER BY time DESC LIMIT 1"
        by = ", ".join(map(quote_identifier, self.tags))
        return f"SELECT {self._what} {where}{f' GROUP BY {by}' if by else ''}{f' LIMIT {most}' if most else ''}"

    @property
    def _what(self) -> str:
        return ", ".join(f"{quote_identifier(name)}::{kind}" for name, kind in self.types.items()) if self.cast else "*"


async def measurements(influx: Influx, database: str) -> list[Measurement]:
    """All measurements of a database; one more than once where some of its fields have several types.

    Raises:
        UnavailableError: InfluxDB does not answer.
    """
    [found] = await influx.query("SHOW MEASUREMENTS", database=database)
    names = [str(row[0]) for series in found for row in series.rows]
    return [one for name in names for one in await _measurement(influx, database, name)]


async def _measurement(influx: Influx, database: str, name: str) -> list[Measurement]:
    of = f"FROM {quote_identifier(name)}"
    tags, fields = await influx.query(f"SHOW TAG KEYS {of}", f"SHOW FIELD KEYS {of}", database=database)
    layers = list[dict[str, str]]()  # the first type of each field; the second of those that have one; and so on
    for field, kind in (map(str, row) for series in fields for row in series.rows):
        free = next((layer for layer in layers if field not in layer), None)
        if free is None:
            layers.append(free := {})
        free[field] = kind
    keys = [str(row[0]) for series in tags for row in series.rows]
    count = await _count(influx, database, of, keys) if keys else 1
    return [Measurement(name, keys, layer, count, cast=len(layers) > 1) for layer in layers]


async def _count(influx: Influx, database: str, of: str, keys: list[str]) -> int:
    """Values of the tag that has most: there are as many series at least."""
    wanted = ", ".join(map(quote_identifier, keys))
    [found] = await influx.query(f"SHOW TAG VALUES {of} WITH KEY IN ({wanted})", database=database)
    return max(Counter(str(row[0]) for series in found for row in series.rows).values(), default=1)
