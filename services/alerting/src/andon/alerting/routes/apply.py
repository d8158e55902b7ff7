"""Applying the rules and channels of a plant file."""

import asyncio
from typing import Any

from fastapi import APIRouter, Depends, Request
from pydantic import Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from andon.alerting.routes.channels import require_channel_admin
from andon.alerting.routes.rules import by_path, require_reach, take_effect, touches
from andon.alerting.rule import ChannelDraft, Draft, RuleDraft
from andon.alerting.rulebook import put_channel, put_rule, to_rule
from andon.alerting.scope import idle
from andon.alerting.tables import ChannelRow, RuleRow
from andon.common.api import Caller, needs
from andon.common.auth import Principal, Role
from andon.common.errors import ConflictError, InvalidError

router = APIRouter(tags=["rules"])


class Application(Draft):
    """Rules and channels of a plant file."""

    channels: list[ChannelDraft] = Field(default=[], max_length=200)
    rules: list[RuleDraft] = Field(default=[], max_length=2000)


class Applied(Draft):
    """What an application did. `idle`: its rules that watch no sensor; none are told while the plant is not known."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    idle: list[str] = Field(default=[])


@router.post("/apply", dependencies=[Depends(needs(Role.ENGINEER))])
async def apply(application: Application, request: Request, caller: Caller, *, dry_run: bool = False) -> Applied:
    """Create or change channels (as an admin) and rules by name, all or none; what is not named stays.

    With `dry_run` all is checked and counted, and nothing kept.
    """
    if application.channels:
        require_channel_admin(caller)
    rules = [by_path(draft, request, caller) for draft in application.rules]
    for draft in rules:
        require_reach(draft, caller)
    applied = Applied()
    async with request.app.state.database.write() as session:
        for channel in application.channels:
            known = await session.scalar(select(ChannelRow).where(ChannelRow.name == channel.name))
            await _count(session, applied, await put_channel(session, channel, known), new=known is None)
        for rule in rules:
            await _put(session, applied, rule, caller)
        if dry_run:
            await session.rollback()
    if not dry_run:
        await take_effect(request)
    if request.app.state.evaluation.knows_plant:
        applied.idle = await asyncio.to_thread(idle, request.app.state.plant.machines(), rules)
    return applied


async def _put(session: AsyncSession, applied: Applied, rule: RuleDraft, caller: Principal) -> None:
    found = await session.scalar(select(RuleRow).where(RuleRow.name == rule.name))
    if found is not None:
        if not touches(to_rule(found), caller):
            raise ConflictError(f"There is a rule '{rule.name}' already; choose another name")
        require_reach(to_rule(found), caller)
    try:
        await _count(session, applied, await put_rule(session, rule, found), new=found is None)
    except InvalidError as error:
        raise InvalidError(f"Rule '{rule.name}': {error}") from None


async def _count(session: AsyncSession, applied: Applied, row: Any, *, new: bool) -> None:
    if new:
        applied.created += 1
    elif session.is_modified(row):
        applied.changed += 1
    else:
        applied.unchanged += 1
    await session.flush()
