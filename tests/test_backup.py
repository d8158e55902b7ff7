"""An Andon under load is backed up, and goes on in an empty folder: what was acknowledged before is there."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

import soak
from andon.common import jobs
from andon.common.influx import Influx
from andon.common.settings import InfluxSettings
from andon.common.testing.factory import Credential, Factory
from andon.common.testing.proxy import Proxy
from andon.common.testing.sinks import Sink
from andon.common.testing.waiting import eventually
from soak.journal import Journal
from soak.look import is_kept, stored
from soak.plant import PLANT, PRESSES, RULE
from soak.press import COOL, HOT, Press

from .command import andon

pytestmark = [pytest.mark.timeout(400), pytest.mark.asyncio(loop_scope="module")]

MADE = (
    "/api/registry/v1/assets",
    "/api/registry/v1/types",
    "/api/registry/v1/people",
    "/api/registry/v1/views",
    "/api/alerting/v1/rules",
    "/api/alerting/v1/channels",
)
LETTERS, LEDGER = "/api/ingest/v1/deadletters", "/api/ingest/v1/ledger"
EXPORTS = "/api/query/v1/exports"
FORGOTTEN = "berlin/pressing/line-1/press-9"
PERSON = {"username": "ann", "password": "a long one, of ann's", "role": "operator", "scope": "berlin"}
WIRES = Path(soak.__path__[0]) / "wires"


@dataclass
class Shop:
    """What was there when the backup began: what presses were told is safe, what people made, and how they come in."""

    device: Credential
    journal: Journal = field(default_factory=Journal)
    made: dict[str, Any] = field(default_factory=dict)
    alarm: dict[str, Any] = field(default_factory=dict)
    export: dict[str, Any] = field(default_factory=dict)
    token: str = ""


@dataclass
class Moved:
    """The Andon that was backed up and is at rest, its backup, and the one that goes on."""

    old: Factory
    file: Path
    new: Factory
    shop: Shop


@asynccontextmanager
async def presses(factory: Factory, shop: Shop) -> AsyncIterator[list[Press]]:
    """Three presses that speak by the one device until the block ends; switched on anew, they count on."""
    journal = shop.journal
    made = [
        Press(path, lambda: factory.device(shop.device), journal, pause=0.05, seq=len(journal.sent.get(path, ())))
        for path in PRESSES
    ]
    tasks = [asyncio.create_task(press.run(), name=press.path) for press in made]
    try:
        yield made
    finally:
        await jobs.end(*tasks)


async def furnish(factory: Factory, hook: Sink) -> Shop:
    """A plant, a rule, somebody who is told, somebody who looks, and what a forgotten machine said."""
    await factory.apply_plant(PLANT)
    await factory.call(
        "POST", "/api/alerting/v1/channels", json={"name": "board", "kind": "webhook", "target": hook.url}
    )
    await factory.call("POST", "/api/alerting/v1/rules", json=RULE)
    await factory.call("POST", "/api/registry/v1/people", json=PERSON)
    await factory.call("POST", "/api/registry/v1/views", json={"name": "Shop", "address": "/plant/berlin"})
    shop = Shop(await factory.add_device("press shop", "berlin/pressing"), token=await token(factory))
    async with factory.device(shop.device) as device:
        await device.publish(f"factory/{FORGOTTEN}", b'{"values": {"number": 7}}', qos=1)
    return shop


async def token(factory: Factory) -> str:
    form = {"username": PERSON["username"], "password": PERSON["password"]}
    return str((await factory.call("POST", "/api/registry/v1/auth/token", data=form))["access_token"])


async def what_people_made(factory: Factory) -> dict[str, Any]:
    """All of it, but how often they are signed in."""
    made = {path: (await factory.call("GET", path))["items"] for path in MADE}
    return {path: [{k: v for k, v in one.items() if k != "sessions"} for one in items] for path, items in made.items()}


async def raise_alarm(factory: Factory, press: Press) -> dict[str, Any]:
    """An alarm that stands, and is in somebody's hands."""

    async def raised() -> Any:
        await press.says(HOT)
        return (await factory.call("GET", "/api/alerting/v1/alarms", params={"under": press.path}))["items"]

    [alarm] = await eventually(raised, what="the alarm is raised")
    one = f"/api/alerting/v1/alarms/{alarm['id']}"
    await factory.call("POST", f"{one}/ack", json={"comment": "the pump"})
    found: dict[str, Any] = await factory.call("GET", one)
    assert found["state"] == "acknowledged"
    return found


