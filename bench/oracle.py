"""Oracle: what InfluxDB holds, against the journal of what the broker acknowledged."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from andon.common.influx import Influx, quote_identifier
from andon.common.reading import NS_PER_MS
from andon.simulator.journal import Journal

_MACHINES_AT_ONCE = 50
_TIME_BITS = 43
"""Enough for milliseconds since 1970 until the year 2248; above them is the machine's number."""


@dataclass(frozen=True)
class Verdict:
    """Messages that are not there, and those that are there with another value or without some of their values."""

    missing: int
    wrong: int

    @property
    def lost(self) -> int:
        """What should not be anything but 0."""
        return self.missing + self.wrong


async def judge(influx: Influx, measurement: str, values: int, machines: int, journal: Journal) -> Verdict:
    """Look up every acknowledged message."""
    noted = np.frombuffer(journal.numbers, np.int64).reshape(-1, 3)
    keys, order = np.unique(noted[:, 0] << _TIME_BITS | noted[:, 1], return_index=True)
    held, first, last = await _held(influx, measurement, values, machines)
    places = np.searchsorted(held, keys).clip(max=max(0, len(held) - 1))
    found = held[places] == keys if len(held) else np.zeros(len(keys), bool)
    seqs = noted[order, 2]
    right = (first[places] == seqs) & (last[places] == seqs) if len(held) else found
    short = 0
    counts = f"SELECT count(*) FROM {quote_identifier(measurement)}"  # noqa: S608 - InfluxQL, our names
    for series in (await influx.query(counts))[0]:
        short = len(held) - min(series.rows[0][1:])
    return Verdict(int((~found).sum()) + len(noted) - len(keys), max(int((found & ~right).sum()), short))


async def _held(
    influx: Influx, measurement: str, values: int, machines: int
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Keys in order, and the first and last value of each message."""
    keys, values_of = [np.empty(0, np.int64)], [np.empty((0, 2))]
    for start in range(0, machines, _MACHINES_AT_ONCE):
        names = "|".join(f"m-{n}" for n in range(start, min(machines, start + _MACHINES_AT_ONCE)))
        statement = (
            f"SELECT v0 AS first, v{values - 1} AS last FROM {quote_identifier(measurement)} "  # noqa: S608 - InfluxQL, our names
            f"WHERE machine =~ /^({names})$/ GROUP BY machine"
        )
        for series in (await influx.query(statement))[0]:
            high = int(series.tags["machine"].removeprefix("m-")) << _TIME_BITS
            keys.append(np.array([high | row[0] // NS_PER_MS for row in series.rows], np.int64))
            values_of.append(np.array([row[1:] for row in series.rows], np.float64))
    everything = np.concatenate(keys)
    order = everything.argsort()
    first, last = np.concatenate(values_of)[order].T
    return everything[order], first, last
