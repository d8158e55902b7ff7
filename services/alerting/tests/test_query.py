"""Queries of alarms: pages agree with a sorted list, however they are cut, and stay quick as history grows."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, insert
from sqlalchemy.ext.asyncio import AsyncSession

from andon.alerting.alarm import journal, timers
from andon.alerting.alarm.query import Filter, StateFilter, count_open, page_of_alarms
from andon.alerting.alarm.state import SHOWN, AlarmState, Severity
from andon.alerting.database import Database, open_database
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
        "level": "",
        "levels": [],
        "group": "",
        "advice": {},
        "late": number % 2 == 0,
        "assigned_to": "Ada" if number % 3 == 0 else None,
        **dict.fromkeys(("acknowledged", "latched", "suppressed", "gated", "out_of_service", "first_out"), False),
    }


kinds = st.tuples(st.integers(0, 3), st.sampled_from(Severity), st.sampled_from(AlarmState), st.sampled_from(PATHS))


@given(found=st.lists(kinds, max_size=15), size=st.integers(1, 5), under=st.sampled_from(["", "berlin/a", PATHS[0]]))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
async def test_pages_make_up_the_sorted_list(found: list[Any], size: int, under: str) -> None:
    rows = [row(number, *kind) for number, kind in enumerate(found)]
    inside = [r for r in rows if not under or r["asset"] == under or r["asset"].startswith(under + "/")]
    newest = sorted(inside, key=lambda r: (r["since"], r["id"]), reverse=True)
    worst = sorted(newest, key=lambda r: -r["rank"])
    async with open_database("sqlite+aiosqlite://") as database:
        async with database.write() as session:
            if rows:
                await session.execute(insert(AlarmRow), rows)
        async with database.read() as session:
            assert await pages(session, "all", under, size) == [r["id"] for r in newest]
            expected = [r["id"] for r in worst if r["state"] in SHOWN]
            for state in AlarmState:
                order = newest if state == "normal" else worst
                assert await pages(session, state.value, under, size) == [r["id"] for r in order if r["state"] == state]
            assert await pages(session, "open", under, size) == expected
            severities, states, paths = await count_open(session, [under])
    assert severities.total() == sum(p.total() for p in paths.values()) == len(expected)
    assert states == Counter(str(r["state"]) for r in inside if r["state"] != AlarmState.NORMAL)


async def test_filters_cut_the_list(database: Database) -> None:
    kinds = [
        (number, Severity.HIGH if number < 4 else Severity.LOW, AlarmState.NORMAL, PATHS[0]) for number in range(8)
    ]
    async with database.write() as session:
        await session.execute(insert(AlarmRow), [row(number, *kind) for number, kind in enumerate(kinds)])
    async with database.read() as session:

        async def found(**wanted: Any) -> list[int]:
            rows, _ = await page_of_alarms(session, Filter(state="all", **wanted), limit=100, cursor="")
            return sorted(int(r.id) for r in rows)

        assert await found(severities=(Severity.HIGH,)) == [0, 1, 2, 3]
        assert await found(rule="r5") == [5]
        assert await found(assigned_to="Ada") == [0, 3, 6]
        assert await found(late=True) == [0, 2, 4, 6]
        assert await found(start=2, end=5) == [2, 3, 4]
        assert await found(start=2, late=False, severities=(Severity.LOW,)) == [5, 7]


async def pages(session: AsyncSession, state: StateFilter, under: str, size: int) -> list[str]:
    found, cursor = list[str](), ""
    while True:
        wanted = Filter(state=state, scopes=(under,))
        rows, after = await page_of_alarms(session, wanted, limit=size, cursor=cursor)
        found += [r.id for r in rows]
        if after is None:
            return found
        cursor = after


sqlite = pytest.mark.parametrize("database_url", ["sqlite_url"], indirect=True)  # whose plans are read


@sqlite
@pytest.mark.parametrize("state", ["open", "unacknowledged", "shelved", "all", "normal"])
async def test_a_page_is_read_along_an_index(database: Database, state: StateFilter) -> None:
    """Of a history of years only what a page shows is looked at."""
    async with database.read() as session:
        for cursor in ("", "1.5.x"):
            seen = page_of_alarms(session, Filter(state=state), limit=10, cursor=cursor)
            found = await plan(database, session, seen)
            assert "USING INDEX" in found
            assert "TEMP B-TREE" not in found  # what the index does not have in order would have to be read whole


@sqlite
async def test_an_open_alarm_is_found_along_an_index(database: Database) -> None:
    async with database.read() as session:
        assert "USING INDEX" in await plan(database, session, journal.open_alarms(session, [("r", "a", "t")]))
        assert "USING INDEX" in await plan(database, session, count_open(session, [""]))


@sqlite
async def test_timers_look_along_indexes(database: Database) -> None:
    async with database.read() as session:
        assert "SCAN" not in await plan(database, session, timers.fire(session, 1))


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
