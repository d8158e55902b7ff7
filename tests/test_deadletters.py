"""A machine that nobody had entered into the plant: what it said is not lost, only late."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import AsyncIterator
from contextlib import aclosing
from time import time_ns
from typing import Any

import pytest
import pytest_asyncio

from andon.common.influx import Influx, quote_string
from andon.common.settings import InfluxSettings
from andon.common.testing.factory import Credential, Factory
from andon.common.testing.waiting import eventually

from .conftest import PLANT

pytestmark = [pytest.mark.timeout(180), pytest.mark.asyncio(loop_scope="module")]

LETTERS, LEDGER = "/api/ingest/v1/deadletters", "/api/ingest/v1/ledger"
FORGOTTEN, KNOWN = "berlin/pressing/line-1/press-4", "berlin/pressing/line-1/press-1"
TOPIC = f"factory/{FORGOTTEN}"
MENDED = PLANT.replace(
    "{slug: press-3, type: press}", "{slug: press-3, type: press}\n              - {slug: press-4, type: press}"
)
MS = 10**6
SINGLE, LISTED, TIMELESS = 1200, 8000, 20
"""Messages of one reading, readings in one message of half a megabyte, and messages that name no time."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def factory(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Factory]:
    async with Factory(tmp_path_factory.mktemp("andon")) as started:
        await started.apply_plant(PLANT)
        yield started


async def replay(factory: Factory, **wanted: Any) -> dict[str, int]:
    """Replay until all that match were tried; what all calls did, in sum."""
    done, cursor = {"replayed": 0, "still_refused": 0}, None
    while True:
        answer = await factory.call("POST", f"{LETTERS}/replay", json={"under": FORGOTTEN, "cursor": cursor, **wanted})
        done = {name: count + answer[name] for name, count in done.items()}
        cursor = answer["next_cursor"]
        if cursor is None:
            return done


async def in_history(factory: Factory, path: str = FORGOTTEN) -> list[tuple[int, float]]:
    """Time in nanoseconds and number of all that a press said, as InfluxDB has it."""
    settings = InfluxSettings(url=f"http://127.0.0.1:{factory.influx_port}", database="andon")
    name = quote_string(path.rpartition("/")[2])
    async with aclosing(Influx(settings)) as influx:
        [found] = await influx.query(f'SELECT "number" FROM "press" WHERE machine = {name}')
    return [(at, number) for series in found for at, number in series.rows]


async def say(factory: Factory, device: Credential) -> list[tuple[int, float]]:
    """All a forgotten press says, acknowledged by the broker; the time and number of what names its time."""
    start = time_ns() // MS - SINGLE - LISTED
    said = [(start + n, float(n)) for n in range(SINGLE + LISTED)]
    messages = [{"ts": at, "values": {"number": number, "state": "RUN" * 8}} for at, number in said]
    bulk = json.dumps(messages[SINGLE:])
    assert len(bulk) > 500_000
    async with factory.device(device) as press:
        for message in messages[:SINGLE]:
            await press.publish(TOPIC, json.dumps(message), qos=1)
        await press.publish(TOPIC, bulk, qos=1)
        for number in range(TIMELESS):
            await press.publish(f"{TOPIC}/number", str(-1 - number), qos=1)
    return [(at * MS, number) for at, number in said]


async def test_what_a_forgotten_machine_said_becomes_history_once_it_is_in_the_plant(
    factory: Factory, device: Credential
) -> None:
    count = SINGLE + 1 + TIMELESS
    begun = time_ns()
    said = await say(factory, device)

    async def all_refused() -> bool:
        return await replay(factory, dry_run=True) == {"replayed": 0, "still_refused": count}

    await eventually(all_refused, what="each message is a dead letter")
    refused_by = time_ns()
    assert await replay(factory) == {"replayed": 0, "still_refused": count}, "nothing was mended so far"

    await factory.apply_plant(MENDED)

    async def mended() -> bool:
        return await replay(factory, dry_run=True) == {"replayed": count, "still_refused": 0}

    await eventually(mended, what="ingest knows the machine")
    outcomes = await asyncio.gather(replay(factory), replay(factory))
    assert sum(outcome["replayed"] for outcome in outcomes) == count
    assert [outcome["still_refused"] for outcome in outcomes] == [0, 0]

    async def stored() -> bool:
        return len(await in_history(factory)) >= len(said) + TIMELESS

    await eventually(stored, what="all of it is history")
    found = await in_history(factory)
    assert [entry for entry in found if entry[1] >= 0] == said
    timeless = [entry for entry in found if entry[1] < 0]
    assert [number for _, number in timeless] == [-1.0 - n for n in range(TIMELESS)], "in the order they were sent"
    assert all(begun < at < refused_by for at, _ in timeless), "at the time they arrived, not when they were replayed"
    assert (await factory.call("GET", LETTERS, params={"under": FORGOTTEN}))["items"] == []
    assert await replay(factory) == {"replayed": 0, "still_refused": 0}

    async def balanced() -> bool:
        ledger = await factory.call("GET", LEDGER)
        assert ledger["balanced"], ledger
        [row] = [row for row in ledger["items"] if device.id in row["device_ids"]]
        return bool(row["received"] == 2 * count and row["dead_lettered"] == row["published"] == count)

    await eventually(balanced, what="the ledger tells of each message twice: as a dead letter, and as a reading")


async def test_what_was_refused_for_security_is_not_let_in_by_a_replay(factory: Factory) -> None:
    intruder = await factory.add_device("intruder", "munich")
    async with factory.device(intruder) as press:
        await press.publish(f"factory/{KNOWN}", '{"values": {"number": 66666}}', qos=1)

    async def told() -> list[dict[str, Any]]:
        page = await factory.call("GET", LETTERS, params={"reason": "forbidden", "under": KNOWN})
        return list(page["items"])

    [letter] = await eventually(told, what="the attempt is told")
    answer = await factory.call("POST", f"{LETTERS}/{letter['id']}/replay")
    assert (answer["replayed"], answer["still_refused"]) == (0, 1)
    assert "not allowed" in letter["obstacle"]
    assert "not allowed" in answer["refused"][0]["detail"]
    assert (await told())[0]["id"] == letter["id"]
    assert [number for _, number in await in_history(factory, KNOWN) if number == 66666] == []


async def test_the_command_line_shows_them_and_replays_them(factory: Factory) -> None:
    path = "munich/pressing/line-1/press-2"
    with_press_2 = (
        PLANT.rpartition("              - {slug: press-1")[0] + "              - {slug: press-2, type: press}\n"
    )

    async def andon(*words: str) -> str:
        command = (sys.executable, "-m", "andon.cli", "deadletters", *words)
        run = await asyncio.create_subprocess_exec(*command, env=factory.environment, stdout=PIPE, stderr=STDOUT)
        return " ".join((await run.communicate())[0].decode().split())

    async def shows(text: str, *words: str) -> bool:
        return text in await andon(*words)

    gateway = await factory.add_device("gateway", "munich")
    async with factory.device(gateway) as press:
        await press.publish(f"factory/{path}", '{"values": {"number": 5}}', qos=1)
    await eventually(lambda: shows("unknown-asset", "--under", path), what="the letter is listed")
    assert f"1 would stay: 1 from factory/{path}" in await andon("replay", "--under", path)
    assert "Nothing is done" in await andon("--under", path, "replay", "--yes")
    await factory.apply_plant(with_press_2)
    await eventually(lambda: shows("1 dead letter(s) can be used now", "replay", "--under", path))
    assert "1 dead letter(s) are readings now" in await andon("replay", "--under", path, "--yes")
    assert "No dead letters" in await andon("--under", path)
