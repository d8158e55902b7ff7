"""Sensors that people read off: how often is kept, and told to everybody; what makes no sense is refused."""

import pytest

ROBOT = "berlin/painting/line-1/robot-3"
LEVEL = {"key": "oil_level", "unit": "%", "entered_every": "8h"}


async def test_how_often_a_sensor_is_entered_comes_from_the_type_or_the_machine(registry) -> None:
    await registry.apply()
    made = await registry.http.put("/types/robot", json={"name": "Robot", "sensors": [LEVEL, {"key": "torque"}]})
    assert made.json()["sensors"][0] == LEVEL
    assert [s["entered_every"] for s in (await registry.asset(ROBOT))["sensors"]] == ["8h", ""]
    own = await registry.http.patch(f"/assets/{ROBOT}", json={"sensors": [{"key": "oil_level", "entered_every": "7d"}]})
    assert own.json()["sensors"][0]["entered_every"] == "7d"


@pytest.mark.parametrize(
    ("every", "says"),
    [("often", "is no duration"), ("5s", "write 1m to 1y, such as 8h or 7d"), ("2y", "write 1m to 1y")],
)
async def test_what_is_no_time_between_readings_of_a_person_is_refused(registry, every: str, says: str) -> None:
    sensors = [{"key": "oil_level", "entered_every": every}]
    answer = await registry.http.put("/types/robot", json={"name": "Robot", "sensors": sensors})
    assert (answer.status_code, says in answer.text) == (422, True), answer.text


async def test_nobody_enters_what_is_calculated(registry) -> None:
    await registry.apply()
    sensors = [{"key": "torque"}, {"key": "twice", "expression": "torque * 2", "entered_every": "8h"}]
    answer = await registry.http.patch(f"/assets/{ROBOT}", json={"sensors": sensors})
    assert answer.status_code == 422
    assert "'berlin/painting/line-1/robot-3/twice' is calculated: nobody enters it" in answer.text
