"""The rules Andon brings along: made once, the user's from then on, and raising ordinary alarms of the platform."""

from typing import Any

from andon.common import subjects
from andon.common.plant import Asset, Sensor, encode_asset
from andon.common.platform import LEDGER, PROBER
from andon.common.testing.waiting import eventually

from .conftest import Alerting


def platform_machine(path: str, asset_id: str, *keys: str) -> Asset:
    sensors = tuple(Sensor(key, f"{path}/{key}", unit="1") for key in keys)
    return Asset(id=asset_id, path=path, kind="machine", slug=asset_id, name=asset_id.title(), sensors=sensors)


async def put_platform(alerting: Alerting) -> None:
    bucket = await alerting.bus.bucket(subjects.PLANT_BUCKET)
    for asset in (
        platform_machine(LEDGER, "ledger", "unexplained", "lost", "missing", "waiting"),
        platform_machine(PROBER, "prober", "broker", "stored", "live", "number"),
    ):
        await bucket.put(subjects.asset_key(asset.id), encode_asset(asset))

    async def watched() -> bool:
        return [rule["watches"] for rule in await system_rules(alerting)] == [1, 1, 1, 1, 1]

    await eventually(watched, what="each rule watches its sensor")


async def rules(alerting: Alerting, **query: Any) -> list[dict[str, Any]]:
    answer = await alerting.http.get("/rules", params=query)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def system_rules(alerting: Alerting) -> list[dict[str, Any]]:
    return [rule for rule in await rules(alerting, system=True) if rule["system"]]


async def test_they_are_there_from_the_start_and_listed_on_demand(alerting: Alerting) -> None:
    assert {rule["name"]: rule["severity"] for rule in await system_rules(alerting)} == {
        "Andon: device numbers are missing": "low",
        "Andon: readings are not stored": "medium",
        "Andon: readings take too long": "medium",
        "Andon: readings were lost": "critical",
        "Andon: the ledger does not balance": "critical",
    }
    assert not [rule for rule in await rules(alerting) if rule["system"]]
    async with alerting.client(scope="berlin") as elsewhere:
        assert (await elsewhere.get("/rules", params={"system": True})).json()["items"] == []


async def test_who_changes_or_deletes_one_keeps_it_so(alerting: Alerting) -> None:
    by_name = {rule["name"]: rule["id"] for rule in await system_rules(alerting)}
    changed = {"condition": {"above": 5}, "severity": "high"}
    answer = await alerting.http.patch(f"/rules/{by_name['Andon: readings take too long']}", json=changed)
    assert answer.status_code == 200, answer.text
    answer = await alerting.http.delete(f"/rules/{by_name['Andon: device numbers are missing']}")
    assert answer.status_code == 204
    await alerting.stop()
    await alerting.start()
    found = {rule["name"]: (rule["condition"], rule["severity"]) for rule in await system_rules(alerting)}
    assert found["Andon: readings take too long"] == ({"above": 5}, "high")
    assert len(found) == 4


async def test_a_ledger_that_does_not_balance_is_an_alarm_like_any_other(alerting: Alerting) -> None:
    await put_platform(alerting)
    await alerting.publish((0, 0.0), asset="ledger", key="unexplained")
    await alerting.publish((0, 9.0), asset="ledger", key="waiting")
    await alerting.evaluated()
    assert await alerting.alarms() == []
    await alerting.publish((1, 1.0), asset="ledger", key="unexplained")
    (alarm,) = await eventually(alerting.alarms, what="an alarm")
    assert (alarm["rule_name"], alarm["severity"], alarm["sensor"], alarm["state"]) == (
        "Andon: the ledger does not balance",
        "critical",
        f"{LEDGER}/unexplained",
        "unacknowledged",
    )
    answer = await alerting.http.post(f"/alarms/{alarm['id']}/ack", json={"comment": "seen"})
    assert answer.json()["state"] == "acknowledged"
    async with alerting.client(scope="berlin") as elsewhere:
        assert (await elsewhere.get("/alarms")).json()["items"] == []


async def test_no_rule_reaches_the_platform_that_does_not_name_it(alerting: Alerting) -> None:
    await put_platform(alerting)
    for scope in ({"sensor": "live"}, {"sensor": "live", "under": ""}, {"sensor": "live", "type": ""}):
        rule = {"name": "Live", "scope": scope, "condition": {"above": 1}}
        assert (await alerting.http.post("/rules", json=rule)).status_code == 422, "it would match every machine"
    own = {"name": "Mine", "scope": {"sensor": f"{PROBER}/live"}, "condition": {"above": 1}}
    assert (await alerting.http.post("/rules", json=own)).json()["watches"] == 1
