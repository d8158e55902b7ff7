"""Outbox: notifications on their way out. Each was written with its transition, so none is lost with a process.

Every channel has a courier of its own, so one that hangs holds up nobody else. Within a channel the notifications of
one alarm keep their order; a failed one is tried again after 1 s, 2 s, 4 s ... 15 min, and given up after 24 h.

What was delivered is never sent again, a stop in good order sees through what is on its way. Only a process killed
between the receiver's answer and the note of it sends a copy, with the same key (`<alarm id>/<number>`, a mail's
Message-ID, a webhook's Idempotency-Key), by which the receiver can drop it.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from random import uniform
from time import monotonic, time_ns
from typing import Any, Protocol

from sqlalchemy import delete, exists, select
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import aliased

from andon.alerting.database import Database
from andon.alerting.tables import ChannelRow, NotificationRow
from andon.common import jobs, logs, metrics
from andon.common.errors import AndonError, InvalidError, UnavailableError
from andon.common.reading import NS_PER_S

log = logs.get("alerting.outbox")

FIRST_WAIT = 1.0
LONGEST_WAIT = 900.0
GIVE_UP_AFTER = 24 * 3600 * NS_PER_S
LOOK_SECONDS = 1.0
BATCH = 50
SEND_SECONDS = 60.0
GRACE_SECONDS = 3.0
"""How long a stop waits for messages on their way."""
KEPT = 90 * 24 * 3600 * NS_PER_S
"""Notifications that are done with are kept this long, to be looked up."""


class Sender(Protocol):
    """One kind of channel."""

    async def send(self, target: str, payload: Mapping[str, Any]) -> None:
        """Send one notification, or raise an AndonError that says why not."""


def wait_before(attempt: int) -> float:
    """Seconds to wait after `attempt` failed tries, with jitter so that channels do not knock in step."""
    return float(min(FIRST_WAIT * 2 ** min(attempt - 1, 20), LONGEST_WAIT) * uniform(0.8, 1.2))  # noqa: S311 - not a secret


class Outbox:
    """Delivers what waits. Run `deliver` as a task; `wake` it when something was written."""

    def __init__(self, database: Database, senders: Mapping[str, Sender]) -> None:
        self._database = database
        self._senders = senders
        self._couriers: dict[str, asyncio.Task[None]] = {}
        self._woken = asyncio.Event()
        self._ending = False
        self._forget_at = 0.0
        self._blind = False

    def wake(self) -> None:
        """Look now."""
        self._woken.set()

    async def deliver(self) -> None:
        """Deliver for ever."""
        try:
            while True:
                self._woken.clear()
                await self._look()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._woken.wait(), LOOK_SECONDS)
        finally:
            self._ending = True
            couriers = list(self._couriers.values())
            if couriers:
                await asyncio.wait(couriers, timeout=GRACE_SECONDS)
            await jobs.end(*couriers)

    async def _look(self) -> None:
        try:
            await self._forget()
            await self._dispatch()
        except (OperationalError, InterfaceError) as error:
            if not self._blind:
                log.warning("the outbox cannot be read; trying again until it can", error=str(error.orig))
            self._blind = True
            return
        if self._blind:
            log.info("the outbox can be read again")
        self._blind = False

    async def _forget(self) -> None:
        """Once an hour: drop what was done with long ago."""
        if monotonic() < self._forget_at:
            return
        old = NotificationRow.created_at < time_ns() - KEPT
        async with self._database.write() as session:
            await session.execute(delete(NotificationRow).where(NotificationRow.state != "pending", old))
        self._forget_at = monotonic() + 3600

    async def _dispatch(self) -> None:
        for name in [n for n, courier in self._couriers.items() if courier.done()]:
            self._couriers.pop(name).result()  # a courier never fails; should it, this job must not hide it
        query = select(NotificationRow.channel).where(*_due()).distinct()
        async with self._database.read() as session:
            channels = (await session.scalars(query)).all()
        for channel in channels:
            if channel not in self._couriers:
                self._couriers[channel] = asyncio.create_task(self._carry(channel), name=f"courier {channel}")

    async def _carry(self, channel: str) -> None:
        """Send what is due on one channel."""
        query = select(NotificationRow).where(NotificationRow.channel == channel, *_due())
        try:
            async with self._database.read() as session:
                rows = (await session.scalars(query.order_by(NotificationRow.id).limit(BATCH))).all()
            for row in rows:
                if not self._ending:
                    await self._write_down(row, await self._try(row))
            self.wake()
        except (OperationalError, InterfaceError) as error:
            log.debug("the outbox cannot be read", channel=channel, error=str(error.orig))  # `_look` tells of it

    async def _write_down(self, row: NotificationRow, wrong: str) -> None:
        """Note the outcome until it is written: what is not known to be sent would be sent again."""
        while True:
            try:
                return await self._note(row, wrong)
            except (OperationalError, InterfaceError) as error:
                log.warning("a delivery is not written down; trying again", channel=row.channel, error=str(error.orig))
                await asyncio.sleep(LOOK_SECONDS)

    async def _try(self, row: NotificationRow) -> str:
        """Send one; what went wrong, '' when it arrived."""
        async with self._database.read() as session:
            channel = await session.scalar(select(ChannelRow).where(ChannelRow.name == row.channel))
        if channel is None:
            return f"There is no channel '{row.channel}' any more"
        try:
            await send(self._senders, channel.kind, channel.target, row.payload)
        except AndonError as error:
            return str(error)
        except Exception as error:  # a fault in one message must not stop the others
            log.exception("a notification cannot be made", channel=row.channel, key=row.payload["key"])
            return f"{type(error).__name__}: {error}"
        return ""

    async def _note(self, row: NotificationRow, wrong: str) -> None:
        now = time_ns()
        async with self._database.write() as session:
            kept = await session.get_one(NotificationRow, row.id)
            kept.attempts += 1
            kept.error = wrong[:500] or None
            if not wrong:
                kept.state, kept.sent_at = "sent", now
            elif now - kept.created_at >= GIVE_UP_AFTER:
                kept.state = "failed"
            else:
                kept.next_at = now + round(wait_before(kept.attempts) * NS_PER_S)
            outcome = "retry" if kept.state == "pending" else kept.state
        metrics.NOTIFICATIONS.labels(row.channel, outcome).inc()
        if wrong:
            log.warning("a notification was not delivered", channel=row.channel, key=row.payload["key"], error=wrong)


async def send(senders: Mapping[str, Sender], kind: str, target: str, payload: Mapping[str, Any]) -> None:
    """Send on a channel of any kind.

    Raises:
        InvalidError: the kind is unknown here, or the sender refuses the target.
        UnavailableError: it did not arrive; try again.
    """
    sender = senders.get(kind)
    if sender is None:
        raise InvalidError(f"'{kind}' is no kind of channel here; use {' or '.join(senders)}")
    try:
        async with asyncio.timeout(SEND_SECONDS):
            await sender.send(target, payload)
    except TimeoutError:
        raise UnavailableError(f"Sending took longer than {SEND_SECONDS:.0f} s and was given up") from None


def _due() -> tuple[Any, ...]:
    """Pending, due, and no earlier notification of the same alarm still waits on the same channel."""
    earlier = aliased(NotificationRow)
    blocked = exists().where(
        earlier.state == "pending",
        earlier.channel == NotificationRow.channel,
        earlier.alarm_id == NotificationRow.alarm_id,
        earlier.id < NotificationRow.id,
    )
    return NotificationRow.state == "pending", NotificationRow.next_at <= time_ns(), ~blocked
