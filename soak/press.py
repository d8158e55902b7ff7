"""Press: a machine that speaks as a good device does, and whose oil gets hot now and then.

It sends a numbered sample, waits for the PUBACK, enters it into the journal, and sends the next. After a broken
connection the same sample is sent again.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from secrets import token_hex
from time import time_ns

import aiomqtt

from andon.common.testing.speaking import speak
from soak.journal import Journal, Sample

COOL, HOT = 40.0, 81.2
PATIENCE = 5.0
"""Seconds a press waits for a PUBACK before it takes the connection for dead."""


@dataclass
class Press:
    """One machine.

    pause: seconds between two samples. acknowledged: temperature of the newest with a PUBACK.
    quiet: send nothing. steady: stay hot, or cool.
    """

    path: str
    connect: Callable[[], aiomqtt.Client]
    journal: Journal
    pause: float = 0.005
    temperature: float = COOL
    acknowledged: float = COOL
    boot: str = field(default_factory=lambda: token_hex(4))
    seq: int = 0
    quiet: bool = False
    steady: bool = False
    _open: Sample | None = None

    async def run(self) -> None:
        """Send until cancelled."""
        await speak(self.connect, self._say)

    async def says(self, temperature: float, samples: int = 2) -> None:
        """Wait until several samples of this temperature are acknowledged."""
        self.temperature = temperature
        first = self.seq + samples
        while self.acknowledged != temperature or self.seq < first:
            await asyncio.sleep(self.pause)

    async def excursions(self) -> None:
        """Hot and cool in turn, until cancelled."""
        while True:
            for temperature in (HOT, COOL):
                while self.steady:
                    await asyncio.sleep(self.pause)
                await self.says(temperature, 20)

    async def rests(self) -> None:
        """Send nothing more until `quiet` is taken back; returns once the last sample has its PUBACK."""
        self.quiet = True
        while self._open is not None:
            await asyncio.sleep(self.pause)

    async def _say(self, client: aiomqtt.Client) -> None:
        if self._open is None:
            while self.quiet:
                await asyncio.sleep(self.pause)
            self._open = self._next()
            self.journal.send(self._open)
        sample = self._open
        await client.publish(f"factory/{self.path}", sample.payload(), qos=1, timeout=PATIENCE)
        self.journal.acknowledge(sample)
        self._open, self.acknowledged = None, sample.value
        await asyncio.sleep(self.pause)

    def _next(self) -> Sample:
        now = time_ns() // 10**6
        last = next(reversed(self.journal.sent.get(self.path, {0: None})))
        self.seq += 1
        return Sample(self.path, self.boot, self.seq, max(now, last + 1), self.temperature, now)
