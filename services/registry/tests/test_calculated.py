"""Calculated sensors in the plant: what can never be calculated is refused in a sentence, what may come is told."""

from typing import Any

LINE = "berlin/painting/line-1"
ROBOT = f"{LINE}/robot-3"
MEASURED = [
    {"key": "torque"},
    {"key": "speed"},
    {"key": "moving", "datatype": "bool"},
    {"key": "state", "datatype": "string"},
]


def calculated(expression: str, key: str = "power", **more: Any) -> list[dict[str, Any]]:
    return [*MEASURED, {"key": key, "expression": expression, **more}]


async def put_type(registry, sensors: list[dict[str, Any]]) -> Any:
    answer = await registry.http.put("/types/robot", json={"name": "Robot", "sensors": sensors})
    assert answer.status_code in (200, 422), answer.text
    return answer.json()


async def refused(registry, expression: str, key: str = "power", **more: Any) -> str:
    await put_type(registry, MEASURED)
    answer = await registry.http.patch(f"/assets/{ROBOT}", json={"sensors": calculated(expression, key, **more)})
    assert answer.status_code == 422, answer.text
    assert [s["key"] for s in (await registry.asset(ROBOT))["sensors"]] == [s["key"] for s in MEASURED]
    return str(answer.json()["detail"])


async def test_what_a_type_calculates_its_machines_do_too(registry) -> None:
    await registry.apply()
    made = await put_type(registry, calculated("torque * speed / 9550", unit="kW"))
    assert made["sensors"][-1] == {"key": "power", "unit": "kW", "expression": "torque * speed / 9550"}
    power = (await registry.asset(ROBOT))["sensors"][-1]
    assert (power["expression"], power["path"]) == ("torque * speed / 9550", f"{ROBOT}/power")
    own = await registry.http.patch(f"/assets/{ROBOT}", json={"sensors": [{"key": "power", "expression": ""}]})
    assert own.json()["sensors"][-1]["expression"] == ""  # this one has a meter
    assert [s["expression"] for s in own.json()["sensors"][:4]] == ["", "", "", ""]


async def test_an_expression_that_can_never_be_calculated_is_refused(registry) -> None:
    await registry.apply()
    says = await refused(registry, "torque * sped")
    assert says == (
        f"'{ROBOT}/power': expression: there is no sensor 'sped' beside it; "
        "there are moving, power, speed, state, torque"
    )
    assert "there is no sensor 'sped' beside it" in await refused(registry, "'../robot-3/sped' + 1")
    assert "character 10: a number, a sensor or a function is expected, not '*'" in await refused(
        registry, "torque * * 2"
    )
    assert "there is no function '__import__'" not in (says := await refused(registry, "__import__('os').system('id')"))
    assert "character 1: names are a-z" in says
    assert "1000 characters" in await refused(registry, "1+" * 600 + "1")
    assert "'state' is a text, which is only compared" in await refused(registry, "state * 2")
    assert "'torque' is no text" in await refused(registry, 'torque == "RUN"')
    assert "a text cannot be calculated" in await refused(registry, "torque", "label", datatype="string")
    assert "this is a number, and the sensor a bool" in await refused(registry, "torque", "busy", datatype="bool")
    assert "it names no sensor" in await refused(registry, "1 + 1")


async def test_a_type_is_whole_in_itself(registry) -> None:
    await registry.apply()
    assert (
        "'robot/power': expression: there is no sensor 'load' beside it"
        in (await put_type(registry, calculated("torque * load")))["detail"]
    )
    await put_type(registry, calculated("torque * speed"))
    without = [s for s in calculated("torque * speed") if s["key"] != "torque"]
    assert "there is no sensor 'torque' beside it" in (await put_type(registry, without))["detail"]


