"""Routes of calendars: shifts, working hours, quiet hours."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from andon.alerting.draft import Draft, Name, patched
from andon.alerting.instants import instant
from andon.alerting.notify.plans import put_calendar, remove
from andon.alerting.routes.plans import require_planner
from andon.alerting.routes.rules import take_effect
from andon.alerting.rules.calendar import FOREVER, Calendar, CalendarDraft, Hours, HoursDraft, Zone
from andon.alerting.rules.rulebook import touch
from andon.alerting.tables import CalendarRow
from andon.alerting.tables.written import all_by_name, find
from andon.common.api import Page, current_principal
from andon.common.times import ns_to_iso

router = APIRouter(tags=["calendars"], dependencies=[Depends(current_principal)])
_planner = [Depends(require_planner)]


class CalendarPatch(Draft):
    """Fields of a calendar to change."""

    name: Name | None = None
    zone: Zone | None = None
    hours: list[HoursDraft] | None = None
    closed: list[str] | None = None


class Opening(Draft):
    """Whether a calendar is open at an instant, and until when that stays so; None for longer than a year."""

    open: bool
    until: str | None


@router.get("/calendars")
async def list_calendars(request: Request) -> Page[Calendar]:
    """All calendars by name."""
    async with request.app.state.database.read() as session:
        return Page(items=[_calendar(row) for row in await all_by_name(session, CalendarRow)])


@router.get("/calendars/{calendar_id}")
async def read_calendar(calendar_id: str, request: Request) -> Calendar:
    """One calendar."""
    async with request.app.state.database.read() as session:
        return _calendar(await find(session, CalendarRow, calendar_id))


@router.get("/calendars/{calendar_id}/open")
async def read_opening(calendar_id: str, request: Request, at: Annotated[str, Query(max_length=40)] = "now") -> Opening:
    """Whether a calendar is open, and until when."""
    async with request.app.state.database.read() as session:
        hours = Hours(_calendar(await find(session, CalendarRow, calendar_id)))
    moment = instant(at)
    change = hours.next_change(moment)
    return Opening(open=hours.is_open(moment), until=None if change == FOREVER else ns_to_iso(change))


@router.post("/calendars", status_code=201, dependencies=_planner)
async def create_calendar(draft: CalendarDraft, request: Request) -> Calendar:
    """Write a calendar; rules, policies and schedules name it."""
    async with request.app.state.database.write() as session:
        row = await put_calendar(session, draft)
        await touch(session)
    await take_effect(request)
    return _calendar(row)


@router.patch("/calendars/{calendar_id}", dependencies=_planner)
async def change_calendar(calendar_id: str, patch: CalendarPatch, request: Request) -> Calendar:
    """Change some fields of a calendar; what goes by it follows at once."""
    async with request.app.state.database.write() as session:
        row = await find(session, CalendarRow, calendar_id)
        asked = patch.model_dump(mode="json", exclude_unset=True, exclude_none=True)
        await put_calendar(session, patched(CalendarDraft, row.draft, asked), row)
        await touch(session)
    await take_effect(request)
    return _calendar(row)


@router.delete("/calendars/{calendar_id}", status_code=204, dependencies=_planner)
async def delete_calendar(calendar_id: str, request: Request) -> None:
    """Remove a calendar that nothing names."""
    async with request.app.state.database.write() as session:
        await remove(session, await find(session, CalendarRow, calendar_id))
        await touch(session)
    await take_effect(request)


def _calendar(row: CalendarRow) -> Calendar:
    return Calendar.model_validate(row.draft | {"id": row.id})