async def letters(factory: Factory) -> list[dict[str, Any]]:
    return list((await factory.call("GET", LETTERS, params={"under": FORGOTTEN}))["items"])


async def exported(factory: Factory, name: str) -> dict[str, Any]:
    """An export whose file is there."""

    async def done() -> dict[str, Any]:
        found: dict[str, Any] = await factory.call("GET", f"{EXPORTS}/{name}")
        assert found["state"] == "done", found
        return found

    made: dict[str, Any] = await eventually(done, what="the export is made")
    return made


async def backed_up(old: Factory, wire: Proxy, shop: Shop, folder: Path) -> Path:
    """Backed up while presses speak and the store, cut off from InfluxDB, has some of it still before it."""
    everything = shop.journal
    async with presses(old, shop) as made:
        shop.alarm = await raise_alarm(old, made[0])
        await eventually(lambda: letters(old), what="what the forgotten machine said is a dead letter")
        wanted = {"sensor": [f"{PRESSES[0]}/oil_temperature"], "layout": "long", "from": "-10m", "to": "now"}
        shop.export = await exported(old, (await old.call("POST", EXPORTS, json=wanted))["id"])
        wire.cut()
        cut_at = everything.acknowledged
        await eventually(lambda: everything.acknowledged > cut_at + 100, what="much comes that is not stored")
        shop.made = await what_people_made(old)
        shop.journal = Journal()  # what is sent from now on may be in the backup, and need not
        shop.journal.sent = everything.sent
        shop.journal.safe = {path: dict(samples) for path, samples in everything.safe.items()}
        said = await andon(old.environment, "backup", folder)
        assert "batches behind" in said
        assert everything.acknowledged > shop.journal.acknowledged, "the presses spoke on meanwhile"
        wire.mend()
    [file] = folder.iterdir()
    return file


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def moved(tmp_path_factory: pytest.TempPathFactory, hook: Sink) -> AsyncIterator[Moved]:
    """A backup that was taken under load, restored into an empty folder, and started there."""
    folder, backups = tmp_path_factory.mktemp("andon"), tmp_path_factory.mktemp("backups")
    allow = {"ANDON_ALERTING_WEBHOOK_ALLOW": "127.0.0.0/8"}
    old, new = Factory(folder / "old", environment=allow), Factory(folder / "new", environment=allow)
    async with Proxy(old.influx_port) as wire:
        path = os.pathsep.join(filter(None, [str(WIRES), os.environ.get("PYTHONPATH", "")]))
        old.environment |= {"SOAK_ANDON_INFLUX_URL": f"http://127.0.0.1:{wire.port}", "PYTHONPATH": path}
        async with old:
            shop = await furnish(old, hook)
            file = await backed_up(old, wire, shop, backups)
            said = await andon(old.environment, "restore", file, status=1)
            assert "Andon runs already" in said
    said = await andon(new.environment, "restore", file)
    assert "Start it with" in said
    async with new:
        yield Moved(old, file, new, shop)


@asynccontextmanager
async def influx(factory: Factory) -> AsyncIterator[Influx]:
    async with aclosing(Influx(InfluxSettings(url=f"http://127.0.0.1:{factory.influx_port}"))) as client:
        yield client


async def test_all_that_was_acknowledged_is_stored(moved: Moved) -> None:
    assert moved.shop.journal.acknowledged > 100
    async with influx(moved.new) as client:
        await eventually(lambda: is_kept(client, moved.shop.journal), what="everything is stored")


async def test_what_people_made_is_as_it_was_and_they_come_in_as_they_did(moved: Moved) -> None:
    assert await what_people_made(moved.new) == moved.shop.made
    for one in (moved.shop.token, await token(moved.new)):
        me = await moved.new.call("GET", "/api/registry/v1/me", headers={"Authorization": f"Bearer {one}"})
        assert me["username"] == "ann"


