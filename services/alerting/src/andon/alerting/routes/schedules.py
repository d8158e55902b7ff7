"""Routes of schedules: who is on call, and who takes over for whom."""

from datetime import datetime
from secrets import token_hex
from time import time_ns
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from andon.alerting.draft import Draft, Name, patched
from andon.alerting.instants import instant, moment
from andon.alerting.notify.book import read_book
from andon.alerting.notify.plans import put_schedule, remove
from andon.alerting.notify.schedule import Rota, Schedule, ScheduleDraft, SchedulePatch, local_iso
from andon.alerting.routes.plans import require_planner, require_watchkeeper
from andon.alerting.tables import ChannelRow, OverrideRow, ScheduleRow
from andon.alerting.tables.written import all_by_name, find
from andon.common.api import Caller, Page, current_principal
from andon.common.errors import InvalidError, NotFoundError
from andon.common.times import ns_to_iso

router = APIRouter(tags=["schedules"], dependencies=[Depends(current_principal)])
_planner = [Depends(require_planner)]
_watchkeeper = [Depends(require_watchkeeper)]

MOST_OVERRIDES = 500
LONGEST_PREVIEW = 366 * 24 * 3600 * 10**9
Instant = Annotated[str, Query(max_length=40)]


class OverrideDraft(Draft):
    """Who is on call instead, and when; times without an offset are on the schedule's clock."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    member: Name
    start: datetime = Field(alias="from")
    end: datetime = Field(alias="to")


class OverrideOut(BaseModel):
    """An override."""

    id: str
    member: str
    start: str = Field(serialization_alias="from")
    end: str = Field(serialization_alias="to")
    by: str


class OnCall(BaseModel):
    """Who is on call, None for nobody, and until when at least."""

    member: str | None
    until: str | None


class ShiftOut(BaseModel):
    """Who is on call from when to when, on the schedule's clock; None for nobody."""

    member: str | None
    start: str = Field(serialization_alias="from")
    end: str = Field(serialization_alias="to")


@router.get("/schedules")
async def list_schedules(request: Request) -> Page[Schedule]:
    """All schedules by name."""
    async with request.app.state.database.read() as session:
        return Page(items=[_schedule(row) for row in await all_by_name(session, ScheduleRow)])


@router.get("/schedules/{schedule_id}")
async def read_schedule(schedule_id: str, request: Request) -> Schedule:
    """One schedule."""
    async with request.app.state.database.read() as session:
        return _schedule(await find(session, ScheduleRow, schedule_id))


@router.post("/schedules", status_code=201, dependencies=_planner)
async def create_schedule(draft: ScheduleDraft, request: Request) -> Schedule:
    """Write a schedule; policies name it."""
    async with request.app.state.database.write() as session:
        row = await put_schedule(session, draft)
    return _schedule(row)


@router.patch("/schedules/{schedule_id}", dependencies=_planner)
async def change_schedule(schedule_id: str, patch: SchedulePatch, request: Request) -> Schedule:
    """Change some fields of a schedule."""
    async with request.app.state.database.write() as session:
        row = await find(session, ScheduleRow, schedule_id)
        asked = patch.model_dump(mode="json", exclude_unset=True, exclude_none=True)
        await put_schedule(session, patched(ScheduleDraft, row.draft, asked), row)
    return _schedule(row)


@router.delete("/schedules/{schedule_id}", status_code=204, dependencies=_planner)
async def delete_schedule(schedule_id: str, request: Request) -> None:
    """Remove a schedule that no policy names."""
    async with request.app.state.database.write() as session:
        await remove(session, await find(session, ScheduleRow, schedule_id))


@router.get("/schedules/{schedule_id}/on-call")
async def read_on_call(schedule_id: str, request: Request, at: Instant = "now") -> OnCall:
    """Who is on call at an instant."""
    asked = instant(at)
    async with request.app.state.database.read() as session:
        row, rota = await _rota(request, session, schedule_id, asked)
    shift = rota.shifts(asked, asked + 8 * 24 * 3600 * 10**9)[0]
    return OnCall(member=shift.member, until=local_iso(shift.end, row.draft["zone"]))


