"""Rules over HTTP: written, refused with a reason, changed while alarms are open, and kept to one's own part."""

import asyncio
import re
from threading import Event
from typing import Any

import pytest

from andon.alerting.routes import rules
from andon.alerting.rules.draft import RuleDraft
from andon.common.auth import Role
from andon.common.plant import Asset, Sensor
from andon.common.testing.waiting import eventually

ROBOT = "berlin/painting/line-1/robot-3"
OVEN = Asset(
    id="o7",
    path="oslo/baking/line-1/oven-7",
    kind="machine",
    slug="oven-7",
    name="Oven 7",
    type="oven",
    sensors=(Sensor(key="temperature", path="oslo/baking/line-1/oven-7/temperature", unit="Cel"),),
)
HOT: dict[str, Any] = {"name": "Hot", "scope": {"sensor": f"{ROBOT}/temperature"}, "condition": {"above": 80}}
EVERYWHERE: dict[str, Any] = {
    "name": "All ovens",
    "scope": {"type": "oven", "sensor": "temperature"},
    "condition": {"above": 250},
}

WRONG: list[tuple[dict[str, Any], str]] = [
    ({"condition": {"over": 80}}, "'over' is no condition"),
    ({"condition": {"above": "hot"}}, "'above' must be a finite number"),
    ({"condition": {"outside": [80, 5]}}, "'outside' needs low < high"),
    ({"deadband": -1}, "deadband must be a finite number, 0 or more"),
    ({"on_delay": "soon"}, "on_delay: 'soon' is no duration"),
    ({"off_delay": "48h"}, "off_delay is 48h; the longest is 24h"),
    ({"severity": "urgent"}, "severity"),
    ({"name": "Two\nlines"}, "name"),
    ({"scope": {"sensor": "temperature"}}, "would match every machine"),
    ({"scope": {"sensor": f"{ROBOT}/Temp erature"}}, "is no sensor key"),
    ({"scope": {"sensor": "Berlin/temperature"}}, "'Berlin' is no path of the plant"),
    ({"scope": {"sensor": f"{ROBOT}/temperature", "type": "robot"}}, "not both"),
    ({"channels": ["nobody"]}, "names the channel 'nobody', which does not exist; make it first"),
    ({"thresold": 80}, "thresold"),
]


async def test_a_rule_is_answered_as_it_was_written_and_says_what_it_watches(alerting: Any) -> None:
    rule = await alerting.call("POST", "/rules", json=HOT)
    written = RuleDraft.model_validate(HOT).model_dump(mode="json")
    assert rule == written | {"id": rule["id"], "watches": 1, "system": False}
    assert (rule["severity"], rule["on_delay"], rule["enabled"]) == ("medium", "0s", True)
    assert await alerting.call("GET", f"/rules/{rule['id']}") == rule
    assert (await alerting.call("GET", "/rules"))["items"] == [rule]


async def test_what_makes_no_sense_is_refused_with_the_reason(alerting: Any) -> None:
    for fields, reason in WRONG:
        assert reason in await alerting.refused(422, "POST", "/rules", json=HOT | fields)
    nan = '{"name": "x", "scope": {"type": "oven", "sensor": "a"}, "condition": {"above": 1}, "deadband": NaN}'
    headers = {"Content-Type": "application/json"}
    assert "finite" in await alerting.refused(422, "POST", "/rules", content=nan, headers=headers)
    assert (await alerting.call("GET", "/rules"))["items"] == []


async def test_a_sensor_nobody_knows_yet_is_accepted_and_shown_to_be_watched_by_nobody(alerting: Any) -> None:
    rule = await alerting.add_rule(scope={"sensor": f"{ROBOT}/temperatur"})
    assert rule["watches"] == 0
    assert (await alerting.add_rule(name="Text", scope={"sensor": f"{ROBOT}/jammed"}))["watches"] == 1


async def test_a_machine_may_be_named_by_its_id(alerting: Any) -> None:
    rule = await alerting.add_rule(scope={"sensor": "robot-3/temperature"})
    assert (rule["scope"]["sensor"], rule["watches"]) == (f"{ROBOT}/temperature", 1)
    await alerting.publish((0, 81.0))
    assert await eventually(alerting.alarms)


async def test_a_name_is_given_once_and_unknown_rules_are_not_found(alerting: Any) -> None:
    await alerting.add_rule()
    assert "choose another name" in await alerting.refused(409, "POST", "/rules", json=HOT | {"name": "Gearbox hot"})
    for method in ("GET", "PATCH", "DELETE"):
        arguments: dict[str, Any] = {"json": {}} if method == "PATCH" else {}
        assert await alerting.refused(404, method, "/rules/none", **arguments) == "There is no rule 'none'"


