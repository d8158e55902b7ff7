"""Who has a part of the plant reads nothing of the rest in what is theirs: not in an alarm, not in a silence."""

from typing import Any

import httpx

from andon.alerting.alarm.shape import OUTSIDE
from andon.common import subjects
from andon.common.auth import Role
from andon.common.testing.waiting import eventually
from andon.common.times import ns_to_iso

from .conftest import HOUR, Alerting
from .test_stream import listening

ROBOT, OVEN = "berlin/painting/line-1/robot-3", "berlin/baking/line-1/oven-1"
OVEN_HOT = {
    "name": "Oven hot",
    "scope": {"sensor": f"{OVEN}/temperature"},
    "suppressed_by": {"rule": "Gearbox hot", "within": "site"},
}


def baker(alerting: Alerting) -> httpx.AsyncClient:
    """An engineer of the bakery alone."""
    return alerting.client(Role.ENGINEER, scope="berlin/baking", name="Bo")


async def explained(alerting: Alerting) -> dict[str, Any]:
    """The alarm of the oven, explained by that of the robot; as an admin of all of it reads it."""
    await alerting.add_rule()
    await alerting.add_rule(**OVEN_HOT)
    await alerting.publish((0, 81.0))
    await eventually(alerting.alarms)
    await alerting.publish((1, 81.0), asset="oven-1")

    async def found() -> list[dict[str, Any]]:
        return await alerting.alarms("suppressed")

    return (await eventually(found))[0]


async def test_an_alarm_tells_what_explains_it_to_those_who_may_see_that(alerting: Alerting) -> None:
    async with baker(alerting) as narrow, listening(narrow) as small, listening(alerting.http) as all_of_it:
        alarm = await explained(alerting)
        assert alarm["suppressed_by"] == "Gearbox hot: Gearbox temperature is 81.0 °C, above 80 °C"
        assert alarm["parent_asset"] == ROBOT
        await eventually(lambda: small.heard)
        await eventually(lambda: len(all_of_it.heard) == 2)
        assert all_of_it.heard[1] == alarm

        cut = alarm | {"suppressed_by": OUTSIDE, "parent_asset": None}
        assert small.heard == [cut]
        assert (await narrow.get("/alarms", params={"state": "all"})).json()["items"] == [cut]
        one = (await narrow.get(f"/alarms/{alarm['id']}")).json()
        assert {name: one[name] for name in cut} == cut
        said = (await narrow.post(f"/alarms/{alarm['id']}/comments", json={"text": "Seen"})).json()
        assert said == cut


async def test_whoever_sees_both_reads_what_explains_it(alerting: Alerting) -> None:
    alarm = await explained(alerting)
    async with alerting.client(Role.VIEWER, scope="berlin") as wider:
        assert (await wider.get(f"/alarms/{alarm['id']}")).json()["suppressed_by"] == alarm["suppressed_by"]


async def test_a_silence_of_a_rule_that_is_not_theirs_is_not_told(alerting: Alerting) -> None:
    await alerting.add_rule()
    await alerting.add_rule(**(OVEN_HOT | {"suppressed_by": None}))
    window = {"from": alerting.at(0), "to": ns_to_iso(alerting.begin + HOUR)}
    of_robots, of_ovens, of_all = [
        await alerting.call("POST", "/silences", json=window | {"rule": rule})
        for rule in ("Gearbox hot", "Oven hot", None)
    ]
    async with baker(alerting) as narrow:
        told = (await narrow.get("/silences")).json()["items"]
        assert [one["id"] for one in told] == [of_all["id"], of_ovens["id"]]
        await alerting.refused(404, "DELETE", f"/silences/{of_robots['id']}", narrow)


