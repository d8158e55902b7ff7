"""The demo plant is as large and as varied as it says, and a broken file is answered with a sentence."""

from pathlib import Path

import pytest

from andon.common.errors import InvalidError
from andon.common.topics import SENSOR_KEY, SLUG
from andon.simulator.plant_file import PlantFile, demo_plant_text, parse_plant, read_plant


def test_the_demo_plant_has_two_sites_and_enough_to_look_at(plant: PlantFile) -> None:
    machines = plant.machines()
    assert [site.slug for site in plant.sites] == ["berlin", "munich"]
    assert len(machines) >= 28
    assert sum(len(sensors) for _, _, sensors in machines) >= 170
    assert len({kind for _, kind, _ in machines}) >= 5
    assert "channels: []" in demo_plant_text()


def test_every_name_is_one_that_topics_allow_and_none_is_there_twice(plant: PlantFile) -> None:
    paths = [path for path, _, _ in plant.machines()]
    assert len(set(paths)) == len(paths)
    assert all(SLUG.fullmatch(slug) for path in paths for slug in path.split("/"))
    for _, _, sensors in plant.machines():
        assert all(SENSOR_KEY.fullmatch(s.key) and s.name for s in sensors)
        assert sensors[0].key == "state"
        assert all(s.unit for s in sensors if s.datatype == "float")


def test_every_rule_names_a_sensor_that_its_type_has(plant: PlantFile) -> None:
    assert 8 <= len(plant.rules) <= 12
    for rule in plant.rules:
        assert rule.scope["sensor"] in {s.key for s in plant.types[rule.scope["type"]].sensors}


def test_a_machines_own_sensor_overrides_its_types() -> None:
    text = """
    types: {press: {sensors: [{key: force, unit: kN}, {key: state, datatype: string}]}}
    sites: [{slug: a, areas: [{slug: b, lines: [{slug: c, machines: [
        {slug: press-1, type: press, sensors: [{key: force, unit: N}]}]}]}]}]
    """
    ((path, kind, sensors),) = parse_plant(text).machines()
    assert (path, kind) == ("a/b/c/press-1", "press")
    assert [(s.key, s.unit) for s in sensors] == [("force", "N"), ("state", "")]


def test_what_andon_calculates_is_not_simulated() -> None:
    text = """
    types: {press: {sensors: [{key: force}, {key: energy, expression: force * 2}]}}
    sites: [{slug: a, areas: [{slug: b, lines: [{slug: c, machines: [{slug: press-1, type: press}]}]}]}]
    """
    ((_, _, sensors),) = parse_plant(text).machines()
    assert [s.key for s in sensors] == ["force"]
    demo = {s.key for path, _, found in read_plant(None).machines() if path.endswith("/compressor-1") for s in found}
    assert "motor_current" in demo
    assert "power" not in demo


@pytest.mark.parametrize("text", ["sites: [", "sites: 3", "types: {press: {sensors: [{name: no key}]}}"])
def test_what_is_no_plant_is_refused_with_the_way_to_a_good_one(text: str) -> None:
    with pytest.raises(InvalidError, match="prints a good one"):
        parse_plant(text)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidError, match="nowhere"):
        read_plant(tmp_path / "nowhere.yaml")
