"""A backup between servers of one's own, which the environment names: a cluster, PostgreSQL, an InfluxDB with users."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, aclosing
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from tests.command import andon
from tests.house import House, running_house

from andon.cli.backup import streams
from andon.common import subjects
from andon.common.influx import Influx
from andon.common.settings import InfluxSettings
from andon.common.testing.factory import Credential
from andon.common.testing.postgres import PostgresForTest
from andon.common.testing.waiting import eventually
from soak.journal import Journal
from soak.look import is_kept
from soak.plant import PLANT, PRESSES

pytestmark = [pytest.mark.timeout(400), pytest.mark.asyncio(loop_scope="module")]

PARTITIONS = 2
USER, PASSWORD = "andon", "p@ss:word/ü"


@dataclass
class Moved:
    """The house that was filled, and what is to be in it."""

    house: House
    file: Path
    journal: Journal
    device: Credential
    token: str


@pytest.fixture(scope="module")
def databases(postgres: PostgresForTest) -> Iterator[list[str]]:
    """Two for the house that is backed up, and two for that which is filled."""
    with ExitStack() as stack:
        yield [stack.enter_context(postgres.fresh()) for _ in range(4)]


async def told(house: House, *words: str | Path, status: int = 0) -> str:
    """A command with what the house's processes are told, where nothing may be written; what it says."""
    given = {**house.given, "ANDON_HOME": "/nowhere"}
    return await andon(given, *words, status=status, folder=Path("/proc"))


def influx_of(house: House) -> Influx:
    known = {name: house.given.get(f"ANDON_INFLUX_{name.upper()}", "") for name in ("user", "password")}
    return Influx(InfluxSettings(url=house.influx.settings.url, **known))


async def backed_up(folder: Path, settings: dict[str, str], file: Path) -> tuple[House, Journal, Credential]:
    """A house that is backed up while presses speak, and then is no more."""
    journal = Journal()
    async with running_house(folder, ingests=1, partitions=PARTITIONS, **settings) as house:
        await house.apply_plant(PLANT)
        device = await house.add_device("press shop", "berlin/pressing")
        async with house.presses(PRESSES, journal):
            await eventually(lambda: journal.acknowledged > 100, what="the presses speak")
            safe = {path: dict(samples) for path, samples in journal.safe.items()}
            await told(house, "backup", file)
    journal.safe = safe
    return house, journal, device


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def moved(tmp_path_factory: pytest.TempPathFactory, databases: list[str]) -> AsyncIterator[Moved]:
    """A backup of one house that fills the servers of another one."""
    folder, names = tmp_path_factory.mktemp("houses"), ("ANDON_REGISTRY_DATABASE_URL", "ANDON_ALERTING_DATABASE_URL")
    file = folder / "andon.tar"
    old, journal, device = await backed_up(folder / "old", dict(zip(names, databases, strict=False)), file)
    token = old.http.headers["Authorization"]

    async def restored(house: House) -> None:
        statement = f"CREATE USER {USER} WITH PASSWORD '{PASSWORD}' WITH ALL PRIVILEGES"
        async with httpx.AsyncClient(base_url=house.influx.settings.url) as http:
            assert (await http.post("/query", data={"q": statement})).json() == {"results": [{"statement_id": 0}]}
        wrong = {**house.given, "ANDON_INFLUX_PASSWORD": "guessed", "ANDON_HOME": "/nowhere"}
        assert "Nothing was changed." in await andon(wrong, "restore", file, status=1)
        said = await told(house, "restore", file)
        assert "ANDON_TOKEN_SECRET is not" not in said

    settings = {
        **dict(zip(names, databases[2:], strict=True)),
        "ANDON_TOKEN_SECRET": old.given["ANDON_TOKEN_SECRET"],
        "ANDON_INFLUX_USER": USER,
        "ANDON_INFLUX_PASSWORD": PASSWORD,
    }
    (folder / "new").mkdir()
    (folder / "new" / "admin-password").write_text((folder / "old" / "admin-password").read_text())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INFLUXDB_HTTP_AUTH_ENABLED", "true")
        async with running_house(
            folder / "new", ingests=1, partitions=PARTITIONS, before=restored, **settings
        ) as house:
            yield Moved(house, file, journal, device, token)


async def test_all_that_was_acknowledged_is_stored_and_each_stream_is_on_all_nodes(moved: Moved) -> None:
    async with aclosing(influx_of(moved.house)) as influx:
        await eventually(lambda: is_kept(influx, moved.journal), what="everything is stored")
    async with streams.connected(moved.house.nats.settings) as nc:
        found = {one.config.name: one.config.num_replicas for one in await nc.jetstream().streams_info()}
    assert found[subjects.TELEMETRY] == 3
    assert set(found.values()) == {3}
    assert (await moved.house.call("GET", "/api/ingest/v1/ledger"))["problems"] == []


async def test_people_stay_signed_in_and_devices_come_in(moved: Moved) -> None:
    me = await moved.house.call("GET", "/api/registry/v1/me", headers={"Authorization": moved.token})
    assert me["username"] == "admin"
    before = await moved.house.call("GET", "/api/query/v1/latest", params={"under": PRESSES[0]})
    async with moved.house.device(moved.device) as device:
        await device.publish(f"factory/{PRESSES[0]}", json.dumps({"values": {"number": 10**6}}), qos=1)

    async def shown() -> bool:
        latest = await moved.house.call("GET", "/api/query/v1/latest", params={"under": PRESSES[0]})
        return 10**6 in [one["value"] for one in latest["items"]]

    assert 10**6 not in [one["value"] for one in before["items"]]
    await eventually(shown, what="what the device said")


async def test_a_restore_is_refused_while_services_run(moved: Moved) -> None:
    said = await told(moved.house, "restore", moved.file, "--replace", status=1)
    assert "Andon runs: " in said
    assert "ingest" in said
