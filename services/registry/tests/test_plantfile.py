"""The plant file: laid over the plant as often as one likes, and every mistake told with its line."""

import asyncio
import json
import time
from contextlib import suppress
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from andon.common.errors import AndonError, BadRequestError, InvalidError, TooLargeError
from andon.registry import plantfile

from .conftest import PLANT

ROBOT = "berlin/painting/line-1/robot-3"


def refused(text: str, form: str = "yaml") -> str:
    with pytest.raises((BadRequestError, InvalidError)) as error:
        plantfile.check_types(plantfile.parse(text.encode(), form=form), [])
    return str(error.value)


async def test_a_file_becomes_the_plant_and_again_changes_nothing(registry) -> None:
    assert await registry.apply() == {"created": 8, "changed": 0, "unchanged": 0}
    robot = await registry.asset(ROBOT)
    assert (robot["name"], robot["type"], robot["sensors"][0]["limits"]["hh"]) == ("Robot 3", "robot", 95.0)
    assert await registry.apply() == {"created": 0, "changed": 0, "unchanged": 8}
    assert await registry.apply(PLANT.replace("Robot 3", "Robot III")) == {"created": 0, "changed": 1, "unchanged": 7}
    assert (await registry.asset(ROBOT))["id"] == robot["id"]


async def test_what_a_file_does_not_name_stays(registry) -> None:
    await registry.apply()
    await registry.http.patch(f"/assets/{ROBOT}", json={"labels": {"maker": "ABB"}})
    await registry.apply("sites: [{slug: berlin, areas: [{slug: painting, lines: [{slug: line-2}]}]}]")
    await registry.apply()
    assert (await registry.asset(ROBOT))["labels"] == {"maker": "ABB"}
    assert (await registry.asset("berlin/painting/line-2"))["kind"] == "line"


async def test_json_says_the_same_as_yaml(registry) -> None:
    headers = {"Content-Type": "application/json; charset=utf-8"}
    answer = await registry.http.post("/plant", content=json.dumps(yaml.safe_load(PLANT)), headers=headers)
    assert answer.json()["created"] == 8
    assert await registry.apply() == {"created": 0, "changed": 0, "unchanged": 8}
    other = await registry.http.post("/plant", content=PLANT, headers={"Content-Type": "text/html"})
    assert other.status_code == 400
    assert "application/yaml or application/json, not 'text/html'" in other.json()["detail"]


async def test_a_file_is_applied_whole_or_not_at_all(registry) -> None:
    await registry.apply()
    hotter = """
sites:
  - slug: rome
  - slug: berlin
    areas: [{slug: painting, lines: [{slug: line-1, machines: [
      {slug: robot-3, type: robot, sensors: [{key: temperature, limits: {l: 90}}]}
    ]}]}]
"""
    answer = await registry.http.post("/plant", content=hotter, headers={"Content-Type": "application/yaml"})
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("line 6: sites[1].areas[0].lines[0].machines[0]: ")
    assert "limits must rise" in answer.json()["detail"]
    assert (await registry.http.get("/assets/rome")).status_code == 404


async def put(registry, text: str, *, dry_run: bool = False) -> dict[str, Any]:
    headers = {"Content-Type": "application/yaml"}
    answer = await registry.http.post("/plant", content=text, headers=headers, params={"dry_run": dry_run})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_the_sensors_that_a_file_takes_away_are_named(registry) -> None:
    assert (await put(registry, PLANT))["removed"] == []
    line = "sites: [{slug: berlin, areas: [{slug: painting, lines: [{slug: line-1, machines: [%s]}]}]}]"
    types = "types: {robot: {sensors: [{key: load}, {key: temperature}]}, oven: {sensors: [{key: load}]}}\n"
    own = "{slug: robot-3, type: robot, sensors: [{key: jam}, {key: load}]}, {slug: robot-4, type: robot}"
    assert (await put(registry, types + line % own))["removed"] == []
    assert (await put(registry, line % "{slug: robot-3, sensors: [{key: speed}]}"))["removed"] == [
        f"machine {ROBOT} loses jam"  # it has load from its type
    ]
    assert (await put(registry, "types: {robot: {sensors: []}, oven: {sensors: []}}"))["removed"] == [
        "type oven loses load (0 machines)",
        "type robot loses load, temperature (2 machines)",
    ]
    await put(registry, types)
    assert (await put(registry, line % "{slug: robot-3, type: oven}, {slug: robot-4, type: null}"))["removed"] == [
        f"machine {ROBOT} loses temperature",
        "machine berlin/painting/line-1/robot-4 loses load, temperature",
    ]


