"""Policies, schedules, calendars and silences over HTTP: who writes them, what is refused, a plant file of all."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from andon.common.auth import Role
from andon.common.plant import Asset
from andon.common.testing.waiting import eventually

PLANT = {
    "channels": [
        {"name": "ada", "kind": "email", "target": "ada@example.com", "fallback": "ben"},
        {"name": "ben", "kind": "email", "target": "ben@example.com"},
    ],
    "calendars": [{"name": "night", "zone": "Europe/Berlin", "hours": [{"start": "22:00", "end": "06:00"}]}],
    "schedules": [
        {
            "name": "maintenance",
            "zone": "Europe/Berlin",
            "layers": [{"members": ["ada", "ben"], "start": "2026-03-23T08:00:00", "every": "1w"}],
        }
    ],
    "policies": [
        {
            "name": "call",
            "steps": [{"to": ["maintenance"]}, {"after": "10m", "to": ["ben"]}],
            "quiet": {"calendar": "night", "below": "high"},
        }
    ],
    "rules": [
        {
            "name": "Gearbox hot",
            "scope": {"sensor": "berlin/painting/line-1/robot-3/temperature"},
            "condition": {"above": 80},
            "severity": "critical",
            "policy": "call",
        }
    ],
}


async def found(alerting: Any, noun: str) -> dict[str, Any]:
    [item] = (await alerting.call("GET", f"/{noun}"))["items"]
    return dict(item)


async def test_a_plant_file_brings_all_of_it_and_changes_nothing_the_second_time(alerting: Any) -> None:
    tried = await alerting.call("POST", "/apply", json=PLANT, params={"dry_run": True})
    assert tried["created"] == 6
    assert (await alerting.call("GET", "/policies"))["items"] == []
    assert (await alerting.call("POST", "/apply", json=PLANT))["created"] == 6
    again = await alerting.call("POST", "/apply", json=PLANT)
    assert (again["created"], again["changed"], again["unchanged"]) == (0, 0, 6)
    wrong = PLANT | {"policies": [{"name": "other", "steps": [{"to": ["nobody"]}]}]}
    reason = await alerting.refused(422, "POST", "/apply", json=wrong)
    assert "Policy 'other': It names the channel or schedule 'nobody', which does not exist; make it first" in reason


async def test_what_is_named_is_neither_removed_nor_renamed(alerting: Any) -> None:
    await alerting.call("POST", "/apply", json=PLANT)
    for noun, user in (
        ("policies", "Policy 'call' is used by: rule 'Gearbox hot'; change these first"),
        ("schedules", "Schedule 'maintenance' is used by: policy 'call'; change these first"),
        ("calendars", "Calendar 'night' is used by: policy 'call'; change these first"),
    ):
        item = await found(alerting, noun)
        assert await alerting.call("GET", f"/{noun}/{item['id']}") == item
        assert await alerting.refused(409, "DELETE", f"/{noun}/{item['id']}") == user
        assert await alerting.refused(409, "PATCH", f"/{noun}/{item['id']}", json={"name": "x"}) == user
    ada = (await alerting.call("GET", "/channels"))["items"][0]
    assert "used by: schedule 'maintenance'" in await alerting.refused(409, "DELETE", f"/channels/{ada['id']}")
    for name in ("maintenance", "ada"):
        body = {"name": name, "layers": [{"members": ["ada"], "start": "2026-03-23T08:00:00"}]}
        await alerting.refused(409, "POST", "/schedules", json=body)
    rule = (await alerting.call("GET", "/rules"))["items"][0]
    await alerting.call("DELETE", f"/rules/{rule['id']}")
    for noun in ("policies", "schedules", "calendars"):
        await alerting.call("DELETE", f"/{noun}/{(await found(alerting, noun))['id']}")


async def test_who_is_on_call_is_told_and_an_operator_takes_over(alerting: Any) -> None:
    await alerting.call("POST", "/apply", json=PLANT)
    path = f"/schedules/{(await found(alerting, 'schedules'))['id']}"
    on_call = await alerting.call("GET", f"{path}/on-call", params={"at": "2026-03-31T12:00:00Z"})
    assert on_call == {"member": "ben", "until": "2026-04-06T08:00:00+02:00"}
    window = {"from": "2026-03-28T00:00:00", "to": "2026-04-07T00:00:00"}
    shifts = (await alerting.call("GET", f"{path}/shifts", params=window))["items"]
    assert [(one["member"], one["from"]) for one in shifts] == [
        ("ada", "2026-03-28T00:00:00+01:00"),
        ("ben", "2026-03-30T08:00:00+02:00"),
        ("ada", "2026-04-06T08:00:00+02:00"),
    ]
    now = datetime.now(UTC)
    takes = {"member": "ben", "from": now.isoformat(), "to": (now + timedelta(hours=1)).isoformat()}
    async with alerting.client(Role.OPERATOR) as operator:
        made = (await operator.post(f"{path}/overrides", json=takes)).json()
        assert (await operator.get(f"{path}/on-call")).json()["member"] == "ben"
        assert (await operator.get(f"{path}/overrides")).json()["items"] == [made]
        assert (await operator.delete(f"{path}/overrides/{made['id']}")).status_code == 204
        assert "does not exist" in await alerting.refused(
            422, "POST", f"{path}/overrides", operator, json=takes | {"member": "zoe"}
        )
        await alerting.refused(403, "PATCH", path, operator, json={"zone": "UTC"})
    async with alerting.client(Role.OPERATOR, scope="berlin") as berlin:
        assert "whole plant" in await alerting.refused(403, "POST", f"{path}/overrides", berlin, json=takes)
    opening = await alerting.call("GET", f"/calendars/{(await found(alerting, 'calendars'))['id']}/open")
    assert set(opening) == {"open", "until"}


async def test_engineers_of_a_part_write_no_plans_of_the_whole(alerting: Any) -> None:
    async with alerting.client(Role.ENGINEER, scope="berlin") as berlin:
        for noun in ("policies", "schedules", "calendars"):
            body = PLANT[noun][0]
            assert "serve the whole plant" in await alerting.refused(403, "POST", f"/{noun}", berlin, json=body)
    async with alerting.client(Role.OPERATOR) as operator:
        for noun in ("policies", "schedules", "calendars"):
            await alerting.refused(403, "POST", f"/{noun}", operator, json=PLANT[noun][0])


async def test_a_silence_ends_and_what_is_still_there_is_told(alerting: Any, mailbox: Any) -> None:
    mailbox.start()
    await alerting.add_channel("team", "email", "team@example.com")
    await alerting.add_rule(channels=["team"])
    now = datetime.now(UTC)
    draft = {
        "under": "robot-3",
        "from": now.isoformat(),
        "to": (now + timedelta(days=2)).isoformat(),
        "reason": "repair",
    }
    async with alerting.client(Role.OPERATOR, scope="berlin/painting") as operator:
        made = (await operator.post("/silences", json=draft)).json()
        assert (made["under"], made["holds"]) == ("berlin/painting/line-1/robot-3", True)
        long = draft | {"to": (now + timedelta(days=31)).isoformat()}
        assert "30 days at most" in await alerting.refused(403, "POST", "/silences", operator, json=long)
        await alerting.refused(403, "POST", "/silences", operator, json=draft | {"under": "oslo"})
    await alerting.publish((0, 81.2))

    async def muted() -> Any:
        return (await alerting.call("GET", "/notifications", params={"state": "muted"}))["items"]

    [held] = await eventually(muted)
    assert held["reason"].startswith("silence until")
    assert (await alerting.alarms())[0]["state"] == "unacknowledged"
    ended = await alerting.call("DELETE", f"/silences/{made['id']}")
    assert (ended["ended_by"], ended["holds"]) == ("Ada", False)
    await eventually(lambda: len(mailbox.messages) == 1)
    [alarm] = await alerting.alarms()
    told = await alerting.call("GET", f"/alarms/{alarm['id']}/notifications")
    assert [item["key"] for item in told["items"]] == [held["key"]]
    assert told["next_call"] is None
    assert (await alerting.call("GET", "/silences"))["items"] == []
    assert [one["id"] for one in (await alerting.call("GET", "/silences", params={"over": True}))["items"]] == [
        made["id"]
    ]


@pytest.mark.parametrize("about", ["under", "rule"])
async def test_a_silence_keeps_what_it_is_about_when_that_is_called_otherwise(alerting: Any, about: str) -> None:
    """What takes over the old name is not silenced by it."""
    await alerting.add_channel("team", "email", "team@example.com")
    rule = await alerting.add_rule(scope={"sensor": "temperature", "type": "robot"}, channels=["team"])
    now = datetime.now(UTC)
    draft = {"from": now.isoformat(), "to": (now + timedelta(days=2)).isoformat()}
    what = {"under": "berlin/painting/line-1/robot-3"} if about == "under" else {"rule": "Gearbox hot"}
    made = await alerting.call("POST", "/silences", json=draft | what)
    if about == "under":
        await alerting.know(moved(alerting.robot, "robot-4"), moved(alerting.robot, "robot-3", id="new"))
        asset, renamed = "new", "berlin/painting/line-1/robot-4"
    else:
        asset, renamed = "oven-1", "Too hot"
        await alerting.call("PATCH", f"/rules/{rule['id']}", json={"name": renamed})
        await alerting.add_rule(scope={"sensor": "temperature", "type": "oven"}, channels=["team"])

    async def states() -> Any:
        found = (await alerting.call("GET", "/notifications"))["items"]
        return sorted((one["asset"].rpartition("/")[2], one["state"] == "muted") for one in found)

    async def listed() -> Any:
        return (await alerting.call("GET", f"/rules/{rule['id']}"))["watches"] == (2 if about == "under" else 1)

    await eventually(listed)
    await alerting.publish((0, 81.2))
    await alerting.publish((0, 81.2), asset=asset)
    silenced, called = ("robot-4", "robot-3") if about == "under" else ("robot-3", "oven-1")
    expected = sorted([(silenced, True), (called, False)])

    async def told() -> bool:
        return bool(await states() == expected)

    await eventually(told)
    [shown] = (await alerting.call("GET", "/silences"))["items"]
    assert shown == made | {about: renamed}


def moved(asset: Asset, slug: str, **fields: Any) -> Asset:
    """The machine under another path."""
    path = f"{asset.path.rpartition('/')[0]}/{slug}"
    return msgspec.structs.replace(asset, path=path, slug=slug, **fields)


async def test_an_alarm_says_who_is_called_next(alerting: Any, mailbox: Any) -> None:
    mailbox.start()
    await alerting.call("POST", "/apply", json=PLANT)
    await alerting.publish((0, 81.2))
    await eventually(lambda: len(mailbox.messages) == 1)
    [alarm] = await alerting.alarms()
    told = await alerting.call("GET", f"/alarms/{alarm['id']}/notifications")
    assert told["items"][0]["key"] == f"{alarm['id']}/1/1.0"
    assert (told["next_call"]["policy"], told["next_call"]["step"]) == ("call", 2)
