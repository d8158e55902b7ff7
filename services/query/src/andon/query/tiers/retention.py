"""GET /retention: how long each tier is kept, what is wished, and from when to when there are values."""

import asyncio
from time import time_ns
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from andon.common.api import Caller
from andon.common.history.api import KnownHistory
from andon.common.influx import Version
from andon.common.times import ns_to_ms
from andon.query.branches import KnownBranches
from andon.query.tiers.extent import extent
from andon.query.tiers.keeping import Keeper, Wish, lasting

router = APIRouter()


class TierRetention(BaseModel):
    """How long one tier is kept. Durations are written as people write them: `90d`, `36h`, `for ever`."""

    tier: str = Field(description="`raw`: every sample; `1m`, `1h`: a row for each minute, each hour")
    database: str
    keep: str | None = Field(description="What the settings ask for; null where they leave it to the database")
    has: str | None = Field(description="What the database does; null while there is no database")
    enforced: bool = Field(description="The database does what is asked for")
    why_not: str = Field(description="Why it does not; '' where it does")
    oldest: int | None = Field(
        description="Epoch ms of the oldest value of your part of the plant; null: there is none"
    )
    newest: int | None = Field(description="Epoch ms of the newest")


class Retention(BaseModel):
    """The tiers, the finest first."""

    items: list[TierRetention]


def _keeper(request: Request) -> Keeper:
    keeper: Keeper = request.app.state.keeper
    return keeper


@router.get("/retention")
async def retention(
    caller: Caller, branches: KnownBranches, history: KnownHistory, keeper: Annotated[Keeper, Depends(_keeper)]
) -> Retention:
    """How long each tier of history is kept, and from when to when it has values."""
    version, machines, now = await keeper.influx.version(), branches.machines(caller.scope), time_ns()

    async def tier(wish: Wish) -> TierRetention:
        database = wish.tier.database(keeper.influx.settings.database)
        has = await keeper.influx.retention(database)
        why_not = missed(wish.keep, has, version)
        found = None if has is None else await extent(history, wish.tier, machines, caller.scope, now)
        oldest, newest = map(ns_to_ms, found) if found else (None, None)
        return TierRetention(
            tier=wish.tier.name,
            database=database,
            keep=None if wish.keep is None else lasting(wish.keep),
            has=None if has is None else lasting(has),
            enforced=not why_not,
            why_not=why_not,
            oldest=oldest,
            newest=newest,
        )

    return Retention(items=await asyncio.gather(*map(tier, keeper.wishes)))


def missed(keep: int | None, has: int | None, version: Version) -> str:
    """Why a database does not keep values as long as is wished; '' where it does, or nothing is wished."""
    if keep is None or keep == has:
        return ""
    if has is None:
        return "There is no such database yet; the derive process makes it when it starts"
    if not version.changes_retention:
        return (
            f"{version} sets a retention when it makes a database, and never after: make a database that keeps values"
            f" '{lasting(keep)}', and name it in ANDON_INFLUX_DATABASE"
        )
    return "The derive process has not set it yet: it does when it starts, and every hour; its log says what hinders it"
