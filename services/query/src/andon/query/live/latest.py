"""GET /latest: the newest sample of every sensor below a path."""

import asyncio
from contextlib import suppress
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from andon.common.api import Caller
from andon.common.reading import NS_PER_MS, Quality, Value
from andon.query.branches import Branches, KnownBranches
from andon.query.live.recall import Recall
from andon.query.live.table import Table

router = APIRouter()

RECALL_SECONDS = 3.0
"""Right after a start an answer waits this long for what InfluxDB remembers."""


class LatestSample(BaseModel):
    """`ts` is the event time in epoch milliseconds; `quality` what the reading said of itself."""

    sensor: str
    ts: int
    value: Value
    unit: str
    quality: Quality


class LatestSamples(BaseModel):
    """One sample for each sensor that ever had one, in order of machine path."""

    items: list[LatestSample]


@router.get("/latest", response_model=LatestSamples)
async def latest(
    request: Request,
    caller: Caller,
    branches: KnownBranches,
    under: Annotated[str, Query(max_length=512, description="Node, machine or sensor, by path or id")] = "",
) -> Response:
    """Newest samples at or below `under`, or of all you may see. Encoded directly: ten thousand in one answer."""
    table: Table = request.app.state.table
    recall: Recall = request.app.state.recall
    with suppress(TimeoutError):
        async with asyncio.timeout(RECALL_SECONDS):
            await recall.tried.wait()
    return Response(
        orjson.dumps({"items": _items(branches, table, under, caller.scope)}), media_type="application/json"
    )


def _items(branches: Branches, table: Table, under: str, scope: str) -> list[dict[str, Any]]:
    items = []
    for asset, keys in branches.select(under, scope).items():
        machine = branches.plant.find(asset)
        samples = table.samples(asset)
        if machine is None or not samples:
            continue
        for sensor in machine.sensors:
            if sensor.key in samples and (keys is None or sensor.key in keys):
                time, value, quality = samples[sensor.key]
                items.append(
                    {
                        "sensor": sensor.path,
                        "ts": time // NS_PER_MS,
                        "value": value,
                        "unit": sensor.unit,
                        "quality": quality,
                    }
                )
    return items
