"""The tree: added to, looked up, changed, listed, and taken apart again."""

import pytest

from .conftest import RunningRegistry


async def paths(registry: RunningRegistry, **query: str) -> list[str]:
    answer = await registry.http.get("/assets", params=query)
    assert answer.status_code == 200, answer.text
    return [item["path"] for item in answer.json()["items"]]


async def test_a_plant_is_built_node_by_node(registry) -> None:
    parent = ""
    for kind, slug in (("site", "rome"), ("area", "press-shop"), ("line", "line-1")):
        made = await registry.http.post("/assets", json={"parent": parent, "kind": kind, "slug": slug})
        assert made.status_code == 201, made.text
        parent = made.json()["id"]
    sensor = {"key": "force", "name": "Ram force", "unit": "kN", "limits": {"h": 900}, "decimals": 0}
    machine = {
        "parent": "rome/press-shop/line-1",
        "kind": "machine",
        "slug": "press-1",
        "name": "Press 1",
        "labels": {"maker": "Müller"},
        "sensors": [sensor],
    }
    made = (await registry.http.post("/assets", json=machine)).json()
    assert made == {
        "id": made["id"],
        "path": "rome/press-shop/line-1/press-1",
        "kind": "machine",
        "slug": "press-1",
        "name": "Press 1",
        "type": "",
        "labels": {"maker": "Müller"},
        "sensors": [
            {
                "key": "force",
                "path": "rome/press-shop/line-1/press-1/force",
                "name": "Ram force",
                "unit": "kN",
                "datatype": "float",
                "limits": {"ll": None, "l": None, "h": 900.0, "hh": None},
                "decimals": 0,
                "expression": "",
                "entered_every": "",
            }
        ],
        "documents": [],
        "warnings": [],
    }
    assert await registry.asset(made["id"]) == await registry.asset("rome/press-shop/line-1/press-1") == made


async def test_a_machine_is_stamped_from_its_type_and_overrides_it_field_by_field(registry) -> None:
    await registry.apply()
    robot = "/assets/berlin/painting/line-1/robot-3"
    change = {"sensors": [{"key": "temperature", "limits": {"h": 75}}, {"key": "state", "datatype": "string"}]}
    changed = (await registry.http.patch(robot, json=change)).json()
    temperature, state = changed["sensors"]
    assert temperature["limits"] == {"ll": None, "l": None, "h": 75.0, "hh": 95.0}
    assert (temperature["name"], temperature["unit"]) == ("Gearbox temperature", "Cel")
    assert state["datatype"] == "string"
    assert changed["name"] == "Robot 3"
    without = (
        await registry.http.patch(robot, json={"sensors": [{"key": "temperature", "limits": {"hh": None}}]})
    ).json()
    assert without["sensors"][0]["limits"] == {"ll": None, "l": None, "h": 80.0, "hh": None}
    untyped = (await registry.http.patch(robot, json={"type": None, "sensors": []})).json()
    assert (untyped["type"], untyped["sensors"]) == ("", [])


async def test_a_node_is_renamed_and_keeps_its_id_and_place(registry) -> None:
    await registry.apply()
    before = await registry.asset("berlin/painting")
    change = {"name": "Paint shop", "labels": {"cost-centre": "4711"}}
    after = (await registry.http.patch("/assets/berlin/painting", json=change)).json()
    assert after == {**before, **change}
    for fixed in ({"slug": "paint"}, {"parent": "paris"}, {"path": "paris/painting"}, {"kind": "line"}):
        refused = await registry.http.patch("/assets/berlin/painting", json=fixed)
        assert refused.status_code == 422
        assert f"'{next(iter(fixed))}' never changes" in refused.json()["detail"]
        assert "Change the name, or add a new asset" in refused.json()["detail"]
    assert await registry.asset("berlin/painting") == after


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"sensors": [{"key": "temperature", "limits": {"l": 90}}]}, "limits must rise"),
        ({"sensors": [{"key": "x", "limits": {"h": 9, "hh": 1}}]}, "limits must rise"),
        ({"sensors": [{"key": "x"}, {"key": "x"}]}, "'x' stands here twice"),
        ({"sensors": [{"key": "x", "decimals": 11}]}, "less than or equal to 10"),
        ({"sensors": [{"key": "x", "datatype": "int"}]}, "'float', 'bool' or 'string'"),
        ({"sensors": [{"key": "Not A Key"}]}, "pattern"),
        ({"sensors": [{"key": "asset"}]}, "'asset' is no key for a sensor"),
        ({"sensors": [{"key": "time"}]}, "'time' is no key for a sensor"),
        ({"sensors": [{"key": "temperature__quality"}]}, "'temperature__quality' is no key for a sensor"),
        ({"sensors": [{"key": "x", "limits": {"h": "80"}}]}, "valid number"),
        ({"type": "no-such-type"}, "no type 'no-such-type'"),
        ({"name": "a\nb"}, "pattern"),
        ({"name": "Press \u202e1 ton"}, "pattern"),
        ({"name": "a\x85b"}, "pattern"),
        ({"name": ""}, "at least 1"),
        ({"labels": {"a": 1}}, "valid string"),
    ],
)
async def test_a_bad_change_is_refused_with_its_reason_and_changes_nothing(registry, change, says: str) -> None:
    await registry.apply()
    before = await registry.asset("berlin/painting/line-1/robot-3")
    answer = await registry.http.patch("/assets/berlin/painting/line-1/robot-3", json=change)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert says in answer.json()["detail"]
    assert await registry.asset("berlin/painting/line-1/robot-3") == before