async def test_a_part_of_the_plant_that_is_not_there_is_refused_with_the_nearest_one(alerting: Alerting) -> None:
    window = {"from": alerting.at(0), "to": ns_to_iso(alerting.begin + HOUR)}
    told = (
        "There is no sensor, machine or node 'berlin/paintng/line-1' that you may see; "
        "the nearest is 'berlin/painting/line-1'"
    )
    wrong = "berlin/paintng/line-1"
    for method, path, arguments in (
        ("POST", "/silences", {"json": window | {"under": wrong}}),
        ("POST", "/alarms/ack", {"json": {"under": wrong}}),
        ("GET", "/alarms", {"params": {"under": wrong}}),
        ("GET", "/alarms/summary", {"params": {"under": wrong}}),
        ("GET", "/kpis", {"params": {"under": wrong}}),
    ):
        assert await alerting.refused(404, method, path, **arguments) == told
    for name, near in (
        (f"{ROBOT}/temperatur", f"{ROBOT}/temperature"),
        ("berlin/baking/line-9", "berlin/baking/line-1"),
    ):
        assert f"'{near}'" in await alerting.refused(404, "GET", "/alarms", params={"under": name})
    assert "GET /api/registry/v1/assets" in await alerting.refused(404, "GET", "/alarms", params={"under": "x"})


async def test_alarms_of_a_machine_that_is_gone_are_found_by_its_path(alerting: Alerting) -> None:
    await alerting.add_rule()
    await alerting.publish((0, 81.0))
    await eventually(alerting.alarms)
    bucket = await alerting.bus.bucket(subjects.PLANT_BUCKET)
    await bucket.delete(subjects.asset_key("robot-3"))

    async def gone() -> bool:
        return bool((await alerting.call("GET", "/rules"))["items"][0]["watches"] == 0)

    await eventually(gone)
    assert [one["asset"] for one in await alerting.alarms(under=ROBOT)] == [ROBOT]
    assert (await alerting.call("GET", "/kpis", params={"under": ROBOT}))["annunciations"] == 1
    async with baker(alerting) as narrow:
        await alerting.refused(404, "GET", "/alarms", narrow, params={"under": ROBOT})


async def test_what_is_nearest_is_looked_for_in_ones_own_part_alone(alerting: Alerting) -> None:
    window = {"from": alerting.at(0), "to": ns_to_iso(alerting.begin + HOUR)}
    async with baker(alerting) as narrow:
        for name in (ROBOT, "robot-3", "berlin/painting/line-1/robot-4"):
            told = await alerting.refused(404, "GET", "/alarms", narrow, params={"under": name})
            assert "painting" not in told.replace(name, "")
            told = await alerting.refused(403, "POST", "/silences", narrow, json=window | {"under": name})
            assert told == f"'{name}' is outside your part of the plant ('berlin/baking')"
        assert (await narrow.get("/alarms", params={"under": "berlin"})).json()["items"] == []


async def test_a_silence_of_a_rule_that_is_not_there_is_refused(alerting: Alerting) -> None:
    await alerting.add_rule()
    draft = {"from": alerting.at(0), "to": ns_to_iso(alerting.begin + HOUR), "rule": "Gearbox hott"}
    told = await alerting.refused(422, "POST", "/silences", json=draft)
    assert told == "There is no rule 'Gearbox hott'; the nearest is 'Gearbox hot'"
    async with baker(alerting) as narrow:
        draft |= {"rule": "Gearbox hot", "under": "berlin/baking"}
        assert await alerting.refused(422, "POST", "/silences", narrow, json=draft) == "There is no rule 'Gearbox hot'"


