"""Devices: credentials made, listed, given a new secret, revoked."""

from contextlib import aclosing
from typing import Any

import pytest
from sqlalchemy import text

from andon.common.testing.waiting import eventually
from andon.registry.secrets import hash_secret, is_secret, new_secret
from andon.registry.storage.database import Database


async def test_the_secret_is_shown_once(registry, own_url: str) -> None:
    made = await registry.device("Gateway Nº 1", "berlin/painting")
    assert {"id", "username", "password"} <= set(made)
    assert made["username"] == f"gateway-n-1-{made['id']}"
    assert (len(made["password"]), made["mqtt_port"]) == (32, 1883)
    listed = await registry.http.get("/devices")
    (found,) = listed.json()["items"]
    shown_once = {"password", "mqtt_port"}
    assert found == {k: v for k, v in made.items() if k not in shown_once} | {"connected": found["connected"]}
    async with aclosing(Database(own_url)) as database, database.read() as session:
        kept = str((await session.execute(text("SELECT * FROM devices"))).all())
    assert made["id"] in kept
    assert made["password"] not in kept


async def test_a_name_is_free_again_once_its_device_is_revoked(registry) -> None:
    made = await registry.device("gateway", "berlin")
    again = {"name": "gateway", "scope": "paris"}
    answer = await registry.http.post("/devices", json=again)
    assert answer.status_code == 409
    assert "revoke it first, or rotate its secret" in answer.json()["detail"]
    for _ in range(2):
        assert (await registry.http.delete(f"/devices/{made['id']}")).status_code == 204
    assert (await registry.http.post(f"/devices/{made['id']}/rotate")).status_code == 409
    assert (await registry.http.post("/devices", json=again)).status_code == 201
    listed = (await registry.http.get("/devices")).json()["items"]
    assert sorted(d["revoked"] is None for d in listed) == [False, True]


@pytest.mark.parametrize(
    "body",
    [
        {"name": "x", "scope": "berlin/#"},
        {"name": "x", "scope": "berlin/+"},
        {"name": "x", "scope": "berlin.>"},
        {"name": "x", "scope": "berlin/"},
        {"name": "x", "scope": "/berlin"},
        {"name": "x", "scope": "a/b/c/d/e"},
        {"name": "x", "scope": "*"},
        {"name": "", "scope": ""},
        {"name": "a\x00b", "scope": ""},
        {"name": "x"},
        {"name": "x", "scope": "", "username": "mine"},
    ],
)
async def test_a_scope_is_a_plant_path_without_wildcards(registry, body) -> None:
    assert (await registry.http.post("/devices", json=body)).status_code == 422


async def test_an_admin_of_a_part_sees_and_makes_devices_of_that_part(registry) -> None:
    foreign = await registry.device("french", "paris")
    berta = await registry.person("berta", "admin", "berlin")
    assert (await berta.post("/devices", json={"name": "german", "scope": "berlin/welding"})).status_code == 201
    for scope in ("", "paris", "berlin2"):
        assert (await berta.post("/devices", json={"name": "x", "scope": scope})).status_code == 403
    assert [d["name"] for d in (await berta.get("/devices")).json()["items"]] == ["german"]
    assert (await berta.delete(f"/devices/{foreign['id']}")).status_code == 404
    assert (await berta.post(f"/devices/{foreign['id']}/rotate")).status_code == 404


async def test_it_is_told_whether_a_device_is_connected_and_when_it_last_spoke(
    start, registry, open_door: None
) -> None:
    made = await registry.device("robot", "berlin/painting/line-1/robot-3")
    assert made["last_seen"] is None

    async def told(running, **wanted: Any) -> dict[str, Any]:
        async def as_wanted() -> dict[str, Any]:
            found: dict[str, Any] = (await running.http.get(f"/devices/{made['id']}")).json()
            assert {key: found[key] for key in wanted} == wanted
            return found

        found: dict[str, Any] = await eventually(as_wanted)
        return found

    assert (await told(registry, connected=False))["last_seen"] is None
    async with registry.mqtt(made) as mqtt:
        assert (await told(registry, connected=True))["last_seen"] is None  # it has said nothing yet
        await mqtt.publish("factory/berlin/painting/line-1/robot-3/temperature", b"71", qos=1)

        async def spoke() -> str:
            last_seen = (await told(registry, connected=True))["last_seen"]
            assert last_seen is not None
            return str(last_seen)

        last_seen = await eventually(spoke)
        assert last_seen > made["created"]
    await told(registry, connected=False, last_seen=last_seen)
    await registry.stop()
    await told(await start(), connected=False, last_seen=last_seen)


async def test_a_list_of_devices_comes_in_pages(registry) -> None:
    for n in range(5):
        await registry.device(f"gateway {n}", "berlin")
    names, cursor = [], ""
    while cursor is not None:
        page = (await registry.http.get("/devices", params={"limit": 2, "cursor": cursor})).json()
        names += [d["name"] for d in page["items"]]
        cursor = page["next_cursor"]
    assert names == [f"gateway {n}" for n in range(5)]


def test_a_kept_secret_tells_nothing_and_fits_one_secret() -> None:
    secret = new_secret()
    one, two = hash_secret(secret), hash_secret(secret)
    assert one != two
    assert is_secret(secret, one)
    assert is_secret(secret, two)
    assert not is_secret(new_secret(), one)
    assert not is_secret("", "")
