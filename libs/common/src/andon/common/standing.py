"""Standing: how full the streams of the backbone are, and how far behind each reader of the telemetry is."""

import msgspec
from nats.errors import Error as NatsError
from nats.js.errors import APIError

from andon.common import subjects
from andon.common.bus import Bus
from andon.common.errors import UnavailableError

STREAMS = (subjects.TELEMETRY, subjects.DEADLETTER, subjects.EVENTS, subjects.RAW)


class Stream(msgspec.Struct):
    """One stream. limit: bytes it may have, None without one; a full one takes nothing more."""

    name: str
    messages: int
    bytes: int
    limit: int | None


class Reader(msgspec.Struct):
    """One reader of TELEMETRY. waiting: batches it was not sent yet; unacknowledged: those it has not done with."""

    durable: str
    waiting: int
    unacknowledged: int


class Standing(msgspec.Struct):
    """What JetStream holds. used, limit: bytes of all streams together, on each server; None without a limit."""

    streams: list[Stream]
    readers: list[Reader]
    used: int
    limit: int | None


async def look(bus: Bus) -> Standing:
    """Look now: a handful of questions, whatever the load.

    Raises:
        UnavailableError: the backbone does not answer.
    """
    bus.require()
    try:
        return await _look(bus)
    except (NatsError, APIError, TimeoutError) as error:
        raise UnavailableError(f"NATS does not tell how it stands: {str(error) or type(error).__name__}") from error


async def _look(bus: Bus) -> Standing:
    account, known = await bus.js.account_info(), set(subjects.telemetry_durables(bus.settings.partitions))
    readers = await bus.js.consumers_info(subjects.TELEMETRY)
    streams = [info for info in await bus.js.streams_info() if info.config.name in STREAMS]
    most = account.limits.max_storage
    return Standing(
        streams=sorted(
            (Stream(s.config.name or "", s.state.messages, s.state.bytes, _limit(s.config.max_bytes)) for s in streams),
            key=lambda one: STREAMS.index(one.name),
        ),
        readers=sorted(
            (Reader(r.name, r.num_pending or 0, r.num_ack_pending or 0) for r in readers if r.name in known),
            key=lambda one: one.durable,
        ),
        used=account.storage,
        limit=_limit(most),
    )


def _limit(most: int | None) -> int | None:
    return most if most and most > 0 else None