async def test_what_a_rule_of_theirs_looks_at_elsewhere_is_cut_wherever_it_is_told(alerting: Alerting) -> None:
    looks = {
        "name": "Oven warmer than the robot",
        "scope": {"sensor": f"{OVEN}/temperature"},
        "condition": {"deviation_from": f"{ROBOT}/temperature", "above": 5},
        "active_when": f"'{ROBOT}/jammed' or temperature > 1",
        "channels": ["team"],
    }
    await alerting.add_channel("team", "email", "team@example.com")
    rule = await alerting.call("POST", "/rules", json=looks)
    await alerting.publish((0, 20.0))
    async with baker(alerting) as narrow, listening(narrow) as small:
        await alerting.publish((1, 81.0), asset="oven-1")
        await eventually(lambda: small.heard)
        alarm = (await alerting.alarms())[0]
        assert f"{ROBOT}/temperature" in alarm["message"]
        cut = alarm["message"].replace(f"{ROBOT}/temperature", "…")
        assert [one["message"] for one in small.heard] == [cut]
        told = (await narrow.get("/alarms")).json()["items"][0]
        assert (told["message"], told["value"], told["limit"]) == (cut, alarm["value"], alarm["limit"])
        await eventually(lambda: has_one(narrow, "/notifications"))
        for path in ("/notifications", f"/alarms/{alarm['id']}/notifications", "/rules", f"/rules/{rule['id']}"):
            answer = await narrow.get(path)
            assert answer.status_code == 200
            assert "robot-3" not in answer.text, (path, answer.text)
        shown = (await narrow.get(f"/rules/{rule['id']}")).json()
        assert (shown["condition"]["deviation_from"], shown["active_when"]) == ("…", "'…' or temperature > 1")
        for method in ("PATCH", "DELETE"):
            body = {"json": {"severity": "low"}} if method == "PATCH" else {}
            refused = await alerting.refused(403, method, f"/rules/{rule['id']}", narrow, **body)
            assert "looks at sensors elsewhere; your part of the plant is 'berlin/baking'" in refused
    assert (await alerting.call("GET", f"/rules/{rule['id']}"))["active_when"] == looks["active_when"]


async def has_one(client: httpx.AsyncClient, path: str) -> bool:
    return bool((await client.get(path)).json()["items"])


READ = (
    "/alarms?state=all",
    "/alarms?state=all&under=berlin",
    "/alarms/summary",
    "/alarms/{oven}",
    "/alarms/{oven}/notifications",
    "/notifications",
    "/rules?system=true",
    "/silences?over=true",
    "/kpis?from=-1h",
    "/kpis?from=-1h&format=csv",
    "/channels",
    "/policies",
    "/schedules",
    "/calendars",
    "/push/subscriptions",
)


async def test_nothing_that_they_read_names_what_is_elsewhere(alerting: Alerting) -> None:
    """An alarm, a silence, a rule, a message and figures of the robot; by whichever route."""
    await alerting.add_channel("team", "email", "team@example.com")
    await alerting.call("POST", "/policies", json={"name": "call", "steps": [{"to": ["team"]}]})
    await alerting.add_rule(channels=["team"])
    await alerting.add_rule(**OVEN_HOT, channels=["team"])
    await alerting.add_rule(name="Jam of the robot", scope={"sensor": f"{ROBOT}/jammed"}, policy="call")
    await alerting.add_rule(
        name="Any", scope={"sensor": "temperature", "under": "berlin"}, group={"name": "g", "within": "line"}
    )
    window = {"from": alerting.at(0), "to": ns_to_iso(alerting.begin + HOUR)}
    for under in (ROBOT, "berlin/painting", ""):
        await alerting.call("POST", "/silences", json=window | {"under": under})
    await alerting.publish((0, 81.0))
    await alerting.publish((0, 1.0), key="jammed")
    await eventually(alerting.alarms)
    await alerting.publish((1, 81.0), asset="oven-1")

    async def both() -> list[dict[str, Any]]:
        return await alerting.alarms("suppressed")

    oven = (await eventually(both))[0]["id"]
    robot = next(one["id"] for one in await alerting.alarms() if one["asset"] == ROBOT)
    async with baker(alerting) as narrow:
        for path in READ:
            answer = await narrow.get(path.format(oven=oven))
            assert answer.status_code == 200, path
            for word in ("painting", "robot", "Robot", robot):
                assert word not in answer.text, (path, word, answer.text)
        for path in (f"/alarms/{robot}", f"/alarms/{robot}/notifications"):
            assert await alerting.refused(404, "GET", path, narrow) == f"There is no alarm '{robot}'"
