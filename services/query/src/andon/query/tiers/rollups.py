"""GET /rollups: how far the tiers reach. POST /rollups: make a range anew, as after InfluxDB was written to by hand."""

from time import time_ns
from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel

from andon.common import subjects
from andon.common.api import Caller, needs
from andon.common.auth import Role
from andon.common.bus import Bus
from andon.common.history.api import AskedSpan
from andon.common.plant import is_below
from andon.common.reading import NS_PER_S
from andon.common.sight import cut
from andon.common.times import ns_to_ms
from andon.query.branches import KnownBranches
from andon.query.derive.anew import Wanted, ask
from andon.query.tiers.coverage import Coverage, KnownCoverage

router = APIRouter()

STILL_SECONDS = 300
"""Rounds are made once a minute; when none has been for so long, something is wrong."""


class Pending(BaseModel):
    """Ranges of a machine, in epoch milliseconds, that are still to be rolled up, or to be again."""

    asset: str
    path: str
    ranges: list[tuple[int, int]]


class Rollups(BaseModel):
    """Up to when all minutes and all hours are made, in epoch milliseconds, but for what is pending; 0: nothing is.

    ordered: how many ranges that somebody asked for anew are kept, and not among the pending yet.
    """

    minutes: int
    hours: int
    ordered: int
    pending: list[Pending]


class Rebuilding(BaseModel):
    """How many machines are rolled up anew: that is kept when this is answered."""

    machines: int


@router.get("/rollups", response_model=Rollups)
async def read_rollups(caller: Caller, branches: KnownBranches, coverage: KnownCoverage) -> Response:
    """How far the tiers reach, and what of your part of the plant is still to be made."""
    found = ((branches.plant.find(asset), ranges) for asset, ranges in coverage.pending.items())
    body = {
        "minutes": ns_to_ms(coverage.progress.minutes),
        "hours": ns_to_ms(coverage.progress.hours),
        "ordered": len(coverage.ordered),
        "pending": [
            {"asset": one.id, "path": one.path, "ranges": [(ns_to_ms(start), ns_to_ms(end)) for start, end in ranges]}
            for one, ranges in found
            if one is not None and is_below(one.path, caller.scope)
        ],
    }  # models of ten thousand machines would keep the live feed waiting
    return Response(orjson.dumps(body), media_type="application/json")


@router.post("/rollups", status_code=202, dependencies=[Depends(needs(Role.ADMIN))])
async def rebuild_rollups(
    request: Request,
    caller: Caller,
    branches: KnownBranches,
    span: AskedSpan,
    under: Annotated[str, Query(max_length=512, description="Node or machine, by path or id; '' is all")] = "",
) -> Rebuilding:
    """Make the minutes and hours of a range anew, of what is stored.

    Answers once the order is kept. Then its machines become `pending`, which takes a while where they are thousands; of
    what is pending, charts read the samples.
    """
    bus: Bus = request.app.state.bus
    asset = branches.plant.find(under)
    place = asset.path if asset else None if under else ""
    path = cut(place, caller.scope, under, "machine or node")
    return Rebuilding(machines=await ask(bus, subjects.REBUILD, Wanted(path, span.start, span.end)))


def check(coverage: Coverage) -> str:
    """What is wrong with the rollups, '' when all is well, or when there never were any."""
    behind = (time_ns() - coverage.progress.minutes) // NS_PER_S
    return f"stand still for {behind // 60} min" if coverage.progress.minutes and behind > STILL_SECONDS else ""
