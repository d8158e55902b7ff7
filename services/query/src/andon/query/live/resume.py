"""Resume: what happened to a client's sensors while it was away, from InfluxDB, up to where the live feed goes on.

Bounded for all clients together, for they come back all at once: a few are served at a time, person by person, and
whoever waits too long is told the gap, and loads it from history.
"""

import asyncio
from time import time_ns

from andon.common import logs
from andon.common.errors import UnavailableError
from andon.common.history.history import History
from andon.common.history.span import LATEST_TIME, Span
from andon.common.history.stored import statement
from andon.common.history.turns import Turns
from andon.common.influx import QUALITY_SUFFIX, measurements, quote_identifier
from andon.common.plant import Asset, Plant, Sensor
from andon.common.reading import NS_PER_MS
from andon.query.live.audience import Audience, Listener
from andon.query.live.past import Past, room
from andon.query.live.seam import Seam

log = logs.get("resume")

MAX_SENSORS = 1_000
AT_ONCE = 4
"""Half of what InfluxDB is asked at a time: pages that ask for history have their turn too."""
RESUME_SECONDS = 10.0
"""Longest wait, that for one's turn included."""
STATEMENTS = 20
"""Machines in one query."""


class Resume:
    """Asks InfluxDB for clients that come back. `plant_known`: set once the plant has arrived."""

    def __init__(
        self, plant: Plant, plant_known: asyncio.Event, audience: Audience, history: History, seam: Seam
    ) -> None:
        self._plant = plant
        self._plant_known = plant_known
        self._audience = audience
        self._history = history
        self._seam = seam
        self._turns = Turns(AT_ONCE)

    async def past(self, since: int, listener: Listener, person: str) -> Past:
        """What happened from `since` (epoch ms) on, for one who listens already; a gap where that cannot be told.

        person: whose it is; whoever has many connections waits behind themselves alone.
        """
        past = Past(since * NS_PER_MS, now=time_ns())
        try:
            async with asyncio.timeout(RESUME_SECONDS):
                await self._plant_known.wait()
                await self._audience.catch_up(listener, person)
                await self._seam.closed()
                async with self._turns.turn(person):
                    await self._read(past, listener)
        except (TimeoutError, UnavailableError) as error:
            log.info("a live client is told a gap instead of what happened", reason=str(error) or "it took too long")
            past.give_up(time_ns())
        return past

    async def _read(self, past: Past, listener: Listener) -> None:
        machines = self._machines(listener)
        if sum(len(sensors) for _, sensors in machines) > MAX_SENSORS:
            past.give_up(time_ns())
            return
        for first in range(0, len(machines), STATEMENTS):
            group = machines[first : first + STATEMENTS]
            rooms = [room(len(sensors), len(group)) for _, sensors in group]
            asked = [
                (name, *each, most)
                for each, most in zip(group, rooms, strict=True)
                for name in reversed(measurements(each[0], past.start))  # what another type wrote over comes later
            ]
            answers = await self._history.ask(*(_statement(past, *one) for one in asked))
            for (_, machine, sensors, most), found in zip(asked, answers, strict=True):
                past.add(machine.id, sensors, found[0].rows if found else [], most)
                await asyncio.sleep(0)
        past.cut()

    def _machines(self, listener: Listener) -> list[tuple[Asset, list[Sensor]]]:
        """What the client listens to: machines and their sensors."""
        found = []
        for name, chosen in listener.chosen.items():
            machine = self._plant.find(name)
            sensors = [s for s in machine.sensors if chosen is None or s.key in chosen] if machine else []
            if machine is not None and sensors:
                found.append((machine, sensors))
        return found


def _statement(past: Past, name: str, machine: Asset, sensors: list[Sensor], most: int) -> str:
    what = ",".join(f"{quote_identifier(s.key)},{quote_identifier(s.key + QUALITY_SUFFIX)}" for s in sensors)
    tail = f" ORDER BY time DESC LIMIT {most}"
    return statement(what, name, Span(past.start, LATEST_TIME), [machine.id], tail=tail)
