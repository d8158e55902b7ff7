"""The platform's own site: there from the first start, found by who asks for it, and out of everybody's reach."""

from contextlib import aclosing

import pytest
from sqlalchemy import delete

from andon.common import platform, subjects
from andon.common.errors import Reason
from andon.common.platform import LEDGER, PROBER
from andon.common.testing.waiting import eventually
from andon.common.wire import decode_deadletter
from andon.registry.storage.database import Database
from andon.registry.storage.tables import AssetRow

MINE = "sites: [{slug: andon, areas: [{slug: mine}]}]"


async def listed(http, **query: str) -> list[str]:
    return [item["path"] for item in (await http.get("/assets", params=query)).json()["items"]]


async def test_the_site_is_there_from_the_start_and_listed_where_it_is_named_alone(registry) -> None:
    await registry.apply()
    assert await listed(registry.http, under="andon") == sorted(node.path for node in platform.NODES)
    ledger = await registry.asset(LEDGER)
    assert [s["key"] for s in ledger["sensors"]] == ["unexplained", "lost", "missing", "waiting"]
    assert (await registry.asset(ledger["id"]))["path"] == LEDGER
    assert (await registry.asset(PROBER))["sensors"][2] == {
        "key": "live",
        "path": f"{PROBER}/live",
        "name": "Time to the live feed",
        "unit": "s",
        "datatype": "float",
        "limits": {"ll": None, "l": None, "h": None, "hh": None},
        "decimals": 3,
        "expression": "",
        "entered_every": "",
    }
    for query in ({}, {"kind": "machine"}, {"q": "prober"}, {"under": ""}):
        assert not [path for path in await listed(registry.http, **query) if platform.is_platform(path)]


async def test_who_has_a_part_of_the_plant_does_not_see_it(registry) -> None:
    await registry.apply()
    painter = await registry.person("painter", "engineer", scope="berlin")
    assert (await painter.get(f"/assets/{LEDGER}")).status_code == 404
    assert (await painter.get("/assets", params={"under": "andon"})).status_code == 404
    watcher = await registry.person("watcher", "viewer", scope="andon")
    assert await listed(watcher) == sorted(node.path for node in platform.NODES)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/assets", {"kind": "area", "parent": "andon", "slug": "mine"}),
        ("POST", "/assets", {"kind": "site", "slug": "andon"}),
        ("PATCH", f"/assets/{LEDGER}", {"name": "Mine", "sensors": []}),
        ("DELETE", f"/assets/{PROBER}", None),
        ("POST", "/devices", {"name": "liar", "scope": "andon/platform"}),
    ],
)
async def test_nobody_changes_it(registry, method: str, path: str, body) -> None:
    answer = await registry.http.request(method, path, json=body)
    assert (answer.status_code, "is Andon's own" in answer.text) == (409, True), answer.text
    assert len((await registry.asset(LEDGER))["sensors"]) == 4


async def test_a_plant_file_neither_takes_nor_removes_it(registry) -> None:
    answer = await registry.http.post("/plant", content=MINE, headers={"Content-Type": "application/yaml"})
    assert answer.status_code == 422
    assert "sites[0].slug: 'andon' is Andon's own site" in answer.json()["detail"]
    assert await registry.apply() == {"created": 8, "changed": 0, "unchanged": 0}
    assert await registry.apply() == {"created": 0, "changed": 0, "unchanged": 8}
    assert len(await listed(registry.http, under="andon")) == len(platform.NODES)


async def test_a_start_mends_what_is_no_longer_as_defined_and_ids_stay(start, own_url: str) -> None:
    registry = await start()
    before = await registry.asset(LEDGER)
    await registry.stop()
    async with (
        aclosing(Database(own_url)) as database,
        database.write() as session,
    ):
        row = await session.get(AssetRow, before["id"])
        row.name, row.sensors = "Changed", []
        await session.execute(delete(AssetRow).where(AssetRow.path == PROBER))
    registry = await start()
    assert await registry.asset(LEDGER) == before
    assert len((await registry.asset(PROBER))["sensors"]) == 4


async def test_no_device_speaks_for_the_platform(registry, open_door: None, bus) -> None:
    gateway, letters = await registry.device("gateway", ""), []

    async def on_letter(message) -> None:
        letters.append(decode_deadletter(message.data))

    await bus.nc.subscribe(subjects.deadletter(Reason.FORBIDDEN), cb=on_letter)
    await bus.nc.flush()
    async with registry.mqtt(gateway) as mqtt:
        await mqtt.publish("factory/berlin/painting/line-1/robot-3", b"{}", qos=1)
        await mqtt.publish(f"factory/{LEDGER}", b'{"values": {"unexplained": 1}}', qos=1)
        await eventually(lambda: letters)
    assert letters[0].source == f"factory/{LEDGER}"