async def test_a_changed_limit_is_in_force_at_once_and_keeps_the_open_alarm(alerting: Any) -> None:
    rule = await alerting.add_rule()
    await alerting.publish((0, 81.0))
    [alarm] = await eventually(alerting.alarms)
    changed = await alerting.call("PATCH", f"/rules/{rule['id']}", json={"condition": {"above": 90}, "name": "Hotter"})
    assert (changed["condition"], changed["name"], changed["severity"]) == ({"above": 90}, "Hotter", "high")
    await alerting.publish((1, 85.0))
    [returned] = await eventually(lambda: alerting.alarms("returned"))
    assert returned["id"] == alarm["id"]
    assert "leaves no room" in await alerting.refused(
        422, "PATCH", f"/rules/{rule['id']}", json={"condition": {"outside": [1, 2]}, "deadband": 5}
    )


async def test_a_deleted_rule_closes_its_alarm_and_says_why(alerting: Any) -> None:
    rule = await alerting.add_rule()
    await alerting.publish((0, 81.0))
    [alarm] = await eventually(alerting.alarms)
    await alerting.call("DELETE", f"/rules/{rule['id']}")
    found = await alerting.call("GET", f"/alarms/{alarm['id']}")
    assert (found["state"], found["active"]) == ("normal", False)
    assert found["transitions"][-1]["comment"] == "Its rule was removed"
    assert "nothing is left to acknowledge" in await alerting.refused(409, "POST", f"/alarms/{alarm['id']}/ack")


async def test_a_rule_that_suppresses_others_is_neither_removed_nor_renamed(alerting: Any) -> None:
    """Else those would wait for a parent that never comes."""
    parent = await alerting.add_rule(name="Power")
    child = await alerting.add_rule(name="Hot", suppressed_by={"rule": "Power"})
    for method, body in (("DELETE", None), ("PATCH", {"name": "Mains"})):
        reason = await alerting.refused(409, method, f"/rules/{parent['id']}", json=body)
        assert reason == "Rule 'Power' suppresses: Hot; change those rules first"
    await alerting.call("PATCH", f"/rules/{parent['id']}", json={"condition": {"above": 90}})
    await alerting.call("PATCH", f"/rules/{child['id']}", json={"suppressed_by": None})
    await alerting.call("PATCH", f"/rules/{parent['id']}", json={"name": "Mains"})


async def test_rules_written_at_the_same_time_are_all_in_force(alerting: Any) -> None:
    made = await asyncio.gather(*(alerting.add_rule(name=f"Rule {i}") for i in range(12)))
    assert [rule["watches"] for rule in made] == [1] * 12
    await alerting.publish((0, 81.0))
    await alerting.evaluated()
    assert len(await alerting.alarms()) == 12


async def test_rules_are_paged_by_name(alerting: Any) -> None:
    names = sorted(["b", "a", "Z", "ä", "c d"])
    for name in names:
        await alerting.add_rule(name=name)
    found, cursor = list[str](), ""
    while cursor is not None:
        page = await alerting.call("GET", "/rules", params={"limit": 2, "cursor": cursor})
        found += [rule["name"] for rule in page["items"]]
        cursor = page["next_cursor"]
    assert found == names


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR])
async def test_rules_are_written_by_engineers(alerting: Any, role: Role) -> None:
    rule = await alerting.add_rule()
    async with alerting.client(role) as client:
        for method, path in (("POST", "/rules"), ("PATCH", f"/rules/{rule['id']}"), ("DELETE", f"/rules/{rule['id']}")):
            arguments: dict[str, Any] = {} if method == "DELETE" else {"json": HOT}
            assert "needs the role engineer" in await alerting.refused(403, method, path, client, **arguments)
        assert len((await client.get("/rules")).json()["items"]) == 1


async def test_an_engineer_of_one_site_writes_rules_for_that_site_alone(alerting: Any) -> None:
    whole = await alerting.call("POST", "/rules", json=EVERYWHERE)
    await alerting.know(OVEN)
    async with alerting.client(Role.ENGINEER, scope="oslo") as oslo:
        reason = await alerting.refused(403, "POST", "/rules", oslo, json=EVERYWHERE | {"name": "Mine"})
        assert reason.startswith("Rule 'Mine' watches the whole plant; your part of the plant is 'oslo'.")
        await alerting.refused(403, "POST", "/rules", oslo, json=HOT)
        await alerting.refused(403, "DELETE", f"/rules/{whole['id']}", oslo)
        await alerting.refused(403, "PATCH", f"/rules/{whole['id']}", oslo, json={"condition": {"above": 1}})
        mine = EVERYWHERE | {"name": "Mine", "scope": {"type": "oven", "sensor": "temperature", "under": "oslo"}}
        assert (await oslo.post("/rules", json=mine)).status_code == 201
        await alerting.add_rule()

        async def seen() -> Any:
            rules = (await oslo.get("/rules")).json()["items"]
            return [(rule["name"], rule["watches"]) for rule in rules] == [("All ovens", 1), ("Mine", 1)]

        await eventually(seen)