async def test_a_dry_run_tells_all_and_keeps_nothing(registry) -> None:
    for _ in range(2):
        assert (await put(registry, PLANT, dry_run=True))["created"] == 8
    assert (await registry.http.get("/assets")).json()["items"] == []
    await registry.apply()
    less = PLANT.replace("key: temperature,", "key: heat, datatype: string,").replace("limits: {h: 80, hh: 95}", "")
    assert await put(registry, less, dry_run=True) == {
        "created": 0,
        "changed": 1,
        "unchanged": 7,
        "removed": ["type robot loses temperature (1 machine)"],
        "warnings": [],
    }
    assert await registry.apply() == {"created": 0, "changed": 0, "unchanged": 8}
    assert await registry.apply(less.replace("datatype: string,", "")) == {"created": 0, "changed": 1, "unchanged": 7}
    wrong = await registry.http.post(
        "/plant?dry_run=true", content="sites: [{slug: A}]", headers={"Content-Type": "application/yaml"}
    )
    assert wrong.status_code == 422


async def test_an_engineer_of_a_part_applies_that_part_alone(registry) -> None:
    await registry.apply()
    eva = await registry.person("eva", "engineer", "berlin/painting")
    headers = {"Content-Type": "application/yaml"}
    theirs = "\n".join(line for line in PLANT.splitlines() if "welding" not in line and "paris" not in line)
    for text, status in (
        (theirs, 200),
        (theirs.replace("Robot 3", "R3"), 200),
        (theirs.replace("name: Berlin", "name: B"), 403),
        (theirs.replace("hh: 95", "hh: 96"), 403),
        (PLANT, 403),
        ("sites: [{slug: rome}]", 403),
    ):
        assert (await eva.post("/plant", content=text, headers=headers)).status_code == status, text


async def test_a_file_that_is_too_large_is_not_read_to_its_end(registry) -> None:
    headers = {"Content-Type": "application/yaml"}
    answer = await registry.http.post("/plant", content=b"#" * (plantfile.MAX_BYTES + 1), headers=headers)
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("sites:\n  - {slug: a}\n  - {slug: A}", "line 3: sites[1].slug: 'A' is no name"),
        ("sites:\n  - slug: a\n    colour: red", "line 3: sites[0].colour: this key is not known here"),
        ("sites:\n  - name: Berlin", "line 2: sites[0].slug: is missing"),
        ("sites:\n  - slug: a\n  - slug: a", "line 1: sites: the slug 'a' stands here twice"),
        ("sites:\n  - berlin", "line 2: sites[0]: must be a mapping"),
        ("# plant\nsites: berlin", "line 2: sites: Input should be a valid list"),
        ("- a", "line 1: the file: must be a mapping"),
        ("types:\n  Big One: {}", "line 2: types.Big One: 'Big One' is no name"),
        (
            "types:\n  a:\n    sensors:\n    - {key: t, limits: {h: 2, hh: 1}}",
            "line 4: types.a.sensors[0].limits: limits",
        ),
        (
            "types:\n  a:\n    sensors:\n    - key: site",
            "line 4: types.a.sensors[0].key: 'site' is no key for a sensor",
        ),
        ("types:\n  a:\n    sensors: [{key: t},\n    {key: t}]", "line 3: types.a.sensors: the sensor 't' stands"),
        ("types:\n  a:\n    sensors:\n    - key: t\n      limits: {h: .inf}", "line 5: types.a.sensors[0].limits.h:"),
        ("types:\n  a:\n    sensors:\n    - key: t\n      unit: 5", "line 5: types.a.sensors[0].unit: Input should be"),
        ("types:\n  1: {}", "line 2, column 3: a key is text; write it in quotes"),
        ("sites:\n- {slug: a, name: 1:30, labels: 5}", "line 2: sites[0].labels: Input should be a valid dictionary"),
        ("sites:\n- {slug: a, slug: b}", "line 2, column 13: the key 'slug' stands here twice"),
        ("sites:\n- {slug: a", "This is not YAML: line 3, column 1: did not find expected"),
        ("sites:\n- &a {slug: a}\n- *a", "line 3, column 3: aliases (*a) are not accepted"),
        ('sites: !!int ""', "not YAML"),
        ('sites: !!float "-"', "not YAML"),
        ("sites: !!bool x", "not YAML"),
        ("sites: !!python/object/apply:os.system ['true']", "line 1, column 8: could not determine a constructor"),
        ("a: " + "[" * 30, "line 1, column 27: nested more than 24 deep"),
        ("a: \x07", "This is not YAML"),
    ],
)
def test_each_mistake_has_its_line(text: str, says: str) -> None:
    assert says in refused(text)


