"""Alarms over HTTP: listed by state and part of the plant, acknowledged once, and seen by those who may."""

from typing import Any

from andon.common.auth import Role
from andon.common.testing.waiting import eventually

OVEN = "berlin/baking/line-1/oven-1"
ROBOT = "berlin/painting/line-1/robot-3"


async def raise_two(alerting: Any) -> tuple[str, str]:
    """A high alarm of the robot, and a later critical one of the oven."""
    await alerting.add_rule()
    await alerting.add_rule(name="Oven", scope={"sensor": f"{OVEN}/temperature"}, severity="critical")
    await alerting.publish((0, 81.0))
    await alerting.publish((5, 300.0), asset="oven-1")
    found = await eventually(lambda: _as_many(alerting, 2))
    oven, robot = (alarm["id"] for alarm in found)
    return robot, oven


async def _as_many(alerting: Any, count: int) -> Any:
    found = await alerting.alarms("open")
    return found if len(found) == count else None


async def test_an_alarm_has_the_shape_outsiders_build_on(alerting: Any) -> None:
    robot, _ = await raise_two(alerting)
    [alarm] = await alerting.alarms(under=ROBOT)
    expected = {
        "id": robot,
        "sensor": f"{ROBOT}/temperature",
        "state": "unacknowledged",
        "active": True,
        "severity": "high",
        "since": alerting.at(0),
        "value": 81.0,
        "limit": 80.0,
    }
    assert expected.items() <= alarm.items()
    assert alarm["rule"] == (await alerting.call("GET", "/rules"))["items"][0]["id"]


async def test_the_list_is_cut_by_state_and_by_part_of_the_plant(alerting: Any) -> None:
    robot, oven = await raise_two(alerting)
    await alerting.call("POST", f"/alarms/{robot}/ack")
    await alerting.publish((9, 20.0), asset="oven-1")
    await eventually(lambda: alerting.alarms("returned"))

    async def ids(state: str, under: str = "") -> list[str]:
        return [alarm["id"] for alarm in await alerting.alarms(state, under=under)]

    assert await ids("open") == [oven, robot]  # the worst first
    assert await ids("acknowledged") == [robot]
    assert await ids("returned") == [oven]
    assert await ids("unacknowledged") == await ids("normal") == []
    for under in ("berlin/baking", OVEN, f"{OVEN}/temperature", "oven-1", "oven-1/temperature"):
        assert await ids("all", under) == [oven], under
    assert await ids("all", f"{OVEN}/jammed") == []
    await alerting.refused(404, "GET", "/alarms", params={"under": "berlin/bak"})
    assert "open" in await alerting.refused(422, "GET", "/alarms", params={"state": "loud"})


async def test_pages_follow_each_other_without_gap_or_overlap(alerting: Any) -> None:
    await alerting.add_rule(scope={"sensor": "temperature", "under": "berlin"})
    await alerting.add_rule(name="Warm", scope={"sensor": "temperature", "under": "berlin"}, condition={"above": 60})
    await alerting.add_rule(name="Jam", scope={"sensor": "jammed", "under": "berlin"}, condition={"above": 0.5})
    for key, value in (("temperature", 99.0), ("jammed", True)):
        for asset in ("robot-3", "oven-1"):
            await alerting.publish((0, value), asset=asset, key=key)
    await eventually(lambda: _as_many(alerting, 6))
    for state in ("open", "all"):
        found, cursor = list[str](), ""
        while cursor is not None:
            page = await alerting.call("GET", "/alarms", params={"state": state, "limit": 4, "cursor": cursor})
            found += [alarm["id"] for alarm in page["items"]]
            cursor = page["next_cursor"]
        assert len(found) == len(set(found)) == 6
    for cursor in ("x", "1.2", "1.99999999999999999999.a", f"{'9' * 60}.1.x", f"-{'9' * 60}.1.x"):
        assert "is no cursor" in await alerting.refused(400, "GET", "/alarms", params={"cursor": cursor})


async def test_a_switch_is_told_without_a_number(alerting: Any) -> None:
    await alerting.add_rule(scope={"sensor": f"{ROBOT}/jammed"}, condition={"above": 0.5})
    await alerting.publish((0, True), key="jammed")
    [alarm] = await eventually(alerting.alarms)
    assert (alarm["message"], alarm["value"]) == ("Jammed is true", 1.0)


