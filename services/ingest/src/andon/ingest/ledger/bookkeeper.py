"""Bookkeeper: follows the stream and keeps the account of every machine on disk; one in an installation.

The account lies in the KV bucket `ledger`, and a batch is acknowledged once it is in an account there. So after a kill
it goes on right behind, and counts nothing twice.
"""

import asyncio
import zlib
from collections import Counter
from contextlib import aclosing, suppress
from time import monotonic, perf_counter, time_ns

import msgspec
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js.errors import APIError, KeyNotFoundError, NotFoundError

from andon.common import logs, subjects
from andon.common.bus import Bus
from andon.common.errors import UnavailableError
from andon.common.floor import floor
from andon.common.service import background
from andon.ingest.ledger.account import Account, InFlight
from andon.ingest.ledger.tally import Tallies

log = logs.get("ingest.ledger")

SAVE_SECONDS = 1.0
WINDOW = 8192
"""Batches counted and not yet in a saved account; many, for with twelve partitions they are small and many."""
AWAY = (NatsError, APIError, UnavailableError, TimeoutError)

MOST_BYTES = 900_000
"""Of a saved account; nats-server takes a megabyte."""
MOST_FORGOTTEN = 8
"""Times a quarter of all numbers is forgotten: gaps of all, and where all stand."""
SHARE = 50
"""Saving takes at most one part in so many of the time, however many machines there are."""
PATIENCE = 10.0
"""Seconds without saving after which something is wrong."""

_encode = msgspec.msgpack.Encoder().encode
_decoder = msgspec.msgpack.Decoder(Account)


