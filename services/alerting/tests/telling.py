"""The machinery of notifications on a database, and a courier that keeps what it carries."""

import asyncio
from collections.abc import Mapping
from time import time_ns
from typing import Any

from sqlalchemy import select

from andon.alerting.channel import Channel
from andon.alerting.database import Database
from andon.alerting.evaluate.evaluation import MOST_TURNED
from andon.alerting.notify.dispatch import Dispatch
from andon.alerting.notify.intents import put
from andon.alerting.notify.links import Links
from andon.alerting.notify.outbox import Outbox
from andon.alerting.rules.draft import Rule
from andon.alerting.tables import (
    AlarmRow,
    ChannelRow,
    NotificationRow,
    PolicyRow,
    TransitionRow,
)
from andon.common.plant import Plant

MINUTE = 60 * 10**9
RULE = {"id": "r1", "name": "Gearbox hot", "scope": {"sensor": "temperature"}, "condition": {"above": 80}}
LINKS = Links("http://andon.test", "k" * 48)


class Receiver:
    """A courier that keeps what it carries; `error` is raised instead for a channel, `hold` keeps answers back."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, dict[str, Any]]] = []
        self.error: dict[str, Exception] = {}
        self.go_on = asyncio.Event()
        self.go_on.set()

    async def send(self, channel: Channel, payload: Mapping[str, Any]) -> None:
        if channel.name in self.error:
            raise self.error[channel.name]
        self.sent.append((channel.name, dict(payload)))
        await self.go_on.wait()

    def keys(self, channel: str) -> list[str]:
        return [payload["key"] for name, payload in self.sent if name == channel]


class Telling:
    """All of the notifications' machinery on a database, without the rules."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.receiver = Receiver()
        self.dispatch = Dispatch(database, Plant, lambda: None)
        self.tasks: list[asyncio.Task[None]] = []
        self.number = 0

    def deliver(self, *, holds: bool = True) -> Outbox:
        made = Outbox(self.database, {"email": self.receiver}, LINKS)
        self.tasks.append(asyncio.create_task(made.deliver(lambda: holds)))
        return made

    async def channel(self, name: str, fallback: str | None = None) -> None:
        async with self.database.write() as session:
            row = ChannelRow(id=f"id-{name}", name=name, kind="email", target="team@example.com", fallback=fallback)
            session.add(row)

    async def policy(self, **draft: Any) -> None:
        async with self.database.write() as session:
            session.add(PolicyRow(id="p", name="p", draft={"name": "p"} | draft))

    async def happen(
        self,
        *alarms: str,
        event: str = "raised",
        state: str = "unacknowledged",
        rule: Mapping[str, Any] | None = None,
        **fields: Any,
    ) -> None:
        """One transaction in which this happens to some alarms."""
        self.number += 1
        made = Rule.model_validate(RULE | {"channels": ["team"]} | dict(rule or {}))
        late, came_to = fields.pop("late", False), fields.pop("came_to", None)
        async with self.database.write() as session:
            known = {row.id: row for row in await session.scalars(select(AlarmRow).where(AlarmRow.id.in_(alarms)))}
            for alarm_id in alarms:
                row = known.get(alarm_id) or alarm_row(alarm_id)
                session.add(row)
                before, row.state, row.number = row.state, state, self.number
                row.active = state in ("unacknowledged", "acknowledged")
                row.acknowledged = state == "acknowledged"
                for name, value in fields.items():
                    setattr(row, name, value)
                turn = TransitionRow(alarm_id=alarm_id, number=self.number, from_state=before, to_state=state)
                turn.event, turn.severity, turn.at, turn.late = event, row.severity, time_ns(), late
                turn.value = came_to
                session.add(turn)
                await put(session, row, turn, made)
        await self.dispatch.look()

    async def flood(self, *alarms: str, **fields: Any) -> None:
        """This happens to many alarms, in transactions as large as the evaluation's."""
        for start in range(0, len(alarms), MOST_TURNED):
            await self.happen(*alarms[start : start + MOST_TURNED], **fields)

    async def rows(self, **where: Any) -> list[NotificationRow]:
        query = select(NotificationRow).filter_by(**where).order_by(NotificationRow.id)
        async with self.database.read() as session:
            return list(await session.scalars(query))

    async def states(self, **where: Any) -> list[str]:
        return [row.state for row in await self.rows(**where)]

    async def change(self, statement: Any) -> None:
        async with self.database.write() as session:
            await session.execute(statement)


def alarm_row(alarm_id: str) -> AlarmRow:
    line = f"berlin/painting/line-{int(alarm_id, 16) % 3 if alarm_id.isalnum() else 1}"
    row = AlarmRow(id=alarm_id, rule_id="r1", rule_name="Gearbox hot", asset_id=alarm_id, key="temperature")
    row.asset, row.asset_name, row.sensor = f"{line}/robot", "Robot", f"{line}/robot/temperature"
    row.unit, row.state, row.active, row.severity, row.rank = "Cel", "normal", True, "high", 3
    row.since, row.value, row.limit, row.message, row.number = time_ns(), 81.2, 80.0, "Hot", 0
    row.level, row.levels, row.group, row.advice = "", [""], "", {"action": "Cool it"}
    row.acknowledged = row.latched = row.suppressed = row.gated = row.out_of_service = row.late = row.first_out = False
    return row
