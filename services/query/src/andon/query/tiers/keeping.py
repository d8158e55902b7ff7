"""How long each tier is kept: what the settings wish, what the databases have, and making the two agree.

A wish that is not expressed leaves a database as it is; one that Andon makes keeps for ever.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from time import time_ns

from andon.common import logs
from andon.common.errors import SetupError
from andon.common.history.tier import RAW, Tier
from andon.common.influx import Influx
from andon.common.influx.retention import HOUR, written
from andon.common.times import ns_to_iso
from andon.query.settings import QuerySettings
from andon.query.tiers.tiers import HOURS, MINUTES

log = logs.get("retention")

AHEAD = HOUR
"""Values so near to their end may be gone before they are read."""


@dataclass(frozen=True)
class Wish:
    """How long a tier is to be kept, nanoseconds; 0: for ever; None: as its database has it."""

    tier: Tier
    keep: int | None


def wishes(settings: QuerySettings) -> list[Wish]:
    """What the settings say of each tier."""
    kept = (settings.retention_raw, settings.retention_1m, settings.retention_1h)
    return [Wish(tier, keep) for tier, keep in zip((RAW, MINUTES, HOURS), kept, strict=True)]


def whole_since(retention: int | None, now: int, gone: int = 0) -> int:
    """From which time on all values of a tier are still there, also for who reads them within the next hour.

    What lies before may be gone in part: no window may be made of it again. Everything is whole where values are kept
    for ever, or where there is no database yet.

    retention, now: nanoseconds. gone: before when values may be gone although they would be kept by now.
    """
    return max(gone, now - retention + AHEAD) if retention else gone


def gone_before(retention: int | None, now: int, gone: int = 0) -> int:
    """Before when values of a tier may be gone, for ever, now that it was kept no longer than this."""
    return max(gone, now - retention) if retention else gone


def shortens(has: int, keep: int) -> bool:
    """Whether values are deleted when a database that keeps so long is to keep so long."""
    return keep != 0 and (has == 0 or keep < has)


async def unheeded() -> None:
    """Nobody wants to know that a database is being made."""


@dataclass
class Keeper:
    """Makes databases keep what is wished. The rest is by the name of a tier, or of a database.

    has: how long each tier is really kept; None where it has no database yet.
    gone: before when values of each tier may be gone, though it may be kept longer by now.
    refused: what InfluxDB would not do, so that it is said once.
    made: tiers whose database was missing and had to be made.
    making: called before one is made; a process that is killed behind it could not tell that it was.
    owed: whether of what is older than a time (UTC nanoseconds) something is still to be rolled up: it is kept so long.
    waiting: tiers that are to be kept shorter once nothing is owed.
    enforced: set after the first time.
    """

    influx: Influx
    wishes: list[Wish]
    has: dict[str, int | None] = field(default_factory=dict)
    gone: dict[str, int] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    made: set[str] = field(default_factory=set)
    making: Callable[[], Awaitable[None]] = unheeded
    owed: Callable[[int], bool] = lambda _before: False
    waiting: set[str] = field(default_factory=set)
    enforced: asyncio.Event = field(default_factory=asyncio.Event)

    def whole_since(self, tier: Tier, now: int) -> int:
        """From which time on all values of a tier are there, as `whole_since` says, by what was found last."""
        return whole_since(self.has.get(tier.name), now, self.gone.get(tier.name, 0))

    async def enforce(self) -> None:
        """Make missing databases, and let each keep values as long as is wished. Repeating it changes nothing.

        Raises:
            NatsError, APIError, UnavailableError, TimeoutError: a neighbour does not answer, or refuses what it can do.
        """
        for wish in self.wishes:
            name, database = wish.tier.name, wish.tier.database(self.influx.settings.database)
            has = await self.influx.retention(database)
            if has is None:
                await self.making()
                self.made.add(name)
                await self.influx.ensure_database(database, keep=wish.keep or 0, few=wish.tier.few)
            elif wish.keep is not None and wish.keep != has and not self._waits(wish.tier, has, wish.keep):
                await self._change(wish.tier, database, has, wish.keep)
            self.has[name] = await self.influx.retention(database)
            for kept in (has, self.has[name]):
                self.gone[name] = gone_before(kept, time_ns(), self.gone.get(name, 0))
        self.enforced.set()

    def _waits(self, tier: Tier, has: int, keep: int) -> bool:
        """Whether a tier must not be kept shorter yet."""
        if tier is HOURS or not shortens(has, keep) or not self.owed(time_ns() - keep):
            self.waiting.discard(tier.name)
            return False
        if tier.name not in self.waiting:
            log.info("values are kept until they are rolled up", tier=tier.name, then_kept=lasting(keep))
        self.waiting.add(tier.name)
        return True

    async def _change(self, tier: Tier, database: str, has: int, keep: int) -> None:
        if database not in self.refused:
            _say(database, has, keep)
        try:
            await self.influx.keep(keep, database=database, few=tier.few)
        except SetupError as error:
            if self.refused.get(database) != str(error):
                log.warning("retention is not changed", database=database, error=str(error), hint=error.hint)
            self.refused[database] = str(error)
        else:
            self.refused.pop(database, None)


def _say(database: str, has: int, keep: int) -> None:
    """Before it happens."""
    words = {"database": database, "was_kept": lasting(has), "is_kept": lasting(keep)}
    if shortens(has, keep):
        log.warning("values will be deleted", older_than=ns_to_iso(time_ns() - keep), **words)
    else:
        log.info("values are kept longer", **words)


def lasting(keep: int) -> str:
    """A retention as people write it."""
    return written(keep) if keep else "for ever"
