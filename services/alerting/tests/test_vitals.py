"""What must be well for a sign of life to be true: readings are judged in time, and notifications arrive somewhere."""

from time import time_ns
from typing import Any

import pytest

from andon.alerting.database import Database
from andon.alerting.notify.vitals import REMEMBERED_NS, TRIED_NS, behind, unheard
from andon.alerting.tables import NotificationRow
from andon.common.testing.waiting import eventually

NOW = time_ns()
LONG_AGO = NOW - TRIED_NS - 1


async def test_readings_that_wait_to_be_judged_are_seen_though_nobody_evaluates(alerting: Any) -> None:
    await alerting.publish((0, 20.0))
    await alerting.evaluated()
    assert await behind(alerting.bus, far=0.0) == ""
    await alerting.stop()
    await alerting.publish((1, 20.0))
    assert (await behind(alerting.bus, far=0.0)).startswith("readings wait 0 s to be judged")
    assert await behind(alerting.bus) == "", "a moment is not far"
    await alerting.start()
    await alerting.evaluated()

    async def judged() -> bool:
        return await behind(alerting.bus, far=0.0) == ""

    await eventually(judged)


async def test_where_nobody_has_ever_begun_nothing_is_late(stopped: Any) -> None:
    assert await behind(stopped.bus, far=0.0) == ""


def row(number: int, **fields: Any) -> NotificationRow:
    made = {"channel": "team", "asset": "a/b/c/d", "payload": {}, "attempts": 1, "created_at": LONG_AGO, "next_at": NOW}
    return NotificationRow(alarm_id=f"a{number}", number=1, **made | fields)


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ([], False),
        ([{"state": "pending"}], True),
        ([{"state": "pending", "created_at": NOW}], False),
        ([{"state": "pending", "attempts": 0}], False),
        ([{"state": "failed"}], True),
        ([{"state": "failed", "created_at": NOW - REMEMBERED_NS}], False),
        ([{"state": "failed", "attempts": 0}], False),
        ([{"state": "pending"}, {"state": "sent", "channel": "desk", "sent_at": NOW}], False),
        ([{"state": "pending"}, {"state": "sent", "channel": "desk", "sent_at": LONG_AGO - 1}], True),
        ([{"state": "superseded"}, {"state": "sent", "channel": "desk", "sent_at": NOW}], False),
    ],
)
async def test_notifications_that_arrive_nowhere_are_seen(
    database: Database, rows: list[dict[str, Any]], *, wrong: bool
) -> None:
    """One that arrives proves that notifications can be sent; one that waits for its turn proves nothing."""
    async with database.write() as session:
        session.add_all([row(number, **fields) for number, fields in enumerate(rows)])
    expected = "no notification has arrived for 300 s; 1 tried in vain" if wrong else ""
    assert await unheard(database, NOW) == expected
