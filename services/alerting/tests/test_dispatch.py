"""From a transition to messages: who is told, what a flood becomes, silences, quiet hours, fallbacks, two instances."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from time import time_ns
from unittest.mock import AsyncMock

import pytest
from sqlalchemy import insert, select, update

from andon.alerting.couriers.message import tell
from andon.alerting.database import Database
from andon.alerting.notify import delivery, outbox
from andon.alerting.notify.dispatch import Dispatch
from andon.alerting.tables import (
    AlarmRow,
    BudgetRow,
    CalendarRow,
    EscalationRow,
    IntentRow,
    NotificationRow,
    SilenceRow,
)
from andon.common import jobs
from andon.common.errors import InvalidError, UnavailableError
from andon.common.plant import Plant
from andon.common.testing.waiting import eventually

from .telling import LINKS, MINUTE, Telling


@pytest.fixture
async def telling(database: Database) -> AsyncIterator[Telling]:
    made = Telling(database)
    await made.channel("team")
    yield made
    await jobs.end(*made.tasks)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "FIRST_WAIT", 0.02)
    monkeypatch.setattr(outbox, "LOOK_SECONDS", 0.02)


async def test_who_was_told_of_an_alarm_is_told_that_it_is_over(telling: Telling, impatient: None) -> None:
    telling.deliver()
    await telling.happen("a1")
    await eventually(lambda: telling.receiver.keys("team") == ["a1/1"])
    await telling.happen("a1", event="acknowledged", state="acknowledged")
    await telling.happen("a1", event="cleared", state="normal", came_to=61.5)
    await eventually(lambda: telling.receiver.keys("team") == ["a1/1", "a1/3"])
    (_, raised), (_, over) = telling.receiver.sent
    assert raised["text"] == {"value": "81.2 °C", "limit": "80 °C", "sensor_name": "temperature"}
    assert over["text"]["value"] == "61.5 °C", "the value that ended it, not the one that began it"
    assert raised["links"]["alarm"] == "http://andon.test/alarms?alarm=%22a1%22"
    assert (raised["step"], raised["repeat"], raised["late"]) == (0, 0, False)
    assert raised["advice"] == {"action": "Cool it"}
    assert LINKS.read(raised["links"]["acknowledge"].rpartition("/")[2]).channel == "team"
    assert "acknowledge" not in over["links"]


async def test_who_was_called_hears_of_the_end_though_the_rule_names_nobody_any_more(telling: Telling) -> None:
    await telling.happen("a1")
    await telling.happen("a1", event="closed", state="normal", rule={"channels": []})
    assert [(row.channel, row.event) for row in await telling.rows()] == [("team", "called"), ("team", "over")]


async def test_a_rate_is_told_in_the_alarms_sentence_and_not_as_a_value_of_the_sensor(telling: Telling) -> None:
    rate = {"condition": {"rate_over": "10m", "above": 3}}
    await telling.happen("a1", rule=rate)
    await telling.happen("a1", event="cleared", state="normal", came_to=1.5, rule=rate)
    told = [row.payload["text"] for row in await telling.rows()]
    assert told
    assert all((text["value"], text["limit"]) == ("", "") for text in told)


async def test_nobody_is_called_for_what_is_late_or_hidden_and_nobody_hears_of_its_end(telling: Telling) -> None:
    await telling.happen("a1", late=True)
    await telling.happen("a1", event="cleared", state="returned")
    await telling.happen("a2", state="suppressed")
    await telling.happen("a3", state="shelved")
    assert await telling.rows() == []
    await telling.happen("a4", event="current")
    assert await telling.states() == ["pending"]


@pytest.mark.parametrize(("event", "state"), [("acknowledged", "acknowledged"), ("suppressed", "suppressed")])
async def test_what_was_acknowledged_or_hidden_before_anybody_could_be_called_calls_nobody(
    telling: Telling, monkeypatch: pytest.MonkeyPatch, event: str, state: str
) -> None:
    """As where the parent's alarm comes in the same transaction, or where the instance that tells was just killed."""
    await telling.policy(steps=[{"to": ["team"]}, {"after": "5m", "to": ["team"]}])
    with monkeypatch.context() as held_up:
        held_up.setattr(telling.dispatch, "look", AsyncMock())
        await telling.happen("a1", "a2", rule={"policy": "p"})
        await telling.happen("a1", event=event, state=state, rule={"policy": "p"})
    await telling.dispatch.look()
    async with telling.database.read() as session:
        assert set(await session.scalars(select(NotificationRow.alarm_id))) == {"a2"}
        assert list(await session.scalars(select(EscalationRow.alarm_id))) == ["a2"]


