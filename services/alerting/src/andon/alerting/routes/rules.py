"""Routes of rules, and of applying rules and channels from a file."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from pydantic import Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from andon.alerting.rule import ChannelDraft, Draft, Rule, RuleDraft, RulePatch
from andon.alerting.rulebook import find_rule, put_channel, put_rule, to_rule
from andon.alerting.tables import ChannelRow, RuleRow
from andon.common.api import Caller, Page, needs
from andon.common.auth import Principal, Role
from andon.common.errors import InvalidError
from andon.common.plant import is_below

router = APIRouter(tags=["rules"])
_engineer = [Depends(needs(Role.ENGINEER))]


class Application(Draft):
    """Rules and channels of a plant file."""

    channels: list[ChannelDraft] = Field(default=[], max_length=200)
    rules: list[RuleDraft] = Field(default=[], max_length=2000)


class Applied(Draft):
    """What an application did."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0


@router.get("/rules")
async def list_rules(
    request: Request,
    caller: Caller,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    cursor: Annotated[str, Query(max_length=100)] = "",
) -> Page[Rule]:
    """Rules that can raise alarms in the caller's part of the plant, by name."""
    rules = [r for r in request.app.state.rulebook.rules if r.name > cursor and _touches(r, caller)]
    return Page(items=rules[:limit], next_cursor=rules[limit - 1].name if len(rules) > limit else None)


@router.get("/rules/{rule_id}")
async def read_rule(rule_id: str, request: Request, caller: Caller) -> Rule:
    """One rule."""
    async with request.app.state.database.read() as session:
        rule = to_rule(await find_rule(session, rule_id))
    if not _touches(rule, caller):
        caller.require_path(rule.scope.reach)
    return rule


@router.post("/rules", status_code=201, dependencies=_engineer)
async def create_rule(draft: RuleDraft, request: Request, caller: Caller) -> Rule:
    """Write a rule; it is in force when this answers."""
    caller.require_path(draft.scope.reach)
    async with request.app.state.database.write() as session:
        row = await put_rule(session, draft)
    await _take_effect(request)
    return to_rule(row)


@router.patch("/rules/{rule_id}", dependencies=_engineer)
async def change_rule(rule_id: str, patch: RulePatch, request: Request, caller: Caller) -> Rule:
    """Change some fields of a rule; alarms whose sensor it no longer watches are closed."""
    async with request.app.state.database.write() as session:
        row = await find_rule(session, rule_id)
        known = to_rule(row).model_dump(exclude={"id"})
        draft = RuleDraft.model_validate(known | patch.model_dump(exclude_unset=True, exclude_none=True))
        for reach in (RuleDraft.model_validate(known).scope.reach, draft.scope.reach):
            caller.require_path(reach)
        await put_rule(session, draft, row)
    await _take_effect(request)
    return to_rule(row)


@router.delete("/rules/{rule_id}", status_code=204, dependencies=_engineer)
async def delete_rule(rule_id: str, request: Request, caller: Caller) -> None:
    """Remove a rule; its open alarms are closed."""
    async with request.app.state.database.write() as session:
        row = await find_rule(session, rule_id)
        caller.require_path(to_rule(row).scope.reach)
        await session.delete(row)
    await _take_effect(request)


@router.post("/apply", dependencies=_engineer)
async def apply(application: Application, request: Request, caller: Caller) -> Applied:
    """Create or change channels and rules by name, all or none; what is not named stays."""
    for draft in application.rules:
        caller.require_path(draft.scope.reach)
    applied = Applied()
    async with request.app.state.database.write() as session:
        for channel in application.channels:
            known = await session.scalar(select(ChannelRow).where(ChannelRow.name == channel.name))
            await _count(session, applied, await put_channel(session, channel, known), new=known is None)
        for rule in application.rules:
            found = await session.scalar(select(RuleRow).where(RuleRow.name == rule.name))
            if found is not None:
                caller.require_path(to_rule(found).scope.reach)
            try:
                await _count(session, applied, await put_rule(session, rule, found), new=found is None)
            except InvalidError as error:
                raise InvalidError(f"Rule '{rule.name}': {error}") from None
    await _take_effect(request)
    return applied


async def _count(session: AsyncSession, applied: Applied, row: Any, *, new: bool) -> None:
    if new:
        applied.created += 1
    elif session.is_modified(row):
        applied.changed += 1
    else:
        applied.unchanged += 1
    await session.flush()


def _touches(rule: Rule, caller: Principal) -> bool:
    return caller.may_see(rule.scope.reach) or is_below(caller.scope, rule.scope.reach)


async def _take_effect(request: Request) -> None:
    await request.app.state.rulebook.load()
    await request.app.state.evaluation.refresh()