async def test_a_file_is_applied_again_and_again_with_the_same_result(alerting: Any) -> None:
    channel = {"name": "team", "kind": "email", "target": "team@example.com"}
    body = {"channels": [channel], "rules": [HOT | {"channels": ["team"]}, EVERYWHERE]}
    assert counts(await alerting.call("POST", "/apply", json=body)) == (3, 0, 0)
    assert counts(await alerting.call("POST", "/apply", json=body)) == (0, 0, 3)
    body["rules"] = [HOT | {"condition": {"above": 85}}, EVERYWHERE]
    assert counts(await alerting.call("POST", "/apply", json=body)) == (0, 1, 2)


async def test_a_plan_tells_what_is_new_and_what_becomes_of_which_field(alerting: Any) -> None:
    team = {"name": "team", "kind": "webhook", "target": "https://example.com/secret-1"}
    body = {"channels": [team], "rules": [HOT, EVERYWHERE]}
    told = await alerting.call("POST", "/apply", json=body, params={"dry_run": True})
    assert [(one["kind"], one["name"], one["new"], one["fields"]) for one in told["changes"]] == [
        ("channel", "team", True, []),
        ("rule", HOT["name"], True, []),
        ("rule", EVERYWHERE["name"], True, []),
    ]
    await alerting.call("POST", "/apply", json=body)
    hotter = HOT | {"condition": {"above": 85}, "on_delay": "5s", "channels": ["team"]}
    body = {"channels": [team | {"target": "https://example.com/secret-2"}], "rules": [hotter, EVERYWHERE]}
    told = await alerting.call("POST", "/apply", json=body, params={"dry_run": True})
    assert [(one["kind"], one["name"], one["new"]) for one in told["changes"]] == [
        ("channel", "team", False),
        ("rule", HOT["name"], False),
    ]
    assert "secret" not in str(told)
    assert {one["field"]: (one["before"], one["after"]) for one in told["changes"][1]["fields"]} == {
        "condition.above": (80, 85),
        "on_delay": ("0s", "5s"),
        "channels": ([], ["team"]),
    }
    assert (await alerting.call("GET", "/rules"))["items"][1]["on_delay"] == "0s"


def counts(applied: dict[str, Any]) -> tuple[int, int, int]:
    return applied["created"], applied["changed"], applied["unchanged"]


async def test_a_file_is_told_which_of_its_rules_watch_nothing(alerting: Any) -> None:
    rules = [
        HOT,
        EVERYWHERE,
        HOT | {"name": "Misspelt key", "scope": {"sensor": f"{ROBOT}/temperatur"}},
        HOT | {"name": "Misspelt machine", "scope": {"sensor": "berlin/painting/line-1/robot-33/temperature"}},
        HOT | {"name": "Misspelt type", "scope": {"sensor": "temperature", "type": "ofen"}},
        HOT | {"name": "Elsewhere", "scope": {"sensor": "temperature", "under": "oslo"}},
        HOT | {"name": "Here", "scope": {"sensor": "temperature", "under": "berlin"}},
    ]
    idle = ["Misspelt key", "Misspelt machine", "Misspelt type", "Elsewhere"]
    for _ in range(2):
        assert (await alerting.call("POST", "/apply", json={"rules": rules}))["idle"] == idle
    watches = {rule["name"]: rule["watches"] for rule in (await alerting.call("GET", "/rules"))["items"]}
    assert [name for name in (rule["name"] for rule in rules) if not watches[name]] == idle


async def test_a_dry_run_tells_all_and_keeps_nothing(alerting: Any) -> None:
    await alerting.call("POST", "/apply", json={"rules": [HOT]})
    channel = {"name": "team", "kind": "email", "target": "team@example.com"}
    changed = HOT | {"condition": {"above": 85}, "channels": ["team"]}
    idle = HOT | {"name": "Idle", "scope": {"sensor": f"{ROBOT}/x"}}
    body = {"channels": [channel], "rules": [changed, idle, EVERYWHERE]}
    for _ in range(2):
        answer = await alerting.call("POST", "/apply", json=body, params={"dry_run": True})
        assert (counts(answer), answer["idle"]) == ((3, 1, 0), ["Idle"])
    [rule] = (await alerting.call("GET", "/rules"))["items"]
    assert rule["condition"] == {"above": 80}
    assert (await alerting.call("GET", "/channels"))["items"] == []
    body["rules"] = [HOT | {"channels": ["nobody"]}]
    reason = await alerting.refused(422, "POST", "/apply", json=body, params={"dry_run": True})
    assert reason == "Rule 'Hot': It names the channel 'nobody', which does not exist; make it first"


