"""Production: two of everything behind a proxy. What a user sees of it is one Andon, whatever part of it fails."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from time import time_ns
from typing import Any

import aiomqtt
import pytest
import websockets

from andon.common import jobs
from andon.common.influx import Influx
from andon.common.servers.process import ServerProcess
from andon.common.testing.sinks import Sink
from andon.common.testing.waiting import STATE_SECONDS, eventually
from soak.journal import Journal
from soak.look import is_kept
from soak.oracle import RAISED, RETURNED
from soak.press import COOL, HOT, Press

from .conftest import PRESSES
from .house import House
from .people import ASKED, Reader, Screen

LOADED = PRESSES[1:]
QUESTIONS = len(ASKED) + 1
pytestmark = [pytest.mark.timeout(400), pytest.mark.asyncio(loop_scope="module")]


async def test_a_reading_comes_in_by_mqtt_and_is_seen_everywhere_by_one_address(house: House) -> None:
    path, now = PRESSES[0], time_ns() // 10**6
    sensor = f"{path}/oil_temperature"
    known = await house.add_device("press 1", path)
    token = house.http.headers["Authorization"].split()[1]
    async with (
        websockets.connect(f"ws{house.url[4:]}/api/query/v1/live", origin=house.url) as socket,  # type: ignore[arg-type]
        house.http.stream("GET", "/api/alerting/v1/alarms/stream") as told,
        house.device(known) as device,
    ):
        await socket.send(json.dumps({"op": "auth", "token": token}))
        await socket.send(json.dumps({"op": "subscribe", "under": [path]}))
        await device.publish(f"factory/{path}", json.dumps({"ts": now, "values": {"oil_temperature": HOT}}), qos=1)
        await asyncio.wait_for(_shown(socket, [sensor, now, HOT, "good"]), STATE_SECONDS)
        # Until every alerting knows a rule that is as young as this one, what they hear raises nothing.
        speaking = asyncio.create_task(_repeat(device, path))
        try:
            alarm = await asyncio.wait_for(_next_alarm(told.aiter_lines()), STATE_SECONDS)
        finally:
            await jobs.end(speaking)
    assert (alarm["state"], alarm["sensor"], alarm["value"]) == (RAISED, sensor, HOT)

    async def stored() -> bool:
        found = await house.call("GET", "/api/query/v1/series", params={"sensor": sensor, "from": "-10m"})
        return [now, HOT] in found["points"]

    await eventually(stored, what="the reading is history")


async def _repeat(device: aiomqtt.Client, path: str) -> None:
    """A machine whose oil stays hot, as it tells every half second."""
    while True:
        await asyncio.sleep(0.5)
        await device.publish(f"factory/{path}/oil_temperature", str(HOT), qos=1)


async def _shown(socket: websockets.ClientConnection, sample: list[Any]) -> None:
    async for text in socket:
        if sample in json.loads(text).get("samples", ()):
            return


async def _next_alarm(lines: AsyncIterator[str]) -> dict[str, Any]:
    async for line in lines:
        if line.startswith("data:"):
            alarm: dict[str, Any] = json.loads(line.removeprefix("data:"))
            return alarm
    raise AssertionError("the stream ended")


@asynccontextmanager
async def looking(house: House) -> AsyncIterator[tuple[Reader, Screen]]:
    """Somebody who signed in before, and a page that was opened before."""
    token = await house.sign_in("admin", house.password)
    reader, screen = Reader(house.url, [token]), Screen(house.url, token, LOADED[0])
    tasks = [asyncio.create_task(reader.run()), asyncio.create_task(screen.run())]
    try:
        yield reader, screen
    finally:
        await jobs.end(*tasks)


async def life_goes_on(journal: Journal, reader: Reader, screen: Screen, *, what: str) -> None:
    """Wait until every press has got on, every question was answered anew, and the page shows new samples."""
    sent = {path: len(journal.safe[path]) + 20 for path in LOADED}
    answered = {question: count + 1 for question, count in reader.answered.items()}
    shown = screen.shown + 20

    def on() -> bool:
        assert {path for path, n in sent.items() if len(journal.safe[path]) < n} == set(), "presses wait"
        assert {question for question, n in answered.items() if reader.answered[question] < n} == set(), "unanswered"
        assert screen.shown >= shown, "the page stands still"
        return True

    await eventually(on, timeout=90, what=f"life goes on after {what}")


async def kill_one_of_each(house: House, journal: Journal, reader: Reader, screen: Screen, late: Press) -> None:
    """One after the other, each while those before are still gone; then all of them are started again.

    An ingest is a pod of a StatefulSet: its partitions wait until it is there again, and it is at once.
    """
    dead: list[ServerProcess] = []
    for name in ("web", "registry", "query", "alerting", "derive"):
        dead.append(house.services[name][0])
        dead[-1].kill()
        await life_goes_on(journal, reader, screen, what=f"the end of a {name}")
        if name == "alerting":
            await late.says(HOT)
    dead.append(house.nats.nodes[0])
    dead[-1].kill()
    await life_goes_on(journal, reader, screen, what="the end of a node")
    ingest = house.services["ingest"][0]
    ingest.kill()
    ingest.spawn()
    await life_goes_on(journal, reader, screen, what="the end of an ingest")
    for process in dead:
        process.spawn()
    await house.nats.is_whole()
    await house.is_well()


async def is_counted_once(house: House, samples: int) -> bool:
    """Whether the ledger has so many samples of the presses, each of them once.

    What came again after a kill, or was sent again for want of its PUBACK, is known by its number.
    """
    under = {"under": "berlin/pressing/line-1"}
    rows = (await house.call("GET", "/api/ingest/v1/ledger/machines", params=under))["items"]
    rows = [row for row in rows if row["machine"] in LOADED]
    found = {name: sum(row[name] for row in rows) for name in ("published", "repeated", "missing", "stored")}
    assert (found["published"] - found["repeated"], found["missing"]) == (samples, 0), found
    assert found["stored"] == found["published"], found
    return True


async def is_told_once(house: House, hook: Sink, path: str) -> bool:
    """Whether one alarm was raised and went, and the board was told both; again at most by who had no answer."""
    alarms = (await house.call("GET", "/api/alerting/v1/alarms", params={"state": "all", "under": path}))["items"]
    assert len(alarms) == 1, alarms
    whole = await house.call("GET", f"/api/alerting/v1/alarms/{alarms[0]['id']}")
    assert [turn["to"] for turn in whole["transitions"]] == [RAISED, RETURNED]
    told = Counter(json.loads(body)["key"] for body in hook.accepted)
    mine = {key: often for key, often in told.items() if key.startswith(f"{whole['id']}/")}
    assert len(mine) == 2, mine
    assert sum(mine.values()) <= 3, mine
    return True


async def test_one_of_each_kind_dies_under_load_and_nothing_is_lost_or_doubled_and_nobody_signed_out(
    house: House, hook: Sink
) -> None:
    journal = Journal()
    async with (
        aclosing(Influx(house.influx.settings)) as influx,
        house.presses(LOADED, journal) as presses,
        looking(house) as (reader, screen),
    ):
        early, late = presses[:2]
        await eventually(lambda: len(journal.safe) == len(LOADED) and len(reader.answered) == QUESTIONS)
        await eventually(lambda: screen.shown > 0, what="the page shows samples")
        await early.says(HOT)
        await kill_one_of_each(house, journal, reader, screen, late)
        for press in (early, late):
            await press.says(COOL)
        await asyncio.gather(*(press.rests() for press in presses))
        await eventually(lambda: is_kept(influx, journal), timeout=60, what="everything acknowledged is stored")
        await eventually(lambda: screen.shows_all(journal), what="the page has shown every sample")
        for press in (early, late):
            await eventually(lambda path=press.path: is_told_once(house, hook, path), what="the alarm is told")
    await eventually(lambda: is_counted_once(house, journal.acknowledged), timeout=60, what="each is counted once")
    assert screen.gaps == []
    assert {failure.status for failure in reader.failures} <= {503}, "answered, or asked to come again"
    assert len(reader.failures) <= reader.answered.total() / 10, "and that only in the moment of a death"
