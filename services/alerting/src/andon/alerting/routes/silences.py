"""Routes of silences and maintenance windows."""

from secrets import token_hex
from time import time_ns
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field
from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from andon.alerting.alarm.state import Severity
from andon.alerting.notify.book import to_silence
from andon.alerting.notify.silence import LONGEST, Silence, SilenceDraft, SilenceKind, lasts, read_silence
from andon.alerting.routes.parts import own_part_of, require_rule
from andon.alerting.routes.rules import touches
from andon.alerting.tables import SilenceRow
from andon.common.api import Caller, Page, needs
from andon.common.auth import Principal, Role
from andon.common.errors import ForbiddenError, InvalidError, NotFoundError
from andon.common.plant import Plant, is_below
from andon.common.reading import NS_PER_S
from andon.common.times import ns_to_iso

router = APIRouter(tags=["silences"])
_operator = [Depends(needs(Role.OPERATOR))]

MOST = 1000
"""Silences that are not over."""
KEPT = 366 * 24 * 3600 * NS_PER_S
"""Those that were ended are kept so long, to be looked up."""


class SilenceOut(BaseModel):
    """A silence. holds: whether it silences just now; until: when a weekly one is over for good."""

    id: str
    kind: SilenceKind
    under: str
    rule: str | None
    below: Severity | None
    start: str = Field(serialization_alias="from")
    end: str = Field(serialization_alias="to")
    weekly: bool
    zone: str
    until: str | None
    reason: str
    by: str
    created_at: str
    ended_at: str | None
    ended_by: str | None
    holds: bool


@router.get("/silences")
async def list_silences(
    request: Request,
    caller: Caller,
    *,
    over: Annotated[bool, Query(description="Those too that are over")] = False,
) -> Page[SilenceOut]:
    """Silences that touch the caller's part of the plant, the newest first."""
    now = time_ns()
    async with request.app.state.database.read() as session:
        newest = select(SilenceRow).order_by(SilenceRow.created_at.desc())
        ended = SilenceRow.ended_at.is_not(None)
        rows = list(await session.scalars(newest.where(~ended)))  # however many were ended since
        rows += (await session.scalars(newest.where(ended).limit(MOST))).all() if over else []
    rows.sort(key=lambda row: row.created_at, reverse=True)
    found = [row for row in rows if _touches(request, row, caller) and (over or not _read(request, row).over(now))]
    return Page(items=[_shown(request, row, now) for row in found])


@router.post("/silences", status_code=201, dependencies=_operator)
async def create_silence(draft: SilenceDraft, request: Request, caller: Caller) -> SilenceOut:
    """Silence a part of the plant, a rule, or severities below one: alarms are raised and shown, and nobody is told.

    When it ends, those are told that are still active and that nobody has acknowledged.
    """
    now = time_ns()
    draft = draft.model_copy(update={"under": own_part_of(request, caller, draft.under)})
    if draft.rule is not None:
        require_rule(request, caller, draft.rule)
    silence = read_silence(draft, token_hex(4))
    _require_right(silence, caller, now)
    row = SilenceRow(
        id=silence.id,
        kind=draft.kind,
        under=silence.under,
        under_id=_id_of(request, silence.under),
        rule=silence.rule,
        rule_id=next((one.id for one in request.app.state.rulebook.rules if one.name == silence.rule), None),
        below=str(silence.below) if silence.below else None,
        start=silence.start,
        end=silence.end,
        weekly=silence.weekly,
        zone=silence.zone,
        until=silence.until,
        reason=draft.reason,
        by=caller.name or caller.id,
        created_at=now,
    )
    async with request.app.state.database.write() as session:
        await session.execute(delete(SilenceRow).where(SilenceRow.ended_at < now - KEPT))
        if (await session.scalar(select(func.count()).where(SilenceRow.ended_at.is_(None))) or 0) >= 2 * MOST:
            await _forget(request, session, now)
        session.add(row)
    return _shown(request, row, now)


@router.delete("/silences/{silence_id}", dependencies=_operator)
async def end_silence(silence_id: str, request: Request, caller: Caller) -> SilenceOut:
    """End a silence now; it stays in the list of those that are over."""
    now = time_ns()
    async with request.app.state.database.write() as session:
        row = await session.get(SilenceRow, silence_id)
        if row is None or not _touches(request, row, caller):
            raise NotFoundError(f"There is no silence '{silence_id}'")
        caller.require_path(_read(request, row).under)
        if not _read(request, row).over(now):
            row.ended_at, row.ended_by = now, caller.name or caller.id
    return _shown(request, row, now)


def _read(request: Request, row: SilenceRow) -> Silence:
    return to_silence(row, request.app.state.plant)


def _id_of(request: Request, path: str) -> str:
    """What the plant knows a path by, so that it is known still when it is called otherwise; '' where it knows none."""
    plant: Plant = request.app.state.plant
    asset, sensor = plant.find(path), plant.find_sensor(path)
    if asset is not None:
        return asset.id
    return f"{sensor[0].id}/{sensor[1].key}" if sensor is not None else ""


def _require_right(silence: Silence, caller: Principal, now: int) -> None:
    if silence.over(now):
        raise InvalidError("It would be over already; set 'to' in the future")
    length = lasts(silence)
    if caller.role < Role.ENGINEER and (length is None or length > LONGEST):
        raise ForbiddenError(
            "An operator may silence for 30 days at most; set 'to', or 'until' of a weekly one, earlier"
        )


async def _forget(request: Request, session: AsyncSession, now: int) -> None:
    """Write down of those that are over that they are; refuse one more where too many are not."""
    rows = (await session.scalars(select(SilenceRow).where(SilenceRow.ended_at.is_(None)))).all()
    for row in rows:
        if _read(request, row).over(now):
            row.ended_at = row.until if row.weekly else row.end
    if sum(row.ended_at is None for row in rows) >= MOST:
        raise InvalidError(f"There are {MOST} silences already; end some first")


def _touches(request: Request, row: SilenceRow, caller: Principal) -> bool:
    """Whether a silence may be about the caller's part of the plant; one of a rule that is elsewhere alone is not."""
    if not caller.scope:
        return True
    silence, rules = _read(request, row), request.app.state.rulebook.rules
    near = caller.may_see(silence.under) or is_below(caller.scope, silence.under)
    return near and (silence.rule is None or any(one.id == silence.rule and touches(one, caller) for one in rules))


def _shown(request: Request, row: SilenceRow, now: int) -> SilenceOut:
    silence, rules = _read(request, row), request.app.state.rulebook.rules
    return SilenceOut(
        id=row.id,
        kind="maintenance" if row.kind == "maintenance" else "silence",
        under=silence.under,
        rule=next((one.name for one in rules if one.id == silence.rule), row.rule),
        below=Severity(row.below) if row.below else None,
        start=ns_to_iso(row.start),
        end=ns_to_iso(row.end),
        weekly=row.weekly,
        zone=row.zone,
        until=ns_to_iso(row.until) if row.until else None,
        reason=row.reason,
        by=row.by,
        created_at=ns_to_iso(row.created_at),
        ended_at=ns_to_iso(row.ended_at) if row.ended_at else None,
        ended_by=row.ended_by,
        holds=silence.ends(now) is not None,
    )
