"""The oracle: what devices were told is safe, held against what the store has.

A `Press` sends a numbered sample as fast as the broker acknowledges, and enters it into the journal once it has the
PUBACK. After a broken connection the same sample is sent again, as a good device does.
"""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from time import time_ns

import aiomqtt

from andon.common.influx import Influx

COOL, HOT = 40.0, 81.2
PAUSE = 0.005
"""Seconds between two samples of one press: some hundred messages a second from all of them."""


@dataclass
class Press:
    """One machine that speaks.

    sent, safe: time in milliseconds -> number; all of them, and those with a PUBACK.
    acknowledged: the temperature of the newest sample with a PUBACK.
    """

    path: str
    connect: Callable[[], aiomqtt.Client]
    temperature: float = COOL
    sent: dict[int, float] = field(default_factory=dict)
    safe: dict[int, float] = field(default_factory=dict)
    last: int = 0
    acknowledged: float = COOL

    async def run(self) -> None:
        """Send until cancelled."""
        while True:
            with suppress(aiomqtt.MqttError):
                async with self.connect() as client:
                    while True:
                        await self._say(client)
            await asyncio.sleep(0.05)  # as a device does before it tries again

    async def says(self, temperature: float) -> None:
        """Wait until several samples of this temperature are acknowledged."""
        self.temperature = temperature
        first = len(self.safe) + 2
        while self.acknowledged != temperature or len(self.safe) < first:
            await asyncio.sleep(PAUSE)

    async def _say(self, client: aiomqtt.Client) -> None:
        if self.last in self.safe or not self.sent:
            self.last = max(time_ns() // 10**6, self.last + 1)
        at, temperature = self.last, self.temperature
        number = self.sent.setdefault(at, float(len(self.sent)))
        message = {"ts": at, "values": {"number": number, "oil_temperature": temperature}}
        await client.publish(f"factory/{self.path}", json.dumps(message), qos=1, timeout=5)
        self.safe[at], self.acknowledged = number, temperature
        await asyncio.sleep(PAUSE)


@dataclass(frozen=True)
class Verdict:
    """Samples acknowledged and not stored; stored with another value; stored and never sent."""

    lost: int
    wrong: int
    unexplained: int


async def stored(influx: Influx, path: str) -> dict[int, float]:
    """Time in milliseconds -> number, of everything the store has of a press."""
    site, area, line, machine = path.split("/")
    where = " AND ".join(f"{tag} = ${tag}" for tag in ("site", "area", "line", "machine"))
    names = {"site": site, "area": area, "line": line, "machine": machine}
    [found] = await influx.query(f'SELECT "number" FROM "press" WHERE {where}', params=names)
    return {row[0] // 10**6: row[1] for series in found for row in series.rows}


def judge(press: Press, found: dict[int, float]) -> Verdict:
    """Hold the journal of a press against what is stored."""
    return Verdict(
        lost=sum(at not in found for at in press.safe),
        wrong=sum(at in press.sent and press.sent[at] != number for at, number in found.items()),
        unexplained=sum(at not in press.sent for at in found),
    )
