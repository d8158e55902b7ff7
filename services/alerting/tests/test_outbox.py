"""Notifications reach their channel once, through refusals, dead targets, restarts and kills."""

import asyncio
import json
from time import time_ns
from typing import Any

import pytest
from sqlalchemy import update

from andon.alerting.channel import Channel
from andon.alerting.database import Database, open_database
from andon.alerting.notify import delivery, outbox
from andon.alerting.notify.delivery import GIVE_UP_AFTER, Outcome, note, wait_before
from andon.alerting.tables import NotificationRow
from andon.common.testing.waiting import eventually

RAISED = "[high] Gearbox hot — Robot 3 (berlin/painting/line-1)"
CLEARED = "[cleared] Gearbox hot — Robot 3 (berlin/painting/line-1)"


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "FIRST_WAIT", 0.05)
    monkeypatch.setattr(outbox, "LOOK_SECONDS", 0.05)


async def notifications(alerting: Any, state: str = "all") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await alerting.call("GET", "/notifications", params={"state": state}))["items"]
    return found


async def settled(alerting: Any, *states: str) -> list[dict[str, Any]]:
    """Wait until the notifications, newest first, stand so."""

    async def there() -> Any:
        found = await notifications(alerting)
        assert tuple(n["state"] for n in found) == states, found
        return found

    result: list[dict[str, Any]] = await eventually(there)
    return result


async def watch(alerting: Any, kind: str, target: str) -> None:
    """A rule with one channel."""
    await alerting.add_channel("team", kind, target)
    await alerting.add_rule(channels=["team"])


async def test_an_alarm_and_its_end_arrive_by_mail_once_each(alerting: Any, mailbox: Any) -> None:
    mailbox.start()
    await watch(alerting, "email", "team@example.com")
    await alerting.publish((0, 81.2))
    await eventually(lambda: mailbox.subjects == [RAISED])
    await alerting.publish((0, 81.2), (61, 70.0))
    await alerting.publish((0, 81.2), (61, 70.0))
    cleared, raised = await settled(alerting, "sent", "sent")
    assert mailbox.subjects == [RAISED, CLEARED]
    assert raised["key"].endswith("/1")
    assert cleared["key"].endswith("/2")
    assert (raised["event"], cleared["event"]) == ("called", "over")
    text = mailbox.messages[1].get_body(("plain",)).get_content()
    assert "after 1 min 1 s" in text
    assert mailbox.messages[0]["To"] == "team@example.com"


async def test_a_mailbox_that_refuses_at_first_gets_one_copy(alerting: Any, mailbox: Any, impatient: None) -> None:
    mailbox.refuse = "team@example.com"
    mailbox.start()
    await watch(alerting, "email", "team@example.com")
    await alerting.publish((0, 81.2))

    async def tried() -> Any:
        found = await notifications(alerting, "pending")
        return found and found[0]["attempts"] >= 2 and found[0]

    waiting = await eventually(tried)
    assert "Mailbox is busy" in waiting["error"]
    assert waiting["next_at"] > waiting["created_at"]
    mailbox.refuse = ""
    await settled(alerting, "sent")
    assert mailbox.subjects == [RAISED]


async def test_what_waits_survives_a_restart(alerting: Any, mailbox: Any) -> None:
    await watch(alerting, "email", "team@example.com")
    await alerting.publish((0, 81.2))
    await eventually(lambda: notifications(alerting, "pending"))
    await alerting.stop()
    mailbox.start()
    await alerting.start()
    await settled(alerting, "sent")
    await alerting.stop()
    await alerting.start()
    await alerting.publish((1, 20.0))
    await settled(alerting, "sent", "sent")
    assert mailbox.subjects == [RAISED, CLEARED]


async def test_killed_with_a_mail_on_its_way_the_next_life_sends_it_once(stopped: Any, mailbox: Any) -> None:
    """The mail server is away at first, so the process is killed between the transition and its delivery."""
    await stopped.start_process()
    await watch(stopped, "email", "team@example.com")
    await stopped.publish((0, 81.2))
    await eventually(lambda: notifications(stopped, "pending"))
    stopped.kill()
    mailbox.start()
    await stopped.start_process()
    await settled(stopped, "sent")
    await stopped.publish((0, 81.2), (1, 20.0))
    await settled(stopped, "sent", "sent")
    assert mailbox.subjects == [RAISED, CLEARED]


async def test_a_stop_sees_through_what_is_on_its_way(alerting: Any, mailbox: Any) -> None:
    """A message the server has taken must be noted as sent, or the next start would send a copy."""
    mailbox.start()
    mailbox.holds = True
    await watch(alerting, "email", "team@example.com")
    await alerting.publish((0, 81.2))
    await eventually(lambda: mailbox.messages)
    asyncio.get_running_loop().call_later(0.2, mailbox.go_on)
    await alerting.stop()
    await alerting.start()
    await settled(alerting, "sent")
    assert mailbox.subjects == [RAISED]


