"""What becomes of an open alarm when its rule, its machine or its sensor is edited."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from andon.alerting.alarm.events import RULE_DISABLED, RULE_REMOVED, SENSOR_GONE
from andon.alerting.database import open_database
from andon.alerting.rules.calendar import DAYS
from andon.alerting.rules.rulebook import Rulebook
from andon.common import jobs, subjects
from andon.common.testing.waiting import eventually

SCOPE = {"type": "robot", "sensor": "temperature"}
LINE_2 = "berlin/painting/line-2"


async def edit(alerting: Any, what: str, rule: dict[str, Any]) -> None:
    robot = alerting.robot
    if what == "rule removed":
        await alerting.call("DELETE", f"/rules/{rule['id']}")
    elif what == "rule disabled":
        await alerting.call("PATCH", f"/rules/{rule['id']}", json={"enabled": False})
    elif what == "scope changed":
        await alerting.call("PATCH", f"/rules/{rule['id']}", json={"scope": SCOPE | {"type": "oven"}})
    elif what == "machine of another type":
        await alerting.know(msgspec.structs.replace(robot, type="oven"))
    elif what == "sensor removed":
        await alerting.know(msgspec.structs.replace(robot, sensors=robot.sensors[1:]))
    else:
        bucket = await alerting.bus.bucket(subjects.PLANT_BUCKET)
        await bucket.delete(subjects.asset_key(robot.id))


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ("rule removed", RULE_REMOVED),
        ("rule disabled", RULE_DISABLED),
        ("scope changed", SENSOR_GONE),
        ("machine of another type", SENSOR_GONE),
        ("sensor removed", SENSOR_GONE),
        ("machine removed", SENSOR_GONE),
    ],
)
async def test_an_alarm_that_nothing_watches_any_more_is_closed_and_who_was_called_is_told(
    alerting: Any, mailbox: Any, what: str, why: str
) -> None:
    mailbox.start()
    await alerting.add_channel("team", "email", "team@example.com")
    rule = await alerting.add_rule(scope=SCOPE, channels=["team"])
    await alerting.publish((0, 81.0))
    await eventually(lambda: len(mailbox.messages) == 1)
    await edit(alerting, what, rule)
    [alarm] = await eventually(lambda: alerting.alarms("normal"))
    journal = (await alerting.call("GET", f"/alarms/{alarm['id']}"))["transitions"]
    assert [(line["event"], line["comment"]) for line in journal] == [("raised", None), ("closed", why)]
    await eventually(lambda: len(mailbox.messages) == 2)


async def test_a_sensor_that_is_removed_while_nothing_runs_ends_its_alarm_at_the_next_start(alerting: Any) -> None:
    await alerting.add_rule(scope=SCOPE)
    await alerting.publish((0, 81.0))
    [alarm] = await eventually(alerting.alarms)
    await alerting.stop()
    await edit(alerting, "sensor removed", {})
    await alerting.start()
    [closed] = await eventually(lambda: alerting.alarms("normal"))
    assert closed["id"] == alarm["id"]


async def test_a_rule_that_is_enabled_again_judges_anew(alerting: Any) -> None:
    rule = await alerting.add_rule(scope=SCOPE)
    await alerting.publish((0, 81.0))
    [first] = await eventually(alerting.alarms)
    for enabled in (False, True):
        await alerting.call("PATCH", f"/rules/{rule['id']}", json={"enabled": enabled})
    await alerting.publish((1, 82.0))
    [second] = await eventually(lambda: alerting.alarms("unacknowledged"))
    assert second["id"] != first["id"]


async def test_a_machine_that_is_moved_takes_its_open_alarm_along(alerting: Any) -> None:
    await alerting.add_rule(scope=SCOPE)
    await alerting.publish((0, 81.0))
    [alarm] = await eventually(alerting.alarms)
    path = f"{LINE_2}/robot-33"
    sensors = tuple(msgspec.structs.replace(one, path=f"{path}/{one.key}") for one in alerting.robot.sensors)
    moved = msgspec.structs.replace(alerting.robot, path=path, slug="robot-33", sensors=sensors)
    await alerting.know(moved, msgspec.structs.replace(moved, id="robot-9", path=f"{LINE_2}/robot-9"))
    seconds = iter(range(1, 1000))

    async def both() -> bool:
        second = next(seconds)
        await alerting.publish((second, 82.0))
        await alerting.publish((second, 82.0), asset="robot-9")
        return len(await alerting.alarms()) == 2

    await eventually(both)
    await alerting.publish((next(seconds), 70.0))
    [returned] = await eventually(lambda: alerting.alarms("returned"))
    assert returned["id"] == alarm["id"]
    await alerting.publish((next(seconds), 85.0))
    [again] = await eventually(lambda: alerting.alarms("unacknowledged", under=path))
    assert (again["id"], again["sensor"]) == (alarm["id"], f"{path}/temperature")


async def test_a_shift_that_is_moved_hides_an_open_alarm_and_shows_it_again_without_a_sample(alerting: Any) -> None:
    all_week = [{}]
    other_days = [{"days": [DAYS[(datetime.now(UTC).weekday() + ahead) % 7] for ahead in (3, 4)]}]
    shift = await alerting.call("POST", "/calendars", json={"name": "shift", "hours": all_week})
    await alerting.add_rule(active_during=["shift"])
    await alerting.publish((0, 81.0))
    [first] = await eventually(lambda: alerting.alarms("unacknowledged"))
    await alerting.call("PATCH", f"/calendars/{shift['id']}", json={"hours": other_days})
    [hidden] = await eventually(lambda: alerting.alarms("suppressed"))
    assert (hidden["id"], hidden["suppressed_by"]) == (first["id"], "Gearbox hot counts only during shift")
    await alerting.call("PATCH", f"/calendars/{shift['id']}", json={"hours": all_week})
    [shown] = await eventually(lambda: alerting.alarms("unacknowledged"))
    assert shown["id"] != first["id"]


async def test_a_calendar_that_is_changed_at_one_instance_is_followed_by_the_others(alerting: Any) -> None:
    shift = await alerting.call("POST", "/calendars", json={"name": "shift", "hours": [{}]})
    async with open_database(alerting.settings.database_url) as database:
        other = Rulebook(database)
        await other.load()
        following = asyncio.create_task(other.follow())
        await alerting.call("PATCH", f"/calendars/{shift['id']}", json={"hours": [{"days": ["mon"]}]})
        await eventually(lambda: other.calendars[0].hours[0].days == ["mon"])
        await jobs.end(following)
