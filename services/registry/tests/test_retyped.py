"""Machines that are given another type: where their history lies is kept, and what is not shown of it is said."""

from time import time_ns
from typing import Any

from andon.common import subjects
from andon.common.buckets import read_entries
from andon.common.bus import Bus
from andon.common.plant import Asset, decode_asset
from andon.common.testing.waiting import eventually
from andon.registry import retyped

from .conftest import RunningRegistry

ROBOT = "berlin/painting/line-1/robot-3"
TYPES = """
types:
  bench: {sensors: [{key: temperature, unit: Cel}, {key: jam, datatype: bool}]}
  oven: {sensors: [{key: temperature, datatype: string}]}
"""
FILE = """
sites: [{slug: berlin, areas: [{slug: painting, lines: [{slug: line-1, machines: [{slug: robot-3, type: %s}]}]}]}]
"""


async def patch(registry: RunningRegistry, **change: Any) -> list[str]:
    """The warnings of a change."""
    answer = await registry.http.patch(f"/assets/{ROBOT}", json=change)
    assert answer.status_code == 200, answer.text
    warnings: list[str] = answer.json()["warnings"]
    return warnings


async def published(registry: RunningRegistry, bus: Bus, type_: str) -> Asset:
    """The machine as the other services have it, once it is of a type."""
    key = subjects.asset_key((await registry.asset(ROBOT))["id"])

    async def found() -> Asset | None:
        entry = (await read_entries(bus.js, subjects.PLANT_BUCKET)).get(key)
        asset = None if entry is None else decode_asset(entry[0])
        return asset if asset is not None and asset.type == type_ else None

    return await eventually(found, what="it is published")


async def earlier(registry: RunningRegistry, bus: Bus, type_: str) -> list[str]:
    asset = await published(registry, bus, type_)
    times = [one.until for one in asset.earlier]
    assert times == sorted(times, reverse=True)
    assert all(0 < time <= time_ns() for time in times)
    return [one.measurement for one in asset.earlier]


async def test_where_the_history_of_each_type_lies_is_kept(registry: RunningRegistry, bus: Bus) -> None:
    await registry.apply()
    await registry.apply(TYPES)
    assert await earlier(registry, bus, "robot") == []
    assert await patch(registry, name="Robot III", type="robot") == []
    assert await earlier(registry, bus, "robot") == [], "it is what it was"
    assert await patch(registry, type="bench") == []
    assert await earlier(registry, bus, "bench") == ["robot"]
    await registry.apply(FILE % "null")
    assert await earlier(registry, bus, "") == ["bench", "robot"]
    await registry.apply(FILE % "robot")
    assert await earlier(registry, bus, "robot") == ["machine", "bench"], "as a robot it is stored there again"
    before = await published(registry, bus, "robot")
    refused = await registry.http.patch(f"/assets/{ROBOT}", json={"type": "oven", "sensors": [{"key": "asset"}]})
    assert refused.status_code == 422
    dry = await registry.http.post(
        "/plant", content=FILE % "bench", params={"dry_run": True}, headers={"Content-Type": "application/yaml"}
    )
    assert dry.json()["changed"] == 1
    await patch(registry, name="Robot IV")
    assert (await published(registry, bus, "robot")).earlier == before.earlier


async def test_a_type_called_as_those_without_one_are_stored_is_no_other_place(
    registry: RunningRegistry, bus: Bus
) -> None:
    await registry.apply()
    await registry.apply("types: {machine: {sensors: [{key: temperature, unit: Cel}]}}")
    await patch(registry, type=None)
    await patch(registry, type="machine")
    assert await earlier(registry, bus, "machine") == ["robot"]


async def test_a_machine_has_no_more_types_than_its_history_can_be_asked_for_in(
    registry: RunningRegistry, bus: Bus
) -> None:
    await registry.apply()
    numbered = [f"type-{number}" for number in range(2, retyped.MOST + 2)]
    await registry.apply("types:\n" + "".join(f"  {slug}: {{sensors: [{{key: a}}]}}\n" for slug in numbered))
    for type_ in numbered[:-1]:
        await patch(registry, type=type_)
    assert len(await earlier(registry, bus, numbered[-2])) == retyped.MOST - 1
    said = f"type: machine {ROBOT} has had 50 types, and its history lies with each of them; "
    refused = await registry.http.patch(f"/assets/{ROBOT}", json={"type": numbered[-1]})
    assert (refused.status_code, refused.json()["detail"][: len(said)]) == (422, said)
    refused = await registry.http.post(
        "/plant", content=FILE % numbered[-1], headers={"Content-Type": "application/yaml"}
    )
    assert refused.status_code == 422
    assert said in refused.text
    await patch(registry, type="robot")
    assert len(await earlier(registry, bus, "robot")) == retyped.MOST - 1, "back it goes, as often as one likes"


async def test_what_another_type_shows_no_more_is_said(registry: RunningRegistry) -> None:
    await registry.apply()
    await registry.apply(TYPES)
    assert await patch(registry, type="bench") == []
    said = (
        f"machine {ROBOT}: 'temperature' was a float and is a string now; "
        "what it said as a float stays stored, and is not shown"
    )
    lost = f"machine {ROBOT} loses jam: what they said stays stored, and is not shown"
    assert await patch(registry, type="oven") == [lost, said]
    await patch(registry, type="bench")
    answer = await registry.http.post("/plant", content=FILE % "oven", headers={"Content-Type": "application/yaml"})
    assert (answer.json()["removed"], answer.json()["warnings"]) == ([f"machine {ROBOT} loses jam"], [said])
