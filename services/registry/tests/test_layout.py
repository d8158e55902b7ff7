"""The page of a machine type: decided once for all its machines; a sensor it does not have is told, and the nearest."""

import pytest

from andon.registry.layout import mistakes

HEAT = {"title": "Heat", "show": "bars", "sensors": ["oil_temperature"]}
LIFE = {"title": "Life", "show": "states", "sensors": ["state", "guard_open"]}
SENSORS = [
    {"key": "oil_temperature", "limits": {"h": 80}},
    {"key": "oil_pressure"},
    {"key": "state", "datatype": "string"},
    {"key": "guard_open", "datatype": "bool"},
]
PRESS = {"name": "Press", "sensors": SENSORS}


def section(show: str, *sensors: str) -> dict[str, object]:
    return {"title": "x", "show": show, "sensors": list(sensors)}


async def test_a_type_has_a_page_until_it_is_replaced_by_one_without(registry) -> None:
    assert (await registry.http.put("/types/press", json=PRESS)).json()["page"] == {"sections": []}
    page = {"sections": [LIFE, HEAT]}
    put = await registry.http.put("/types/press", json={**PRESS, "page": page})
    assert put.json()["page"] == page
    assert (await registry.http.get("/types")).json()["items"][0]["page"] == page
    await registry.apply("types: {press: {name: Big press}}")
    assert (await registry.http.get("/types/press")).json()["page"] == page
    assert (await registry.http.put("/types/press", json=PRESS)).json()["page"] == {"sections": []}


FILE = """
types:
  press:
    sensors:
      - {key: oil_temperature}
      - {key: state, datatype: string}
    page:
      sections:
        - {title: Heat, show: bars, sensors: [oil_temperature]}
        - title: Life
          show: states
          sensors:
            - state
"""


async def test_a_plant_file_decides_it_and_tells_a_mistake_with_its_line(registry) -> None:
    assert await registry.apply(FILE) == {"created": 1, "changed": 0, "unchanged": 0}
    assert await registry.apply(FILE) == {"created": 0, "changed": 0, "unchanged": 1}
    kept = (await registry.http.get("/types/press")).json()["page"]
    assert [one["show"] for one in kept["sections"]] == ["bars", "states"]
    headers = {"Content-Type": "application/yaml"}
    wrong = FILE.replace("- state\n", "- stat\n")
    refused = await registry.http.post("/plant", content=wrong, headers=headers)
    assert (refused.status_code, refused.json()["detail"]) == (
        422,
        "line 13: types.press.page.sections[1].sensors[0]: the type has no sensor 'stat'; did you mean 'state'?",
    )
    fewer = "types: {press: {sensors: [{key: state, datatype: string}]}}"
    refused = await registry.http.post("/plant", content=fewer, headers=headers)
    assert refused.json()["detail"] == (
        "line 1: types.press.page.sections[0].sensors[0]: the type has no sensor 'oil_temperature'; it has state"
    )
    without = "types: {press: {page: {sections: []}}}"
    assert await registry.apply(without) == {"created": 0, "changed": 1, "unchanged": 0}


@pytest.mark.parametrize(
    ("page", "says"),
    [
        ({"sections": [section("bars", "oil_temperatur")]}, "page.sections[0].sensors[0]: the type has no sensor"),
        ({"sections": [section("bars", "oil_temperatur")]}, "did you mean 'oil_temperature'?"),
        ({"sections": [HEAT, section("trend", "oil_pressure", "x")]}, "page.sections[1].sensors[1]: the type has no"),
        ({"sections": [section("trend", "x")]}, "it has guard_open, oil_pressure, oil_temperature, state"),
        (
            {"sections": [section("bars", "state")]},
            "'state' is a string, and cannot be shown as bars; write one of states",
        ),
        (
            {"sections": [section("states", "oil_pressure")]},
            "is a float, and cannot be shown as states; write one of bars",
        ),
        ({"sections": [section("pie", "state")]}, "show"),
        ({"sections": [section("bars")]}, "at least 1"),
        (
            {"sections": [section("bars", "oil_pressure", "oil_pressure")]},
            "the sensor 'oil_pressure' stands here twice",
        ),
        ({"sections": [{**HEAT, "title": ""}]}, "at least 1"),
        ({"sections": [HEAT] * 31}, "at most 30"),
        ({"sections": [section("bars", *(f"s{n}" for n in range(101)))]}, "at most 100"),
        ({"columns": 2}, "columns"),
        (None, "page"),
    ],
)
async def test_a_page_that_cannot_be_shown_is_refused(registry, page, says: str) -> None:
    answer = await registry.http.put("/types/press", json={**PRESS, "page": page})
    assert answer.status_code == 422
    assert says in answer.json()["detail"]
    assert (await registry.http.get("/types/press")).status_code == 404


def test_tiles_show_everything_and_a_page_of_many_mistakes_names_each_place() -> None:
    assert list(mistakes([section("tiles", *(s["key"] for s in SENSORS))], SENSORS)) == []
    found = list(mistakes([section("bars", "a", "state"), section("trend", "b")], SENSORS))
    assert [where[2:] for where, _ in found] == [(0, "sensors", 0), (0, "sensors", 1), (1, "sensors", 0)]
    assert "it has none" in next(mistakes([section("bars", "a")], []))[1]