async def test_an_alarm_that_is_over_before_anybody_heard_is_one_message(telling: Telling, impatient: None) -> None:
    await telling.happen("a1")
    await telling.happen("a1", event="cleared", state="returned")
    telling.deliver()
    await eventually(lambda: telling.receiver.keys("team") == ["a1/2"])
    await eventually(lambda: telling.states(state="sent"))
    raised, over = await telling.rows()
    assert (raised.state, raised.merged_in, over.state) == ("merged", over.id, "sent")


async def test_a_flood_is_nine_messages_and_then_a_digest_a_minute(telling: Telling, impatient: None) -> None:
    names = [f"{number:06x}" for number in range(5000)]
    await telling.flood(*names[:3000])
    telling.deliver()
    await eventually(lambda: len(telling.receiver.sent) == 10)
    await telling.flood(*names[3000:], severity="critical", rank=4)
    await telling.flood(*names[:1000], event="cleared", state="returned")
    assert len(telling.receiver.sent) == 10
    await telling.change(update(BudgetRow).values(at=BudgetRow.at - MINUTE))
    restarted = telling.deliver()
    await eventually(lambda: len(telling.receiver.sent) == 11, timeout=40)
    assert restarted.check() == ""
    first, second = (payload for _, payload in telling.receiver.sent[-2:])
    assert (first["key"], second["key"]) == ("digest/id-team/1", "digest/id-team/2")
    assert (first["digest"]["count"], first["digest"]["raised"]) == (2991, 2991)
    digest = second["digest"]
    assert (digest["count"], digest["raised"], digest["cleared"]) == (3000, 2000, 1000)
    assert digest["severities"] == {"high": 1000, "critical": 2000}
    assert digest["active"] == {"critical": 2000}
    assert sum(count for _, count in digest["places"]) == 3000
    assert {alarm["severity"] for alarm in digest["alarms"]} == {"critical"}
    assert len(digest["alarms"]) == 20
    assert second["links"] == {"alarm": "http://andon.test/alarms"}
    assert await telling.states(state="pending") == []


async def test_in_a_flood_what_is_over_does_not_hide_what_is_critical_and_still_there(
    telling: Telling, impatient: None
) -> None:
    """Thirty critical alarms come and go, then one stays; after it come less severe ones."""
    over = [f"{number:06x}" for number in range(30)]
    await telling.happen(*over, severity="critical", rank=4)
    await telling.happen("a1", severity="critical", rank=4)
    await telling.happen(*over, event="cleared", state="returned")
    await telling.happen(*(f"b{number:x}" for number in range(30)), severity="medium", rank=2)
    await telling.change(insert(BudgetRow).values(channel="team", tokens=1.0, at=time_ns()))
    telling.deliver()
    await eventually(lambda: telling.receiver.sent)
    [(_, payload)] = telling.receiver.sent
    assert (payload["digest"]["count"], payload["digest"]["cleared"]) == (61, 30)
    assert payload["digest"]["active"] == {"medium": 30, "critical": 1}
    assert payload["digest"]["alarms"][0]["id"] == "a1"
    assert {alarm["severity"] for alarm in payload["digest"]["alarms"][1:]} == {"medium"}
    told = tell(payload, "http://andon.test")
    assert told.subject == "[critical] 61 alarms in 3 places: 1 critical, 30 medium, 30 cleared"


