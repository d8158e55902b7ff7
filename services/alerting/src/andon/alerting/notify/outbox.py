"""Outbox: messages on their way out. Each was written before anybody tried to send it, so none is lost with a process.

Every channel is seen to by itself, so one that hangs holds up nobody else. Within a channel the messages about one
alarm keep their order; a failed one is tried again after 1 s, 2 s, 4 s ... 15 min, and given up after 24 h, or at once
where it is refused for good. A channel with a fallback is not waited for so long: after three tries, five minutes, or
a refusal for good the fallback is told.

What was delivered is never sent again, a stop in good order sees through what is on its way. Only a process killed
between the receiver's answer and the note of it sends a copy, with the same key (`<alarm id>/<number>`, a mail's
Message-ID, a webhook's Idempotency-Key), by which the receiver can drop it.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from secrets import token_hex
from time import monotonic, time_ns

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from andon.alerting.channel import Channel
from andon.alerting.couriers.courier import BusyError, Courier, send
from andon.alerting.database import GONE, Database
from andon.alerting.notify import claim as claims
from andon.alerting.notify.delivery import Outcome, note
from andon.alerting.notify.links import Links
from andon.alerting.tables import ChannelRow, NotificationRow
from andon.alerting.tables.outbox import UNDER_WAY
from andon.common import jobs, logs, metrics
from andon.common.errors import AndonError, InvalidError
from andon.common.reading import NS_PER_S
from andon.common.sql import said

log = logs.get("alerting.outbox")

LOOK_SECONDS = 1.0
COUNT_SECONDS = 10.0
RENEW_SECONDS = 6.0
"""How often a claim is renewed while its message is on its way."""
BATCH = 50
GRACE_SECONDS = 3.0
"""How long a stop waits for messages on their way."""
KEPT = 90 * 24 * 3600 * NS_PER_S
"""Messages that are done with are kept this long, to be looked up."""
STUCK_SECONDS = 30.0


class Outbox:
    """Delivers what waits. Run `deliver` as a task; `wake` it when something was written."""

    def __init__(self, database: Database, couriers: Mapping[str, Courier], links: Links) -> None:
        self._database = database
        self._couriers = couriers
        self._links = links
        self._owner = token_hex(8)
        self._rounds: dict[str, asyncio.Task[None]] = {}
        self._resting: dict[str, int] = {}
        self._woken = asyncio.Event()
        self._ending = False
        self._forget_at = self._count_at = 0.0
        self._blind = False
        self._looked_at = monotonic()

    def wake(self) -> None:
        """Look now."""
        self._woken.set()

    def check(self) -> str:
        """What is wrong, '' when all is well. A receiver that does not answer is not wrong here."""
        if self._blind:
            return "the outbox cannot be read"
        silent = monotonic() - self._looked_at
        return f"nobody has looked into the outbox for {silent:.0f} s" if silent > STUCK_SECONDS else ""

    async def deliver(self, holds: Callable[[], bool] = lambda: True) -> None:
        """Deliver for ever, while `holds` says so."""
        try:
            while True:
                self._woken.clear()
                if holds():
                    await self._look()
                else:
                    metrics.NOTIFY_WAITING.set(0)  # another instance delivers, and counts
                self._looked_at = monotonic()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._woken.wait(), LOOK_SECONDS)
        finally:
            self._ending = True
            rounds = list(self._rounds.values())
            if rounds:
                await asyncio.wait(rounds, timeout=GRACE_SECONDS)
            await jobs.end(*rounds)

    async def _look(self) -> None:
        try:
            await self._forget()
            async with self._database.read() as session:
                gone = await session.scalar(claims.abandoned(time_ns()))
            if gone is not None:
                async with self._database.write() as session:
                    await claims.take_over(session, time_ns())
            await self._start_rounds()
            await self._count()
        except GONE as error:
            if not self._blind:
                log.warning("the outbox cannot be read; trying again until it can", error=said(error))
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
        done = NotificationRow.state.not_in(UNDER_WAY)
        async with self._database.write() as session:
            await session.execute(delete(NotificationRow).where(done, old))
        self._forget_at = monotonic() + 3600

    async def _count(self) -> None:
        """Now and then: how many wait."""
        if monotonic() < self._count_at:
            return
        waiting = select(func.count()).where(NotificationRow.state.in_(UNDER_WAY))
        async with self._database.read() as session:
            metrics.NOTIFY_WAITING.set(await session.scalar(waiting) or 0)
        self._count_at = monotonic() + COUNT_SECONDS

    async def _start_rounds(self) -> None:
        for name in [n for n, task in self._rounds.items() if task.done()]:
            self._rounds.pop(name).result()  # a round never fails; should it, this job must not hide it
        now = time_ns()
        query = select(NotificationRow.channel).distinct()
        query = query.where(NotificationRow.state == "pending", NotificationRow.next_at <= now)
        async with self._database.read() as session:
            channels = (await session.scalars(query)).all()
        self._resting = {name: until for name, until in self._resting.items() if until > now}
        for channel in channels:
            if channel not in self._rounds and channel not in self._resting:
                self._rounds[channel] = asyncio.create_task(self._carry(channel), name=f"courier {channel}")

    async def _carry(self, name: str) -> None:
        """Send what is due on one channel, as far as its budget goes."""
        try:
            for _ in range(BATCH):
                if self._ending or not await self._carry_one(name):
                    return
            self.wake()
        except GONE as error:
            log.debug("the outbox cannot be read", channel=name, error=said(error))  # `_look` tells of it
        except IntegrityError as error:
            log.info("another instance makes a digest already", channel=name, error=said(error))

    async def _carry_one(self, name: str) -> bool:
        """Send the next message; whether another may follow now."""
        async with self._database.write() as session:
            found = await session.scalar(select(ChannelRow).where(ChannelRow.name == name))
            channel = _channel(found) if found else Channel(id=name[:8], name=name, kind="webhook", target="-")
            claim = await claims.claim(session, channel, self._owner, time_ns())
        if claim.row is None:
            self._resting[name] = claim.again_at  # the past, where nothing was due after all
            return False
        if found is None:
            outcome = Outcome(f"There is no channel '{name}' any more", for_good=True)
        else:
            outcome = await self._send(channel, claim.row)
        await self._write_down(channel, claim.row, outcome)
        return True

    async def _send(self, channel: Channel, row: NotificationRow) -> Outcome:
        """Send one, and hold its claim meanwhile."""
        sending = asyncio.ensure_future(self._try(channel, row))
        try:
            while True:
                done, _ = await asyncio.wait({sending}, timeout=RENEW_SECONDS)
                if done:
                    return sending.result()
                with suppress(*GONE):  # then the claim may run out: a copy, with the same key
                    async with self._database.write() as session:
                        await claims.renew(session, row.id, self._owner, time_ns())
        finally:
            await jobs.end(sending)

    async def _try(self, channel: Channel, row: NotificationRow) -> Outcome:
        payload = row.payload | {"links": self._links.of(row.payload, channel)}
        try:
            await send(self._couriers, channel, payload)
        except InvalidError as error:
            return Outcome(str(error), for_good=True)
        except BusyError as error:
            return Outcome(str(error), wait=error.seconds)
        except AndonError as error:
            return Outcome(str(error))
        except Exception as error:  # a fault in one message must not stop the others
            log.exception("a notification cannot be made", channel=row.channel, key=row.payload["key"])
            return Outcome(f"{type(error).__name__}: {error}")
        return Outcome()

    async def _write_down(self, channel: Channel, row: NotificationRow, outcome: Outcome) -> None:
        """Note the outcome until it is written: what is not known to be sent would be sent again."""
        while True:
            try:
                async with self._database.write() as session:
                    await note(session, channel, row, outcome, self._owner, time_ns())
            except GONE as error:
                log.warning("a delivery is not written down; trying again", channel=row.channel, error=said(error))
                await asyncio.sleep(LOOK_SECONDS)
            else:
                return self.wake()


def _channel(row: ChannelRow) -> Channel:
    return Channel.model_validate({name: getattr(row, name) for name in Channel.model_fields})
