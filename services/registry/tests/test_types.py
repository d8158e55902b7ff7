"""Machine types: one change reaches all machines of the type."""

ROBOT = "berlin/painting/line-1/robot-3"


async def test_a_change_of_the_type_reaches_its_machines(registry) -> None:
    await registry.apply()
    sensors = [{"key": "temperature", "unit": "Cel", "limits": {"h": 70}}, {"key": "load", "unit": "%"}]
    put = await registry.http.put("/types/robot", json={"name": "Welding robot", "sensors": sensors})
    assert put.json() == {
        "slug": "robot",
        "name": "Welding robot",
        "sensors": sensors,
        "documents": [],
        "page": {"sections": []},
        "machines": 1,
        "warnings": [],
    }
    assert (await registry.http.get("/types/robot")).json() == put.json()
    assert [(s["key"], s["limits"]["h"]) for s in (await registry.asset(ROBOT))["sensors"]] == [
        ("temperature", 70.0),
        ("load", None),
    ]


async def test_a_type_comes_and_goes(registry) -> None:
    assert (await registry.http.put("/types/oven", json={"name": "Oven"})).status_code == 200
    assert [t["slug"] for t in (await registry.http.get("/types")).json()["items"]] == ["oven"]
    assert (await registry.http.delete("/types/oven")).status_code == 204
    assert (await registry.http.get("/types/oven")).status_code == 404
    assert (await registry.http.delete("/types/oven")).status_code == 404


async def test_machines_of_a_type_are_counted_where_one_may_see_them(registry) -> None:
    await registry.apply()
    for line in ("berlin/painting/line-1", "berlin/welding/line-1"):
        robot = {"parent": line, "kind": "machine", "slug": "robot-9", "type": "robot"}
        assert (await registry.http.post("/assets", json=robot)).status_code == 201
    await registry.http.put("/types/oven", json={"name": "Oven"})

    async def counted(client) -> dict[str, int]:
        return {one["slug"]: one["machines"] for one in (await client.get("/types")).json()["items"]}

    assert await counted(registry.http) == {"oven": 0, "robot": 3}
    for scope, robots in (("berlin", 3), ("berlin/painting", 2), ("paris", 0)):
        somebody = await registry.person(f"of-{scope.replace('/', '-')}", "viewer", scope)
        assert await counted(somebody) == {"oven": 0, "robot": robots}
        assert (await somebody.get("/types/robot")).json()["machines"] == robots


async def test_a_type_with_machines_stays(registry) -> None:
    await registry.apply()
    answer = await registry.http.delete("/types/robot")
    assert answer.status_code == 409
    assert "1 machine(s) are of the type 'robot'" in answer.json()["detail"]
    await registry.http.patch(f"/assets/{ROBOT}", json={"type": None})
    assert (await registry.http.delete("/types/robot")).status_code == 204


async def test_a_type_at_odds_with_one_of_its_machines_is_refused(registry) -> None:
    await registry.apply()
    own = {"sensors": [{"key": "temperature", "limits": {"l": 60}}]}
    assert (await registry.http.patch(f"/assets/{ROBOT}", json=own)).status_code == 200
    colder = {"name": "Robot", "sensors": [{"key": "temperature", "limits": {"h": 50}}]}
    answer = await registry.http.put("/types/robot", json=colder)
    assert answer.status_code == 422
    assert f"'{ROBOT}/temperature', with what its machine type says" in answer.json()["detail"]
    many = {"name": "Robot", "sensors": [{"key": f"s{n}"} for n in range(500)]}
    answer = await registry.http.put("/types/robot", json=many)
    assert f"'{ROBOT}' would have 501 sensors" in answer.json()["detail"]
    assert (await registry.asset(ROBOT))["sensors"][0]["limits"]["h"] == 80.0


async def test_a_type_takes_no_key_that_the_database_keeps_for_itself(registry) -> None:
    for key in ("site", "area", "line", "machine", "asset", "time", "load__quality"):
        answer = await registry.http.put("/types/press", json={"name": "Press", "sensors": [{"key": key}]})
        assert answer.status_code == 422, key
        assert f"'{key}' is no key for a sensor" in answer.json()["detail"]
    assert (await registry.http.get("/types/press")).status_code == 404


async def test_types_are_changed_by_engineers_of_the_whole_plant(registry) -> None:
    await registry.apply()
    for person in (await registry.person("otto", "operator"), await registry.person("eva", "engineer", "berlin")):
        assert (await person.get("/types/robot")).status_code == 200
        assert (await person.put("/types/robot", json={"name": "x"})).status_code == 403
        assert (await person.delete("/types/robot")).status_code == 403