async def test_infinite_limits_and_broken_text_are_refused(registry) -> None:
    await registry.apply()
    headers = {"Content-Type": "application/json"}
    for body in ('{"sensors": [{"key": "x", "limits": {"h": Infinity}}]}', r'{"name": "\ud800"}', "{", "[" * 10_000):
        answer = await registry.http.patch("/assets/berlin/painting/line-1/robot-3", content=body, headers=headers)
        assert answer.status_code in (400, 422), body[:50]


@pytest.mark.parametrize(
    ("node", "status", "says"),
    [
        ({"parent": "berlin", "kind": "line", "slug": "x"}, 422, "a line belongs below a area, not below a site"),
        ({"parent": "", "kind": "area", "slug": "x"}, 422, "not at the top"),
        ({"parent": "berlin", "kind": "site", "slug": "x"}, 422, "a site belongs at the top of the plant"),
        ({"parent": "nowhere", "kind": "area", "slug": "x"}, 404, "no asset 'nowhere'"),
        ({"parent": "berlin", "kind": "area", "slug": "painting"}, 409, "'berlin/painting' already"),
        ({"parent": "berlin", "kind": "area", "slug": "a/b"}, 422, "slug"),
        ({"parent": "berlin", "kind": "area", "slug": "x\n"}, 422, "slug"),
        ({"parent": "berlin", "kind": "area", "slug": "x", "type": "robot"}, 422, "Only a machine has a type"),
        ({"parent": "berlin", "kind": "area", "slug": "x", "id": "mine"}, 422, "id"),
    ],
)
async def test_a_node_that_does_not_fit_is_refused(registry, node, status: int, says: str) -> None:
    await registry.apply()
    answer = await registry.http.post("/assets", json=node)
    assert answer.status_code == status
    assert says in answer.json()["detail"]


async def test_only_a_leaf_is_deleted(registry) -> None:
    await registry.apply()
    answer = await registry.http.delete("/assets/berlin/painting/line-1")
    assert answer.status_code == 409
    assert "has 1 below it; delete those first" in answer.json()["detail"]
    for path in ("berlin/painting/line-1/robot-3", "berlin/painting/line-1"):
        assert (await registry.http.delete(f"/assets/{path}")).status_code == 204
        assert (await registry.http.get(f"/assets/{path}")).status_code == 404
    assert (await registry.http.delete("/assets/berlin/painting/line-1")).status_code == 404


async def test_a_list_is_cut_by_place_kind_and_words(registry) -> None:
    await registry.apply()
    await registry.http.patch("/assets/paris", json={"name": "Paris 100%"})
    assert await paths(registry, under="berlin/painting") == [
        "berlin/painting",
        "berlin/painting/line-1",
        "berlin/painting/line-1/robot-3",
    ]
    assert await paths(registry, under=(await registry.asset("berlin/welding"))["id"], kind="line") == [
        "berlin/welding/line-1"
    ]
    assert await paths(registry, kind="site") == ["berlin", "paris"]
    assert await paths(registry, q="ROBOT") == ["berlin/painting/line-1/robot-3"]
    assert await paths(registry, q="0%") == ["paris"]
    assert await paths(registry, q="_") == []
    assert (await registry.http.get("/assets", params={"under": "nowhere"})).status_code == 404
    assert (await registry.http.get("/assets", params={"kind": "planet"})).status_code == 422


async def test_a_long_list_comes_in_pages_without_gap_or_double(registry) -> None:
    await registry.apply()
    whole = await paths(registry)
    seen, cursor = [], ""
    while cursor is not None:
        page = (await registry.http.get("/assets", params={"limit": 3, "cursor": cursor})).json()
        assert len(page["items"]) <= 3
        seen += [item["path"] for item in page["items"]]
        cursor = page["next_cursor"]
    assert seen == whole
    assert len(whole) == 7
    for limit in (0, 1001):
        assert (await registry.http.get("/assets", params={"limit": limit})).status_code == 422


async def test_everybody_sees_and_changes_their_own_part_alone(registry) -> None:
    await registry.apply()
    mine, other = "berlin/painting/line-1/robot-3", "berlin/welding/line-1"
    eva = await registry.person("eva", "engineer", "berlin/painting")
    listed = [item["path"] for item in (await eva.get("/assets")).json()["items"]]
    assert listed == ["berlin/painting", "berlin/painting/line-1", mine]
    assert (await eva.get("/assets", params={"under": "berlin"})).json()["items"][0]["path"] == "berlin/painting"
    assert (await eva.get("/assets", params={"under": other})).status_code == 404
    assert (await eva.patch(f"/assets/{mine}", json={"name": "R3"})).status_code == 200
    for hidden in (other, (await registry.asset(other))["id"], "berlin", "paris"):
        assert (await eva.get(f"/assets/{hidden}")).status_code == 404
        assert (await eva.patch(f"/assets/{hidden}", json={"name": "x"})).status_code == 404
        assert (await eva.delete(f"/assets/{hidden}")).status_code == 404
    below = {"parent": other, "kind": "machine", "slug": "x"}
    assert (await eva.post("/assets", json=below)).status_code == 404
    assert (await eva.post("/assets", json={"kind": "site", "slug": "x"})).status_code == 403
