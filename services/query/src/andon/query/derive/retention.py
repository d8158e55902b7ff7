"""Retention: what `Keeper` enforces, at the start and every hour, and what it must not forget meanwhile."""

import asyncio

import msgspec
from nats.js.errors import KeyNotFoundError

from andon.common import logs, subjects
from andon.common.bus import Bus
from andon.query.derive.patience import AWAY
from andon.query.tiers.coverage import UNREADABLE, decode_gone
from andon.query.tiers.keeping import Keeper

log = logs.get("derive.retention")

AGAIN_SECONDS = 3600.0
"""Between two looks at what the databases keep: somebody may have changed it by hand."""
SOON_SECONDS = 10.0
"""Before the next look where a neighbour did not answer, or something is to be rolled up first."""


async def keep_retention(keeper: Keeper, bus: Bus) -> None:
    """Enforce at once and every hour, for ever. A missing neighbour is said once.

    Before when values may be gone lies in the bucket: who lets a tier be kept longer does not bring them back, and a
    window that was made of all of them must not be made again of those that are left.
    """
    said = False
    while True:
        try:
            await bus.ready()
            await once(keeper, bus)
        except AWAY as error:
            if not said:
                log.warning("retention cannot be enforced; trying again until it can", error=str(error))
            said = True
            await asyncio.sleep(SOON_SECONDS)
        else:
            said = False
            await asyncio.sleep(SOON_SECONDS if keeper.waiting else AGAIN_SECONDS)


async def once(keeper: Keeper, bus: Bus) -> None:
    """Enforce, and remember what may be gone.

    Raises:
        NatsError, APIError, UnavailableError, TimeoutError: a neighbour does not answer.
    """
    bucket = await bus.bucket(subjects.DERIVE_BUCKET)
    for name, gone in (await _remembered(bus)).items():
        keeper.gone[name] = max(gone, keeper.gone.get(name, 0))
    await keeper.enforce()
    await bucket.put(subjects.GONE_KEY, msgspec.json.encode(keeper.gone))


async def _remembered(bus: Bus) -> dict[str, int]:
    bucket = await bus.bucket(subjects.DERIVE_BUCKET)
    try:
        return decode_gone((await bucket.get(subjects.GONE_KEY)).value or b"{}")
    except KeyNotFoundError:
        return {}
    except UNREADABLE as error:
        log.warning("what may be gone cannot be read; it is told anew", key=subjects.GONE_KEY, error=str(error))
        return {}
