"""Documents: manuals and drawings of a machine, its type, or a place; for people, and for nobody else."""

import pytest

from andon.common import subjects
from andon.common.bus import Bus
from andon.common.testing.waiting import eventually

from .conftest import PLANT
from .test_publisher import bucket_equals_database, in_bucket

ROBOT = "berlin/painting/line-1/robot-3"
MANUAL = {"title": "Manual", "url": "https://example.com/robot.pdf"}
PLAN = {"title": "Where the valves are", "url": "/documents/valves.pdf"}


async def test_a_machine_has_its_own_and_its_type_has_those_of_all(registry) -> None:
    await registry.apply()
    changed = await registry.http.patch(f"/assets/{ROBOT}", json={"documents": [PLAN]})
    assert changed.json()["documents"] == [PLAN]
    robot = {"name": "Robot", "sensors": [{"key": "temperature"}], "documents": [MANUAL]}
    assert (await registry.http.put("/types/robot", json=robot)).json()["documents"] == [MANUAL]
    assert (await registry.asset(ROBOT))["documents"] == [PLAN]
    renamed = await registry.http.patch(f"/assets/{ROBOT}", json={"name": "Robot III"})
    assert renamed.json()["documents"] == [PLAN]
    place = {"parent": "berlin", "kind": "area", "slug": "store", "documents": [PLAN, MANUAL]}
    assert (await registry.http.post("/assets", json=place)).json()["documents"] == [PLAN, MANUAL]
    listed = (await registry.http.get("/assets", params={"under": "berlin/store"})).json()["items"]
    assert listed[0]["documents"] == [PLAN, MANUAL]
    assert (await registry.http.patch("/assets/berlin/store", json={"documents": []})).json()["documents"] == []


async def test_in_a_plant_file_they_replace_those_that_are_there_and_left_out_they_stay(registry) -> None:
    file = PLANT.replace("robot: {", "robot: {documents: [{title: Manual, url: 'https://example.com/robot.pdf'}], ")
    file = file.replace(
        "type: robot}", "type: robot, documents: [{title: Where the valves are, url: /documents/valves.pdf}]}"
    )
    assert await registry.apply(file) == {"created": 8, "changed": 0, "unchanged": 0}
    for applied in (file, PLANT):
        assert await registry.apply(applied) == {"created": 0, "changed": 0, "unchanged": 8}
    assert (await registry.asset(ROBOT))["documents"] == [PLAN]
    assert (await registry.http.get("/types/robot")).json()["documents"] == [MANUAL]
    without = "types: {robot: {documents: []}}"
    assert await registry.apply(without) == {"created": 0, "changed": 1, "unchanged": 0}
    assert (await registry.http.get("/types/robot")).json()["documents"] == []


@pytest.mark.parametrize(
    ("documents", "says"),
    [
        ([{"title": "x", "url": "javascript:alert(1)"}], "'javascript:alert(1)' is no address; write https://..., or"),
        ([{"title": "x", "url": "//elsewhere.example"}], "is no address of these pages; write it from the first '/'"),
        ([{"title": "x", "url": "/" + "x" * 2000}], "at most 2000"),
        ([{"title": "", "url": "/x"}], "at least 1"),
        ([{"title": "x" * 201, "url": "/x"}], "at most 200"),
        ([{"title": "a\nb", "url": "/x"}], "pattern"),
        ([{"title": "x"}], "url"),
        ([{**MANUAL, "size": 1}], "size"),
        ([MANUAL] * 21, "at most 20"),
    ],
)
async def test_what_is_no_document_is_refused(registry, documents, says: str) -> None:
    await registry.apply()
    answer = await registry.http.patch(f"/assets/{ROBOT}", json={"documents": documents})
    assert answer.status_code == 422
    assert says in answer.json()["detail"]
    put = await registry.http.put("/types/robot", json={"name": "Robot", "documents": documents})
    assert put.status_code == 422
    assert (await registry.asset(ROBOT))["documents"] == []


async def test_other_services_are_not_told_of_them_nor_of_pages(registry, bus: Bus) -> None:
    await registry.apply()
    await bucket_equals_database(registry, bus)
    key = subjects.asset_key((await registry.asset(ROBOT))["id"])
    before = (await in_bucket(bus))[key]
    page = {"sections": [{"title": "Heat", "show": "bars", "sensors": ["temperature"]}]}
    robot = (await registry.http.get("/types/robot")).json()
    body = {"name": "Robot", "sensors": robot["sensors"], "documents": [MANUAL], "page": page}
    assert (await registry.http.put("/types/robot", json=body)).status_code == 200
    assert (await registry.http.patch(f"/assets/{ROBOT}", json={"documents": [PLAN]})).status_code == 200
    await registry.http.patch("/assets/paris", json={"name": "Paris, published after them"})
    await bucket_equals_database(registry, bus)

    async def same() -> bool:
        return (await in_bucket(bus))[key] == before

    await eventually(same)
