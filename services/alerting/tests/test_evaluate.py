"""From the telemetry stream to an alarm, exactly once, whatever dies in between."""

import asyncio
import sqlite3
from typing import Any

import httpx
import msgspec
import pytest

from andon.alerting.evaluate.evaluation import Evaluation
from andon.common import sql, subjects
from andon.common.testing.waiting import eventually
from andon.common.wire import decode_deadletter


async def test_crossing_the_limit_raises_one_alarm(alerting: Any) -> None:
    await alerting.add_rule(deadband=2)
    await alerting.publish((0, 70.0), (1, 81.2), (2, 90.0), (3, 79.0), (4, 81.0))
    [alarm] = await eventually(alerting.alarms)
    assert alarm["sensor"] == "berlin/painting/line-1/robot-3/temperature"
    assert (alarm["state"], alarm["active"], alarm["value"], alarm["limit"]) == ("unacknowledged", True, 81.2, 80)
    assert alarm["message"] == "Gearbox temperature is 81.2 °C, above 80 °C"
    assert alarm["since"] == alerting.at(1)


async def test_flapping_within_the_deadband_stays_one_alarm(alerting: Any) -> None:
    await alerting.add_rule(deadband=2)
    await alerting.publish(*[(i, 81.0 if i % 2 else 78.5) for i in range(50)])
    await alerting.publish(*[(i, 81.0 if i % 2 else 78.5) for i in range(50, 99)])
    await alerting.evaluated()
    assert len(await alerting.alarms()) == 1


async def test_a_return_clears_and_a_new_crossing_reopens_the_same_alarm(alerting: Any) -> None:
    await alerting.add_rule()
    await alerting.publish((0, 81.0), (1, 70.0))
    [alarm] = await eventually(lambda: alerting.alarms("returned"))
    assert (alarm["active"], alarm["cleared_at"]) == (False, alerting.at(1))
    await alerting.publish((2, 82.0))
    [again] = await eventually(lambda: alerting.alarms("unacknowledged"))
    assert again["id"] == alarm["id"]
    journal = (await alerting.call("GET", f"/alarms/{alarm['id']}"))["transitions"]
    assert [(t["number"], t["from"], t["to"]) for t in journal] == [
        (1, "normal", "unacknowledged"),
        (2, "unacknowledged", "returned"),
        (3, "returned", "unacknowledged"),
    ]


async def test_a_silent_sensor_raises_after_the_on_delay(alerting: Any) -> None:
    await alerting.add_rule(on_delay="300ms")
    await alerting.publish((0, 81.0))
    [alarm] = await eventually(alerting.alarms)
    assert alarm["since"] == alerting.at(0.3)


async def test_late_and_repeated_batches_make_no_second_alarm(alerting: Any) -> None:
    await alerting.add_rule()
    await alerting.publish((10, 81.0), (11, 70.0))
    await alerting.publish((10, 81.0), (11, 70.0))
    await alerting.publish((5, 99.0), (7, 70.0), (9, 99.0))
    await alerting.evaluated()
    [alarm] = await alerting.alarms()
    assert len((await alerting.call("GET", f"/alarms/{alarm['id']}"))["transitions"]) == 2


async def test_a_restart_keeps_alarms_phases_and_delays(alerting: Any) -> None:
    await alerting.add_rule(on_delay="10m", name="Slow")
    await alerting.add_rule(name="Fast")
    await alerting.publish((0, 81.0))
    await eventually(alerting.alarms)
    await alerting.stop()
    await alerting.publish((599, 82.0), (600, 83.0))
    await alerting.start()
    found = await eventually(lambda: _two(alerting))
    assert {a["rule_name"] for a in found} == {"Slow", "Fast"}
    assert len(await alerting.call("GET", "/rules")) == 2


async def _two(alerting: Any) -> Any:
    found = await alerting.alarms()
    return found if len(found) == 2 else None


async def test_killed_before_the_acknowledgement_nothing_is_doubled_or_lost(alerting: Any, monkeypatch: Any) -> None:
    """The first life writes its alarm and dies before the ack; it held a second batch it never judged."""
    reached = asyncio.Event()

    async def die(*_: object) -> None:
        reached.set()
        await asyncio.Event().wait()

    await alerting.add_rule()
    with monkeypatch.context() as patch:
        patch.setattr(Evaluation, "_acknowledge", die)
        await alerting.publish((0, 70.0), (1, 81.0), (2, 82.0))
        await alerting.publish((3, 70.0))
        await reached.wait()
        assert len(await alerting.alarms()) == 1
        await alerting.stop()
    await alerting.publish((4, 71.0))
    await alerting.start()
    await alerting.evaluated()
    [alarm] = await alerting.alarms()
    journal = (await alerting.call("GET", f"/alarms/{alarm['id']}"))["transitions"]
    assert [(t["to"], t["at"]) for t in journal] == [("unacknowledged", alerting.at(1)), ("returned", alerting.at(3))]


async def test_a_process_killed_over_and_over_tells_the_same_story(stopped: Any) -> None:
    """Twenty excursions while the process is killed three times: twenty-one transitions would be one too many."""
    await stopped.start_process()
    await stopped.add_rule()
    for life in range(3):
        for i in range(5):
            at = life * 100 + i * 10
            await stopped.publish((at, 70.0), (at + 1, 81.0), (at + 2, 85.0))
            await stopped.publish((at + 3, 70.0))
        stopped.kill()
        await stopped.start_process()
    await stopped.evaluated()
    [alarm] = await stopped.alarms()
    journal = (await stopped.call("GET", f"/alarms/{alarm['id']}"))["transitions"]
    expected = [life * 100 + i * 10 + step for life in range(3) for i in range(5) for step in (1, 3)]
    assert [t["number"] for t in journal] == list(range(1, 31))
    assert [t["at"] for t in journal] == [stopped.at(seconds) for seconds in expected]


