"""Raws: the stream RAW, read from a time on in bounded pieces; and when a batch of TELEMETRY was stored.

Every method may raise UnavailableError: NATS does not answer, or there is no such stream.
"""

import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from time import time_ns
from typing import NamedTuple

from nats.aio.msg import Msg
from nats.errors import Error as NatsError

from andon.common import subjects
from andon.common.bus import Bus
from andon.common.errors import UnavailableError
from andon.common.reading import NS_PER_MS, NS_PER_S
from andon.common.times import datetime_to_ns, ns_to_iso
from andon.common.wire import Stored, decode_stored

PIECE = 32
PIECE_BYTES = 4 * 2**20
"""Messages and bytes asked for at once."""
ANSWER_SECONDS = 5.0
_GET = f"$JS.API.DIRECT.GET.{subjects.RAW}"


class Kept(NamedTuple):
    """One message of the stream: its number, the partition, and its bytes."""

    number: int
    partition: int
    data: bytes


@dataclass(frozen=True)
class Piece:
    """What lies in the stream in a row. `begin`: UTC nanoseconds at which the first of it came there."""

    begin: int
    kept: list[Kept]


class Raws:
    """Reads what was kept."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    async def since(self) -> int | None:
        """UTC nanoseconds at which the oldest message that is kept came; None when none is."""
        found = await self._get(subjects.RAW_RECEIVED, {"seq": 1}, 1)
        return _time(found[0]) if found else None

    async def pieces(self, subject: str, start: int) -> AsyncGenerator[Piece, None]:
        """All from a time on, in order."""
        wanted: dict[str, str | int] = {"start_time": ns_to_iso(start)}
        while found := await self._get(subject, wanted, PIECE):
            kept = list(map(_kept, found))
            yield Piece(_time(found[0]), kept)
            wanted = {"seq": kept[-1].number + 1}

    async def stored(self, partition: int, sequence: int, since: int) -> int | None:
        """UTC nanoseconds at which a batch published at `since` was in InfluxDB; None where that is not known.

        Mostly one of the next writes held it; where many waited before it, it is found by halving the time.
        """
        low, high = since - NS_PER_S, time_ns()
        following = await self._stored(partition, low, PIECE)
        if (at := _covering(following, sequence)) is not None or len(following) < PIECE:
            return at
        while high - low > NS_PER_MS:
            middle = (low + high) // 2
            found = await self._stored(partition, middle, 1)
            if (at := _covering(found, sequence)) is not None:
                return at
            low, high = (middle, high) if found and found[0].last < sequence else (low, middle)
        return _covering(await self._stored(partition, low, PIECE), sequence)

    async def _stored(self, partition: int, start: int, most: int) -> list[Stored]:
        found = await self._get(subjects.raw_stored(partition), {"start_time": ns_to_iso(start)}, most)
        return [decode_stored(message.data) for message in found]

    async def _get(self, subject: str, wanted: dict[str, str | int], most: int) -> list[Msg]:
        """Up to `most` messages from a number or time on: one request, and the server says when that is all."""
        nc, found = self._bus.nc, list[Msg]()
        try:
            sub = await nc.subscribe(inbox := nc.new_inbox())
            try:
                asked = {**wanted, "next_by_subj": subject, "batch": most, "max_bytes": PIECE_BYTES}
                await nc.publish(_GET, json.dumps(asked).encode(), reply=inbox)
                while True:
                    message = await sub.next_msg(timeout=ANSWER_SECONDS)
                    status = (message.headers or {}).get("Status")
                    if status in ("204", "404"):
                        return found
                    if status:
                        raise UnavailableError(f"Messages as they came cannot be read now: NATS answered {status}")
                    found.append(message)
            finally:
                with suppress(NatsError):
                    await sub.unsubscribe()
        except (NatsError, TimeoutError) as error:
            why = str(error) or type(error).__name__
            raise UnavailableError(f"Messages as they came cannot be read now: {why}") from error


def _covering(marks: Sequence[Stored], sequence: int) -> int | None:
    return next((mark.at for mark in marks if mark.first <= sequence <= mark.last), None)


def _kept(message: Msg) -> Kept:
    told = message.headers or {}
    return Kept(int(told["Nats-Sequence"]), subjects.partition_named(told["Nats-Subject"]), message.data)


def _time(message: Msg) -> int:
    return datetime_to_ns(datetime.fromisoformat((message.headers or {})["Nats-Time-Stamp"]))
