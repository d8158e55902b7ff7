"""POST /exports: history as a file that takes long, with progress, to be fetched when it is done."""

from contextlib import suppress
from time import time
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import FileResponse, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, Field

from andon.common.answer import Answer
from andon.common.api import Caller, Page, current_principal
from andon.common.errors import UnavailableError
from andon.common.history.tier import RAW
from andon.common.times import ns_to_iso
from andon.query.branches import KnownBranches
from andon.query.export import links
from andon.query.export.handing import handed
from andon.query.export.jobs import KEPT_SECONDS, Jobs
from andon.query.export.order import Format, Layout, Wish, order_of
from andon.query.export.record import Record, State, absolute, require_done
from andon.query.tiers.coverage import KnownCoverage

router, public = APIRouter(), APIRouter()

_bearer = HTTPBearer(auto_error=False, description="Token, where no ticket is given")


def _jobs(request: Request) -> Jobs:
    jobs: Jobs = request.app.state.exports
    return jobs


KnownJobs = Annotated[Jobs, Depends(_jobs)]


class Export(Answer):
    """An export and how far it is. `rows` are samples; `eta` seconds, as far as one can say.

    kept_since: of what was before, samples are kept no longer, and are not in the file; None where all are kept.
    """

    id: str
    state: State
    detail: str
    name: str
    format: Format
    layout: Layout
    sensors: int
    from_: Annotated[str, Field(alias="from", serialization_alias="from")]
    to: str
    owner: str
    rows: int
    bytes: int
    percent: float
    eta: float | None
    made: str
    kept_until: str | None
    kept_since: str | None = None


class Link(BaseModel):
    """Where a browser finds the file, for so many seconds."""

    url: str
    expires_in: int


@router.post("/exports", status_code=202)
async def start(
    caller: Caller, branches: KnownBranches, coverage: KnownCoverage, jobs: KnownJobs, wish: Wish
) -> Export:
    """Make a file; the parameters are those of GET /export."""
    wish = absolute(wish)
    return _view(await jobs.start(wish, order_of(wish, branches, caller.scope, coverage.since(RAW)), caller))


@router.get("/exports")
async def list_exports(caller: Caller, jobs: KnownJobs) -> Page[Export]:
    """The caller's exports of the last hour, newest first; an admin's are everybody's."""
    return Page(items=[_view(record) for record in await jobs.of(caller)])


@router.get("/exports/{name}")
async def show(caller: Caller, jobs: KnownJobs, name: str) -> Export:
    """How far an export is."""
    return _view(await jobs.find(name, caller))


@router.delete("/exports/{name}", status_code=204)
async def remove(caller: Caller, jobs: KnownJobs, name: str) -> None:
    """Stop an export, and remove its file."""
    await jobs.remove(await jobs.find(name, caller))


@router.post("/exports/{name}/link")
async def link(caller: Caller, jobs: KnownJobs, name: str) -> Link:
    """A link to the file that needs no token, for a browser's download."""
    record = await jobs.find(name, caller)
    require_done(record)
    url = f"/api/query/v1/exports/{record.id}/file?ticket={jobs.link(record)}"
    return Link(url=url, expires_in=int(links.SECONDS))


@public.get("/exports/{name}/file", response_class=FileResponse)
async def fetch(
    request: Request,
    jobs: KnownJobs,
    name: str,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    ticket: str = "",
) -> Response:
    """The file, in parts where asked for (Range). Needs a bearer token, or the ticket of a link."""
    caller = None if ticket else await current_principal(request, credentials)
    record = await jobs.redeem(name, ticket) if caller is None else await jobs.find(name, caller)
    require_done(record)
    answer = await handed(jobs, record, request)
    with suppress(UnavailableError):  # then it may be made anew where its process is gone, though nobody needs it
        await jobs.note_fetched(record)
    return answer


def _view(record: Record) -> Export:
    done = (record.reached - record.start) / (record.end - record.start)
    eta = (time() - record.began) * (1 - done) / done if record.state == "running" and done else None
    return Export.model_validate(
        {
            "id": record.id,
            "state": record.state,
            "detail": record.detail,
            "name": record.name,
            "format": record.format,
            "layout": record.layout,
            "sensors": record.sensors,
            "from": ns_to_iso(record.start),
            "to": ns_to_iso(record.end),
            "owner": record.owner.name,
            "rows": record.samples,
            "bytes": record.bytes,
            "percent": round(100 * done, 1),
            "eta": None if eta is None else round(eta, 1),
            "made": _iso(record.made),
            "kept_until": _iso(record.ended + KEPT_SECONDS) if record.ended else None,
            "kept_since": ns_to_iso(record.kept_since) if record.kept_since else None,
        }
    )


def _iso(seconds: float) -> str:
    return ns_to_iso(round(seconds * 1e9))