async def test_an_acknowledgement_says_who_and_why_and_counts_once(alerting: Any) -> None:
    robot, _ = await raise_two(alerting)
    async with alerting.client(Role.OPERATOR, name="Grace") as grace:
        answer = (await grace.post(f"/alarms/{robot}/ack", json={"comment": "On my way"})).json()
        assert (answer["state"], answer["active"]) == ("acknowledged", True)
        again = (await grace.post(f"/alarms/{robot}/ack", json={"comment": "Again"})).json()
    assert (again["acknowledged_by"], again["comment"]) == ("Grace", "On my way")
    await alerting.publish((9, 20.0))
    [closed] = await eventually(lambda: alerting.alarms("normal"))
    journal = (await alerting.call("GET", f"/alarms/{closed['id']}"))["transitions"]
    assert [(t["from"], t["to"], t["by"], t["comment"]) for t in journal] == [
        ("normal", "unacknowledged", None, None),
        ("unacknowledged", "acknowledged", "Grace", "On my way"),
        ("acknowledged", "normal", None, None),
    ]
    assert [t["number"] for t in journal] == [1, 2, 3]


async def test_a_returned_alarm_is_closed_by_its_acknowledgement_and_the_next_is_a_new_one(alerting: Any) -> None:
    await alerting.add_rule()
    await alerting.publish((0, 81.0), (1, 20.0))
    [alarm] = await eventually(lambda: alerting.alarms("returned"))
    assert (await alerting.call("POST", f"/alarms/{alarm['id']}/ack"))["state"] == "normal"
    await alerting.publish((2, 82.0))
    [second] = await eventually(lambda: alerting.alarms("unacknowledged"))
    assert second["id"] != alarm["id"]
    assert second["acknowledged_by"] is None


async def test_viewers_look_and_strangers_see_nothing(alerting: Any) -> None:
    robot, oven = await raise_two(alerting)
    async with alerting.client(Role.VIEWER) as viewer:
        assert "needs the role operator" in await alerting.refused(403, "POST", f"/alarms/{robot}/ack", viewer)
        assert len((await viewer.get("/alarms")).json()["items"]) == 2
    async with alerting.client(Role.ADMIN, scope="berlin/baking") as baker:
        assert [a["id"] for a in (await baker.get("/alarms")).json()["items"]] == [oven]
        await alerting.refused(404, "GET", "/alarms", baker, params={"under": "berlin/painting"})
        for method, path in (("GET", f"/alarms/{robot}"), ("POST", f"/alarms/{robot}/ack")):
            assert await alerting.refused(404, method, path, baker) == f"There is no alarm '{robot}'"
        summary = (await baker.get("/alarms/summary")).json()
        assert summary["paths"] == {OVEN: {"critical": 1}}
    assert await alerting.refused(404, "POST", "/alarms/none/ack") == "There is no alarm 'none'"
    await alerting.refused(422, "POST", f"/alarms/{robot}/ack", json={"comment": "x" * 2001})


async def test_the_summary_counts_open_alarms(alerting: Any) -> None:
    robot, _ = await raise_two(alerting)
    await alerting.call("POST", f"/alarms/{robot}/ack")
    assert await alerting.call("GET", "/alarms/summary") == {
        "open": 2,
        "severities": {"low": 0, "medium": 0, "high": 1, "critical": 1},
        "states": dict.fromkeys(("returned", "latched", "shelved", "suppressed", "out-of-service"), 0)
        | {"unacknowledged": 1, "acknowledged": 1},
        "paths": {OVEN: {"critical": 1}, ROBOT: {"high": 1}},
    }
    assert (await alerting.call("GET", "/alarms/summary", params={"under": "robot-3"}))["open"] == 1


async def test_a_shelved_alarm_is_out_of_the_list_until_it_is_shown_again(alerting: Any) -> None:
    robot, oven = await raise_two(alerting)
    shelved = await alerting.call("POST", f"/alarms/{robot}/shelve", json={"for": "8h", "reason": "Known"})
    assert (shelved["state"], shelved["shelved_by"], shelved["shelved_reason"]) == ("shelved", "Ada", "Known")
    assert [alarm["id"] for alarm in await alerting.alarms("open")] == [oven]
    assert [alarm["id"] for alarm in await alerting.alarms("shelved")] == [robot]
    summary = await alerting.call("GET", "/alarms/summary")
    assert (summary["open"], summary["states"]["shelved"], summary["paths"]) == (1, 1, {OVEN: {"critical": 1}})
    shown = await alerting.call("POST", f"/alarms/{robot}/unshelve", json={"comment": "Mended"})
    assert shown["state"] == "unacknowledged"
    journal = (await alerting.call("GET", f"/alarms/{robot}"))["transitions"]
    assert [(t["event"], t["by"], t["comment"]) for t in journal[1:]] == [
        ("shelved", "Ada", "Known"),
        ("unshelved", "Ada", "Mended"),
    ]


