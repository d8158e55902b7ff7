"""A database that is held or away: people are told so, and what to do, and all is well once it is back."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing

import pytest

from andon.alerting import database
from andon.alerting.database import open_database
from andon.alerting.notify.links import Links, load_key
from andon.common import sql
from andon.common.testing.waiting import eventually

from .conftest import Alerting

RULE = {
    "name": "Oven hot",
    "scope": {"sensor": "berlin/baking/line-1/oven-1/temperature"},
    "condition": {"above": 80},
}


@pytest.fixture
def own_url(sqlite_url: str) -> str:
    """The database whose lock is a file's."""
    return sqlite_url


@asynccontextmanager
async def held(alerting: Alerting) -> AsyncIterator[None]:
    """Somebody else writes, and does not end."""
    async with elsewhere(alerting, "BEGIN IMMEDIATE", "ROLLBACK"):
        yield


@asynccontextmanager
async def away(alerting: Alerting) -> AsyncIterator[None]:
    """Its tables are not there."""
    async with elsewhere(alerting, "ALTER TABLE alarms RENAME TO elsewhere", "ALTER TABLE elsewhere RENAME TO alarms"):
        yield


@asynccontextmanager
async def elsewhere(alerting: Alerting, first: str, last: str) -> AsyncIterator[None]:
    """Another process says one thing, and another at the end; in a thread, for it waits for what the service writes."""
    with closing(sqlite3.connect(_file(alerting), isolation_level=None, check_same_thread=False)) as other:
        await asyncio.to_thread(other.execute, first)
        yield
        await asyncio.to_thread(other.execute, last)


def _file(alerting: Alerting) -> str:
    return alerting.settings.database_url.partition("///")[2]


async def test_a_held_database_answers_503_and_what_to_do(stopped: Alerting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sql, "BUSY_MS", 50)
    await stopped.start()
    async with held(stopped):
        for path, body in (("/rules", RULE), ("/alarms/ack", {"under": ""}), ("/apply", {"rules": [RULE]})):
            told = await stopped.refused(503, "POST", path, json=body)
            assert told == (
                "The database of alarms does not answer: database is locked. "
                "Try again in a moment; /readyz tells when it is back"
            )
        assert await stopped.alarms() == []  # reading goes on
    assert (await stopped.call("POST", "/rules", json=RULE))["watches"] == 1


async def test_who_queues_to_write_is_told_so_and_does_not_wait_for_all_before(
    stopped: Alerting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sql, "BUSY_MS", 500)
    monkeypatch.setattr(database, "PATIENCE_SECONDS", 0.05)
    await stopped.start()
    async with held(stopped):
        answers = await asyncio.gather(*(stopped.http.post("/rules", json=RULE) for _ in range(3)))
    told = [answer.json()["detail"] for answer in answers if answer.status_code == 503]
    assert "Others are writing alarms and rules just now; try again in a moment" in told
    assert all(answer.status_code in (201, 503) for answer in answers)


async def test_an_absent_database_answers_503_until_it_is_back(alerting: Alerting) -> None:
    async with away(alerting):
        for path in ("/alarms", "/alarms/summary", "/alarms/a1", "/kpis"):
            assert "no such table" in await alerting.refused(503, "GET", path)
        assert not await alerting.is_ready()
    assert await alerting.alarms() == []
    await eventually(alerting.is_ready)


async def link(alerting: Alerting) -> str:
    """The token of a link to acknowledge an alarm."""
    await alerting.add_rule()
    await alerting.publish((0, 81.0))
    alarm = (await eventually(alerting.alarms))[0]
    await alerting.add_channel("team", "email", "team@example.com")
    async with open_database(alerting.settings.database_url) as other:
        return Links("", await load_key(other)).token(alarm["id"], 1, "team")


async def test_the_page_of_a_link_says_that_it_does_not_work_just_now(alerting: Alerting) -> None:
    token = await link(alerting)
    async with away(alerting):
        for method in ("GET", "POST"):
            page = await alerting.http.request(method, f"/acknowledge/{token}")
            assert page.status_code == 503
            assert page.headers["content-type"].startswith("text/html")
            assert "Not just now" in page.text
            assert "Nothing was acknowledged" in page.text
    assert (await alerting.http.post(f"/acknowledge/{token}")).status_code == 200


async def test_the_page_of_a_link_says_so_to_who_queues_to_write_too(
    stopped: Alerting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sql, "BUSY_MS", 500)
    monkeypatch.setattr(database, "PATIENCE_SECONDS", 0.05)
    await stopped.start()
    token = await link(stopped)
    async with held(stopped):
        pages = await asyncio.gather(*(stopped.http.post(f"/acknowledge/{token}") for _ in range(3)))
    for page in pages:
        assert page.status_code == 503
        assert "Not just now" in page.text