async def test_a_straggler_after_a_restart_is_still_late(alerting: Any) -> None:
    await alerting.add_rule()
    await alerting.publish((10, 70.0))
    await alerting.evaluated()
    await alerting.stop()
    await alerting.start()
    await alerting.publish((9, 99.0))
    await alerting.evaluated()
    assert await alerting.alarms() == []


async def test_a_batch_nobody_can_read_becomes_a_dead_letter_and_the_next_is_judged(alerting: Any) -> None:
    await alerting.add_rule()
    await alerting.bus.publish(subjects.telemetry(0), b"\xc1 not a batch", msg_id="poison")
    await alerting.publish((0, 81.0))
    await eventually(alerting.alarms)
    message = await alerting.bus.js.get_last_msg(subjects.DEADLETTER, subjects.DEADLETTER_ALL)
    letter = decode_deadletter(message.data)
    assert (letter.reason, letter.payload, letter.source) == ("unreadable-batch", b"\xc1 not a batch", "TELEMETRY/1")
    await alerting.evaluated()


async def test_nats_killed_and_back_costs_no_alarm(alerting: Any) -> None:
    await alerting.add_rule()
    await alerting.publish((0, 70.0))
    await alerting.evaluated()
    alerting.nats.process.kill()
    await eventually(lambda: not alerting.bus.connected)
    ready = f"http://127.0.0.1:{alerting.port}/readyz"
    answer = await eventually(lambda: _sick(alerting, ready))
    assert answer["sick"] == {"alerting: nats": "not connected"}
    alerting.nats.process.start()
    await eventually(lambda: alerting.bus.connected)
    await alerting.publish((1, 81.0))
    assert len(await eventually(alerting.alarms)) == 1


async def _sick(alerting: Any, url: str) -> Any:
    answer = await alerting.http.get(url)
    return answer.json() if answer.status_code == 503 else None


async def test_each_transition_is_announced(alerting: Any) -> None:
    heard = []

    async def hear(message: Any) -> None:
        heard.append((message.subject, msgspec.json.decode(message.data)["state"]))

    await alerting.bus.nc.subscribe("events.alarm.*", cb=hear)
    await alerting.add_rule()
    await alerting.publish((0, 81.0), (1, 70.0))
    await eventually(lambda: heard == [("events.alarm.raised", "unacknowledged"), ("events.alarm.cleared", "returned")])


async def test_a_machine_that_appears_later_is_watched(alerting: Any) -> None:
    await alerting.add_rule(scope={"type": "robot", "sensor": "temperature"})
    await alerting.know(msgspec.structs.replace(alerting.robot, id="robot-9", path="berlin/painting/line-1/robot-9"))
    seconds = iter(range(1000))

    async def raised() -> Any:
        await alerting.publish((next(seconds), 81.0), asset="robot-9")
        return await alerting.alarms()

    [alarm] = await eventually(raised)
    assert alarm["asset"] == "berlin/painting/line-1/robot-9"


async def test_a_delay_that_runs_ends_after_a_restart_though_nothing_is_heard_any_more(alerting: Any) -> None:
    await alerting.add_rule(on_delay="300ms")
    await alerting.stop()
    await alerting.publish((0, 81.0))
    await alerting.start()
    await alerting.evaluated()
    await alerting.stop()
    await alerting.start()
    [alarm] = await eventually(alerting.alarms)
    assert alarm["since"] == alerting.at(0.3)


async def test_it_is_not_ready_before_it_knows_the_plant(stopped: Any) -> None:
    """Without the backbone it starts, answers what it can, says what it waits for, and heals."""
    stopped.nats.process.kill()
    starting = asyncio.create_task(stopped.start())
    ready = f"http://127.0.0.1:{stopped.port}/readyz"

    async def answers() -> Any:
        try:
            return await _sick(stopped, ready)
        except httpx.HTTPError:
            return None

    assert "alerting: nats" in (await eventually(answers))["sick"]
    assert (await stopped.add_rule())["watches"] is None
    stopped.nats.process.start()
    await starting
    assert (await stopped.call("GET", "/rules"))["items"][0]["watches"] == 1
    await eventually(lambda: stopped.bus.connected)
    await stopped.publish((0, 81.0))
    assert await eventually(stopped.alarms)


async def test_a_database_that_takes_nothing_is_told_and_costs_no_alarm(
    stopped: Any, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process holds the database: alarms wait, readiness says why, and each comes once when it is let go."""
    monkeypatch.setattr(sql, "BUSY_MS", 50)
    stopped.settings.database_url = sqlite_url
    await stopped.start()
    await stopped.add_rule()
    holder = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    await stopped.publish((0, 81.0))
    await stopped.publish((1, 20.0))
    ready = f"http://127.0.0.1:{stopped.port}/readyz"
    told = await eventually(lambda: _sick(stopped, ready))
    assert told["sick"] == {"alerting: evaluate": "alarms cannot be written: database is locked"}
    assert await stopped.alarms() == []
    holder.execute("ROLLBACK")
    holder.close()
    await eventually(stopped.is_ready)
    await stopped.evaluated()
    [alarm] = await stopped.alarms()
    assert len((await stopped.call("GET", f"/alarms/{alarm['id']}"))["transitions"]) == 2
