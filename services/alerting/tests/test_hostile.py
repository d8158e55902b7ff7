"""What nobody would write by mistake: refused with a reason, and never by "something went wrong here"."""

import json
from typing import Any

import httpx
import pytest

from andon.alerting.database import open_database
from andon.alerting.draft import MAX_LOOSE
from andon.alerting.notify.links import Links, load_key
from andon.common.auth import Role
from andon.common.testing.waiting import ANSWER_SECONDS

ROBOT = "berlin/painting/line-1/robot-3"
ABSURD = ["0001-01-01", "9999-12-31T23:59:59", "9999999999999999", "-99999999999999999y", "1969-12-31"]


def as_text(condition: str, **fields: Any) -> dict[str, Any]:
    """A rule whose condition is this very JSON."""
    body = {"name": "Odd", "scope": {"sensor": f"{ROBOT}/temperature"}, "condition": "?"} | fields
    return {
        "content": json.dumps(body).replace('"?"', condition),
        "headers": {"content-type": "application/json"},
    }


async def test_what_could_not_be_answered_again_is_not_taken(alerting: Any) -> None:
    deep, long = "[" * 500 + "]" * 500, json.dumps("x" * MAX_LOOSE)
    odd = [r'"\ud800"', r'"a\u0000b"', "NaN", "[1, Infinity]", "9" * 400, deep, long]
    for said in odd:
        await alerting.refused(422, "POST", "/rules", **as_text(f'{{"equals": {said}}}'))
    await alerting.refused(422, "POST", "/rules", **as_text(r'{"\ud800": 1}'))
    await alerting.refused(422, "POST", "/rules", **as_text('{"rate_over": "10m", "per": [], "above": 3}'))
    assert (await alerting.call("GET", "/rules"))["items"] == []


async def test_absurd_times_are_refused_wherever_they_are_written(alerting: Any) -> None:
    await alerting.add_channel("ada", "email", "ada@example.com")
    calendar = await alerting.call("POST", "/calendars", json={"name": "day", "hours": [{}], "closed": ["0001-01-01"]})
    layers = [{"members": ["ada"], "start": "2026-03-23T08:00:00", "hours": "day"}]
    made = await alerting.call("POST", "/schedules", json={"name": "crew", "layers": layers})
    schedule = f"/schedules/{made['id']}"
    for time in ABSURD:
        for path, name in (
            ("/alarms", "from"),
            ("/alarms", "to"),
            ("/kpis", "from"),
            (f"/calendars/{calendar['id']}/open", "at"),
            (f"{schedule}/on-call", "at"),
            (f"{schedule}/shifts", "from"),
            (f"{schedule}/shifts", "to"),
        ):
            await alerting.refused(422, "GET", path, params={name: time})
    for time in ABSURD[:2]:
        other = {"to": "2199-01-01"} if time < "1" else {"from": "2026-01-01"}
        span = {"from": time, "to": time} | other
        await alerting.refused(422, "POST", f"{schedule}/overrides", json={"member": "ada"} | span)
        await alerting.refused(422, "POST", "/silences", json=span)
        week = {"from": "2026-11-26T00:00:00", "to": "2026-11-27T00:00:00", "weekly": True, "until": time}
        await alerting.refused(422, "POST", "/silences", json=week)


@pytest.mark.parametrize(
    ("noun", "draft", "patches"),
    [
        ("calendars", {"hours": [{}]}, [{"hours": []}, {"hours": [{}] * 51}, {"closed": ["someday"]}]),
        (
            "schedules",
            {"layers": [{"members": ["ada"], "start": "2026-03-23T08:00:00"}]},
            [{"layers": [{"members": ["ada"], "start": "2026-03-23T08:00:00", "every": "1s"}]}],
        ),
        (
            "policies",
            {"steps": [{"to": ["ada"]}]},
            [
                {"name": None},
                {"steps": None},
                {"repeat": "1s"},
                {"group_wait": "99y"},
                {"steps": [{"after": "5m", "to": ["ada"]}, {"after": "1m", "to": ["ada"]}]},
            ],
        ),
    ],
)
async def test_a_change_that_makes_no_sense_is_refused_and_changes_nothing(
    alerting: Any, noun: str, draft: dict[str, Any], patches: list[dict[str, Any]]
) -> None:
    await alerting.add_channel("ada", "email", "ada@example.com")
    made = await alerting.call("POST", f"/{noun}", json={"name": "odd"} | draft)
    for patch in patches:
        await alerting.refused(422, "PATCH", f"/{noun}/{made['id']}", json=patch)
    assert await alerting.call("GET", f"/{noun}/{made['id']}") == made


