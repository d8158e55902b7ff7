"""Trace: from a value of a sensor at a time to the messages it came by.

    InfluxDB: is it stored, and did it come far from its time?  ->  RAW: from when it came on  ->  when was it stored?

What came about when it was measured is looked for there. Of what came much later, or before its time, InfluxDB keeps
the arrival beside the value.
"""

import asyncio
from time import time_ns

from msgspec import structs

from andon.common import subjects
from andon.common.bus import Bus
from andon.common.devices import Devices
from andon.common.errors import NotFoundError, UnavailableError
from andon.common.influx import EARLY, LATE, Influx
from andon.common.plant import Asset, Plant, Sensor
from andon.common.reading import NS_PER_MS, NS_PER_S, Value
from andon.common.streams import RAW_DAYS
from andon.common.times import ns_to_iso
from andon.ingest.deadletters.letters import readable
from andon.ingest.resolve import Resolver
from andon.ingest.trace.calculated import follows_from
from andon.ingest.trace.points import Point, points
from andon.ingest.trace.raws import Raws
from andon.ingest.trace.said import refused_reading
from andon.ingest.trace.search import MOST_BYTES, MOST_HITS, Hit, Search
from andon.ingest.trace.views import MessageView, TraceView, view

SLACK = 3 * NS_PER_S
"""Clocks of the machines Andon runs on differ, and messages are kept a little after they came."""
JUST_NOW = LATE + 5 * NS_PER_S
LOOK_AGAIN = 0.5
"""What came just now may still wait to be kept; it is looked for again after so many seconds."""
AT_ONCE = 2
"""Calls that look at the same time; the others wait."""


class Trace:
    """Traces values."""

    def __init__(self, bus: Bus, influx: Influx, plant: Plant, devices: Devices) -> None:
        self._raws = Raws(bus)
        self._partitions = bus.settings.partitions
        self._influx = influx
        self._plant = plant
        self._resolver = Resolver(plant)
        self._devices = devices
        self._gate = asyncio.Semaphore(AT_ONCE)

    async def find(self, asset: Asset, sensor: Sensor, ts: int, scope: str = "") -> TraceView:
        """The messages by which the value of a millisecond came; `ts` is UTC nanoseconds.

        A calculated one names the sensors it follows from, those in `scope`.

        Raises:
            NotFoundError: there is none, or none any more; says why.
            UnavailableError: NATS does not answer.
        """
        start = ts // NS_PER_MS * NS_PER_MS
        if sensor.expression:
            return await self._calculated(asset, sensor, start, scope)
        async with self._gate:
            there = await self._points(asset, sensor, start)
            search = Search(self._raws, self._resolver, asset, sensor.key, start)
            await self._look(search, asset, start, there or [])
            if not search.hits and time_ns() - _came(there, start) < JUST_NOW:
                await asyncio.sleep(LOOK_AGAIN)
                await self._look(search, asset, start, there or [])
            since = await self._raws.since()
            if not search.hits:
                raise NotFoundError(why_not(sensor, start, there, since, gave_up=search.gave_up))
            value = _value(there)
            stored = there is None or value is not None
            newest = sorted(search.hits, key=lambda hit: (hit.batch.sequence, hit.kept.number))[::-1]
            return TraceView(
                sensor=sensor.path,
                ts=ns_to_iso(start),
                value=value,
                items=[
                    await self._message(asset, hit, counts=number == 0, stored=stored)
                    for number, hit in enumerate(newest[:MOST_HITS])
                ],
                complete=not search.gave_up,
                kept_since=None if since is None else ns_to_iso(since),
            )

    async def _calculated(self, asset: Asset, sensor: Sensor, start: int, scope: str) -> TraceView:
        return TraceView(
            sensor=sensor.path,
            ts=ns_to_iso(start),
            value=_value(await self._points(asset, sensor, start)),
            items=[],
            complete=True,
            kept_since=None,
            expression=sensor.expression,
            follows_from=follows_from(self._plant, asset, sensor, scope),
        )

    async def _points(self, asset: Asset, sensor: Sensor, start: int) -> list[Point] | None:
        try:
            return await points(self._influx, asset, sensor.key, start)
        except UnavailableError:
            return None  # what came when it was measured can be found all the same

    async def _look(self, search: Search, asset: Asset, start: int, there: list[Point]) -> None:
        spans = [(point.arrived - SLACK, point.arrived + SLACK) for point in there if point.arrived is not None]
        spans.append((start - EARLY - SLACK, start + NS_PER_MS + LATE + SLACK))
        own = subjects.raw_received(subjects.partition_of(asset.id, self._partitions))
        for subject in (subjects.RAW_RECEIVED,) if self._partitions == 1 else (own, subjects.RAW_RECEIVED):
            for begin, end in spans:
                if not search.gave_up:
                    await search.look(subject, begin, end)
            if search.hits:  # all partitions only for what came when there was another number of them
                return

    async def _message(self, asset: Asset, hit: Hit, *, counts: bool, stored: bool) -> MessageView:
        kept, batch, message, said = hit
        if (reading := refused_reading(batch.source, message)) is not None:
            message = structs.replace(message, topic=b"", payload=readable(reading, self._plant), size=0)
        at = await self._raws.stored(kept.partition, batch.sequence, batch.published) if stored else None
        devices = [] if message.by else [device.name for device in self._devices.speakers(asset.path)]
        return view(batch, message, said, at, counts=counts, devices=devices)


def why_not(sensor: Sensor, start: int, there: list[Point] | None, since: int | None, *, gave_up: bool) -> str:
    """Why no message is found, and what is known all the same."""
    what = f"'{sensor.path}' at {ns_to_iso(start)}"
    came = _came(there, start)
    late = "" if came == start else f" It came at {ns_to_iso(came)}."
    if gave_up:
        return f"{what}: not found in the first {MOST_BYTES >> 20} MB since it came, and the search was given up.{late}"
    if there is None:
        why = "InfluxDB does not answer, so that it is not known when it came; try again once it does"
        return f"{what}: no message with it came about then. {why}"
    if not any(point.value is not None for point in there):
        return f"{what}: no such value is stored, and no message with one is kept. Name the very millisecond"
    if since is None or came + NS_PER_MS <= since:
        kept = "none is kept now" if since is None else f"the oldest that is came at {ns_to_iso(since)}"
        most = f"Messages are kept for {RAW_DAYS} days, or until newer ones need the room (ANDON_NATS_RAW_BYTES)"
        return f"{what}: the message it came by is no longer kept; {kept}. {most}.{late}"
    return f"{what}: the message it came by was not kept; ingest ended just then, or had no room for it.{late}"


def _value(there: list[Point] | None) -> Value | None:
    return next((point.value for point in reversed(there or []) if point.value is not None), None)


def _came(there: list[Point] | None, start: int) -> int:
    """When the value came, as far as is known: about its time, unless InfluxDB tells otherwise."""
    return next((point.arrived for point in there or [] if point.arrived is not None), start)
