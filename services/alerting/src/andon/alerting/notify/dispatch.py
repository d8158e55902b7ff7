"""Dispatch: from what is to be told to messages in the outbox; escalations go on, silences and quiet hours end.

Everything here is done by the one instance that `holds` the lease. Should two think so for a moment, the database
refuses the second copy of a message, and its transaction with it.
"""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from time import time_ns
from typing import Any

from sqlalchemy import delete, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from andon.alerting.alarm.state import HIDDEN
from andon.alerting.database import GONE, Database
from andon.alerting.notify import release, routing
from andon.alerting.notify.book import Book, read_book, read_silences
from andon.alerting.notify.names import present
from andon.alerting.notify.routing import Escalation, Message, Routed
from andon.alerting.notify.told import told_before
from andon.alerting.notify.words import calls, text_of, written
from andon.alerting.tables import AlarmRow, EscalationRow, IntentRow, NotificationRow
from andon.common import logs, metrics
from andon.common.plant import Plant
from andon.common.sql import said

log = logs.get("alerting.dispatch")

LOOK_SECONDS = 1.0
BATCH = 200
"""Transitions that are routed in one transaction; the evaluation writes between two of them."""
MAX_WAITING = 10_000
"""Most messages that may wait on one channel; more are failed at once, and so to be seen."""


class Dispatch:
    """Routes what waits. Run `run` as a task; `wake` it when something was written. woken: called with new messages."""

    def __init__(self, database: Database, plant: Callable[[], Plant], woken: Callable[[], None]) -> None:
        self._database = database
        self._plant = plant
        self._outbox = woken
        self._woken = asyncio.Event()
        self._silencing: frozenset[str] | None = None
        self._blind = False

    def wake(self) -> None:
        """Look now."""
        self._woken.set()

    async def run(self, holds: Callable[[], bool]) -> None:
        """Route for ever, while `holds` says so."""
        while True:
            self._woken.clear()
            if holds():
                await self._look()
            else:
                self._silencing = None
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), LOOK_SECONDS)

    async def look(self) -> None:
        """Route all that waits, call whom escalations call, and release what was held back."""
        while await self._route():
            self._outbox()
        while await self._escalate():
            self._outbox()
        if await self._release():
            self._outbox()

    async def _look(self) -> None:
        try:
            await self.look()
        except IntegrityError as error:
            log.info("another instance tells already", error=said(error))
            return
        except GONE as error:
            if not self._blind:
                log.warning("what is to be told cannot be read; trying again until it can", error=said(error))
            self._blind = True
            return
        if self._blind:
            log.info("what is to be told can be read again")
        self._blind = False

    async def _route(self) -> bool:
        """One batch of transitions; whether there may be more."""
        oldest = select(IntentRow).order_by(IntentRow.id).limit(BATCH)
        async with self._database.read() as session:
            if await session.scalar(select(IntentRow.id).limit(1)) is None:
                return False
        async with self._database.write() as session:
            intents = (await session.scalars(oldest)).all()
            now = time_ns()
            writer = await _writer(session, now, self._plant())
            told = await told_before(session, [i.alarm_id for i in intents if not calls(i.payload)])
            seen_to = await _seen_to(session, [i.alarm_id for i in intents])
            for intent in intents:
                payload = intent.payload
                if calls(payload) and intent.alarm_id in seen_to:
                    writer.ends(intent.alarm_id)
                elif calls(payload):
                    routed = routing.call(
                        present(payload, writer.plant), intent.channels, intent.policy, writer.book, now
                    )
                    told.note(intent.alarm_id, writer.write(routed.messages, payload, intent.at))
                    writer.goes_on(intent.alarm_id, intent.number, intent.event, intent.at, payload, routed)
                else:
                    messages = routing.news(told.of(intent.alarm_id, intent.number), writer.book, now)
                    told.note(intent.alarm_id, writer.write(messages, payload, intent.at))
                    if not payload["alarm"]["active"] and payload["transition"]["to"] != "latched":
                        writer.ends(intent.alarm_id)
            await writer.finish()
            await session.execute(delete(IntentRow).where(IntentRow.id.in_([i.id for i in intents])))
        return len(intents) == BATCH

    async def _escalate(self) -> bool:
        """One batch of escalations that are due; whether there may be more."""
        due = select(EscalationRow).where(EscalationRow.due <= time_ns()).order_by(EscalationRow.due).limit(BATCH)
        async with self._database.read() as session:
            if not (await session.scalars(due.limit(1))).all():
                return False
        async with self._database.write() as session:
            rows = (await session.scalars(due)).all()
            alarms = await _asking(session, [row.alarm_id for row in rows])
            now = time_ns()
            writer = await _writer(session, now, self._plant())
            for row in rows:
                if row.alarm_id not in alarms:
                    writer.ends(row.alarm_id)
                    continue
                step = Escalation(row.policy, row.step, row.repeat, row.began, row.due, row.held)
                routed = routing.go_on(present(row.payload, writer.plant), step, writer.book, now)
                writer.write(routed.messages, row.payload, row.at)
                writer.goes_on(row.alarm_id, row.number, row.event, row.at, row.payload, routed)
            await writer.finish()
        return len(rows) == BATCH

    async def _release(self) -> bool:
        """Let go what silences and quiet hours that are over have held back; whether that was anything."""
        now = time_ns()
        async with self._database.read() as session:
            silences = await read_silences(session, now, self._plant())
            quiet = await release.quiet_is_over(session, now)
        silencing = frozenset(one.id for one in silences if one.ends(now) is not None)
        found = 0
        if quiet:
            found += await release.after_quiet_hours(self._database, now)
        if self._silencing is None or self._silencing - silencing:
            found += await release.after_silence(self._database, now, self._plant())
        self._silencing = silencing
        return bool(found)