async def test_nobody_looks_beyond_their_part_of_the_plant_through_a_rule(alerting: Any) -> None:
    scope = "berlin/painting"
    mine = {"name": "Odd", "scope": {"sensor": f"{ROBOT}/temperature"}}
    async with alerting.client(Role.ENGINEER, scope=scope, name="Ben") as ben:
        for told in ("berlin/baking/line-1/oven-1/temperature", "../../../baking/line-1/oven-1/temperature"):
            wide = mine | {"condition": {"expression": f"'{told}'", "above": 0}}
            gated = mine | {"condition": {"above": 1}, "active_when": f"'{told}' > 1"}
            for rule in (wide, gated, mine | {"condition": {"deviation_from": told, "above": 0}}):
                assert "looks at" in await alerting.refused(403, "POST", "/rules", ben, json=rule)
                assert "looks at" in await alerting.refused(403, "POST", "/apply", ben, json={"rules": [rule]})
        near = mine | {"condition": {"expression": "max('../../*/*/temperature')", "above": 0}}
        answer = await ben.post("/rules", json=near)
        assert answer.status_code == 201, answer.text
        wide = {"condition": {"expression": "max('../../../*/*/*/temperature')", "above": 0}}
        await alerting.refused(403, "PATCH", f"/rules/{answer.json()['id']}", ben, json=wide)


async def test_a_test_of_a_rule_ends_within_a_year_of_its_own_time(alerting: Any) -> None:
    for said, held in (("0s", "999999999999y"), ("999999999999y", "1s")):
        trial = {"name": "long", "samples": {"temperature": [[said, 1]]}, "states": [[held, "normal"]]}
        rule = {
            "name": "Odd",
            "scope": {"sensor": f"{ROBOT}/temperature"},
            "condition": {"above": 80},
            "tests": [trial],
        }
        assert "up to 1y" in await alerting.refused(422, "POST", "/rules", json=rule)


async def test_a_url_that_cannot_be_read_is_refused(alerting: Any) -> None:
    for target in ("apprise://[::1/", "slack://[/a", "ntfy://]", "json://\u2100/"):
        draft = {"name": "odd", "kind": "apprise", "target": target}
        await alerting.refused(422, "POST", "/channels", json=draft)


async def test_a_form_that_is_none_acknowledges_all_the_same_without_a_word(alerting: Any) -> None:
    await alerting.add_channel("team", "email", "team@example.com")
    await alerting.add_rule()
    await alerting.publish((0, 81.0))
    await alerting.evaluated()
    [alarm] = await alerting.alarms()
    async with open_database(alerting.settings.database_url) as database:
        links = Links("", await load_key(database))
    link = f"/acknowledge/{links.token(alarm['id'], 1, 'team')}"
    async with httpx.AsyncClient(base_url=str(alerting.http.base_url), timeout=ANSWER_SECONDS) as stranger:
        answer = await stranger.post(link, content="&".join(["comment=x"] * 50))
    assert answer.status_code == 200
    assert (await alerting.alarms())[0]["comment"] == ""


async def test_a_nul_is_refused_wherever_it_is_written(alerting: Any) -> None:
    """On PostgreSQL one in a single rule would keep all rules from being written, and alarms from being raised."""
    rule = {"name": "Hot", "scope": {"sensor": f"{ROBOT}/temperature"}, "condition": {"above": 80}}
    scope: dict[str, Any] = {"sensor": "temperature", "labels": {"a\0": "b"}}
    for fields in (
        {"cause": "a\0b"},
        {"scope": scope},
        {"tests": [{"name": "T", "samples": {"a\0": []}, "states": []}]},
    ):
        assert "NUL" in await alerting.refused(422, "POST", "/rules", json=rule | fields)
    made = await alerting.call("POST", "/rules", json=rule)
    assert "NUL" in await alerting.refused(422, "PATCH", f"/rules/{made['id']}", json={"action": "\0"})
    assert "NUL" in await alerting.refused(422, "POST", "/apply", json={"rules": [rule | {"cause": "\0"}]})
    for _ in range(400):
        scope = {"a": scope}
    assert "NUL" in await alerting.refused(422, "POST", "/rules", json=rule | {"scope": scope})
