"""Every InfluxDB that the contract is held against: a real one of 1.x, stand-ins for what cannot run here, and one that
is named by ANDON_TEST_INFLUX_URL (with _TOKEN, or _USER and _PASSWORD, and _ORG): see CONTRIBUTING.md.
"""

import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from uuid import uuid4

import pytest
from pydantic import SecretStr

from andon.common.influx import Influx, quote_identifier
from andon.common.settings import InfluxSettings
from andon.common.testing.fixtures import InfluxForTest, running_influxdb
from andon.common.testing.influx2_stand_in import Influx2StandIn
from andon.common.testing.influx3_stand_in import Influx3StandIn
from andon.common.testing.influx_stand_in import InfluxStandIn

StandIns = dict[str, Callable[[InfluxSettings], InfluxStandIn]]
STAND_INS: StandIns = {
    "stand-in for 2.7": Influx2StandIn,
    "stand-in for 2.1": lambda behind: Influx2StandIn(behind, version="2.1.1", maps=False),
    "stand-in for 3 Core": Influx3StandIn,
    "stand-in for 3 Enterprise": lambda behind: Influx3StandIn(behind, edition="Enterprise"),
}
NAMED = os.environ.get("ANDON_TEST_INFLUX_URL", "")


def _named() -> InfluxSettings:
    def given(name: str) -> str:
        return os.environ.get(f"ANDON_TEST_INFLUX_{name}", "")

    token, password = SecretStr(given("TOKEN")), SecretStr(given("PASSWORD"))
    return InfluxSettings(url=NAMED, token=token, user=given("USER"), password=password, org=given("ORG"))


@pytest.fixture(scope="module")
def at_hand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InfluxForTest]:
    """The real one."""
    with running_influxdb(Path(tmp_path_factory.mktemp("influxdb"))) as found:
        yield found


@pytest.fixture(params=["at hand", *STAND_INS, *(["named"] if NAMED else [])])
async def influx(request: pytest.FixtureRequest, at_hand: InfluxForTest) -> AsyncIterator[Influx]:
    """A client of each in turn, and a name for a database that does not exist yet."""
    async with AsyncExitStack() as stack:
        settings = _named() if request.param == "named" else at_hand.settings
        make = STAND_INS.get(request.param)
        if make is not None:
            settings = (await stack.enter_async_context(make(settings))).settings
        client = Influx(settings.model_copy(update={"database": f"contract-{uuid4().hex[:12]}"}))
        stack.push_async_callback(client.aclose)
        yield client
        for database in (client.settings.database, f"{client.settings.database}_1m") if make is None else ():
            await _drop(client, database)


@pytest.fixture
async def database(influx: Influx) -> str:
    """The database exists."""
    await influx.ensure_database()
    return influx.settings.database


async def _drop(influx: Influx, database: str) -> None:
    """Leave nothing behind."""
    http, version = influx._http, await influx.version()
    if version.major == 1:
        await http.post("/query", data={"q": f"DROP DATABASE {quote_identifier(database)}"})
    elif version.major == 2:
        found = (await http.get("/api/v2/buckets", params={"name": database})).json().get("buckets", [])
        for bucket in found:
            await http.delete(f"/api/v2/buckets/{bucket['id']}")
    else:
        await http.delete("/api/v3/configure/database", params={"db": database, "hard_delete_at": "now"})