async def test_a_reason_is_asked_for_and_a_time_that_is_none_is_refused(alerting: Any) -> None:
    robot, _ = await raise_two(alerting)
    for body in (
        {"for": "8h"},
        {"for": "8h", "reason": " "},
        {"for": "8d", "reason": "x"},
        {"for": "x", "reason": "x"},
    ):
        await alerting.refused(422, "POST", f"/alarms/{robot}/shelve", json=body)
    await alerting.refused(422, "POST", f"/alarms/{robot}/out-of-service", json={"reason": ""})
    assert "not latched" in await alerting.refused(409, "POST", f"/alarms/{robot}/reset")


async def test_many_are_acknowledged_at_once_within_what_the_caller_may_see(alerting: Any) -> None:
    robot, oven = await raise_two(alerting)
    async with alerting.client(Role.OPERATOR, scope="berlin/baking", name="Grace") as grace:
        answer = (await grace.post("/alarms/ack", json={"ids": [robot, oven, oven, "none"], "comment": "Flood"})).json()
        assert answer == {"acknowledged": 1, "unchanged": 2}
        answer = (await grace.post("/alarms/ack", json={"under": ""})).json()
        assert answer == {"acknowledged": 0, "unchanged": 0}
    answer = await alerting.call("POST", "/alarms/ack", json={"under": "berlin", "severity": ["low"]})
    assert answer == {"acknowledged": 0, "unchanged": 0}
    answer = await alerting.call("POST", "/alarms/ack", json={"under": ROBOT, "state": "unacknowledged"})
    assert answer == {"acknowledged": 1, "unchanged": 0}
    assert [alarm["acknowledged_by"] for alarm in await alerting.alarms("acknowledged")] == ["Grace", "Ada"]
    for body in ({}, {"ids": [robot], "under": ""}):
        assert "one of both" in await alerting.refused(422, "POST", "/alarms/ack", json=body)
    await alerting.refused(422, "POST", "/alarms/ack", json={"ids": ["x"] * 1001})


async def test_a_latched_alarm_goes_through_service_comments_and_reset(alerting: Any) -> None:
    await alerting.add_rule(latch=True, cause="Dry bearing", action="Grease it")
    await alerting.publish((0, 81.0))
    [alarm] = await eventually(alerting.alarms)
    assert (alarm["latched"], alarm["cause"], alarm["action"]) == (True, "Dry bearing", "Grease it")
    path = f"/alarms/{alarm['id']}"
    out = await alerting.call("POST", f"{path}/out-of-service", json={"reason": "Repair"})
    assert (out["state"], out["service_reason"]) == ("out-of-service", "Repair")
    assert (await alerting.call("POST", f"{path}/in-service"))["state"] == "unacknowledged"
    await alerting.call("POST", f"{path}/comments", json={"text": "Bearing ordered"})
    assert (await alerting.call("POST", f"{path}/assign", json={"to": "Grace"}))["assigned_to"] == "Grace"
    assert len(await alerting.alarms("open", assigned_to="Grace")) == 1
    await alerting.publish((1, 20.0))
    await eventually(lambda: alerting.alarms("latched"))
    await alerting.call("POST", f"{path}/ack")
    assert (await alerting.call("POST", f"{path}/reset"))["state"] == "normal"
    journal = (await alerting.call("GET", path))["transitions"]
    assert [t["event"] for t in journal] == [
        "raised",
        "out-of-service",
        "in-service",
        "commented",
        "assigned",
        "cleared",
        "acknowledged",
        "reset",
    ]


async def test_lists_are_filtered(alerting: Any) -> None:
    robot, oven = await raise_two(alerting)

    async def ids(**params: Any) -> list[str]:
        return [alarm["id"] for alarm in await alerting.alarms("open", **params)]

    assert await ids(severity=["high", "low"]) == [robot]
    assert await ids(severity=["high", "critical"]) == [oven, robot]
    assert await ids(late=True) == await ids(rule="none") == await ids(assigned_to="Bob") == []
    since = (await alerting.call("GET", f"/alarms/{oven}"))["since"]
    assert await ids(**{"from": since}) == [oven]
    assert await ids(to=since) == [robot]
