"""Rules tried on the past: what they would have raised, and what would have made them quieter."""

from collections.abc import Sequence
from typing import Any

import pytest

from andon.alerting.backtest import run
from andon.common.auth import Role
from andon.common.influx import Influx, join_lines, line, line_prefix
from andon.common.plant import Asset
from andon.common.reading import NS_PER_S, Reading
from andon.common.testing.fixtures import InfluxForTest
from andon.common.testing.waiting import eventually
from andon.common.times import ns_to_iso

from .conftest import Alerting, machine

T = 1_763_899_200 * NS_PER_S
TEMPERATURE = "berlin/painting/line-1/robot-3/temperature"
RULE: dict[str, Any] = {
    "name": "Gearbox hot",
    "scope": {"sensor": TEMPERATURE},
    "condition": {"above": 80},
    "severity": "high",
}


async def store(influx: Influx, asset: Asset, samples: Sequence[tuple[float, Any]], key: str = "temperature") -> None:
    head = line_prefix(asset)
    readings = [Reading(asset.id, T + round(at * NS_PER_S), {key: value}) for at, value in samples]
    assert (await influx.write(join_lines(line(head, reading) for reading in readings))).stored


@pytest.fixture
async def remembering(stopped: Alerting, influxdb: InfluxForTest, influx: Influx) -> Alerting:
    """Alerting with a history: an hour at 1 Hz with two excursions, of which the second one chatters."""
    samples = [(second, 70.0) for second in range(3600)]
    samples[600:900] = [(second, 85.0 + second / 1000) for second in range(600, 900)]
    samples[1800:2100] = [(second, 81.0 if second % 10 < 5 else 79.5) for second in range(1800, 2100)]
    await store(influx, stopped.robot, samples)
    stopped.influx = influxdb.settings
    await stopped.start()
    return stopped


def asked(seconds: float = 3600, **rule: Any) -> dict[str, Any]:
    return {"rule": RULE | rule, "from": ns_to_iso(T), "to": ns_to_iso(T + round(seconds * NS_PER_S))}


def after(seconds: float) -> str:
    return ns_to_iso(T + round(seconds * NS_PER_S))


async def test_a_rule_tells_what_it_would_have_raised(remembering: Alerting) -> None:
    answer = await remembering.call("POST", "/rules/backtest", json=asked())
    [sensor] = answer["sensors"]
    assert (sensor["sensor"], sensor["samples"], sensor["count"]) == (TEMPERATURE, 3600, 31)
    assert (sensor["active_seconds"], sensor["longest_seconds"]) == (450, 300)
    assert (sensor["flaps"], sensor["fleeting"]) == (29, 30)
    first = sensor["alarms"][0]
    assert (first["since"], first["until"], first["seconds"]) == (after(600), after(900), 300)
    assert (first["value"], first["peak"], first["limit"], first["severity"]) == (85.6, 85.899, 80, "high")
    assert first["message"] == "Gearbox temperature is 85.6 °C, above 80 °C"
    assert (await remembering.alarms()) == []


async def test_it_tells_which_deadband_and_which_delay_would_have_kept_it_quiet(remembering: Alerting) -> None:
    [sensor] = (await remembering.call("POST", "/rules/backtest", json=asked()))["sensors"]
    texts = {advice["text"]: advice["recommended"] for advice in sensor["advice"]}
    assert texts["deadband 0.8: 31 -> 2 alarms, none of those that lasted over 1 min lost"]
    assert texts["off_delay 10s: 31 -> 2 alarms, none of those that lasted over 1 min lost"] is False
    assert "on_delay 5s: 31 -> 31 alarms, none of those that lasted over 1 min lost" not in texts
    for advice in sensor["advice"]:
        [sensor] = (await remembering.call("POST", "/rules/backtest", json=asked(**advice["change"])))["sensors"]
        assert sensor["count"] == advice["alarms"]


async def test_of_very_much_the_newest_part_is_advised_about(
    remembering: Alerting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "MOST_KEPT", 21)
    [sensor] = (await remembering.call("POST", "/rules/backtest", json=asked()))["sensors"]
    assert (sensor["count"], sensor["advised_from"] > after(1900)) == (31, True)
    assert 8 <= sensor["advice"][0]["alarms_before"] <= 11