async def test_who_was_told_of_by_a_digest_alone_is_escalated_and_by_a_digest_too(
    telling: Telling, impatient: None
) -> None:
    await telling.channel("boss")
    await telling.policy(steps=[{"to": ["team"]}, {"after": "5m", "to": ["boss"]}])
    names = [f"{number:06x}" for number in range(40)]
    await telling.happen(*names, rule={"policy": "p", "channels": []})
    telling.deliver()
    await eventually(lambda: len(telling.receiver.sent) == 10)
    await telling.happen(names[0], event="acknowledged", state="acknowledged")
    await telling.change(update(EscalationRow).values(due=time_ns()))
    await telling.dispatch.look()
    await eventually(lambda: telling.receiver.sent[-1][1]["key"] == "digest/id-boss/1")
    for channel in ("team", "boss"):
        rows = [row.alarm_id for row in await telling.rows(channel=channel) if not row.alarm_id.startswith("~")]
        assert sorted(rows) == (names if channel == "team" else names[1:]), "each once"


async def test_an_alarm_in_a_silence_is_told_once_when_it_ends_if_it_is_still_there(telling: Telling) -> None:
    now = time_ns()
    silence = SilenceRow(
        id="s", kind="maintenance", under="berlin", start=now - MINUTE, end=now + 60 * MINUTE, weekly=False
    )
    silence.zone, silence.reason, silence.by, silence.created_at = "UTC", "", "Ada", now
    async with telling.database.write() as session:
        session.add(silence)
    await telling.policy(steps=[{"after": "0s", "to": ["team"]}])
    await telling.channel("boss")
    for alarm in ("a1", "a2", "a3"):
        await telling.happen(alarm, rule={"policy": "p", "channels": ["boss"]})
    await telling.happen("a1", event="escalated", rule={"policy": "p", "channels": ["boss"]})
    await telling.happen("a2", event="cleared", state="returned", rule={"channels": ["boss"]})
    await telling.happen("a3", event="acknowledged", state="acknowledged")
    assert set(await telling.states()) == {"muted"}
    await telling.change(update(SilenceRow).values(ended_at=time_ns()))
    await telling.dispatch.look()
    await telling.dispatch.look()
    released = await telling.rows(state="pending")
    assert [(row.channel, row.alarm_id, row.number, row.step) for row in released] == [
        ("boss", "a1", 4, 0),
        ("team", "a1", 4, 1),
    ]
    await telling.dispatch.look()
    assert len(await telling.rows(state="pending")) == 2


QUIET = {"name": "p", "steps": [{"after": "0s", "to": ["team"]}], "quiet": {"calendar": "c", "below": "critical"}}


async def night(telling: Telling) -> None:
    """From now on it is quiet, for a day at least."""
    ends = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
    draft = {"name": "c", "hours": [{}], "closed": [ends]}
    async with telling.database.write() as session:
        session.add(CalendarRow(id="c", name="c", draft=draft))


async def test_quiet_hours_end_with_one_digest(telling: Telling, impatient: None) -> None:
    await telling.policy(**QUIET)
    await night(telling)
    rule = {"policy": "p", "channels": []}
    await telling.happen("a1", "a2", rule=rule)
    await telling.happen("a2", event="cleared", state="returned", rule=rule)
    rows = await telling.rows()
    assert [row.state for row in rows] == ["muted"] * 3
    assert str(rows[0].reason).startswith("quiet hours until")
    await telling.change(update(NotificationRow).values(until=time_ns()))
    await telling.dispatch.look()
    telling.deliver()
    await eventually(lambda: len(telling.receiver.sent) == 1)
    digest = telling.receiver.sent[0][1]["digest"]
    assert (digest["count"], digest["raised"], digest["cleared"]) == (2, 2, 1)


async def test_an_end_waits_for_the_morning_unless_it_was_too_severe_to_wait_and_nothing_old_is_told_then(
    telling: Telling, impatient: None
) -> None:
    """Called by day, over by night; and once more by night, when it is too severe to wait."""
    await telling.policy(**QUIET)
    rule = {"policy": "p", "channels": []}
    await telling.happen("a1", "a2", rule=rule)
    await night(telling)
    await telling.happen("a1", event="cleared", state="returned", rule=rule)
    await telling.happen("a2", event="closed", state="normal", rule=rule)
    await telling.happen("a1", rule=rule, severity="critical", rank=4)
    await telling.happen("a1", event="cleared", state="returned", rule=rule)
    expected = [
        ("a1", 1, "pending"),
        ("a2", 1, "pending"),
        ("a1", 2, "muted"),
        ("a2", 3, "muted"),
        ("a1", 4, "pending"),
        ("a1", 5, "pending"),
    ]
    assert [(row.alarm_id, row.number, row.state) for row in await telling.rows()] == expected
    await telling.change(update(NotificationRow).where(NotificationRow.state == "muted").values(until=time_ns()))
    await telling.dispatch.look()
    [overtaken] = await telling.rows(state="superseded")
    assert (overtaken.alarm_id, overtaken.number, overtaken.reason) == ("a1", 2, "told of what came later meanwhile")
    assert len(await telling.states(state="pending")) == 5