async def test_a_webhook_that_fails_at_first_gets_the_same_key_again(
    stopped: Any, sink: Any, loopback: Any, impatient: None
) -> None:
    stopped.settings.webhook_allow = loopback
    sink.status = 500
    await stopped.start()
    await watch(stopped, "webhook", sink.url)
    await stopped.publish((0, 81.2))
    await eventually(lambda: len(sink.requests) >= 2)
    assert "answered 500" in (await notifications(stopped))[0]["error"]
    sink.status = 200
    await settled(stopped, "sent")
    keys = {headers["idempotency-key"] for headers, _ in sink.requests}
    body = json.loads(sink.requests[-1][1])
    [alarm] = await stopped.alarms()
    happened = {"from": "normal", "to": "unacknowledged", "at": stopped.at(0), "number": 1, "event": "raised"}
    assert body["transition"] == happened | {"value": 81.2}
    assert {name: alarm[name] for name in body["alarm"]} == body["alarm"]
    assert (body["step"], body["repeat"], body["late"]) == (0, 0, False)
    assert keys == {body["key"]} == {f"{alarm['id']}/1"}


async def test_a_dead_target_is_given_up_for_all_to_see_and_others_are_not_held_up(
    stopped: Any, mailbox: Any, loopback: Any, impatient: None
) -> None:
    mailbox.start()
    stopped.settings.webhook_allow = loopback
    await stopped.start()
    await stopped.add_channel("dead", "webhook", "http://127.0.0.1:9/")
    await stopped.add_channel("team", "email", "team@example.com")
    await stopped.add_rule(channels=["dead", "team"])
    await stopped.publish((0, 81.2))
    await settled(stopped, "sent", "pending")
    async with open_database(stopped.settings.database_url) as database, database.write() as session:
        long_ago = time_ns() - GIVE_UP_AFTER
        await session.execute(update(NotificationRow).values(created_at=long_ago, next_at=0))
    _, given_up = await settled(stopped, "sent", "failed")
    assert given_up["channel"] == "dead"
    assert "127.0.0.1 did not answer" in given_up["error"]
    assert given_up["next_at"] is None
    assert mailbox.subjects == [RAISED]


@pytest.mark.parametrize(
    ("kind", "target", "receipt"),
    [
        ("push", "ada", "no browser of 'ada' to notify who may see this; turn notifications on in a browser first"),
        ("webhook", "http://127.0.0.1:9/", "which is private; if webhooks may go there, add its network to"),
    ],
)
async def test_what_trying_again_cannot_mend_is_given_up_at_once_and_says_what_to_do(
    alerting: Any, kind: str, target: str, receipt: str
) -> None:
    await watch(alerting, kind, target)
    await alerting.publish((0, 81.2))
    [given_up] = await settled(alerting, "failed")
    assert receipt in given_up["error"]
    assert (given_up["attempts"], given_up["next_at"]) == (1, None)


async def test_notifications_are_cut_to_the_callers_part_and_paged(alerting: Any, mailbox: Any) -> None:
    mailbox.start()
    await alerting.add_channel("team", "email", "team@example.com")
    await alerting.add_rule(scope={"sensor": "temperature", "under": "berlin"}, channels=["team"])
    for number, value in ((2, 81.0), (4, 20.0)):
        for asset in ("robot-3", "oven-1"):
            await alerting.publish((81.0 - value, value), asset=asset)
        await settled(alerting, *["sent"] * number)
    async with alerting.client(scope="berlin/baking") as baker:
        items = (await baker.get("/notifications")).json()["items"]
        assert {item["asset"] for item in items} == {"berlin/baking/line-1/oven-1"}
        assert len(items) == 2
    first = await alerting.call("GET", "/notifications", params={"limit": 3})
    rest = await alerting.call("GET", "/notifications", params={"limit": 3, "cursor": first["next_cursor"]})
    ids = [item["id"] for item in first["items"] + rest["items"]]
    assert ids == sorted(set(ids), reverse=True)
    assert (len(ids), rest["next_cursor"]) == (4, None)
    for cursor in ("x", "9" * 20):
        assert "is no cursor" in await alerting.refused(400, "GET", "/notifications", params={"cursor": cursor})


def test_waits_double_and_end_at_a_quarter_of_an_hour() -> None:
    for attempt, expected in ((1, 1), (2, 2), (5, 16), (10, 512), (11, 900), (5000, 900)):
        assert 0.8 * expected <= wait_before(attempt) <= 1.2 * expected


async def test_what_a_receiver_says_is_written_down_whatever_its_letters(database: Database) -> None:
    """A mail server may answer in Latin-1, or send a NUL: no database keeps these as they are."""
    async with database.write() as session:
        row = NotificationRow(id=1, alarm_id="a1", number=1, channel="team", asset="", place="", event="called", at=0)
        row.rank, row.bundle, row.payload, row.state, row.owner = 0, "", {"key": "a1/1"}, "sending", "me"
        row.created_at = row.next_at = now = time_ns()
        session.add(row)
    said = b"550 Empf\xe4nger\0 unbekannt".decode(errors="surrogateescape")
    team = Channel(id="c1", name="team", kind="email", target="team@example.com")
    async with database.write() as session:
        await note(session, team, row, Outcome(said), "me", now)
    async with database.read() as session:
        kept = await session.get_one(NotificationRow, 1)
    assert (kept.state, kept.error) == ("pending", "550 Empf\\udce4nger  unbekannt")


async def test_whoever_was_called_hears_of_the_end_though_the_rule_names_nobody_by_then(
    alerting: Any, mailbox: Any
) -> None:
    mailbox.start()
    await alerting.add_channel("team", "email", "team@example.com")
    rule = await alerting.add_rule(channels=["team"])
    await alerting.publish((0, 81.2))
    await settled(alerting, "sent")
    await alerting.call("PATCH", f"/rules/{rule['id']}", json={"channels": []})
    await alerting.publish((61, 70.0))
    await settled(alerting, "sent", "sent")
    assert mailbox.subjects == [RAISED, CLEARED]