async def test_what_one_may_not_see_is_answered_as_what_is_not_there(alerting: Any) -> None:
    rule = await alerting.add_rule()
    async with alerting.client(Role.ENGINEER, scope="oslo") as oslo:
        for scope in ({"sensor": "robot-3/temperature"}, {"sensor": "temperature", "under": "robot-3"}):
            for path, body in (("/rules", HOT | {"scope": scope}), ("/apply", {"rules": [HOT | {"scope": scope}]})):
                reason = await alerting.refused(403, "POST", path, oslo, json=body)
                assert reason.startswith("Rule 'Hot' watches 'robot-3'; your part of the plant is 'oslo'.")
        for method in ("GET", "PATCH", "DELETE"):
            arguments: dict[str, Any] = {"json": {}} if method == "PATCH" else {}
            reason = await alerting.refused(404, method, f"/rules/{rule['id']}", oslo, **arguments)
            assert reason == f"There is no rule '{rule['id']}'"
        mine = HOT | {"name": rule["name"], "scope": {"sensor": "temperature", "under": "oslo"}}
        reason = await alerting.refused(409, "POST", "/apply", oslo, json={"rules": [mine]})
        assert reason == f"There is a rule '{rule['name']}' already; choose another name"
    assert (await alerting.call("GET", f"/rules/{rule['id']}"))["id"] == rule["id"]


async def test_a_file_with_one_wrong_rule_is_applied_not_at_all(alerting: Any) -> None:
    body = {"rules": [HOT, EVERYWHERE | {"condition": {"above": None}}]}
    reason = await alerting.refused(422, "POST", "/apply", json=body)
    assert reason.startswith("Rule 'All ovens': 'above' must be a finite number")
    assert (await alerting.call("GET", "/rules"))["items"] == []


async def test_a_rule_that_fails_its_own_test_is_refused_by_a_plan_and_by_every_change(alerting: Any) -> None:
    trial = {"name": "hot", "samples": {"temperature": [["0s", 85]]}, "states": [["1s", "active"]]}
    reason = await alerting.refused(
        422,
        "POST",
        "/apply",
        params={"dry_run": True},
        json={"rules": [HOT | {"condition": {"above": 90}, "on_delay": "0s", "tests": [trial]}]},
    )
    assert "Test 'hot' fails: after 1s it is normal, and should be active" in reason
    rule = await alerting.add_rule(tests=[trial])
    change = {"condition": {"above": 90}}
    assert "Test 'hot' fails" in await alerting.refused(422, "PATCH", f"/rules/{rule['id']}", json=change)


async def test_channels_in_a_file_need_an_admin(alerting: Any) -> None:
    channel = {"name": "team", "kind": "email", "target": "team@example.com"}
    async with alerting.client(Role.ENGINEER) as engineer:
        await alerting.refused(403, "POST", "/apply", engineer, json={"channels": [channel]})
        assert (await engineer.post("/apply", json={"rules": [HOT]})).json()["created"] == 1


async def test_no_route_answers_without_a_token(alerting: Any) -> None:
    api = (await alerting.http.get("/openapi.json")).json()
    calls = [(method, path) for path, methods in api["paths"].items() for method in methods]
    calls = [(method, path) for method, path in calls if path != "/acknowledge/{token}"]  # its link is its token
    assert len(calls) > 50
    for method, path in calls:
        answer = await alerting.http.request(
            method, re.sub(r"{\w+}", "x", path), headers={"Authorization": ""}, json={} if method != "get" else None
        )
        assert answer.status_code == 401, (method, path)


async def test_tests_of_a_rule_hold_up_no_other_change_and_undo_none(
    alerting: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried, go_on = Event(), Event()

    def slow(_: RuleDraft) -> None:
        tried.set()
        go_on.wait()

    rule = await alerting.call("POST", "/rules", json=HOT)
    with monkeypatch.context() as patched:
        patched.setattr(rules, "refuse_failing", slow)
        change = asyncio.create_task(alerting.http.patch(f"/rules/{rule['id']}", json={"deadband": 1}))
        await asyncio.to_thread(tried.wait)
    try:
        await alerting.call("PATCH", f"/rules/{rule['id']}", json={"deadband": 2})
    finally:
        go_on.set()
        answer = await change
    assert answer.status_code == 409
    assert "was changed by somebody else meanwhile; read it and try again" in answer.text
    assert (await alerting.call("GET", f"/rules/{rule['id']}"))["deadband"] == 2
