"""Route of tracing."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from andon.common.api import Caller
from andon.common.errors import InvalidError, NotFoundError
from andon.common.plant import Plant
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
    found, at = plant.find_sensor(sensor), parse_time(ts)
    if found is None or not caller.may_see(found[0].path):  # what they may not see does not exist for them
        raise NotFoundError(f"There is no sensor '{sensor[:200]}'; GET /api/registry/v1/assets lists all")
    if not 0 <= at < 2**63 - 1:
        raise InvalidError("'ts' must lie between 1970 and 2262")
    trace: Trace = request.app.state.trace
    return await trace.find(*found, at, caller.scope)
