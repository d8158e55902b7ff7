"""One live client, by WebSocket or by event stream: what it wants, and its frames.

A slow one slows nobody and holds no memory: what it has not been sent waits in its outbox, and a frame that it does not
take ends it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, TypeAlias

from andon.common import metrics
from andon.common.plant import is_below
from andon.common.reading import NS_PER_MS
from andon.query.live.audience import Listener
from andon.query.live.guest import TRY_LATER, GoodbyeError, Guest
from andon.query.live.hall import Hall
from andon.query.live.messages import MAX_HZ, USUAL_HZ, Subscribe, Unsubscribe
from andon.query.live.outbox import Item, Outbox
from andon.query.live.past import Told

Frame: TypeAlias = dict[str, Any]

SEND_SECONDS = 10.0
FRAME_SAMPLES = 5_000
"""Samples in one frame: well below the 1 MiB at which many clients refuse a frame."""
MAX_COMPLAINTS = 10


class Client:
    """`write` sends one frame, and returns once the connection has taken it. `guest` is whose it is."""

    def __init__(self, hall: Hall, write: Callable[[Frame], Awaitable[None]]) -> None:
        self._hall = hall
        self._write = write
        self._interval = 1.0
        self._since: int | None = None
        self._told = Told()
        self._subscriptions = 0
        self._hurry = asyncio.Event()
        self._outbox = Outbox()
        self._listener = Listener(scope="", outbox=self._outbox)
        self.guest = Guest(hall, self._listener)

    def subscribe(self, message: Subscribe) -> str:
        """First the newest of all that is subscribed now, then what comes. What is wrong with the names, or ''."""
        if message.add:
            if message.since is not None:
                return "'since' goes with a new subscription, not with 'add'; GET /api/query/v1/series has the history"
            if why := self._listener.interest.add(message.under, self._hall.plant):
                return why
        else:
            self._begin_anew(message)
        if message.max_hz is not None or not message.add:
            self._interval = 1 / min(message.max_hz or USUAL_HZ, MAX_HZ)
        if message.every is not None:
            self._outbox.every = message.every
        return self._place(message.under)

    def _begin_anew(self, message: Subscribe) -> None:
        self._hall.audience.remove(self._listener)
        self._outbox.clear()
        self._outbox.every = False
        self._listener.interest.replace(message.under)
        self._since = message.since
        self._subscriptions += 1

    def unsubscribe(self, message: Unsubscribe) -> str:
        """Hear no more of these. What is wrong with the names, or ''."""
        return self._listener.interest.remove(message.under, self._hall.plant) or self._place([])

    def _place(self, names: list[str]) -> str:
        why = self._hall.audience.place(self._listener)
        wrong = [why[name] for name in dict.fromkeys(names) if name in why]
        self._outbox.news.set()  # also where there is none: a frame answers
        self._hurry.set()
        more = len(wrong) - MAX_COMPLAINTS
        return "; ".join(wrong[:MAX_COMPLAINTS]) + (f"; and {more} more" if more > 0 else "")

    async def send(self) -> None:
        """A frame when there is news, and then none for `1 / max_hz` seconds, or until another subscription; for ever.

        Raises:
            GoodbyeError: the client takes nothing more.
        """
        while True:
            await self._outbox.news.wait()
            self._hurry.clear()
            if await self._resume():
                await self._send_news()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._interval):
                    await self._hurry.wait()

    async def _resume(self) -> bool:
        """Send what happened since the time asked for; whether what is subscribed is still the same."""
        if self._since is None:
            return True
        subscription = self._subscriptions
        past = await self._hall.resume.past(self._since, self._listener, self.guest.person)
        if subscription != self._subscriptions:
            return False
        self._since = None
        self._told.remember(past.items)
        if past.gap:
            await self._send_samples(past.items, gap=past.gap)
        elif past.items:
            await self._send_samples(past.items)
        return subscription == self._subscriptions

    async def _send_news(self) -> None:
        parcel = self._outbox.take(self._hall.table)
        metrics.LIVE_CONFLATED.inc(parcel.conflated)
        metrics.LIVE_LOST.inc(parcel.lost)
        items = self._told.news(parcel.items)
        if parcel.lost:
            await self._send_samples(items, lost=parcel.lost)
        elif items or not parcel.items:
            await self._send_samples(items)

    async def _send_samples(self, items: list[Item], **more: Any) -> None:
        """Frames; `more` goes with the first."""
        rows = self._rows(items)
        for first in range(0, max(len(rows), 1), FRAME_SAMPLES):
            await self.write({"samples": rows[first : first + FRAME_SAMPLES], **more})
            more = {}
        metrics.LIVE_SENT.inc(len(rows))

    def _rows(self, items: list[Item]) -> list[tuple[Any, ...]]:
        rows = []
        for machine, key, (time, value, quality) in items:
            asset = self._hall.plant.find(machine)
            if asset is not None and is_below(asset.path, self._listener.scope):  # removed or moved a moment ago
                rows.append((f"{asset.path}/{key}", time // NS_PER_MS, value, quality))
        return rows

    async def write(self, frame: Frame) -> None:
        """One frame.

        Raises:
            GoodbyeError: the client does not take it.
        """
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await self._write(frame)
        except TimeoutError:
            metrics.LIVE_CUT_OFF.labels("slow").inc()
            raise GoodbyeError(TRY_LATER, "The client takes nothing more") from None
