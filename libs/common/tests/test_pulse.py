"""Who listens to heartbeats knows who is silent, and who was started too quickly to be missed."""

import asyncio

import msgspec

from andon.common import jobs, subjects
from andon.common.bus import Bus
from andon.common.health import RECENT_SECONDS, Beat, Pulse
from andon.common.testing.waiting import eventually


async def beat(bus: Bus, age: float, **checks: str) -> None:
    await bus.nc.publish(subjects.health("ingest"), msgspec.msgpack.encode(Beat("ingest", checks, age)))


async def test_a_process_that_was_started_is_told_of(bus: Bus) -> None:
    pulse = Pulse(bus)
    task = asyncio.create_task(pulse.listen())

    async def sick(wanted: dict[str, str], age: float, **checks: str) -> bool:
        await beat(bus, age, **checks)
        return pulse.sick() == wanted

    await eventually(lambda: sick({"ingest: nats": "away"}, 3600, nats="away"))
    assert pulse.recent() == {}
    await eventually(lambda: sick({}, 0))
    assert list(pulse.recent()) == ["ingest"]
    assert pulse.recent()["ingest"].startswith("started 0 s ago")
    for age in (3600.0, 0.1, 3600.0):  # both live, side by side
        await eventually(lambda age=age: sick({"ingest: of": str(age)}, age, of=str(age)))
    assert list(pulse.recent()) == ["ingest"]
    pulse._begun["ingest"] -= RECENT_SECONDS
    assert pulse.recent() == {}
    await jobs.end(task)


async def test_one_that_was_never_heard_of_before_is_told_of(bus: Bus) -> None:
    """Who listens may have been started a moment before."""
    pulse = Pulse(bus)
    task = asyncio.create_task(pulse.listen())

    async def heard() -> bool:
        await beat(bus, 0)
        return pulse.heard("ingest")

    assert not pulse.heard("ingest")
    await eventually(heard)
    assert list(pulse.recent()) == ["ingest"]
    await jobs.end(task)


async def test_of_several_it_is_told_which_one_is_sick(bus: Bus) -> None:
    pulse = Pulse(bus)
    task = asyncio.create_task(pulse.listen())

    async def sick(**wrong: str) -> dict[str, str]:
        for instance in ("query-1", "query-2"):
            checks = {"influxdb": wrong.get(instance.replace("-", "_"), "")}
            told = Beat("query", checks, 3600, process=instance, instance=instance)
            await bus.nc.publish(subjects.health("query"), msgspec.msgpack.encode(told))
        await bus.nc.flush()
        return pulse.sick()

    async def is_so(wanted: dict[str, str], **wrong: str) -> bool:
        return await sick(**wrong) == wanted

    one, both = {"query_2": "away"}, {"query_1": "away", "query_2": "away"}
    await eventually(lambda: is_so({"query: influxdb": "away (query-2)"}, **one))
    await eventually(lambda: is_so({"query: influxdb": "away"}, **both))
    await eventually(
        lambda: is_so({"query: influxdb": "away (query-1); slow (query-2)"}, query_1="away", query_2="slow")
    )
    await eventually(lambda: is_so({}))
    await jobs.end(task)
