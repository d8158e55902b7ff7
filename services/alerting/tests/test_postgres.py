"""PostgreSQL goes and comes back under way: that is told, no alarm is lost or doubled, and nobody need do a thing."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DataError, OperationalError

from andon.alerting.database import FAILURES, Database, open_database
from andon.alerting.evaluate.leases import Lease
from andon.alerting.tables import KeptRow
from andon.common.testing.postgres import PostgresForTest
from andon.common.testing.waiting import eventually


@pytest.fixture
def own_url(postgres: PostgresForTest, postgres_url: str) -> Iterator[str]:
    yield postgres_url
    if not postgres.process.running:
        postgres.process.start()  # others need it


async def test_a_server_that_is_restarted_is_told_of_and_costs_no_alarm(
    stopped: Any, postgres: PostgresForTest
) -> None:
    await stopped.start()
    await stopped.add_rule()
    await stopped.publish((0, 81.0))
    await eventually(stopped.alarms)
    postgres.stop()
    await stopped.publish((1, 20.0))
    await stopped.publish((2, 82.0))
    told = await eventually(lambda: _sick(stopped))
    assert told["alerting: database"].startswith("does not answer: connection")
    assert "does not answer" in await stopped.refused(503, "GET", "/alarms")
    postgres.process.start()
    await eventually(stopped.is_ready)
    await stopped.evaluated()
    [alarm] = await stopped.alarms()
    journal = (await stopped.call("GET", f"/alarms/{alarm['id']}"))["transitions"]
    assert [line["event"] for line in journal] == ["raised", "cleared", "raised"]


async def test_connections_that_a_restart_has_cut_are_not_used_again(own_url: str, postgres: PostgresForTest) -> None:
    async with open_database(own_url) as database:
        await asyncio.gather(*(_look(database) for _ in range(3)))  # three connections
        postgres.stop()
        postgres.process.start()
        for _ in range(3):
            await _write_one_and_forget_it(database)


async def test_a_server_that_is_no_more_the_one_to_write_to_is_waited_for(
    own_url: str, postgres: PostgresForTest
) -> None:
    """As after a change of roles between two servers: it reads, and refuses what is written."""
    async with open_database(own_url) as database:
        name = str(database.engine.url.database)
        postgres.execute("ALTER DATABASE {} SET default_transaction_read_only = on", name)
        await database.engine.dispose()
        lease = Lease("evaluate.0")
        with pytest.raises(OperationalError, match="read-only"):  # what is tried again, as a held database is
            async with database.write() as session:
                await lease.confirm(session)
        postgres.execute("ALTER DATABASE {} SET default_transaction_read_only = off", name)
        await _write_one_and_forget_it(database)


async def test_a_text_that_it_cannot_look_for_is_refused(alerting: Any) -> None:
    for path, name in (("/alarms", "assigned_to"), ("/notifications", "channel")):
        assert "NUL" in await alerting.refused(422, "GET", path, params={name: "\0"})


async def _write_one_and_forget_it(database: Database) -> None:
    async with database.write() as session:
        session.add(KeptRow(name="one", value="1"))
    async with database.write() as session:
        await session.delete(await session.get_one(KeptRow, "one"))


async def _look(database: Database) -> None:
    async with database.read() as session:
        await session.scalars(select(KeptRow))


async def _sick(story: Any) -> Any:
    answer = await story.http.get(f"http://127.0.0.1:{story.port}/readyz")
    sick = answer.json().get("sick", {})
    return sick if "alerting: database" in sick else None


def test_what_others_have_written_is_not_quoted() -> None:
    quoting = "unsupported Unicode escape sequence\nDETAIL: \\u0000 cannot be converted to text.\nCONTEXT: a secret"
    told = str(FAILURES[DataError](DataError("SELECT", {}, ValueError(quoting))))
    assert told == "The database cannot keep this, or look for it: unsupported Unicode escape sequence"