def test_a_type_that_is_nowhere_has_its_line() -> None:
    assert refused(PLANT.replace("type: robot}", "type: robt}")) == (
        "line 8: sites[0].areas[0].lines[0].machines[0].type: there is no type 'robt'"
    )


def test_json_mistakes_have_their_line_too() -> None:
    assert refused('{\n "sites": [\n  {"slug": "A"}]}', "json").startswith("line 3: sites[0].slug: 'A' is no name")
    assert "the key 'slug' stands twice" in refused('{"sites": [{"slug": "a", "slug": "b"}]}', "json")
    assert "line 1 column 3" in refused("{ ,", "json")
    assert "This is not JSON" in refused("[" * 100_000, "json")


def test_ten_mistakes_are_told_and_the_others_counted() -> None:
    text = refused("sites:\n" + "".join(f"- slug: A{n}\n" for n in range(25)))
    assert text.count("is no name") == 10
    assert text.endswith("; and 15 more")


def test_neither_bytes_nor_numbers_of_nodes_go_without_bounds() -> None:
    with pytest.raises(BadRequestError, match="not UTF-8: invalid start byte at byte 7"):
        plantfile.parse(b"sites: \xff", form="yaml")
    with pytest.raises(TooLargeError):
        plantfile.parse(b" " * (plantfile.MAX_BYTES + 1), form="yaml")
    machines = [{"slug": f"m{n}"} for n in range(4_200)]
    lines = [{"slug": f"l{n}", "machines": machines} for n in range(5)]
    many = {"sites": [{"slug": "s", "areas": [{"slug": "a", "lines": lines}]}]}
    with pytest.raises(TooLargeError, match="20000 nodes"):
        plantfile.parse(json.dumps(many).encode(), form="json")


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("a: " + ":".join(["1"] * 1_000_000), "yaml"),
        ("a: !!float " + ":".join(["1"] * 1_000_000), "yaml"),
        ("{" + "".join(f"k{n}: 1, " for n in range(150_000)) + "k149999: 2}", "yaml"),
        ("{" + "".join(f"{n * (2**61 - 1)}: 1, " for n in range(1, 70_000)) + "}", "yaml"),
        ("{" + "".join(f'"k{n}": 1, ' for n in range(130_000)) + '"k129999": 2}', "json"),
    ],
)
def test_a_full_file_takes_no_square_of_its_length(text: str, form) -> None:
    """A minute and more each, if it did: the suite's patience would end first."""
    assert len(text) < plantfile.MAX_BYTES
    with pytest.raises((BadRequestError, InvalidError)):
        plantfile.parse(text.encode(), form=form)


async def test_one_file_is_read_at_a_time(registry, monkeypatch: pytest.MonkeyPatch) -> None:
    reading, most = [0], [0]

    def parse(*arguments, **options):
        reading[0] += 1
        most[0] = max(most[0], reading[0])
        time.sleep(0.02)
        reading[0] -= 1
        return whole(*arguments, **options)

    whole = plantfile.parse
    monkeypatch.setattr(plantfile, "parse", parse)
    await asyncio.gather(*(registry.apply() for _ in range(8)))
    assert most == [1]


def test_an_empty_file_is_an_empty_plant_and_a_byte_order_mark_is_no_matter() -> None:
    assert list(plantfile.nodes(plantfile.parse(b"", form="yaml"))) == []
    assert [n.path for n in plantfile.nodes(plantfile.parse(b"\xef\xbb\xbfsites: [{slug: a}]", form="yaml"))] == ["a"]


@given(st.binary(max_size=200), st.sampled_from(["yaml", "json"]))
def test_no_bytes_break_the_reader(data: bytes, form) -> None:
    with suppress(AndonError):
        assert plantfile.parse(data, form=form).sites == []