@router.get("/schedules/{schedule_id}/shifts")
async def list_shifts(
    schedule_id: str,
    request: Request,
    start: Annotated[str, Query(alias="from", max_length=40)] = "now",
    end: Annotated[str, Query(alias="to", max_length=40)] = "",
) -> Page[ShiftOut]:
    """Who is on call from `from` until `to` (four weeks later, unless told), a year at most."""
    async with request.app.state.database.read() as session:
        row = await find(session, ScheduleRow, schedule_id)
        zone = ZoneInfo(row.draft["zone"])
        begins = instant(start, zone=zone)
        ends = instant(end, zone=zone) if end else begins + 28 * 24 * 3600 * 10**9
        if not begins < ends <= begins + LONGEST_PREVIEW:
            raise InvalidError("'to' lies after 'from', and a year after it at most")
        _, rota = await _rota(request, session, schedule_id, begins)
    return Page(
        items=[
            ShiftOut(member=one.member, start=local_iso(one.start, zone.key), end=local_iso(one.end, zone.key))
            for one in rota.shifts(begins, ends)
        ]
    )


@router.get("/schedules/{schedule_id}/overrides")
async def list_overrides(schedule_id: str, request: Request) -> Page[OverrideOut]:
    """Overrides that are not over, by their beginning."""
    async with request.app.state.database.read() as session:
        await find(session, ScheduleRow, schedule_id)
        mine = select(OverrideRow).where(OverrideRow.schedule_id == schedule_id, OverrideRow.end > time_ns())
        return Page(items=[_override(row) for row in await session.scalars(mine.order_by(OverrideRow.start))])


@router.post("/schedules/{schedule_id}/overrides", status_code=201, dependencies=_watchkeeper)
async def create_override(schedule_id: str, draft: OverrideDraft, request: Request, caller: Caller) -> OverrideOut:
    """Put somebody on call instead; of overrides at the same time the last one made holds."""
    now = time_ns()
    async with request.app.state.database.write() as session:
        schedule = await find(session, ScheduleRow, schedule_id)
        zone = ZoneInfo(schedule.draft["zone"])
        start, end = moment("from", draft.start, zone), moment("to", draft.end, zone)
        if end <= max(start, now):
            raise InvalidError("'to' lies after 'from', and not in the past")
        if await session.scalar(select(ChannelRow.id).where(ChannelRow.name == draft.member)) is None:
            raise InvalidError(f"It names the channel '{draft.member}', which does not exist; make it first")
        await session.execute(delete(OverrideRow).where(OverrideRow.end < now - 90 * 24 * 3600 * 10**9))
        mine = OverrideRow.schedule_id == schedule_id
        if (await session.scalar(select(func.count()).where(mine)) or 0) >= MOST_OVERRIDES:
            raise InvalidError(f"There are {MOST_OVERRIDES} overrides already; change the schedule itself")
        row = OverrideRow(id=token_hex(4), schedule_id=schedule_id, member=draft.member, start=start, end=end)
        row.by, row.created_at = caller.name or caller.id, now
        session.add(row)
    return _override(row)


@router.delete("/schedules/{schedule_id}/overrides/{override_id}", status_code=204, dependencies=_watchkeeper)
async def delete_override(schedule_id: str, override_id: str, request: Request) -> None:
    """Take an override back."""
    async with request.app.state.database.write() as session:
        row = await session.get(OverrideRow, override_id)
        if row is None or row.schedule_id != schedule_id:
            raise NotFoundError(f"There is no override '{override_id}'")
        await session.delete(row)


async def _rota(request: Request, session: AsyncSession, schedule_id: str, since: int) -> tuple[ScheduleRow, Rota]:
    row = await find(session, ScheduleRow, schedule_id)
    return row, (await read_book(session, since, request.app.state.plant)).rota(row.name)


def _schedule(row: ScheduleRow) -> Schedule:
    return Schedule.model_validate(row.draft | {"id": row.id})


def _override(row: OverrideRow) -> OverrideOut:
    return OverrideOut(id=row.id, member=row.member, start=ns_to_iso(row.start), end=ns_to_iso(row.end), by=row.by)
