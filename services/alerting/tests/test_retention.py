"""What is over for long enough is removed a little at a time; what is open, or somebody still waits for, stays."""

import asyncio
from collections.abc import Sequence
from itertools import pairwise
from time import time_ns
from typing import Any

import pytest
from sqlalchemy import event, select

from andon.alerting.alarm import actions, retention
from andon.alerting.alarm.retention import DAY, KEEP_TOLD, PIECE
from andon.alerting.database import Database, open_database
from andon.alerting.evaluate.phase import State
from andon.alerting.kpis import read
from andon.alerting.kpis.columns import Span
from andon.alerting.tables import AlarmRow, LeaseRow, NotificationRow, TransitionRow
from andon.common import jobs
from andon.common.reading import NS_PER_S
from andon.common.testing.waiting import eventually

from .alarm_stories import NOW, Story, rule, verdict

KEEP = 730 * DAY


@pytest.fixture
async def story(database: Database) -> Story:
    made = Story(database)
    await made.begin([rule()], "m1", "m2", "m3")
    return made


async def over(story: Story, on: str = "m1", at: int = 0) -> None:
    """An alarm that is raised, acknowledged and cleared within a second."""
    await story.raises(on=on, at=at)
    await story.acknowledge(on=on, now=NOW + at * NS_PER_S)
    await story.clears(on=on, at=at + 1)


async def cleaned(database: Database, now: int, keep: int = KEEP) -> int:
    """Remove all that is due; in how many pieces."""
    pieces = 0
    while await retention.clean(database, keep, now):
        pieces += 1
    return pieces


async def tell(database: Database, *rows: dict[str, Any]) -> None:
    fields = {"number": 1, "channel": "team", "asset": "a", "payload": {}, "next_at": 0, "state": "sent"}
    async with database.write() as session:
        session.add_all(
            NotificationRow(**{"created_at": NOW, "number": n} | fields | {"number": n} | row)
            for n, row in enumerate(rows)
        )


async def alarms_of(database: Database, *what: Any) -> Sequence[Any]:
    async with database.read() as session:
        return (await session.scalars(select(*what))).all()


async def test_an_alarm_goes_with_its_journal_two_years_after_its_last_line(story: Story) -> None:
    await over(story)
    await over(story, "m2", at=10)
    assert await cleaned(story.database, NOW + KEEP) == 0
    assert await cleaned(story.database, NOW + KEEP + 5 * NS_PER_S) == 1
    assert await alarms_of(story.database, AlarmRow.asset_id) == ["m2"]
    assert await story.count(TransitionRow) == [3]


async def test_what_a_clock_of_long_ago_raised_stays_where_somebody_saw_to_it_since(story: Story) -> None:
    """Its last line is as old as that clock says, and it was over just now."""
    long_ago = -(KEEP + DAY) // NS_PER_S
    await story.raises(at=long_ago)
    await story.acknowledge(now=NOW)
    await story.clears(at=long_ago + 1)
    assert await cleaned(story.database, NOW) == 0
    assert await story.count(AlarmRow, TransitionRow) == [1, 3]
    assert await cleaned(story.database, NOW + KEEP + NS_PER_S) == 1
    assert await story.count(AlarmRow, TransitionRow) == [0, 0]


async def test_what_is_open_or_was_commented_on_since_stays_whole(story: Story) -> None:
    await story.raises()
    await over(story, "m2")
    async with story.acting(on="m2") as (session, alarm):
        await actions.comment_on(session, alarm, by="Ada", text="Again?", now=NOW + KEEP)
    assert await cleaned(story.database, NOW + KEEP + DAY) == 0
    assert await story.count(AlarmRow, TransitionRow) == [2, 5]


async def test_for_ever_is_for_ever(story: Story) -> None:
    await over(story)
    assert await cleaned(story.database, NOW + 100 * KEEP, keep=0) == 0