async def test_an_open_alarm_that_becomes_too_severe_to_wait_is_told_at_once(telling: Telling, impatient: None) -> None:
    await telling.channel("boss")
    await telling.policy(**QUIET | {"steps": [{"to": ["team"]}, {"after": "5m", "to": ["boss"]}]})
    await night(telling)
    rule = {"policy": "p", "channels": []}
    await telling.happen("a1", rule=rule)
    await telling.happen("a1", event="escalated", rule=rule, severity="critical", rank=4)
    assert [(row.number, row.state) for row in await telling.rows()] == [(1, "muted"), (2, "pending")]
    async with telling.database.read() as session:
        [next_call] = await session.scalars(select(EscalationRow))
    assert (next_call.number, next_call.step) == (2, 2)
    assert next_call.due < time_ns() + 6 * MINUTE


async def test_the_next_step_is_called_until_somebody_acknowledges_and_survives_a_restart(telling: Telling) -> None:
    await telling.channel("boss")
    await telling.policy(
        steps=[{"after": "0s", "to": ["team"]}, {"after": "5m", "to": ["boss"]}], repeat="15m", repeats=5
    )
    await telling.happen("a1", rule={"policy": "p", "channels": []})
    keys = [["a1/1/1.0"], ["a1/1/2.0"], ["a1/1/1.1"], ["a1/1/2.1"]]
    for number, _ in enumerate(keys, 1):
        assert [[row.payload["key"]] for row in await telling.rows()] == keys[:number]
        past = EscalationRow.due - time_ns()
        await telling.change(
            update(EscalationRow).values(due=EscalationRow.due - past, began=EscalationRow.began - past)
        )
        if number < len(keys):
            telling.dispatch = Dispatch(telling.database, Plant, lambda: None)
            await telling.dispatch.look()
    shown = [(row.payload["step"], row.payload["repeat"]) for row in await telling.rows()]
    assert shown == [(0, 0), (1, 0), (0, 1), (1, 1)]
    await telling.happen("a1", event="acknowledged", state="acknowledged")
    assert len(await telling.rows()) == 4
    async with telling.database.read() as session:
        assert (await session.scalars(select(EscalationRow))).all() == []


async def test_a_latched_alarm_that_nobody_has_seen_is_escalated_and_one_that_is_over_is_not(telling: Telling) -> None:
    await telling.policy(steps=[{"to": ["team"]}, {"after": "5m", "to": ["team"]}], repeat="15m")
    steps = {"policy": "p", "channels": []}
    await telling.happen("a1", "a2", rule=steps)
    await telling.happen("a1", event="cleared", state="latched", latched=True, rule=steps)
    await telling.happen("a2", event="cleared", state="returned", rule=steps)
    for latched in (2, 3):
        await telling.change(update(EscalationRow).values(due=time_ns()))
        await telling.dispatch.look()
        called = [row.alarm_id for row in await telling.rows(event="called")]
        assert (called.count("a1"), called.count("a2")) == (latched, 1)
    await telling.change(update(AlarmRow).values(acknowledged=True))
    await telling.change(update(EscalationRow).values(due=time_ns()))
    await telling.dispatch.look()
    assert len(await telling.rows(event="called")) == 4


async def test_a_reminder_that_waits_is_not_sent_once_acknowledged(telling: Telling, impatient: None) -> None:
    await telling.policy(steps=[{"after": "0s", "to": ["team"]}, {"after": "0s", "to": ["team"]}])
    await telling.happen("a1", rule={"policy": "p", "channels": []})
    await telling.dispatch.look()
    await telling.happen("a1", event="acknowledged", state="acknowledged")
    telling.deliver()
    await eventually(lambda: telling.states(state="sent"))
    assert await telling.states() == ["sent", "superseded"]


