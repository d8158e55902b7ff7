"""The plant in NATS: the bucket holds what the database holds, whatever happens to either."""

import shutil
from pathlib import Path

from nats.js.client import JetStreamContext
from nats.js.errors import NotFoundError

from andon.common import subjects
from andon.common.buckets import read_entries
from andon.common.bus import Bus
from andon.common.devices import Device, decode_device
from andon.common.errors import UnavailableError
from andon.common.plant import decode_asset
from andon.common.testing.fixtures import NatsForTest
from andon.common.testing.waiting import eventually
from andon.registry import publisher

ROBOT = "berlin/painting/line-1/robot-3"


async def in_bucket(bus: Bus) -> dict[str, bytes]:
    try:
        return {key: value for key, (value, _) in (await read_entries(bus.js, subjects.PLANT_BUCKET)).items()}
    except (NotFoundError, UnavailableError, TimeoutError) as error:
        raise AssertionError(str(error)) from None


async def bucket_equals_database(registry, bus: Bus) -> None:
    items = [
        item
        for under in ("", "andon")
        for item in (await registry.http.get("/assets", params={"limit": 1000, "under": under})).json()["items"]
    ]
    wanted = {subjects.asset_key(item["id"]): (item["path"], item["name"], len(item["sensors"])) for item in items}

    async def equal() -> bool:
        found = {k: decode_asset(v) for k, v in (await in_bucket(bus)).items() if k.startswith("asset.")}
        assert {k: (a.path, a.name, len(a.sensors)) for k, a in found.items()} == wanted
        return True

    await eventually(equal)


async def test_each_change_reaches_the_bucket(registry, bus: Bus) -> None:
    await registry.apply()
    await bucket_equals_database(registry, bus)
    robot = await registry.asset(ROBOT)
    asset = decode_asset((await in_bucket(bus))[subjects.asset_key(robot["id"])])
    assert (asset.path, asset.type, asset.sensors[0].path) == (ROBOT, "robot", f"{ROBOT}/temperature")
    assert asset.sensors[0].limits.h == 80
    await registry.http.patch(f"/assets/{ROBOT}", json={"name": "Robot III"})
    await bucket_equals_database(registry, bus)
    await registry.http.put("/types/robot", json={"name": "Robot", "sensors": []})
    await bucket_equals_database(registry, bus)
    await registry.http.delete(f"/assets/{ROBOT}")
    await bucket_equals_database(registry, bus)


async def test_what_lies_in_the_bucket_of_an_older_life_is_removed(start, bus: Bus) -> None:
    bucket = await bus.bucket(subjects.PLANT_BUCKET)
    await bucket.put("asset.stranger", b"{}")
    registry = await start()
    await registry.apply()
    await bucket_equals_database(registry, bus)
    assert "asset.stranger" not in await in_bucket(bus)


async def test_what_somebody_else_writes_into_the_bucket_is_undone(start, bus: Bus, monkeypatch) -> None:
    monkeypatch.setattr(publisher, "RECONCILE_SECONDS", 0.05)
    registry = await start()
    await registry.apply()
    await bucket_equals_database(registry, bus)
    bucket = await bus.bucket(subjects.PLANT_BUCKET)
    await bucket.put("stranger", b"")
    await bucket.delete(subjects.asset_key((await registry.asset(ROBOT))["id"]))
    await bucket_equals_database(registry, bus)

    async def gone() -> bool:
        return "stranger" not in await in_bucket(bus)

    await eventually(gone)


async def test_what_comes_while_the_bucket_is_read_is_undone_too(start, bus: Bus, monkeypatch) -> None:
    async def read_and_be_overtaken(js: JetStreamContext, bucket: str) -> publisher.Entries:
        found = await read_entries(js, bucket)
        if not overtaken:
            overtaken.append(await (await js.key_value(bucket)).put("stranger", b""))
        return found

    overtaken: list[int] = []
    monkeypatch.setattr(publisher, "RECONCILE_SECONDS", 0.05)
    monkeypatch.setattr(publisher, "read_entries", read_and_be_overtaken)
    await start()

    async def gone() -> bool:
        return bool(overtaken) and "stranger" not in await in_bucket(bus)

    await eventually(gone)


async def test_a_revoked_token_is_told_to_all_services(registry, bus: Bus) -> None:
    eva = await registry.person("eva", "viewer")
    await eva.post("/auth/logout")

    async def told() -> bool:
        return any(key.startswith("revoked.") for key in await in_bucket(bus))

    await eventually(told)


async def test_changes_made_while_nats_was_away_reach_the_bucket(registry, bus: Bus, nats: NatsForTest) -> None:
    await registry.apply()
    nats.process.kill()
    assert (await registry.http.patch(f"/assets/{ROBOT}", json={"name": "changed meanwhile"})).status_code == 200
    ready = await eventually(lambda: _sick(registry))
    assert any("NATS" in neighbour for neighbour in ready["sick"])
    nats.process.start()
    await bucket_equals_database(registry, bus)
    await registry.ready()


async def test_devices_are_in_the_bucket_until_they_are_revoked(registry, bus: Bus) -> None:
    made = await registry.device("gateway", "berlin")
    key = subjects.device_key(made["id"])

    async def told() -> Device | None:
        entry = (await in_bucket(bus)).get(key)
        return None if entry is None else decode_device(entry)

    async def gone() -> bool:
        return key not in await in_bucket(bus)

    device = await eventually(told)
    assert (device.name, device.username, device.scope) == ("gateway", made["username"], "berlin")
    await registry.http.delete(f"/devices/{made['id']}")
    await eventually(gone)


async def _sick(registry):
    answer = await registry.http.get("http://registry/readyz")
    return answer.json() if answer.status_code == 503 else None


async def test_a_nats_that_was_wiped_gets_the_plant_again(registry, bus: Bus, nats: NatsForTest) -> None:
    await registry.apply()
    await bucket_equals_database(registry, bus)
    nats.process.stop()
    shutil.rmtree(Path(nats.process.environment["ANDON_NATS_STORE"]))
    nats.process.start()
    await bucket_equals_database(registry, bus)


async def test_a_bucket_that_was_deleted_is_made_again_with_the_next_change(registry, bus: Bus) -> None:
    await registry.apply()
    await bucket_equals_database(registry, bus)
    await bus.js.delete_key_value(subjects.PLANT_BUCKET)
    await registry.http.patch("/assets/paris", json={"name": "Paris again"})
    await bucket_equals_database(registry, bus)


async def test_a_registry_starts_and_works_without_nats(start, nats: NatsForTest) -> None:
    nats.process.stop()
    registry = await start()
    await registry.apply()
    assert (await registry.device("gateway", "berlin"))["password"]
    assert (await registry.http.get("http://registry/readyz")).status_code == 503
    nats.process.start()
    await registry.ready()
