"""Routes of rules on the past: what a rule would have raised, and what would have come of another deadband or delay."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from pydantic import Field

from andon.alerting.backtest.answer import LISTED, BacktestAnswer, SensorAnswer, answer, sensor_answer
from andon.alerting.backtest.run import Run
from andon.alerting.draft import Draft
from andon.alerting.evaluate.index import Places, make
from andon.alerting.evaluate.watch import Watch
from andon.alerting.routes.rules import by_path, require_reach, touches
from andon.alerting.rules.draft import Rule, RuleDraft
from andon.alerting.rules.meaning import meaning_of
from andon.alerting.rules.rulebook import to_rule
from andon.alerting.tables import RuleRow
from andon.alerting.tables.written import find
from andon.common.api import Caller, needs
from andon.common.auth import Principal, Role
from andon.common.errors import InvalidError, NotFoundError
from andon.common.history.api import AskedSpan, KnownHistory
from andon.common.history.span import Span, span_of
from andon.common.plant import Asset, Plant
from andon.common.reading import NS_PER_S
from andon.common.sight import find_sensor
from andon.common.times import time_zone

router = APIRouter(tags=["rules"])
_engineer = [Depends(needs(Role.ENGINEER))]

MOST_SENSORS = 50
MOST_DAYS = 366


class BacktestDraft(Draft):
    """A rule, as a draft or by the id of one in force, and a range of the past, on the clock of `tz`."""

    rule: RuleDraft | None = None
    id: str | None = Field(default=None, max_length=16)
    start: str = Field(default="-30d", max_length=64, alias="from")
    end: str = Field(default="now", max_length=64, alias="to")
    tz: str = Field(default="UTC", max_length=64)


@router.post("/rules/backtest", dependencies=_engineer)
async def backtest(draft: BacktestDraft, request: Request, caller: Caller, history: KnownHistory) -> BacktestAnswer:
    """Run a rule over what is stored of the sensors it watches; nothing is written, and nobody is told."""
    span = _bounded(span_of(draft.start, draft.end, time_zone(draft.tz)))
    rule = await _rule(draft, request, caller)
    places = _places(request)
    machines = await asyncio.to_thread(_watched, places, request.app.state.plant, caller, rule)
    run = Run(history, request.app.state.plant, places, rule, span)
    outcomes = [await run.on(machine, LISTED // len(machines)) for machine in machines]
    return answer([one for one in outcomes if one is not None], span)


@router.get("/rules/{rule_id}/advice", dependencies=_engineer)
async def advice(  # noqa: PLR0917 - query parameters
    rule_id: str,
    request: Request,
    caller: Caller,
    history: KnownHistory,
    span: AskedSpan,
    sensor: Annotated[str, Query(max_length=400, description="Its path, or <machine id>/<key>")],
) -> SensorAnswer:
    """What a rule in force has raised on one of its sensors, and what would have come of it otherwise."""
    span = _bounded(span)
    rule = await _in_force(rule_id, request, caller)
    machine, found = find_sensor(request.app.state.plant, sensor, caller.scope)
    places = _places(request)
    watch = make(places, rule, meaning_of(rule), machine)
    if watch is None or watch.sensor.key != found.key:
        raise NotFoundError(f"Rule '{rule.name}' does not watch '{sensor}'")
    _require_sight(request.app.state.plant, caller, watch)
    outcome = await Run(history, request.app.state.plant, places, rule, span).on(machine, LISTED)
    if outcome is None:
        raise NotFoundError(f"Rule '{rule.name}' does not watch '{sensor}'")
    return sensor_answer(outcome, span)


def _bounded(span: Span) -> Span:
    """A range that can be read for one answer."""
    if span.end - span.start > MOST_DAYS * 86_400 * NS_PER_S:
        raise InvalidError(f"The range is longer than {MOST_DAYS} days; ask for a shorter one")
    return span


async def _rule(draft: BacktestDraft, request: Request, caller: Principal) -> Rule:
    if (draft.rule is None) == (draft.id is None):
        raise InvalidError("Give either a 'rule' or the 'id' of one")
    if draft.id is not None:
        return await _in_force(draft.id, request, caller)
    assert draft.rule is not None  # noqa: S101 - one of both is there
    found = by_path(draft.rule, request, caller)
    require_reach(found, caller)
    return Rule(id="", **found.model_dump())


async def _in_force(rule_id: str, request: Request, caller: Principal) -> Rule:
    async with request.app.state.database.read() as session:
        rule = to_rule(await find(session, RuleRow, rule_id))
    if not touches(rule, caller):
        raise NotFoundError(f"There is no rule '{rule_id}'")
    return rule


def _places(request: Request) -> Places:
    return Places(request.app.state.plant, request.app.state.rulebook.calendars)


def _watched(places: Places, plant: Plant, caller: Principal, rule: Rule) -> list[Asset]:
    """The machines whose sensors it watches, of those the caller may see."""
    meaning, found = meaning_of(rule), list[Asset]()
    unknown = [name for name in rule.active_during if name not in places.hours]
    if unknown:
        raise InvalidError(f"It names the calendar '{unknown[0]}', which does not exist; make it first")
    for machine in places.machines.all:
        watch: Any = caller.may_see(machine.path) and make(places, rule, meaning, machine)
        if watch:
            _require_sight(plant, caller, watch)
            found.append(machine)
    if not found:
        raise InvalidError(f"Rule '{rule.name}' watches no sensor; look at its scope and the names in its condition")
    if len(found) > MOST_SENSORS:
        raise InvalidError(
            f"Rule '{rule.name}' watches {len(found)} sensors; at most {MOST_SENSORS} in one call: give its scope an "
            "'under', or the path of one sensor"
        )
    return found


def _require_sight(plant: Plant, caller: Principal, watch: Watch) -> None:
    """Refuse to tell what can be concluded about sensors that the caller may not see."""
    for asset in watch.names:
        machine = plant.find(asset)
        if machine is None or not caller.may_see(machine.path):
            raise InvalidError(f"Rule '{watch.rule.name}' looks at sensors outside your part of the plant")
