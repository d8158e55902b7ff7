"""Lease: of several instances one alone does something, and another takes over when it is gone.

It lies in a KV bucket of NATS and is renewed every 1.5 seconds. Who waits for it takes it once it has not changed for
six seconds by the waiter's own clock, so no clocks are compared; a holder takes it for its own for five from each
renewal on. Every change is made on the revision that was seen last, so of two who take it at once one does. One that
stood still and woke up too late finds that it is not held any more before it writes (`require`), and then that another
has it.
"""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, suppress
from secrets import token_hex
from time import monotonic

import msgspec
from nats.errors import Error as NatsError
from nats.js.errors import APIError, KeyWrongLastSequenceError
from nats.js.kv import KeyValue

from andon.common import logs, subjects
from andon.common.buckets import last_of
from andon.common.bus import Bus
from andon.common.errors import UnavailableError

log = logs.get("lease")

RENEW_SECONDS = 1.5
ENDS_SECONDS = 6.0
"""Unchanged for so long it is free."""
HELD_SECONDS = 5.0
"""For so long from a renewal on a holder may do what only the holder may; shorter, for the two do not look at once."""
_AWAY = (NatsError, APIError, UnavailableError, TimeoutError)


class LostError(UnavailableError):
    """It is not ours just now: NATS was away for too long, or another instance has it."""


class Holding(msgspec.Struct):
    """What lies in the bucket: which instance has it, and which process of that; nobody where `holder` is ''."""

    holder: str
    process: str


_encode = msgspec.json.encode
_decoder = msgspec.json.Decoder(Holding)


class Lease:
    """One thing that one instance at a time does. Run `keep` as a task; `release` at the end.

    A process that comes under the name of the holder takes over at once: it is that one, started anew. `ours`: nobody
    else has taken it since we did; `held`: and it was renewed in time.
    """

    def __init__(self, bus: Bus, name: str, holder: str) -> None:
        self.name = name
        self.holder = holder
        self.ours = False
        self.ends = 0.0
        """Until when it is held at least, by the monotonic clock."""
        self._bus = bus
        self._process = token_hex(8)
        self._revision = 0
        self._seen = 0.0
        self._changed = asyncio.Event()

    @property
    def held(self) -> bool:
        """Whether we may do now what only the holder may."""
        return self.ours and monotonic() < self.ends

    def require(self) -> None:
        """To be called right before anything is written.

        Raises:
            LostError: it is not held.
        """
        if not self.held:
            raise LostError(f"'{self.name}' is not this instance's just now: NATS is away, or another has taken over")

    async def taken(self) -> None:
        """Wait until it is ours."""
        await self._until(ours=True)

    async def lost(self) -> None:
        """Wait until another has it."""
        await self._until(ours=False)

    async def _until(self, *, ours: bool) -> None:
        while self.ours != ours:
            self._changed.clear()
            await self._changed.wait()

    async def keep(self) -> None:
        """Take it when it is free, and renew it, for ever. While NATS is away it is nobody's, and nobody takes it."""
        while True:
            await self._bus.ready()
            try:
                async with asyncio.timeout(HELD_SECONDS):
                    await self._round(await self._bus.js.key_value(subjects.LEASES_BUCKET))
            except _AWAY as error:
                log.debug("not renewed this time", lease=self.name, error=str(error))
                self._revision = 0  # what was not looked at may have been renewed
            await asyncio.sleep(RENEW_SECONDS if self.ours else RENEW_SECONDS / 2)

    async def release(self) -> None:
        """Give it back, so that others need not wait for its end."""
        if self.held:
            with suppress(*_AWAY):
                bucket = await self._bus.js.key_value(subjects.LEASES_BUCKET)
                await bucket.update(self.name, _encode(Holding("", "")), last=self._revision)
        self._set(ours=False)

    async def _round(self, bucket: KeyValue) -> None:
        if self.ours and self._revision:
            with suppress(KeyWrongLastSequenceError):
                await self._write(bucket, self._revision)
                return
        found, revision = await self._read(bucket)
        if found is not None and found.process == self._process:
            await self._write(bucket, revision)  # ours: what was not acknowledged had come in
            return
        if self.ours and found is not None:  # another has it, or had it meanwhile and gave it back
            self._give_way(found)
        if revision != self._revision:
            self._revision, self._seen = revision, monotonic()
        if found is None or found.holder in ("", self.holder) or monotonic() > self._seen + ENDS_SECONDS:
            with suppress(KeyWrongLastSequenceError):  # somebody was first
                await self._write(bucket, revision)

    async def _read(self, bucket: KeyValue) -> tuple[Holding | None, int]:
        value, revision = await last_of(bucket, self.name)
        with suppress(msgspec.DecodeError):  # what cannot be read is nobody's
            return (None if value is None else _decoder.decode(value)), revision
        return None, revision

    async def _write(self, bucket: KeyValue, revision: int) -> None:
        asked = monotonic()
        self._revision = await bucket.update(self.name, _encode(Holding(self.holder, self._process)), last=revision)
        self.ends = asked + HELD_SECONDS
        self._set(ours=True)

    def _give_way(self, found: Holding) -> None:
        if found.holder == self.holder:  # somebody else goes by the same name: from now on we have one of our own
            self.holder = another_name(self.holder)
        self._set(ours=False)

    def _set(self, *, ours: bool) -> None:
        if ours != self.ours:
            log.info("lease", what=self.name, ours=ours, holder=self.holder)
        self.ours = ours
        self._changed.set()


def another_name(holder: str) -> str:
    """A name of its own for an instance whose name another goes by."""
    return f"{holder.partition('~')[0]}~{token_hex(4)}"


async def lead(lease: Lease, work: Callable[[], AbstractAsyncContextManager[None]]) -> None:
    """Be within `work()` whenever the lease is ours, for ever."""
    while True:
        await lease.taken()
        async with work():
            await lease.lost()