async def test_an_export_whose_file_stayed_behind_is_made_again(moved: Moved) -> None:
    one = f"{EXPORTS}/{moved.shop.export['id']}"

    async def fetched() -> list[str]:
        file = await moved.new.http.get(f"{one}/file")
        assert file.status_code == 200, file.text
        return file.text.splitlines()

    lines = await eventually(fetched, what="the file is there again")
    assert len(lines) - 1 == (await moved.new.call("GET", one))["rows"] >= moved.shop.export["rows"] > 0


async def test_what_a_forgotten_machine_said_can_still_be_mended(moved: Moved) -> None:
    [letter] = await letters(moved.new)
    assert letter["payload"] == '{"values": {"number": 7}}'
    await moved.new.apply_plant(PLANT.replace("slug: odd", "slug: press-9"))

    async def mended() -> bool:
        done = await moved.new.call("POST", f"{LETTERS}/replay", json={"under": FORGOTTEN})
        return done["replayed"] == 1

    await eventually(mended, what="ingest knows the machine")
    async with influx(moved.new) as client:
        [[_, number, _]] = await eventually(lambda: stored(client, FORGOTTEN), what="it is history")
        assert number == 7
    assert await letters(moved.new) == []


async def test_devices_come_in_again_and_the_alarm_goes_on_to_its_end(moved: Moved) -> None:
    one, before = f"/api/alerting/v1/alarms/{moved.shop.alarm['id']}", moved.shop.journal.acknowledged
    assert await moved.new.call("GET", one) == moved.shop.alarm

    async def over() -> bool:
        alarm = await moved.new.call("GET", one)
        assert [turn["to"] for turn in alarm["transitions"]] == ["unacknowledged", "acknowledged", "normal"]
        return True

    async with presses(moved.new, moved.shop) as made:
        await asyncio.gather(*(press.says(COOL) for press in made))
        await eventually(over, what="the alarm is over")
        await asyncio.gather(*(press.rests() for press in made))
    assert moved.shop.journal.acknowledged > before
    async with influx(moved.new) as client:
        await eventually(lambda: is_kept(client, moved.shop.journal), what="everything is stored")


async def test_the_ledger_balances(moved: Moved) -> None:
    async def balances() -> bool:
        ledger = await moved.new.call("GET", LEDGER)
        assert ledger["problems"] == []
        rows = (await moved.new.call("GET", f"{LEDGER}/machines", params={"under": "berlin"}))["items"]
        async with influx(moved.new) as client:
            found = {path: len(await stored(client, path)) for path in PRESSES}
        counted = {row["machine"]: row["published"] - row["repeated"] for row in rows if row["machine"] in PRESSES}
        assert counted == found
        assert sum(row["missing"] or 0 for row in rows) == 0
        return True

    await eventually(balances, what="each sample is counted once")


def folder_of(factory: Factory) -> dict[str, tuple[int, int]]:
    """All files of a home but logs and the lock: size, and when it was written."""
    files = (file for file in factory.folder.rglob("*") if file.is_file())
    own = {file.relative_to(factory.folder) for file in files} - {Path("lock")}
    return {
        str(name): ((stat := (factory.folder / name).stat()).st_size, stat.st_mtime_ns)
        for name in own
        if name.parts[0] != "logs"
    }


async def test_a_home_that_holds_something_stays_as_it_is(moved: Moved) -> None:
    before = folder_of(moved.old)
    said = await andon(moved.old.environment, "restore", moved.file, status=1)
    assert "is not empty: it has secrets, admin-password, nats, influxdb, registry.db, alerting.db" in said
    assert folder_of(moved.old) == before


@pytest.mark.parametrize(
    ("what", "why"),
    [("damaged", "is not as it was written"), ("cut off", "no backup of Andon"), ("foreign", "cannot be read")],
)
async def test_a_file_that_is_not_whole_fills_nothing(moved: Moved, tmp_path: Path, what: str, why: str) -> None:
    content = bytearray(moved.file.read_bytes())
    middle = len(content) // 2
    content[middle] ^= 1
    (tmp_path / "file").write_bytes(
        {"damaged": content, "cut off": content[:middle], "foreign": b"PK" + bytes(9999)}[what]
    )
    fresh = Factory(tmp_path / "fresh")
    assert why in await andon(fresh.environment, "restore", tmp_path / "file", status=1)
    assert not fresh.folder.exists()
    await fresh.http.aclose()
