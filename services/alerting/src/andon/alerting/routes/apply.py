"""Applying what of a plant file is alerting's: channels, calendars, schedules, policies, rules; all or none."""

import asyncio
from typing import Any

from fastapi import APIRouter, Depends, Request
from pydantic import Field
from sqlalchemy import inspect
from sqlalchemy.ext.asyncio import AsyncSession

from andon.alerting.backtest.trial import refuse_any_failing
from andon.alerting.changes import Change, FieldChange, differences
from andon.alerting.channel import ChannelDraft, masked
from andon.alerting.draft import Draft
from andon.alerting.notify.plans import put_calendar, put_policy, put_schedule
from andon.alerting.notify.policy import PolicyDraft
from andon.alerting.notify.schedule import ScheduleDraft
from andon.alerting.routes.channels import require_channel_admin
from andon.alerting.routes.plans import require_planner
from andon.alerting.routes.rules import by_path, idle_of, require_reach, take_effect, touches
from andon.alerting.rules.calendar import CalendarDraft
from andon.alerting.rules.draft import RuleDraft
from andon.alerting.rules.rulebook import put_channel, put_rule, to_rule, touch
from andon.alerting.tables import CalendarRow, ChannelRow, PolicyRow, RuleRow, ScheduleRow
from andon.alerting.tables.written import named, word_of
from andon.common.api import Caller, needs
from andon.common.auth import Principal, Role
from andon.common.errors import ConflictError, InvalidError

router = APIRouter(tags=["rules"])


class Application(Draft):
    """What a plant file says of alerting."""

    channels: list[ChannelDraft] = Field(default=[], max_length=200)
    calendars: list[CalendarDraft] = Field(default=[], max_length=200)
    schedules: list[ScheduleDraft] = Field(default=[], max_length=200)
    policies: list[PolicyDraft] = Field(default=[], max_length=200)
    rules: list[RuleDraft] = Field(default=[], max_length=2000)


class Applied(Draft):
    """What an application did. `changes`: all that is new or becomes another; what stays as it is not.

    `idle`: its rules that watch no sensor; none are told while the plant is not known.
    """

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    changes: list[Change] = Field(default=[])
    idle: list[str] = Field(default=[])


@router.post("/apply", dependencies=[Depends(needs(Role.ENGINEER))])
async def apply(application: Application, request: Request, caller: Caller, *, dry_run: bool = False) -> Applied:
    """Create or change all of it by name, all or none; what is not named stays.

    Channels take an admin, calendars, schedules and policies an engineer, of the whole plant. With `dry_run` all is
    checked and counted, and nothing kept.
    """
    if application.channels:
        require_channel_admin(caller)
    if application.calendars or application.schedules or application.policies:
        require_planner(caller)
    rules = [by_path(draft, request, caller) for draft in application.rules]
    for draft in rules:
        require_reach(draft, caller)
    await asyncio.to_thread(refuse_any_failing, rules)
    applied = Applied()
    async with request.app.state.database.write() as session:
        await _put_ways(session, applied, application)
        for rule in rules:
            await _put(session, applied, rule, caller)
        if application.calendars:
            await touch(session)
        if dry_run:
            await session.rollback()
    if not dry_run:
        await take_effect(request)
    if request.app.state.work.knows_plant:
        applied.idle = await asyncio.to_thread(idle_of, request, rules)
    return applied


async def _put_ways(session: AsyncSession, applied: Applied, application: Application) -> None:
    """Channels, calendars, schedules, policies, in this order: each names only what comes before it."""
    also = [channel.name for channel in application.channels]
    for channel in application.channels:
        known = await named(session, ChannelRow, channel.name)
        row = await put_channel(session, channel, known, also=also)
        await _count(session, applied, row, new=known is None)
    for table, put, drafts in (
        (CalendarRow, put_calendar, application.calendars),
        (ScheduleRow, put_schedule, application.schedules),
        (PolicyRow, put_policy, application.policies),
    ):
        for draft in drafts:
            await _put_plan(session, applied, table, put, draft)


async def _put_plan(session: AsyncSession, applied: Applied, table: Any, put: Any, draft: Any) -> None:
    found = await named(session, table, draft.name)
    try:
        await _count(session, applied, await put(session, draft, found), new=found is None)
    except InvalidError as error:
        kind = word_of(table).capitalize()
        raise InvalidError(f"{kind} '{draft.name}': {error}") from None


async def _put(session: AsyncSession, applied: Applied, rule: RuleDraft, caller: Principal) -> None:
    found = await named(session, RuleRow, rule.name)
    if found is not None:
        if not touches(to_rule(found), caller):
            raise ConflictError(f"There is a rule '{rule.name}' already; choose another name")
        require_reach(to_rule(found), caller, written=True)
    try:
        await _count(session, applied, await put_rule(session, rule, found), new=found is None)
    except InvalidError as error:
        raise InvalidError(f"Rule '{rule.name}': {error}") from None


async def _count(session: AsyncSession, applied: Applied, row: Any, *, new: bool) -> None:
    fields = [] if new else _fields_changed(row)
    if new:
        applied.created += 1
    elif fields:
        applied.changed += 1
    else:
        applied.unchanged += 1
    if new or fields:
        kind = word_of(type(row))
        applied.changes.append(Change(kind=kind, name=row.name, new=new, fields=fields))
    await session.flush()


def _fields_changed(row: Any) -> list[FieldChange]:
    """What is about to be written of a row, beside what is written there."""
    before, after = dict[str, Any](), dict[str, Any]()
    for one in inspect(row).attrs:
        if one.history.has_changes():
            before[one.key] = next(iter(one.history.deleted or ()), None)
            after[one.key] = one.value
    if isinstance(row, ChannelRow):
        kinds = before.get("kind", row.kind), row.kind
        for kind, fields in zip(kinds, (before, after), strict=True):
            if "target" in fields:  # plans are printed where secrets should not be
                fields["target"] = masked(kind, fields["target"])
        return differences(before, after) or [FieldChange(field=f, before="…", after="…") for f in after]
    return differences(before.get("draft", {}), after.get("draft", {}))
