"""What could grow without end: an alarm that chatters, silences that were ended, is read in bounded pieces."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from andon.alerting.alarm.query import MOST_LINES
from andon.alerting.database import Database, open_database
from andon.alerting.notify.told import told_before
from andon.alerting.routes.silences import MOST
from andon.alerting.tables import NotificationRow, SilenceRow, TransitionRow


def told(number: int, event: str, channel: str = "team") -> dict[str, Any]:
    return {
        "alarm_id": "a1",
        "number": number,
        "channel": channel,
        "event": event,
        "asset": "berlin",
        "payload": {},
        "state": "merged",
        "created_at": number,
        "next_at": number,
    }


async def test_of_an_alarm_that_chatters_only_what_was_told_since_its_last_end_is_read(database: Database) -> None:
    rows = [told(number, "over" if number % 2 else "called") for number in range(1000)]
    rows += [told(1001, "called"), told(1001, "called", "boss"), told(998, "called", "boss")]
    async with database.write() as session:
        await session.execute(insert(NotificationRow), rows)
    async with database.read() as session:
        found = await told_before(session, ["a1"])
        assert len(session.identity_map) == 3
    assert {message.channel for message in found.of("a1", 1002)} == {"team", "boss"}


async def test_a_journal_of_countless_lines_is_answered_with_its_last_ones(alerting: Any) -> None:
    await alerting.add_rule()
    await alerting.publish((0, 81.0))
    await alerting.evaluated()
    [alarm] = await alerting.alarms()
    line = {
        "from_state": "returned",
        "to_state": "unacknowledged",
        "event": "raised",
        "severity": "high",
        "late": False,
    }
    line |= {"alarm_id": alarm["id"], "at": alerting.begin, "late": False}
    lines = [line | {"number": n} for n in range(2, MOST_LINES + 100)]
    async with open_database(alerting.settings.database_url) as database, database.write() as session:
        await session.execute(insert(TransitionRow), lines)
    found = (await alerting.call("GET", f"/alarms/{alarm['id']}"))["transitions"]
    assert [one["number"] for one in found] == list(range(100, MOST_LINES + 100))


async def test_a_silence_is_listed_as_long_as_it_holds_however_many_came_and_went_since(alerting: Any) -> None:
    now = datetime.now(UTC)
    draft = {"from": now.isoformat(), "to": (now + timedelta(days=2)).isoformat()}
    holds = await alerting.call("POST", "/silences", json=draft)
    row = {"kind": "silence", "under": "", "start": 0, "weekly": False, "zone": "UTC", "reason": "", "by": "Eve"}
    row |= {"end": 2**62, "created_at": alerting.begin + 10**12, "ended_at": alerting.begin + 10**12, "ended_by": "Eve"}
    async with open_database(alerting.settings.database_url) as database, database.write() as session:
        await session.execute(insert(SilenceRow), [row | {"id": f"e{number}"} for number in range(2 * MOST + 5)])
    listed = (await alerting.call("GET", "/silences"))["items"]
    assert [one["id"] for one in listed] == [holds["id"]]
    assert len((await alerting.call("GET", "/silences", params={"over": True}))["items"]) == MOST + 1
