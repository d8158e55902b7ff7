"""Warm-up: what was judged before this start, as far as it is nowhere written: how new each sensor's samples were."""

from contextlib import suppress
from time import time_ns

import msgspec
from nats.errors import Error as NatsError
from nats.js.errors import Error as JetStreamError
from nats.js.errors import NotFoundError

from andon.alerting.evaluate.judge import Judge
from andon.common import logs, subjects
from andon.common.bus import Bus
from andon.common.wire import decode_batch

log = logs.get("alerting.warmup")

BATCHES, BYTES = 256, 16 * 2**20
"""Before the acknowledged batch, whichever is reached first."""


class Begin(msgspec.Struct):
    """Where the evaluation goes on. behind: batches that wait; until: when what was judged had arrived (UTC ns)."""

    behind: int = 1
    until: int = 0


async def read(bus: Bus, partition: int, judge: Judge) -> Begin:
    """Let the judge note how new the newest judged samples were, and whose clocks are slow."""
    begin, durable = Begin(until=time_ns()), subjects.evaluate_durable(partition, bus.settings.partitions)
    try:
        info = await bus.js.consumer_info(subjects.TELEMETRY, durable)
        begin.behind = (info.num_pending or 0) + (info.num_ack_pending or 0)
        newest = 0
        for data in reversed(await _last(bus, info.ack_floor.stream_seq if info.ack_floor else 0)):
            with suppress(msgspec.DecodeError, UnicodeDecodeError):
                batch = decode_batch(data)
                newest = max(newest, batch.arrived)
                if not batch.past:
                    judge.remember(batch)
        if begin.behind and newest:
            begin.until = newest
    except (NatsError, JetStreamError, TimeoutError) as error:
        log.info("no batches before this start to look at", reason=str(error))
    return begin


async def _last(bus: Bus, number: int) -> list[bytes]:
    """The last batches up to a number, newest first."""
    found, room = list[bytes](), BYTES
    for one in range(number, max(0, number - BATCHES), -1):
        try:
            found.append((await bus.js.get_msg(subjects.TELEMETRY, one, direct=True)).data or b"")
        except NotFoundError:
            continue
        except (NatsError, JetStreamError, TimeoutError) as error:
            log.info("not all batches before this start can be looked at", reason=str(error))
            break
        room -= len(found[-1])
        if room < 0:
            break
    return found


async def acknowledged(bus: Bus, durable: str) -> int:
    """How many messages of a durable are acknowledged, all before them, too; 0 where there is none yet."""
    try:
        floor = (await bus.js.consumer_info(subjects.TELEMETRY, durable)).ack_floor
    except (NatsError, JetStreamError, TimeoutError):
        return 0
    return floor.consumer_seq if floor else 0