async def test_what_goes_on_at_the_end_has_no_end(remembering: Alerting) -> None:
    answer = await remembering.call("POST", "/rules/backtest", json=asked(700))
    [alarm] = answer["sensors"][0]["alarms"]
    assert (alarm["until"], alarm["seconds"]) == (None, 100)


async def test_a_ladder_tells_how_far_it_went(remembering: Alerting) -> None:
    condition = {"levels": [{"above": 80}, {"above": 85.8, "severity": "critical"}]}
    answer = await remembering.call("POST", "/rules/backtest", json=asked(1000, condition=condition, severity="low"))
    [alarm] = answer["sensors"][0]["alarms"]
    assert (alarm["level"], alarm["severity"], alarm["seconds"]) == ("hh", "critical", 300)


async def test_silence_was_in_the_past_too(remembering: Alerting) -> None:
    answer = await remembering.call("POST", "/rules/backtest", json=asked(4000, condition={"silent": "30s"}))
    [alarm] = answer["sensors"][0]["alarms"]
    assert (alarm["since"], alarm["until"], alarm["value"]) == (after(3629), None, None)


async def test_other_sensors_gate_it(remembering: Alerting, influx: Influx) -> None:
    await store(influx, remembering.robot, [(0, True), (1000, False)], key="jammed")
    answer = await remembering.call("POST", "/rules/backtest", json=asked(active_when="not jammed"))
    assert answer["count"] == 30
    assert answer["sensors"][0]["samples"] == 3602


async def test_a_rule_in_force_is_tried_by_its_id_and_advised_about(remembering: Alerting) -> None:
    rule = await remembering.add_rule()
    span = {"from": ns_to_iso(T), "to": after(3600)}
    answer = await remembering.call("POST", "/rules/backtest", json={"id": rule["id"], **span})
    found = await remembering.call("GET", f"/rules/{rule['id']}/advice", params={"sensor": TEMPERATURE, **span})
    assert [found] == answer["sensors"]
    refused = await remembering.refused(
        404, "GET", f"/rules/{rule['id']}/advice", params={"sensor": TEMPERATURE.replace("temperature", "jammed")}
    )
    assert refused.startswith("Rule 'Gearbox hot' does not watch")


async def test_what_cannot_be_tried_is_told(remembering: Alerting) -> None:
    async def refused(status: int = 422, **body: Any) -> str:
        return await remembering.refused(status, "POST", "/rules/backtest", json=body)

    assert await refused() == "Give either a 'rule' or the 'id' of one"
    assert await refused(404, id="none") == "There is no rule 'none'"
    assert "watches no sensor" in await refused(**asked(scope={"sensor": TEMPERATURE + "s"}))
    assert "longer than 366 days" in await refused(**asked() | {"from": "-400d", "to": "now"})
    assert "calendar 'night'" in await refused(**asked(active_during=["night"]))
    await remembering.know(*(machine(f"robot-{number}") for number in range(10, 65)))
    everywhere = asked(scope={"sensor": "temperature", "type": "robot"})

    async def known() -> bool:
        answer = await remembering.http.post("/rules/backtest", json=everywhere)
        return "watches 56 sensors; at most 50" in answer.text

    await eventually(known)


async def test_it_is_for_engineers_of_that_part_of_the_plant(remembering: Alerting) -> None:
    async with remembering.client(Role.OPERATOR) as operator:
        await remembering.refused(403, "POST", "/rules/backtest", operator, json=asked())
    async with remembering.client(Role.ENGINEER, scope="berlin/baking") as elsewhere:
        await remembering.refused(403, "POST", "/rules/backtest", elsewhere, json=asked())
        oven = "berlin/baking/line-1/oven-1/temperature"
        body = asked(scope={"sensor": oven}, condition={"deviation_from": TEMPERATURE, "above": 1})
        reason = await remembering.refused(403, "POST", "/rules/backtest", elsewhere, json=body)
        assert reason.startswith(
            f"Rule 'Gearbox hot' looks at '{TEMPERATURE}'; your part of the plant is 'berlin/baking'"
        )