async def test_a_long_journal_goes_in_small_transactions(story: Story) -> None:
    watch, lines = story.watch(), 2 * PIECE + 100
    await story.record(*(verdict(watch, State.NORMAL if at % 2 else State.ACTIVE, at) for at in range(lines)))
    await story.acknowledge(now=NOW + lines * NS_PER_S)
    left = [lines + 1]
    while await retention.clean(story.database, KEEP, NOW + KEEP + DAY):
        left += await story.count(TransitionRow)
    assert all(before - after <= PIECE + 1 for before, after in pairwise(left))
    assert await story.count(AlarmRow, TransitionRow) == [0, 0]


async def test_what_was_told_goes_once_it_is_done_with_and_its_alarm_is_over(story: Story) -> None:
    await story.raises()
    await over(story, "m2")
    opened, closed = (await story.alarm()).id, (await story.alarm(on="m2")).id
    await tell(
        story.database,
        {"alarm_id": opened},
        {"alarm_id": closed, "channel": "old"},
        {"alarm_id": closed, "channel": "waits", "state": "pending"},
        {"alarm_id": closed, "channel": "new", "created_at": NOW + DAY},
        {"alarm_id": "~id-team", "channel": "digest", "state": "failed"},
        {"alarm_id": "gone", "channel": "of an alarm that is gone", "state": "superseded"},
    )
    assert await cleaned(story.database, NOW + KEEP_TOLD) == 0
    assert await cleaned(story.database, NOW + KEEP_TOLD + 1) == 1
    assert sorted(await alarms_of(story.database, NotificationRow.channel)) == ["new", "team", "waits"]


async def test_instances_that_were_killed_long_ago_are_forgotten_and_no_lease_is(database: Database) -> None:
    """A lease that was given back keeps its epoch: else who had it long ago could write in its name."""
    async with database.write() as session:
        for name, until in (("instance.dead", NOW), ("instance.alive", NOW + DAY), ("evaluate.0", 0)):
            session.add(LeaseRow(name=name, owner="dead", until=until, epoch=1))
    assert await cleaned(database, NOW + DAY + 1) == 1
    assert sorted(await alarms_of(database, LeaseRow.name)) == ["evaluate.0", "instance.alive"]


async def test_figures_of_what_is_kept_are_the_same_as_before(story: Story) -> None:
    kept = Span(NOW + 5 * NS_PER_S, NOW + KEEP)
    await over(story)
    await story.raises(on="m2")
    await over(story, "m3", at=10)

    async def figures() -> list[tuple[int, int]]:
        async with story.database.read() as session:
            columns = (await read.read(session, [""], kept)).columns
        return sorted(zip(columns.at.tolist(), columns.event.tolist(), strict=True))

    before = await figures()
    assert len(before) == 4
    assert await cleaned(story.database, NOW + KEEP + 5 * NS_PER_S) == 1
    assert await figures() == before


async def test_to_look_at_nothing_due_reads_no_table_from_end_to_end(sqlite_url: str) -> None:
    """On SQLite: plans of PostgreSQL hang on how much there is."""
    async with open_database(sqlite_url) as database:
        plans = await plans_of_a_look(database)
    assert not [plan for plan in plans if plan.startswith("SCAN") and "leases" not in plan]


async def plans_of_a_look(database: Database) -> list[str]:
    """How the database goes about what a look at what is due asks it."""
    plans, asked = list[str](), list[tuple[str, Any]]()
    event.listen(
        database.engine.sync_engine,
        "before_cursor_execute",
        lambda _c, _k, statement, parameters, *_: asked.append((statement, parameters)),
    )
    assert not await retention.clean(database, KEEP, time_ns())
    async with database.engine.connect() as connection:
        for statement, parameters in [one for one in asked if one[0].startswith("SELECT")]:
            found = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans += [str(row["detail"]) for row in found.mappings()]
    return plans


async def test_only_who_holds_the_lease_removes(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(retention, "time_ns", lambda: NOW + KEEP + DAY)
    await over(story)
    mine = asyncio.Event()
    task = asyncio.create_task(retention.run(story.database, KEEP, mine.is_set))
    try:
        await asyncio.sleep(0)
        assert await story.count(AlarmRow) == [1]
        mine.set()
        await eventually(lambda: _none(story))
    finally:
        await jobs.end(task)


async def _none(story: Story) -> bool:
    return await story.count(AlarmRow) == [0]
