"""What a batch caused is in the database as a whole or not at all, and never twice."""

from collections.abc import Iterable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from andon.alerting import journal, notification
from andon.alerting.alarm import AlarmState
from andon.alerting.condition import parse_condition
from andon.alerting.database import Database, open_database
from andon.alerting.journal import News
from andon.alerting.judge import Verdict
from andon.alerting.phase import Delays, Phase, State, Turn
from andon.alerting.rule import Rule, ScopeDraft
from andon.alerting.scope import Watch
from andon.alerting.tables import AlarmRow, NotificationRow, PhaseRow, TransitionRow
from andon.common.plant import Asset, Sensor

PATH = "berlin/painting/line-1/robot-3"
NOW = 1_790_000_000_000_000_000


def watch(*channels: str) -> Watch:
    sensor = Sensor(key="t", path=f"{PATH}/t", name="Temperature", unit="Cel")
    asset = Asset(id="a", path=PATH, kind="machine", slug="robot-3", name="Robot 3", type="robot", sensors=(sensor,))
    rule = Rule(id="r", name="Hot", scope=ScopeDraft(sensor="t", type="robot"), condition={"above": 80})
    rule.channels = list(channels)
    return Watch(rule, asset, sensor, parse_condition({"above": 80}), Delays(), Phase())


def verdict(about: Watch, after: State, at: int = NOW) -> Verdict:
    before = State.PENDING if after is State.ACTIVE else State.CLEARING
    about.phase.state, about.phase.since, about.phase.last = after, at, at
    return Verdict(about, Turn(before, after, at, 81.26 if after is State.ACTIVE else 70.0))


async def record(database: Database, verdicts: Iterable[Verdict]) -> list[News]:
    async with database.write() as session:
        return await journal.record(session, verdicts, NOW)


async def count(database: Database, table: type) -> int:
    async with database.read() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def test_alarm_transition_phase_and_notification_are_written_together(database: Database) -> None:
    hot = watch("team", "team", "hook")
    [news] = await record(database, [verdict(hot, State.ACTIVE)])
    assert (news.verb, news.alarm["message"]) == ("raised", "Temperature is 81.3 °C, above 80 °C")
    assert [await count(database, t) for t in (AlarmRow, TransitionRow, PhaseRow, NotificationRow)] == [1, 1, 1, 2]
    async with database.read() as session:
        assert (await journal.read_phases(session))["r", "a", "t"] == hot.phase


async def test_what_fails_half_way_leaves_nothing_behind(database: Database) -> None:
    broken = watch("team")
    broken.phase.value = None  # type: ignore[assignment]  # the last table of the transaction refuses this
    with pytest.raises(Exception, match="NOT NULL"):
        await record(database, [verdict(broken, State.ACTIVE)])
    assert [await count(database, t) for t in (AlarmRow, TransitionRow, PhaseRow, NotificationRow)] == [0, 0, 0, 0]


async def test_raised_twice_is_one_alarm_and_cleared_twice_is_one_end(database: Database) -> None:
    hot = watch("team")
    verbs = []
    for after in (State.ACTIVE, State.ACTIVE, State.NORMAL, State.NORMAL):
        verbs += [news.verb for news in await record(database, [verdict(hot, after)])]
    assert verbs == ["raised", "cleared"]
    assert await count(database, NotificationRow) == 2


async def test_a_rule_that_is_gone_ends_its_alarm_and_forgets_its_phase(database: Database) -> None:
    await record(database, [verdict(watch(), State.ACTIVE)])
    async with database.write() as session:
        [news] = await journal.close(session, [("r", "a", "t"), ("other", "a", "t")], NOW + 1)
    assert (news.verb, news.alarm["state"], news.alarm["active"]) == ("closed", "normal", False)
    assert await count(database, PhaseRow) == 0


async def test_an_outbox_that_is_full_says_so_instead_of_growing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notification, "MAX_WAITING", 1)
    hot = watch("team")
    await record(database, [verdict(hot, State.ACTIVE), verdict(hot, State.NORMAL)])
    async with database.read() as session:
        rows = (await session.scalars(select(NotificationRow).order_by(NotificationRow.id))).all()
    assert [row.state for row in rows] == ["pending", "failed"]
    assert rows[1].error == "1 notifications wait already; see why none of them arrives"


@given(steps=st.lists(st.sampled_from(["raise", "clear", "ack"]), max_size=12))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_whatever_happens_the_journal_is_without_gaps_and_one_alarm_is_open(steps: list[str]) -> None:
    """The model: active and acknowledged are two flags, an alarm closes when it is neither active nor waited for."""
    async with open_database("sqlite+aiosqlite://") as database:
        hot, active, acked, closed = watch(), False, False, 0
        is_open = False
        for step in steps:
            if step == "raise":
                await record(database, [verdict(hot, State.ACTIVE)])
                acked, active, is_open = acked and is_open, True, True
            elif step == "clear":
                await record(database, [verdict(hot, State.NORMAL)])
                active = False
            elif is_open:
                async with database.write() as session:
                    found = await session.scalar(select(AlarmRow.id).where(AlarmRow.state != AlarmState.NORMAL))
                    assert found is not None
                    await journal.acknowledge(session, found, by="Ada", comment="", now=NOW)
                acked = True
            if is_open and acked and not active:
                is_open, acked, closed = False, False, closed + 1
        async with database.read() as session:
            alarms = (await session.scalars(select(AlarmRow))).all()
            turns = (await session.scalars(select(TransitionRow).order_by(TransitionRow.number))).all()
        assert [a.active for a in alarms if a.state != AlarmState.NORMAL] == ([active] if is_open else [])
        assert sum(a.state == AlarmState.NORMAL for a in alarms) == closed
        for alarm in alarms:
            own = [turn for turn in turns if turn.alarm_id == alarm.id]
            assert [turn.number for turn in own] == list(range(1, alarm.number + 1))
            assert [turn.from_state for turn in own] == ["normal", *(turn.to_state for turn in own[:-1])]