def pack(account: Account) -> bytes:
    """An account as it is saved. Where it would be too large, which numbers are missing is forgotten, not how many.

    Those that take most room go first, starts as devices name them too: a device that counts wildly neither takes away
    the numbers of the others, nor keeps the account from being saved.
    """
    data = zlib.compress(_encode(account), 1)
    for _ in range(MOST_FORGOTTEN):
        if len(data) <= MOST_BYTES:
            break
        log.warning("too much in the numbers of devices to keep; how many numbers are missing stays known")
        numbers = [row.numbers for row in account.rows.values() if row.numbers is not None]
        numbers.sort(key=lambda one: len(_encode(one)), reverse=True)
        for one in numbers[: len(numbers) // 4 + 1]:
            one.forget()
        data = zlib.compress(_encode(account), 1)
    return data


def unpack(data: bytes) -> Account:
    """The account that was saved.

    Raises:
        ValueError: it cannot be read.
    """
    try:
        return _decoder.decode(zlib.decompress(data))
    except (zlib.error, msgspec.DecodeError) as error:
        raise ValueError(f"the account cannot be read: {error}") from error


async def read_account(bus: Bus) -> Account | None:
    """The account as it was last saved; None before the first.

    Raises:
        NatsError, APIError, UnavailableError, TimeoutError: the backbone does not answer.
        ValueError: it cannot be read.
    """
    try:
        entry = await (await bus.bucket(subjects.LEDGER_BUCKET)).get(subjects.ACCOUNT_KEY)
    except KeyNotFoundError:
        return None
    return unpack(entry.value or b"")


class Bookkeeper:
    """Run `keep` as a task. `opened` is set once `account` is the one that was saved last."""

    def __init__(self, bus: Bus, tallies: Tallies) -> None:
        self.opened = asyncio.Event()
        self._bus = bus
        self._tallies = tallies
        self._account = Account(since=time_ns())
        self._in_flight = InFlight()
        self._counted: list[Msg] = []
        self._epoch = 0
        self._dirty = False
        self._saved = monotonic()
        self._why = ""
        self._took = 0.0
        self._read_at, self._moved = 0, monotonic()

    @property
    def account(self) -> Account:
        """As it is now."""
        return self._account

    def check(self) -> str:
        """What is wrong, '' when all is well."""
        now = monotonic()
        if self._why and now - self._saved > PATIENCE:
            return f"cannot be saved: {self._why}"
        still = self.opened.is_set() and now - self._moved > PATIENCE
        return "reads nothing of what is in the stream" if still else ""

    async def keep(self) -> None:
        """Keep the account for ever."""
        await self._open()
        self._moved = monotonic()
        self.opened.set()
        async with background(("save the account", self._save_for_ever())):
            await self._follow()

    async def _open(self) -> None:
        while True:
            await self._bus.ready()
            try:
                found = await read_account(self._bus)
            except AWAY as error:
                log.debug("the account cannot be read; trying again", error=str(error))
                await asyncio.sleep(SAVE_SECONDS)
                continue
            except ValueError as error:
                log.error("the account cannot be read and begins anew", error=str(error))  # noqa: TRY400 - no fault here
                return
            if found is not None:
                self._account = found
                self._in_flight.put(found.at, found.in_flight())
            return

    async def _follow(self) -> None:
        while True:
            batches = self._bus.consume(
                subjects.TELEMETRY,
                subjects.LEDGER_DURABLE,
                filter_subject=subjects.TELEMETRY_ALL,
                max_ack_pending=WINDOW,
                in_order=True,
            )
            async with aclosing(batches):
                async for message in batches:
                    while self._epoch != self._bus.epoch:
                        await self._recognise()
                    if not await self._is_next(message.metadata.sequence.stream):
                        break  # it begins again behind the last saved one
                    self._take(message)

    async def _is_next(self, number: int) -> bool:
        """Whether the stream has no batch between the last counted one and this. What only did not come is not lost."""
        following = self._account.at + 1
        if following == 1 or number <= following:
            return True
        try:
            found = await self._bus.js.get_msg(subjects.TELEMETRY, following, subject=subjects.TELEMETRY_ALL, next=True)
        except AWAY as error:
            log.debug("whether batches are lost is not known yet; looking again", error=str(error))
            await asyncio.sleep(SAVE_SECONDS)
            return False
        return (found.seq or 0) >= number

    async def _recognise(self) -> None:
        """After each connection: whether the stream is still the same."""
        epoch = self._bus.epoch
        try:
            created = (await self._bus.js.stream_info(subjects.TELEMETRY)).created
        except AWAY:
            await asyncio.sleep(SAVE_SECONDS)
            return
        stream = created.isoformat() if created else ""
        if self._account.stream not in ("", stream):
            lost = self._account.begin_anew(stream, time_ns())
            self._in_flight, self._counted = InFlight(), []
            log.warning("the telemetry stream began anew; what it had and the store had not is lost", readings=lost)
        self._account.stream, self._epoch = stream, epoch

    def _take(self, message: Msg) -> None:
        number, kept_at = message.metadata.sequence.stream, message.metadata.timestamp.timestamp()
        if number <= self._account.at and 0 < self._account.kept_at < kept_at:
            lost = self._account.fall_back(number - 1, time_ns())
            log.warning("the telemetry stream has lost its end, as after a power cut", batches=lost)
        if number > self._account.at:
            self._account.kept_at = max(self._account.kept_at, kept_at)  # clocks of nodes differ
            readings: Counter[str] = Counter()
            try:
                readings = self._account.count(number, message.data, time_ns())
            except msgspec.DecodeError as error:
                log.warning("a batch cannot be counted", number=number, error=str(error))
            self._in_flight.put(number, readings)
            self._dirty = True
        message.data = b""  # counted: only its acknowledgement is still to be written
        self._counted.append(message)

    async def _save_for_ever(self) -> None:
        while True:
            await asyncio.sleep(max(SAVE_SECONDS, SHARE * self._took))
            try:
                self._hear()
                await self._look_ahead()
                with suppress(NotFoundError):  # the store has not been there yet
                    await self._settle()
                if self._dirty or self._counted:
                    await self._save()
                self._saved, self._why = monotonic(), ""
            except AWAY as error:
                if not self._why:
                    log.info("the account is not saved this time; trying again", error=str(error))
                self._why = str(error) or type(error).__name__

    def _hear(self) -> None:
        """Take over what the broker is said to have lost, so that it outlives who noticed."""
        told = {tally.instance: (tally.broker_lost, tally.broker_detail) for tally in self._tallies.now()}
        if told and self._account.hear(told, time_ns()):
            self._dirty = True

    async def _look_ahead(self) -> None:
        """Notice when nothing is read though there is something: nothing would be trimmed any more."""
        at, now = self._account.at, monotonic()
        last = (await self._bus.js.stream_info(subjects.TELEMETRY)).state.last_seq
        if at != self._read_at or last <= at:
            self._read_at, self._moved = at, now

    async def _settle(self) -> None:
        last = self._account.at
        durables = subjects.store_durables(self._bus.settings.partitions)
        settled = min([await floor(self._bus, durable, last) for durable in durables])
        readings = self._in_flight.take(settled)
        if readings:
            self._account.settle(readings)
            self._dirty = True

    async def _save(self) -> None:
        counted, self._counted, self._dirty = self._counted, [], False
        begun = perf_counter()
        data = pack(self._account)
        self._took = perf_counter() - begun
        try:
            bucket = await self._bus.bucket(subjects.LEDGER_BUCKET)
            await bucket.put(subjects.ACCOUNT_KEY, data)
        except AWAY:
            self._counted, self._dirty = counted + self._counted, True
            raise
        for message in counted:
            await message.ack()
