"""Routes of the ledger."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from andon.common.api import Caller, Page, needs
from andon.common.auth import Role
from andon.ingest.ledger.ledger import Ledger, LedgerView
from andon.ingest.ledger.view import MachineLine

router = APIRouter(dependencies=[Depends(needs(Role.ENGINEER))])


@router.get("/ledger", summary="Where everything that came in is now, and whether it adds up")
async def read_ledger(request: Request, caller: Caller) -> LedgerView:
    """Whether all is accounted for; what each device sent and what became of it, in the caller's part of the plant."""
    ledger: Ledger = request.app.state.ledger
    return await ledger.view(caller)


@router.get("/ledger/machines", summary="The ledger, machine by machine")
async def read_machines(  # noqa: PLR0917 - FastAPI calls it by name
    request: Request,
    caller: Caller,
    under: str = "",
    device: Annotated[str, Query(description="Id of the device that speaks for them")] = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
    cursor: Annotated[str, Query(max_length=500)] = "",
) -> Page[MachineLine]:
    """What came from each machine and what became of it, with the numbers of the device that never came."""
    ledger: Ledger = request.app.state.ledger
    found = await ledger.machines(caller, under, device, after=cursor, most=limit + 1)
    return Page(items=found[:limit], next_cursor=found[limit - 1].machine if len(found) > limit else None)
