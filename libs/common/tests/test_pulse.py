"""Who listens to heartbeats knows who is silent, and who was started anew too quickly to be missed."""

import asyncio

import msgspec

from andon.common import jobs, subjects
from andon.common.bus import Bus
from andon.common.health import Beat, Pulse
from andon.common.testing.waiting import eventually


async def beat(bus: Bus, start: str, **checks: str) -> None:
    await bus.nc.publish(subjects.health("ingest"), msgspec.msgpack.encode(Beat("ingest", checks, start)))


async def test_a_process_that_was_started_anew_is_told_of(bus: Bus) -> None:
    pulse = Pulse(bus)
    task = asyncio.create_task(pulse.listen())

    async def sick(wanted: dict[str, str], start: str, **checks: str) -> bool:
        await beat(bus, start, **checks)
        return pulse.sick() == wanted

    await eventually(lambda: sick({"ingest: nats": "away"}, "one", nats="away"))
    assert pulse.recent() == {}
    await eventually(lambda: sick({}, "two"))
    assert list(pulse.recent()) == ["ingest"]
    assert pulse.recent()["ingest"].startswith("started anew ")
    pulse._begun.clear()  # a minute later
    for start in ("one", "two", "one"):  # both live, side by side
        await eventually(lambda start=start: sick({"ingest: of": start}, start, of=start))
    assert pulse.recent() == {}
    await jobs.end(task)