async def test_a_fallback_takes_over_and_hears_of_the_end(telling: Telling, impatient: None) -> None:
    await telling.channel("hook", fallback="team")
    telling.receiver.error["hook"] = UnavailableError("away")
    telling.deliver()
    await telling.happen("a1", rule={"channels": ["hook"]})
    await eventually(lambda: telling.receiver.keys("team") == ["a1/1"])
    await eventually(lambda: telling.states(channel="team", state="sent"))
    first, second = await telling.rows()
    assert (first.state, first.attempts, first.reason) == ("superseded", 3, "fallback team")
    assert (second.stands_in, second.reason) == ("hook", "instead of hook")
    await telling.happen("a1", event="cleared", state="returned", rule={"channels": ["hook"]})
    await eventually(lambda: telling.receiver.keys("team") == ["a1/1", "a1/2"])
    telling.receiver.error["hook"] = InvalidError("never")
    await telling.happen("a2", rule={"channels": ["hook", "team"]})
    await eventually(lambda: telling.states(channel="hook", alarm_id="a2", state="superseded"))
    await eventually(lambda: telling.receiver.keys("team") == ["a1/1", "a1/2", "a2/3"])


async def test_a_group_waits_and_goes_as_one(telling: Telling, impatient: None) -> None:
    await telling.policy(steps=[{"after": "0s", "to": ["team"]}], group_by="rule", group_wait="5m")
    rule = {"policy": "p", "channels": []}
    telling.deliver()
    await telling.happen("a1", rule=rule)
    await telling.happen("a2", rule=rule)
    one, two = await telling.rows()
    assert one.next_at == two.next_at > time_ns()
    await telling.change(update(NotificationRow).values(next_at=0))
    await eventually(lambda: len(telling.receiver.sent) == 1)
    assert telling.receiver.sent[0][1]["digest"]["count"] == 2


async def test_two_instances_never_send_the_same_message(telling: Telling, impatient: None) -> None:
    for _ in range(3):
        telling.deliver()
    await telling.happen(*(f"b{number}" for number in range(8)))
    await eventually(lambda: len(telling.receiver.sent) == 8)
    await eventually(lambda: telling.states(state="sent"))
    assert len(set(telling.receiver.keys("team"))) == len(telling.receiver.sent) == 8


async def test_what_a_dead_instance_was_sending_is_taken_over(telling: Telling, impatient: None) -> None:
    await telling.happen("a1")
    claimed = {"state": "sending", "owner": "dead", "claimed_until": time_ns() + 60 * MINUTE}
    await telling.change(update(NotificationRow).values(**claimed))
    telling.deliver()
    await telling.happen("a2")
    await eventually(lambda: telling.receiver.keys("team") == ["a2/2"])
    await telling.change(update(NotificationRow).where(NotificationRow.owner == "dead").values(claimed_until=0))
    await eventually(lambda: telling.receiver.keys("team") == ["a2/2", "a1/1"])


async def test_one_without_the_lease_does_nothing(telling: Telling, impatient: None) -> None:
    telling.deliver(holds=False)
    await telling.happen("a1")
    idle = asyncio.create_task(Dispatch(telling.database, Plant, lambda: None).run(lambda: False))
    telling.tasks.append(idle)
    telling.deliver()
    await eventually(lambda: telling.receiver.keys("team") == ["a1/1"])


async def test_too_many_that_wait_are_failed_for_all_to_see(telling: Telling, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("andon.alerting.notify.dispatch.MAX_WAITING", 2)
    monkeypatch.setattr("andon.alerting.notify.intents.MAX_WAITING", 4)
    await telling.happen(*(f"{number:x}" for number in range(6)))
    rows = sorted(await telling.rows(), key=lambda row: row.alarm_id)
    assert [row.state for row in rows] == ["pending", "pending", "failed", "failed", "failed", "failed"]
    assert {str(row.error)[:20] for row in rows[2:]} == {"2 messages wait on t", "4 transitions wait t"}
    async with telling.database.read() as session:
        assert (await session.scalars(select(IntentRow))).all() == []
