"""Several instances share the work: one that dies costs no alarm and doubles none, nor does one that stands still."""

import os
import signal
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from andon.common import subjects
from andon.common.reading import NS_PER_S, Reading
from andon.common.testing.waiting import eventually
from andon.common.wire import Batch, encode_batch

PARTITIONS = 4
HOUR = 3600 * NS_PER_S
ROBOTS = [f"robot-{number}" for number in range(12)]
LINE = "berlin/painting/line-1"


@pytest.fixture
def own_url(postgres_url: str) -> str:
    """What instances on several machines share."""
    return postgres_url


@pytest.fixture
async def pair(stopped: Any) -> AsyncIterator[list[Any]]:
    """Two instances on one database, as processes, in a plant of twelve robots."""
    robots = [
        msgspec.structs.replace(stopped.robot, id=name, path=f"{LINE}/{name}", slug=name, name=name) for name in ROBOTS
    ]
    await stopped.know(*robots)
    other = stopped.twin()
    await stopped.start_process("one", PARTITIONS)
    await other.start_process("two", PARTITIONS)
    yield [stopped, other]
    other.kill()
    await other.http.aclose()


async def publish(story: Any, second: float, value: float) -> dict[int, int]:
    """One sample of every robot, each in its partition; the number of the last batch of each."""
    last = {}
    for robot in ROBOTS:
        reading = Reading(robot, story.begin + round(second * NS_PER_S), {"temperature": value})
        partition = subjects.partition_of(robot, PARTITIONS)
        data = encode_batch(Batch(story.begin + HOUR, [reading]))
        last[partition] = await story.bus.publish(subjects.telemetry(partition), data, msg_id=f"{robot}-{second}")
    return last


async def evaluated(story: Any, last: dict[int, int]) -> None:
    """Wait until these batches, and all before them, are acknowledged."""

    async def all_are() -> bool:
        for partition, number in last.items():
            durable = subjects.evaluate_durable(partition, PARTITIONS)
            floor = (await story.bus.js.consumer_info(subjects.TELEMETRY, durable)).ack_floor
            if floor is None or floor.stream_seq < number:
                return False
        return True

    await eventually(all_are, timeout=40)


async def journals(story: Any) -> Counter[tuple[str, ...]]:
    """How many alarms have which events, in their order."""
    found = Counter[tuple[str, ...]]()
    for alarm in await story.alarms(limit=100):
        journal = (await story.call("GET", f"/alarms/{alarm['id']}"))["transitions"]
        found[tuple(line["event"] for line in journal)] += 1
    return found


async def test_one_of_two_is_killed_and_the_other_goes_on(pair: list[Any]) -> None:
    one, other = pair
    await one.add_rule(scope={"type": "robot", "sensor": "temperature"}, on_delay="5s")
    await eventually(lambda: _shared(one))
    await publish(one, 0, 70.0)
    await publish(one, 1, 85.0)
    one.kill()
    await publish(one, 7, 86.0)
    await evaluated(other, await publish(one, 8, 70.0))
    assert await journals(other) == {("raised", "cleared"): len(ROBOTS)}


async def test_one_that_stands_still_wakes_up_too_late_and_doubles_nothing(pair: list[Any]) -> None:
    one, other = pair
    await one.add_rule(scope={"type": "robot", "sensor": "temperature"})
    await eventually(lambda: _shared(one))
    await publish(one, 0, 70.0)
    os.kill(one.pid, signal.SIGSTOP)
    await publish(one, 1, 85.0)
    await evaluated(other, await publish(one, 2, 70.0))
    os.kill(one.pid, signal.SIGCONT)
    await evaluated(other, await publish(one, 3, 85.0))
    assert await journals(other) == {("raised", "cleared", "raised"): len(ROBOTS)}


async def test_a_rule_written_at_one_is_in_force_at_the_other(pair: list[Any]) -> None:
    one, other = pair
    await eventually(lambda: _shared(one))
    rule = await one.add_rule(scope={"type": "robot", "sensor": "temperature"})
    await eventually(lambda: _listed(other, rule["id"]))
    seconds = iter(range(1000))

    async def raised() -> bool:
        await publish(one, next(seconds), 85.0)
        return len(await other.alarms(limit=100)) == len(ROBOTS)

    await eventually(raised)


async def _shared(story: Any) -> bool:
    """Whether both hold partitions."""
    owners = await story.owners()
    return len(owners) == PARTITIONS and len(set(owners.values())) == 2


async def _listed(story: Any, rule: str) -> bool:
    return any(item["id"] == rule for item in (await story.call("GET", "/rules"))["items"])
