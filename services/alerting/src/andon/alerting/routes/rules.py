"""Routes of rules."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy.ext.asyncio import AsyncSession

from andon.alerting.backtest.trial import refuse_failing
from andon.alerting.elsewhere import cut_all, near
from andon.alerting.evaluate.index import Places, watches_any
from andon.alerting.rules.draft import Rule, RuleDraft, RulePatch, changed
from andon.alerting.rules.meaning import meaning_of
from andon.alerting.rules.rulebook import delete_rule, put_rule, to_rule
from andon.alerting.rules.scope import idle
from andon.alerting.tables import RuleRow
from andon.alerting.tables.written import find
from andon.common.api import Caller, Page, needs
from andon.common.auth import Principal, Role
from andon.common.errors import ConflictError, ForbiddenError, NotFoundError
from andon.common.expression import place
from andon.common.plant import is_below
from andon.common.platform import is_platform

router = APIRouter(tags=["rules"])
_engineer = [Depends(needs(Role.ENGINEER))]


class RuleInForce(Rule):
    """A rule, and how many sensors it watches just now, of those the caller may see.

    0 for a scope that is misspelt, or of a machine that is yet to come; None while the plant is not known here.
    `system`: it watches Andon itself.
    """

    watches: int | None = None
    system: bool = False


@router.get("/rules")
async def list_rules(
    request: Request,
    caller: Caller,
    *,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    cursor: Annotated[str, Query(max_length=100)] = "",
    system: Annotated[bool, Query(description="Those too that watch Andon itself")] = False,
) -> Page[RuleInForce]:
    """Rules that can raise alarms in the caller's part of the plant, by name."""
    own = (r for r in request.app.state.rulebook.rules if system or not is_platform(r.scope.reach))
    rules = [r for r in own if r.name > cursor and touches(r, caller)]
    items = await _in_force(request, caller, *rules[:limit])
    return Page(items=items, next_cursor=rules[limit - 1].name if len(rules) > limit else None)


@router.get("/rules/{rule_id}")
async def read_rule(rule_id: str, request: Request, caller: Caller) -> RuleInForce:
    """One rule."""
    async with request.app.state.database.read() as session:
        rule = to_rule(await _visible_rule(session, rule_id, caller))
    return (await _in_force(request, caller, rule))[0]


@router.post("/rules", status_code=201, dependencies=_engineer)
async def create_rule(draft: RuleDraft, request: Request, caller: Caller) -> RuleInForce:
    """Write a rule; it is in force when this answers."""
    draft = by_path(draft, request, caller)
    require_reach(draft, caller)
    await asyncio.to_thread(refuse_failing, draft)
    async with request.app.state.database.write() as session:
        row = await put_rule(session, draft)
    await take_effect(request)
    return (await _in_force(request, caller, to_rule(row)))[0]


@router.patch("/rules/{rule_id}", dependencies=_engineer)
async def change_rule(rule_id: str, patch: RulePatch, request: Request, caller: Caller) -> RuleInForce:
    """Change some fields of a rule; open alarms and running delays go on under the new ones."""
    async with request.app.state.database.read() as session:
        known = to_rule(await _visible_rule(session, rule_id, caller))
    draft = by_path(changed(known, patch), request, caller)
    require_reach(known, caller, written=True)
    require_reach(draft, caller)
    await asyncio.to_thread(refuse_failing, draft)
    async with request.app.state.database.write() as session:
        row = await _visible_rule(session, rule_id, caller)
        if to_rule(row) != known:
            raise ConflictError(f"Rule '{known.name}' was changed by somebody else meanwhile; read it and try again")
        await put_rule(session, draft, row)
    await take_effect(request)
    return (await _in_force(request, caller, to_rule(row)))[0]


@router.delete("/rules/{rule_id}", status_code=204, dependencies=_engineer)
async def remove_rule(rule_id: str, request: Request, caller: Caller) -> None:
    """Remove a rule; its open alarms are closed."""
    async with request.app.state.database.write() as session:
        row = await _visible_rule(session, rule_id, caller)
        require_reach(to_rule(row), caller, written=True)
        await delete_rule(session, row)
    await take_effect(request)


def require_reach(rule: RuleDraft, caller: Principal, *, written: bool = False) -> None:
    """Refuse a rule that could raise alarms outside the caller's part of the plant, or looks at sensors there.

    written: it is one in force; somebody else may have written it, and what it looks at elsewhere is not told.

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
    if caller.scope:
        _require_sight(rule, caller, written=written)


def _require_sight(rule: RuleDraft, caller: Principal, *, written: bool) -> None:
    """Refuse to look at sensors that the caller may not see: what an alarm says would tell what they say."""
    somewhere = near(rule.scope.reach, caller)
    for path in sorted(meaning_of(rule).paths):
        if not caller.may_see(place(path, somewhere).below):
            what = "sensors elsewhere" if written else f"'{path}'"
            raise ForbiddenError(
                f"Rule '{rule.name}' looks at {what}; your part of the plant is '{caller.scope}'. "
                "Name sensors that are in it wherever the rule watches"
            )


def touches(rule: Rule, caller: Principal) -> bool:
    """Whether a rule can raise alarms in the caller's part of the plant."""
    return caller.may_see(rule.scope.reach) or is_below(caller.scope, rule.scope.reach)


async def _visible_rule(session: AsyncSession, rule_id: str, caller: Principal) -> RuleRow:
    """Rule by id.

    Raises:
        NotFoundError: there is none, or none the caller may see.
    """
    row = await find(session, RuleRow, rule_id)
    if not touches(to_rule(row), caller):
        raise NotFoundError(f"There is no rule '{rule_id}'")
    return row


def by_path(draft: RuleDraft, request: Request, caller: Principal) -> RuleDraft:
    """The draft with assets that are named by id named by path instead, which is what scopes are compared by.

    Those the caller may not see stay as they are, like those that do not exist.
    """
    plant, scope = request.app.state.plant, draft.scope
    parent, slash, key = scope.sensor.rpartition("/")
    machine, part = plant.find(parent), plant.find(scope.under or "")
    changed = {"sensor": f"{machine.path}{slash}{key}"} if machine and caller.may_see(machine.path) else {}
    changed |= {"under": part.path} if part and caller.may_see(part.path) else {}
    return draft.model_copy(update={"scope": scope.model_copy(update=changed)})


async def _in_force(request: Request, caller: Principal, *rules: Rule) -> list[RuleInForce]:
    counts = await request.app.state.work.count(caller.may_see)
    return [
        RuleInForce(
            **_told(rule, caller),
            watches=None if counts is None else counts[rule.id],
            system=is_platform(rule.scope.reach),
        )
        for rule in rules
    ]


def _told(rule: Rule, caller: Principal) -> dict[str, Any]:
    """A rule's fields, without the sensors elsewhere that it looks at."""
    fields, machine = rule.model_dump(), near(rule.scope.reach, caller)
    looking = ("condition", "active_when", "tests")
    return fields | {name: cut_all(fields[name], machine, caller.scope) for name in looking}


async def take_effect(request: Request) -> None:
    """Let the rules be in force as they are written now."""
    await request.app.state.rulebook.load()
    await request.app.state.work.refresh()


def idle_of(request: Request, rules: Sequence[RuleDraft]) -> list[str]:
    """Names of those that watch no sensor; it takes a while in a large plant."""
    plant = request.app.state.plant
    places = Places(plant, request.app.state.rulebook.calendars)
    return idle(plant, rules, partial(watches_any, places))