class _Writer:
    """What one transaction writes."""

    def __init__(  # noqa: PLR0917 - one place makes it
        self,
        session: AsyncSession,
        now: int,
        plant: Plant,
        book: Book,
        waiting: dict[str, int],
        bundles: dict[Any, int],
    ) -> None:
        self.book, self.plant = book, plant
        self._session, self._now = session, now
        self._waiting, self._bundles = waiting, bundles
        self._escalations: dict[str, EscalationRow | None] = {}

    def write(self, messages: Iterable[Message], payload: dict[str, Any], at: int) -> list[NotificationRow]:
        """Messages as rows; those that are too many are failed."""
        content = payload | {"text": text_of(payload, self.plant)}
        rows = []
        for message in messages:
            row = written(message, content, at, self._now, self._next(message))
            waiting = self._waiting.get(row.channel, 0)
            if row.state == "pending" and waiting >= MAX_WAITING:
                row.state, row.error = (
                    "failed",
                    f"{waiting} messages wait on this channel; see why none of them arrives",
                )
                log.warning("a notification is dropped", channel=row.channel, key=content["key"], reason=row.error)
            elif row.state == "pending":
                self._waiting[row.channel] = waiting + 1
            else:
                metrics.NOTIFICATIONS.labels(row.channel, row.state).inc()
            self._session.add(row)
            rows.append(row)
        return rows

    def goes_on(  # noqa: PLR0917 - one line of a table
        self, alarm_id: str, number: int, event: str, at: int, payload: dict[str, Any], routed: Routed
    ) -> None:
        """Write down what comes next for an alarm."""
        after = routed.escalation
        if after is None:
            self.ends(alarm_id)
            return
        self._escalations[alarm_id] = EscalationRow(
            alarm_id=alarm_id,
            number=number,
            policy=after.policy,
            step=after.step,
            repeat=after.repeat,
            began=after.began,
            due=after.due,
            held=after.held,
            event=event,
            at=at,
            payload=payload,
        )

    def ends(self, alarm_id: str) -> None:
        """Nobody more is called for an alarm."""
        self._escalations[alarm_id] = None

    async def finish(self) -> None:
        """Write the escalations."""
        await self._session.flush()
        touched = list(self._escalations)
        if touched:
            self._session.expunge_all()
            await self._session.execute(delete(EscalationRow).where(EscalationRow.alarm_id.in_(touched)))
            self._session.add_all(row for row in self._escalations.values() if row is not None)
            await self._session.flush()

    def _next(self, message: Message) -> int:
        """When a message may go: a group that waits takes it along."""
        if not message.bundle or not message.wait:
            return self._now
        key = message.channel, message.bundle
        return self._bundles.setdefault(key, self._now + message.wait)


async def _writer(session: AsyncSession, now: int, plant: Plant) -> _Writer:
    pending = NotificationRow.state == "pending"
    by_channel = select(NotificationRow.channel, func.count()).where(pending).group_by(NotificationRow.channel)
    waiting = {row[0]: row[1] for row in await session.execute(by_channel)}
    groups = (
        select(NotificationRow.channel, NotificationRow.bundle, func.min(NotificationRow.next_at))
        .where(pending, NotificationRow.bundle != "", NotificationRow.next_at > now, NotificationRow.attempts == 0)
        .group_by(NotificationRow.channel, NotificationRow.bundle)
    )
    bundles = {(channel, bundle): at for channel, bundle, at in (await session.execute(groups)).all()}
    return _Writer(session, now, plant, await read_book(session, now, plant), waiting, bundles)


async def _seen_to(session: AsyncSession, alarm_ids: list[str]) -> set[str]:
    """Those of these alarms that were acknowledged or hidden before anybody could be called: nobody needs to be."""
    done = or_(AlarmRow.acknowledged, AlarmRow.state.in_(HIDDEN))
    return set(await session.scalars(select(AlarmRow.id).where(AlarmRow.id.in_(alarm_ids), done)))


async def _asking(session: AsyncSession, alarm_ids: list[str]) -> set[str]:
    """Those of these alarms that still ask for somebody."""
    query = select(AlarmRow.id).where(AlarmRow.id.in_(alarm_ids), release.asks())
    return set(await session.scalars(query))
