"""Queries of alarms: pages agree with a sorted list, however they are cut, and stay quick as history grows."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, insert
from sqlalchemy.ext.asyncio import AsyncSession

from andon.alerting import journal
from andon.alerting.alarm import AlarmState, Severity
from andon.alerting.database import Database, open_database
from andon.alerting.query import StateFilter, count_open, page_of_alarms
from andon.alerting.tables import AlarmRow

PATHS = ("berlin/a/l/m1", "berlin/a/l/m10", "oslo/a/l/m1", "berlin/a_/l/m1")


def row(number: int, since: int, severity: Severity, state: AlarmState, path: str) -> dict[str, Any]:
    return {
        "id": f"{number:02}",
        "rule_id": f"r{number}",
        "rule_name": "Hot",
        "asset_id": path,
        "key": "t",
        "asset": path,
        "asset_name": "M",
        "sensor": f"{path}/t",
        "unit": "Cel",
        "state": state,
        "active": state in (AlarmState.UNACKNOWLEDGED, AlarmState.ACKNOWLEDGED),
        "severity": severity,
        "rank": severity.rank,
        "since": since,
        "value": 1.0,
        "limit": 1.0,
        "message": "Hot",
        "number": 1,
    }


kinds = st.tuples(st.integers(0, 3), st.sampled_from(Severity), st.sampled_from(AlarmState), st.sampled_from(PATHS))


@given(found=st.lists(kinds, max_size=15), size=st.integers(1, 5), under=st.sampled_from(["", "berlin/a", PATHS[0]]))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
async def test_pages_make_up_the_sorted_list(found: list[Any], size: int, under: str) -> None:
    rows = [row(number, *kind) for number, kind in enumerate(found)]
    inside = [r for r in rows if not under or r["asset"] == under or r["asset"].startswith(under + "/")]
    newest = sorted(inside, key=lambda r: (-r["since"], r["id"]))
    worst = sorted(newest, key=lambda r: -r["rank"])
    async with open_database("sqlite+aiosqlite://") as database:
        async with database.write() as session:
            if rows:
                await session.execute(insert(AlarmRow), rows)
        async with database.read() as session:
            assert await pages(session, "all", under, size) == [r["id"] for r in newest]
            expected = [r["id"] for r in worst if r["state"] != AlarmState.NORMAL]
            assert await pages(session, "open", under, size) == expected
            severities, states, paths = await count_open(session, [under])
    assert severities.total() == states.total() == sum(p.total() for p in paths.values()) == len(expected)


async def pages(session: AsyncSession, state: StateFilter, under: str, size: int) -> list[str]:
    found, cursor = list[str](), ""
    while True:
        rows, after = await page_of_alarms(session, state=state, scopes=[under], limit=size, cursor=cursor)
        found += [r.id for r in rows]
        if after is None:
            return found
        cursor = after


@pytest.mark.parametrize("state", ["open", "unacknowledged", "all", "normal"])
async def test_a_page_is_read_along_an_index(database: Database, state: StateFilter) -> None:
    """Of a history of years only what a page shows is looked at."""
    async with database.read() as session:
        for cursor in ("", "1.5.x"):
            seen = page_of_alarms(session, state=state, scopes=[""], limit=10, cursor=cursor)
            assert "USING INDEX" in await plan(database, session, seen)


async def test_an_open_alarm_is_found_along_an_index(database: Database) -> None:
    async with database.read() as session:
        assert "USING INDEX" in await plan(database, session, journal._open_alarm(session, ("r", "a", "t")))
        assert "USING INDEX" in await plan(database, session, count_open(session, [""]))


async def plan(database: Database, session: AsyncSession, reading: Any) -> str:
    """How SQLite goes about what `reading` asks."""
    asked = list[tuple[str, Any]]()

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: object) -> None:
        asked.append((statement, parameters))

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    await reading
    event.remove(engine, "before_cursor_execute", note)
    (statement, parameters) = asked[-1]
    connection = await session.connection()
    lines = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
    return " | ".join(line[-1] for line in lines)
