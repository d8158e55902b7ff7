"""Route of tracing."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from andon.common.api import Caller
from andon.common.errors import InvalidError
from andon.common.plant import Plant
from andon.common.sight import find_sensor
from andon.common.times import parse_time
from andon.ingest.trace.trace import Trace
from andon.ingest.trace.views import TraceView

router = APIRouter()


@router.get("/trace", summary="The messages a stored value came by")
async def read_trace(
    request: Request,
    caller: Caller,
    sensor: Annotated[str, Query(max_length=500, description="Path, or <machine id>/<key>")],
    ts: Annotated[str, Query(max_length=64, description="Time of the value: epoch ms, or ISO 8601")],
) -> TraceView:
    """Device, topic, original bytes, and when it was measured, arrived, was published and stored; newest message first.

    404 says why there is none, or none any more.
    """
    plant: Plant = request.app.state.plant
    found, at = find_sensor(plant, sensor, caller.scope, "sensor"), parse_time(ts)
    if not 0 <= at < 2**63 - 1:
        raise InvalidError("'ts' must lie between 1970 and 2262; a number is epoch milliseconds")
    trace: Trace = request.app.state.trace
    return await trace.find(*found, at, caller.scope)
