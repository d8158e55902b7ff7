"""A database of an earlier Andon, with all that was left in it, is brought up to date and loses nothing."""

from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData, select

from andon.alerting.database import MIGRATIONS, open_database
from andon.alerting.rules.rulebook import to_rule
from andon.alerting.tables import AlarmRow, NotificationRow, PhaseRow, RuleRow, SilenceRow, TransitionRow
from andon.common.sql import open_engines

NOON = 1_795_000_000_000_000_000
STATES = {"a0": "normal", "a1": "unacknowledged", "a2": "acknowledged"}
RULE: dict[str, Any] = {
    "scope": {"sensor": "berlin/painting/line-1/robot-3/temperature"},
    "condition": {"above": 3},
    "deadband": 0.0,
    "on_delay": "0s",
    "off_delay": "5s",
    "severity": "high",
    "channels": ["team"],
}


def bring_to(connection: Connection, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def put(connection: Connection, table: str, *rows: dict[str, Any]) -> None:
    tables = MetaData()
    tables.reflect(connection, only=[table])
    connection.execute(tables.tables[table].insert(), list(rows))


def alarm(name: str, state: str) -> dict[str, Any]:
    where = {"asset_id": "m1", "key": "t", "asset": "berlin/painting/line-1/robot-3", "asset_name": "Robot 3"}
    facts = {"severity": "high", "rank": 2, "since": NOON, "value": 4.0, "limit": 3.0, "message": "Hot", "number": 1}
    told = {"state": state, "active": state != "normal", "acknowledged_by": "bo" if state == "acknowledged" else None}
    rule = {"rule_id": name.replace("a", "r"), "rule_name": name.replace("a", "Rule ")}
    return {"id": name, "sensor": f"{where['asset']}/t", "unit": "Cel"} | where | facts | told | rule


def fill_first(connection: Connection) -> None:
    """A database as the first Andon leaves it."""
    bring_to(connection, "0001")
    turn = {"number": 1, "from_state": "normal", "to_state": "unacknowledged", "at": NOON, "value": 4.0}
    sent = {"number": 1, "channel": "team", "asset": "berlin", "payload": {"key": "k"}, "state": "sent", "attempts": 1}
    put(connection, "channels", {"id": "c1", "name": "team", "kind": "email", "target": "team@example.com"})
    put(connection, "rules", *({"id": f"r{i}", "name": f"Rule {i}"} | RULE for i in range(3)))
    put(connection, "alarms", *(alarm(name, state) for name, state in STATES.items()))
    put(connection, "transitions", *({"alarm_id": name} | turn for name in STATES))
    phase = {"rule_id": "r1", "asset_id": "m1", "key": "t", "state": 2, "since": NOON, "last": NOON, "value": 4.0}
    put(connection, "phases", phase)
    put(connection, "outbox", *({"alarm_id": a, "created_at": NOON, "next_at": NOON} | sent for a in STATES))


def fill_later(connection: Connection) -> None:
    """The same with what the fourth knows besides."""
    fill_first(connection)
    bring_to(connection, "0004")
    connection.exec_driver_sql("UPDATE alarms SET parent = 'a2', suppressed = true WHERE id = 'a1'")
    known = {"kind": "silence", "under": "berlin", "zone": "UTC", "reason": "", "by": "bo", "created_at": NOON}
    when = {"start": NOON, "end": NOON + 1, "weekly": False}
    put(
        connection,
        "silences",
        *({"id": f"s{i}", "rule": r} | known | when for i, r in enumerate(["Rule 1", None, "-"])),
    )


@pytest.mark.parametrize("fill", [fill_first, fill_later])
async def test_what_an_earlier_andon_has_left_is_all_there(database_url: str, fill: Any) -> None:
    engines = open_engines(database_url, "")
    async with engines.migrating.begin() as connection:
        await connection.run_sync(fill)
    await engines.pool.dispose()
    async with open_database(database_url) as database:
        async with database.read() as session:
            rules = [to_rule(row) for row in await session.scalars(select(RuleRow).order_by(RuleRow.name))]
            assert [(rule.name, rule.off_delay, rule.channels) for rule in rules][1] == ("Rule 1", "5s", ["team"])
            alarms = {row.id: row for row in await session.scalars(select(AlarmRow))}
            assert {name: row.state for name, row in alarms.items()} == STATES
            assert [alarms[name].acknowledged for name in STATES] == [False, False, True]
            journals = (await session.scalars(select(TransitionRow))).all()
            assert {(row.alarm_id, row.event, row.severity) for row in journals} == {
                (a, "raised", "high") for a in STATES
            }
            assert [row.raises for row in await session.scalars(select(PhaseRow))] == [0]
            silences = {row.id: row.rule_id for row in await session.scalars(select(SilenceRow))}
            later = fill is fill_later
            assert silences == ({"s0": "r1", "s1": None, "s2": None} if later else {})
            assert alarms["a1"].parent_asset == (alarms["a2"].asset if later else None)
        async with database.write() as session:  # numbers go on after those that are there
            found = (await session.scalars(select(NotificationRow))).all()
            new = NotificationRow(alarm_id="a9", payload={}, created_at=NOON, next_at=NOON, at=NOON, number=1)
            new.channel, new.asset, new.event, new.state = "team", "", "called", "sent"
            session.add(new)
            await session.flush()
            assert (len(found), new.id > max(row.id for row in found)) == (3, True)
