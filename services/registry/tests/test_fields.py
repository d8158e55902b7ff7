"""A sensor key has one datatype for all machines of a type, for InfluxDB has: who comes first is right."""

from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import column, create_engine, insert, inspect, select, table

from andon.registry.storage.database import upgrade
from andon.registry.storage.tables import AssetRow, FieldRow, TypeRow

ROBOT = "berlin/painting/line-1/robot-3"
STATE = [{"key": "state", "datatype": "string"}]


def a_machine(slug: str, **fields: Any) -> dict[str, Any]:
    return {"parent": "berlin/welding/line-1", "kind": "machine", "slug": slug, **fields}


async def refused(registry, method: str, path: str, **body: Any) -> str:
    answer = await registry.http.request(method, path, **body)
    assert answer.status_code == 422, answer.text
    return str(answer.json()["detail"])


async def test_a_machine_cannot_give_a_key_of_its_type_another_datatype(registry) -> None:
    await registry.apply()
    own = [{"key": "temperature", "datatype": "string"}]
    says = await refused(registry, "PATCH", f"/assets/{ROBOT}", json={"sensors": own})
    assert says == (
        f"'{ROBOT}': the sensor 'temperature' is a string here, but the history of the type 'robot' "
        "has it as a float and keeps one datatype for each key; choose another key"
    )
    await refused(registry, "POST", "/assets", json=a_machine("robot-4", type="robot", sensors=own))
    assert (await registry.asset(ROBOT))["sensors"][0]["datatype"] == "float"


async def test_whoever_comes_first_is_right_and_stays_right_when_the_sensor_is_gone(registry) -> None:
    await registry.apply()
    for body in ({"sensors": STATE}, {"sensors": []}):
        assert (await registry.http.patch(f"/assets/{ROBOT}", json=body)).status_code == 200
    as_number = {"name": "Robot", "sensors": [{"key": "state"}]}
    says = await refused(registry, "PUT", "/types/robot", json=as_number)
    assert says.startswith("type 'robot': the sensor 'state' is a float here, but the history of the type 'robot'")
    assert (await registry.http.put("/types/robot", json={"name": "Robot", "sensors": STATE})).status_code == 200
    other = a_machine("oven-1", sensors=[{"key": "state"}])
    assert (await registry.http.post("/assets", json=other)).status_code == 201  # untyped: another measurement


async def test_a_machine_takes_its_sensors_to_no_type_that_has_them_otherwise(registry) -> None:
    await registry.apply()
    await registry.http.patch(f"/assets/{ROBOT}", json={"sensors": STATE})
    made = await registry.http.post("/assets", json=a_machine("m-1", sensors=[{"key": "state", "datatype": "bool"}]))
    assert made.status_code == 201
    says = await refused(registry, "PATCH", "/assets/berlin/welding/line-1/m-1", json={"type": "robot"})
    assert "the sensor 'state' is a bool here, but the history of the type 'robot' has it as a string" in says
    says = await refused(registry, "POST", "/assets", json=a_machine("m-2", sensors=STATE))
    assert "the history of machines without a type has it as a bool" in says


async def test_a_refused_change_registers_nothing(registry) -> None:
    await registry.apply()
    own = [{"key": "load"}, {"key": "temperature", "datatype": "string"}]
    await refused(registry, "PATCH", f"/assets/{ROBOT}", json={"sensors": own})
    load = [{"key": "load", "datatype": "string"}]
    assert (await registry.http.patch(f"/assets/{ROBOT}", json={"sensors": load})).status_code == 200


async def test_in_a_file_it_is_told_with_its_line(registry) -> None:
    await registry.apply()
    headers = {"Content-Type": "application/yaml"}
    lines = (
        "[{slug: line-1, machines: [\n  {slug: robot-9, type: robot, sensors: [{key: temperature, datatype: bool}]}]}]"
    )
    file = f"sites:\n- slug: berlin\n  areas: [{{slug: painting, lines: {lines}}}]"
    says = await refused(registry, "POST", "/plant", content=file, headers=headers)
    assert says.startswith(
        "line 4: sites[0].areas[0].lines[0].machines[0]: 'berlin/painting/line-1/robot-9': the sensor"
    )
    file = "types:\n  robot:\n    sensors: [{key: temperature, datatype: string}]"
    says = await refused(registry, "POST", "/plant", content=file, headers=headers)
    assert says.startswith("line 2: types.robot: type 'robot': the sensor 'temperature' is a string here")
    await registry.apply()


@pytest.fixture
def old_plant(tmp_path: Path):
    """The database of an Andon that knew no fields."""
    engine = create_engine(f"sqlite:///{tmp_path}/registry.db")
    config = Config()
    config.set_main_option("script_location", "andon.registry:migrations")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        yield connection
    engine.dispose()


def test_what_is_there_is_registered_as_the_types_have_it(old_plant) -> None:
    blank = {"parent": None, "kind": "machine", "name": "m", "labels": {}}
    machines = [
        {**blank, "id": "m1", "slug": "b", "path": "b", "type": None, "sensors": [{"key": "x"}]},
        {**blank, "id": "m2", "slug": "a", "path": "a", "type": None, "sensors": [{"key": "x", "datatype": "bool"}]},
        {
            **blank,
            "id": "m3",
            "slug": "c",
            "path": "c",
            "type": "press",
            "sensors": [*STATE, {"key": "y", "unit": "s"}],
        },
    ]
    press = {"slug": "press", "name": "Press", "sensors": [{"key": "state"}, {"key": "z"}]}
    for row, values in ((TypeRow, [press]), (AssetRow, machines)):
        there = (column(one.name, one.type) for one in inspect(row).columns if one.name in values[0])  # others were not
        old_plant.execute(insert(table(row.__tablename__, *there)), values)
    upgrade(old_plant)
    found = old_plant.execute(select(FieldRow.measurement, FieldRow.key, FieldRow.datatype).order_by(FieldRow.key))
    assert [tuple(row) for row in found] == [
        ("press", "state", "float"),
        ("machine", "x", "bool"),
        ("press", "y", "float"),
        ("press", "z", "float"),
    ]
    assert old_plant.execute(select(AssetRow.earlier, AssetRow.documents)).all() == 3 * [([], [])]
    assert old_plant.execute(select(TypeRow.documents, TypeRow.page)).all() == [([], [])]
