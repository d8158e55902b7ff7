"""Disk: what a year takes in InfluxDB's packed files, by the sizes of the shards that hold nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from bench.year import KEYS, RARE, Year

RECENT = 14 * 86_400
"""Seconds at the year's end whose shards also hold what other scenarios sent, or the days of the nine other sensors."""


@dataclass(frozen=True)
class Shard:
    """A folder with the values of some days; times in seconds since 1970."""

    folder: Path
    start: int
    end: int

    @property
    def size(self) -> int:
        """Bytes of its files: values, without the index, which grows with machines and not with time."""
        return sum(file.stat().st_size for file in self.folder.glob("*.tsm"))


def of_each(found: list[Shard], year: Year, every: int) -> float:
    """Bytes of each row of a sensor; every: seconds between two rows of the first sensor, the others have fewer."""
    held = [shard for shard in found if whole(shard, year)]
    return sum(shard.size for shard in held) / max(1, sum(rows(shard.end - shard.start, every) for shard in held))


async def shards(http: httpx.AsyncClient, url: str, data: Path, database: str) -> list[Shard]:
    """All of a database. data: InfluxDB's folder of data."""
    answer = (await http.get(f"{url}/query", params={"q": "SHOW SHARDS"})).raise_for_status().json()
    series = [one for one in answer["results"][0].get("series", []) if one["name"] == database]
    return list(_shards(series[0], data) if series else [])


def whole(shard: Shard, year: Year) -> bool:
    """Whether it lies in the year, and holds nothing but that."""
    return year.start <= shard.start and shard.end <= year.end - RECENT


def rows(seconds: int, every: int) -> int:
    """How many there are of all ten sensors in so many seconds."""
    return seconds // every + (len(KEYS) - 1) * (seconds // max(every, RARE))


def _shards(series: dict[str, Any], data: Path) -> Iterator[Shard]:
    columns = series["columns"]
    for row in series["values"]:
        told = dict(zip(columns, row, strict=True))
        folder = data / told["database"] / told["retention_policy"] / str(told["id"])
        yield Shard(folder, *(int(datetime.fromisoformat(told[at]).timestamp()) for at in ("start_time", "end_time")))