async def test_nothing_follows_from_itself_not_even_over_other_machines(registry) -> None:
    await registry.apply()
    assert f"'{ROBOT}/power' would follow from itself: {ROBOT}/power <- {ROBOT}/power" in await refused(
        registry, "power + 1"
    )
    meter = {
        "parent": LINE,
        "kind": "machine",
        "slug": "meter",
        "sensors": [{"key": "power", "expression": "sum('../*/power')"}],
    }
    made = await registry.http.post(
        "/assets", json=meter
    )  # the sum of a line is called as its summands, and none of them
    assert (made.status_code, made.json()["warnings"]) == (
        201,
        [f"'{LINE}/meter/power' waits for '../*/power': there is no such sensor yet"],
    )
    says = await refused(registry, "torque / '../meter/power'")
    assert says == f"'{ROBOT}/power' would follow from itself: {ROBOT}/power <- {LINE}/meter/power <- {ROBOT}/power"
    assert (await put_type(registry, calculated("torque * speed")))["warnings"] == []
    assert "would follow from itself" in (await put_type(registry, calculated("sum('../*/power')")))["detail"]


async def test_what_others_do_not_have_yet_is_told_and_taken(registry) -> None:
    await registry.apply()
    sensors = "[{key: torque}, {key: share, expression: \"torque / '../press-1/force'\"}]"
    machines = f"[{{slug: robot-3, sensors: {sensors}}}]"
    file = f"sites: [{{slug: berlin, areas: [{{slug: painting, lines: [{{slug: line-1, machines: {machines}}}]}}]}}]"
    headers = {"Content-Type": "application/yaml"}
    for dry_run in (True, False):
        answer = await registry.http.post("/plant", content=file, headers=headers, params={"dry_run": dry_run})
        assert answer.json()["warnings"] == [
            f"'{ROBOT}/share' waits for '../press-1/force': there is no such sensor yet"
        ]
    assert await registry.apply(file) == {"created": 0, "changed": 0, "unchanged": 4}
    press = {"parent": LINE, "kind": "machine", "slug": "press-1", "sensors": [{"key": "force", "datatype": "string"}]}
    assert (await registry.http.post("/assets", json=press)).status_code == 201
    answer = await registry.http.post("/plant", content=file, headers=headers)
    assert "'../press-1/force' is a text, which is only compared" in answer.json()["detail"]


async def test_in_a_file_a_mistake_is_told_with_its_line(registry) -> None:
    file = "types:\n  robot:\n    sensors:\n    - {key: torque}\n    - {key: power, expression: torque +}"
    answer = await registry.http.post("/plant", content=file, headers={"Content-Type": "application/yaml"})
    assert answer.json()["detail"] == (
        "line 5: types.robot.sensors[1].expression: "
        "expression, character 9: a number, a sensor or a function is expected, not the end"
    )


async def test_nobody_calculates_from_what_they_may_not_see(registry) -> None:
    await registry.apply()
    await put_type(registry, MEASURED)
    eva = await registry.person("eva", "engineer", "berlin/painting")
    for outside in ("'paris/heat/line-1/oven-1/gas'", "'../../../welding/line-1/r/torque'", "sum('*/*/*/*/torque')"):
        answer = await eva.patch(f"/assets/{ROBOT}", json={"sensors": calculated(f"torque + {outside}")})
        assert answer.status_code == 403, answer.text
        assert "is outside your part of the plant ('berlin/painting')" in answer.json()["detail"]
    inside = calculated("sum('../../*/*/torque')")
    assert (await eva.patch(f"/assets/{ROBOT}", json={"sensors": inside})).status_code == 200
    outside = calculated("sum('*/*/*/*/torque')")
    assert (await registry.http.patch(f"/assets/{ROBOT}", json={"sensors": outside})).status_code == 200
    renamed = [*outside[:-1], {**outside[-1], "name": "All of it"}]  # what somebody else wrote may stay
    assert (await eva.patch(f"/assets/{ROBOT}", json={"sensors": renamed})).status_code == 200
