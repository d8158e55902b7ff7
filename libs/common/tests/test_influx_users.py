"""A real InfluxDB that asks who one is: an admin may all, a user of one database what Andon needs day by day."""

from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from pathlib import Path

import pytest
from pydantic import SecretStr

from andon.common.errors import SetupError, UnavailableError
from andon.common.influx import Influx
from andon.common.influx.retention import DAY
from andon.common.testing.fixtures import InfluxForTest, running_influxdb

PASSWORDS = {"root": "of the admin's", "andon": "p@ss:word/ü"}


@pytest.fixture
def guarded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[InfluxForTest]:
    monkeypatch.setenv("INFLUXDB_HTTP_AUTH_ENABLED", "true")
    with running_influxdb(tmp_path) as found:
        yield found


def known_as(guarded: InfluxForTest, user: str, password: str = "") -> Influx:
    given = SecretStr(password or PASSWORDS[user])
    return Influx(guarded.settings.model_copy(update={"user": user, "password": given}))


@pytest.fixture
async def admin(guarded: InfluxForTest) -> AsyncIterator[Influx]:
    """The admin's client, and a user who may read and write one database."""
    async with aclosing(known_as(guarded, "root")) as admin:
        for user, rights in {"root": " WITH ALL PRIVILEGES", "andon": ""}.items():
            password = PASSWORDS[user].replace("'", "\\'")
            statement = f"CREATE USER {user} WITH PASSWORD '{password}'{rights}"
            created = await admin._http.post("/query", data={"q": statement})
            assert created.json() == {"results": [{"statement_id": 0}]}
        await admin.ensure_database()
        await admin._http.post("/query", data={"q": "GRANT ALL ON andon TO andon"})
        yield admin


async def test_a_user_of_one_database_writes_and_reads_it(guarded: InfluxForTest, admin: Influx) -> None:
    async with aclosing(known_as(guarded, "andon")) as influx:
        assert (await influx.write(b"press t=1 1")).stored
        ((series,),) = await influx.query("SELECT t FROM press")
        assert series.rows == [[1, 1]]
        assert (await influx.fetch("SELECT t FROM press")).packed
        assert await influx.retention() == 0


async def test_what_only_an_admin_may_is_said_with_what_to_do(guarded: InfluxForTest, admin: Influx) -> None:
    async with aclosing(known_as(guarded, "andon")) as influx:
        with pytest.raises(SetupError, match="requires admin privilege") as caught:
            await influx.keep(30 * DAY)
        assert "ANDON_INFLUX_USER" in caught.value.hint
        with pytest.raises(UnavailableError, match="requires admin privilege"):
            await influx.ensure_database("andon_1m")
    await admin.keep(30 * DAY)
    assert await admin.retention() == 30 * DAY


async def test_a_wrong_password_is_an_outage_and_no_refusal(guarded: InfluxForTest, admin: Influx) -> None:
    async with aclosing(known_as(guarded, "andon", "wrong")) as influx:
        answer = await influx.write(b"press t=1 1")
        assert (answer.status, answer.refused, answer.detail) == (401, False, "authorization failed")
        with pytest.raises(UnavailableError, match="authorization failed"):
            await influx.query("SELECT t FROM press")
