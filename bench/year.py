"""A year of one machine: a sensor at 1 Hz, and nine that say less; past Andon, straight into InfluxDB.

What a chart reads of these nine is as much as of the first: a row an hour, and of the last days a row a minute.
"""

import asyncio
from dataclasses import dataclass, replace

import numpy as np

from andon.common.influx import Influx, line_prefix
from andon.common.plant import Asset

SECONDS = 365 * 86_400
KEYS = [f"v{number}" for number in range(10)]
SELDOM, RARE, DAYS = 30, 600, 2
"""Seconds between two samples of the other nine: in the last days, and before."""
LINES = 10_000
WRITERS = 2


@dataclass(frozen=True)
class Year:
    """What is loaded; `end` in whole seconds since 1970."""

    machine: Asset
    end: int
    seconds: int

    @property
    def start(self) -> int:
        """Seconds since 1970."""
        return self.end - self.seconds

    async def load(self, influx: Influx, keys: list[str], every: int) -> int:
        """A sample of each key every so many seconds; how many samples."""
        starts = range(self.start, self.end, LINES * every)
        gate = asyncio.Semaphore(WRITERS)

        async def one(begin: int) -> None:
            async with gate:
                body = await asyncio.to_thread(self._lines, begin, keys, every)
                answer = await influx.write(body)
                assert answer.stored, answer

        for first in range(0, len(starts), 64):
            await asyncio.gather(*map(one, starts[first : first + 64]))
        return len(range(self.start, self.end, every)) * len(keys)

    async def load_others(self, influx: Influx) -> None:
        """The other nine."""
        await self.load(influx, KEYS[1:], RARE)
        await replace(self, seconds=min(DAYS * 86_400, self.seconds)).load(influx, KEYS[1:], SELDOM)

    def _lines(self, begin: int, keys: list[str], every: int) -> bytes:
        """A daily wave with noise: values as a thermometer has them."""
        times = np.arange(begin, min(begin + LINES * every, self.end), every)
        noise = np.random.default_rng(begin).normal(size=times.size)
        values = np.round(60 + 15 * np.sin(times / 13_750) + noise, 2).tolist()
        prefix = line_prefix(self.machine).decode()
        return "\n".join(
            f"{prefix}{','.join(f'{key}={value}' for key in keys)} {time}000000000"
            for time, value in zip(times.tolist(), values, strict=True)
        ).encode()
