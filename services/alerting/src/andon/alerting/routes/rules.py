"""Routes of rules, and of applying rules and channels from a file."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from pydantic import Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from andon.alerting.routes.channels import require_channel_admin
from andon.alerting.rule import ChannelDraft, Draft, Rule, RuleDraft, RulePatch
from andon.alerting.rulebook import find_rule, put_channel, put_rule, to_rule
from andon.alerting.tables import ChannelRow, RuleRow
from andon.common.api import Caller, Page, needs
from andon.common.auth import Principal, Role
from andon.common.errors import ForbiddenError, InvalidError
from andon.common.plant import is_below

router = APIRouter(tags=["rules"])
_engineer = [Depends(needs(Role.ENGINEER))]


class RuleInForce(Rule):
    """A rule, and how many sensors it watches just now, of those the caller may see.

    0 for a scope that is misspelt, or of a machine that is yet to come; None while the plant is not known here.
    """

    watches: int | None = None


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
) -> Page[RuleInForce]:
    """Rules that can raise alarms in the caller's part of the plant, by name."""
    rules = [r for r in request.app.state.rulebook.rules if r.name > cursor and _touches(r, caller)]
    items = _in_force(request, caller, *rules[:limit])
    return Page(items=items, next_cursor=rules[limit - 1].name if len(rules) > limit else None)


@router.get("/rules/{rule_id}")
async def read_rule(rule_id: str, request: Request, caller: Caller) -> RuleInForce:
    """One rule."""
    async with request.app.state.database.read() as session:
        rule = to_rule(await find_rule(session, rule_id))
    if not _touches(rule, caller):
        require_reach(rule, caller)
    return _in_force(request, caller, rule)[0]


@router.post("/rules", status_code=201, dependencies=_engineer)
async def create_rule(draft: RuleDraft, request: Request, caller: Caller) -> RuleInForce:
    """Write a rule; it is in force when this answers."""
    draft = _by_path(draft, request)
    require_reach(draft, caller)
    async with request.app.state.database.write() as session:
        row = await put_rule(session, draft)
    await _take_effect(request)
    return _in_force(request, caller, to_rule(row))[0]


@router.patch("/rules/{rule_id}", dependencies=_engineer)
async def change_rule(rule_id: str, patch: RulePatch, request: Request, caller: Caller) -> RuleInForce:
    """Change some fields of a rule; open alarms and running delays go on under the new ones."""
    async with request.app.state.database.write() as session:
        row = await find_rule(session, rule_id)
        known = to_rule(row)
        changed = known.model_dump(exclude={"id"}) | patch.model_dump(exclude_unset=True, exclude_none=True)
        draft = _by_path(RuleDraft.model_validate(changed), request)
        require_reach(known, caller)
        require_reach(draft, caller)
        await put_rule(session, draft, row)
    await _take_effect(request)
    return _in_force(request, caller, to_rule(row))[0]


@router.delete("/rules/{rule_id}", status_code=204, dependencies=_engineer)
async def delete_rule(rule_id: str, request: Request, caller: Caller) -> None:
    """Remove a rule; its open alarms are closed."""
    async with request.app.state.database.write() as session:
        row = await find_rule(session, rule_id)
        require_reach(to_rule(row), caller)
        await session.delete(row)
    await _take_effect(request)


@router.post("/apply", dependencies=_engineer)
async def apply(application: Application, request: Request, caller: Caller) -> Applied:
    """Create or change channels (as an admin) and rules by name, all or none; what is not named stays."""
    if application.channels:
        require_channel_admin(caller)
    rules = [_by_path(draft, request) for draft in application.rules]
    for draft in rules:
        require_reach(draft, caller)
    applied = Applied()
    async with request.app.state.database.write() as session:
        for channel in application.channels:
            known = await session.scalar(select(ChannelRow).where(ChannelRow.name == channel.name))
            await _count(session, applied, await put_channel(session, channel, known), new=known is None)
        for rule in rules:
            found = await session.scalar(select(RuleRow).where(RuleRow.name == rule.name))
            if found is not None:
                require_reach(to_rule(found), caller)
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


def require_reach(rule: RuleDraft, caller: Principal) -> None:
    """Refuse a rule that could raise alarms outside the caller's part of the plant.

    Raises:
        ForbiddenError: it reaches further.
    """
    reach = rule.scope.reach
    if not caller.may_see(reach):
        where = f"'{reach}'" if reach else "the whole plant"
        raise ForbiddenError(
            f"Rule '{rule.name}' watches {where}; your part of the plant is '{caller.scope}'. "
            f'Give its scope an "under" at or below that'
        )


def _touches(rule: Rule, caller: Principal) -> bool:
    return caller.may_see(rule.scope.reach) or is_below(caller.scope, rule.scope.reach)


def _by_path(draft: RuleDraft, request: Request) -> RuleDraft:
    """The draft with assets that are named by id named by path instead, which is what scopes are compared by."""
    plant, scope = request.app.state.plant, draft.scope
    parent, slash, key = scope.sensor.rpartition("/")
    machine, part = plant.find(parent), plant.find(scope.under or "")
    changed = {"sensor": f"{machine.path}{slash}{key}"} if machine else {}
    changed |= {"under": part.path} if part else {}
    return draft.model_copy(update={"scope": scope.model_copy(update=changed)})


def _in_force(request: Request, caller: Principal, *rules: Rule) -> list[RuleInForce]:
    counts = request.app.state.evaluation.count(caller.may_see)
    return [RuleInForce(**rule.model_dump(), watches=None if counts is None else counts[rule.id]) for rule in rules]


async def _take_effect(request: Request) -> None:
    await request.app.state.rulebook.load()
    await request.app.state.evaluation.refresh()
