"""GET /calculated: what is calculated, and what it waits for. POST /calculated/recompute: calculate anew."""

import asyncio
from operator import attrgetter
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field

from andon.common import subjects
from andon.common.answer import Answer
from andon.common.api import Caller, Page, needs
from andon.common.auth import Role
from andon.common.bus import Bus
from andon.common.errors import NotFoundError
from andon.common.expression import formulas
from andon.common.history.api import AskedSpan
from andon.common.plant import Plant, is_below
from andon.common.sight import cut, find_sensor
from andon.query.branches import Branches, KnownBranches
from andon.query.derive.anew import Wanted, ask

router = APIRouter()

ASK_SECONDS = 10.0
Under = Annotated[str, Query(max_length=512, description="Node, machine or sensor, by path or id; '' is all")]


class Calculated(Answer):
    """A calculated sensor. waits_for: paths in its expression that mean no sensor yet. trouble: why it never comes."""

    sensor: str
    expression: str
    waits_for: list[str] = Field(default=[])
    trouble: str = ""


class Recomputing(BaseModel):
    """How many sensors are calculated anew."""

    sensors: int


class Findings:
    """What calculated sensors wait for, and what is wrong with them: a second's work for ten thousand machines.

    So it is done once for each state of the plant, however many ask.
    """

    def __init__(self, plant: Plant) -> None:
        self._plant = plant
        self._version = -1
        self._turn = asyncio.Lock()
        self._waits: dict[str, list[str]] = {}
        self._wrong: dict[str, str] = {}

    async def now(self) -> tuple[dict[str, list[str]], dict[str, str]]:
        """Paths that mean no sensor yet, and sentences on what never comes; by path of the sensor."""
        async with self._turn:
            version = self._plant.version
            if version != self._version:
                found, self._wrong = await asyncio.to_thread(formulas, self._plant.machines())
                self._waits = {formula.sensor.path: missing for formula in found if (missing := formula.missing)}
                self._version = version
            return self._waits, self._wrong


def _findings(request: Request) -> Findings:
    findings: Findings = request.app.state.findings
    return findings


@router.get("/calculated")
async def list_calculated(  # noqa: PLR0917 - FastAPI calls it by name
    caller: Caller,
    branches: KnownBranches,
    findings: Annotated[Findings, Depends(_findings)],
    under: Under = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    cursor: Annotated[str, Query(max_length=500, description="`next_cursor` of the page before")] = "",
) -> Page[Calculated]:
    """The calculated sensors at or below a node, machine or sensor, in order of path, `limit` of them on a page."""
    path = _path(branches, under, caller.scope)
    machines = branches.machines(path) or branches.machines(path.rpartition("/")[0])
    waits, wrong = await findings.now()
    sensors = (sensor for machine in machines for sensor in machine.sensors if sensor.expression)
    found = sorted((one for one in sensors if one.path > cursor and is_below(one.path, path)), key=attrgetter("path"))
    items = [
        Calculated(
            sensor=sensor.path,
            expression=sensor.expression,
            waits_for=waits.get(sensor.path, []),
            trouble=wrong.get(sensor.path, ""),
        )
        for sensor in found[:limit]
    ]
    return Page(items=items, next_cursor=items[-1].sensor if len(found) > limit else None)


@router.post("/calculated/recompute", status_code=202, dependencies=[Depends(needs(Role.ENGINEER))])
async def recompute(
    request: Request, caller: Caller, branches: KnownBranches, span: AskedSpan, under: Under = ""
) -> Recomputing:
    """Calculate a range anew, of what is stored: for an expression that is newer than the history it is to have."""
    bus: Bus = request.app.state.bus
    wanted = Wanted(_path(branches, under, caller.scope), span.start, span.end)
    sensors = await ask(bus, subjects.RECALCULATE, wanted)
    if not sensors:
        raise NotFoundError(f"Nothing is calculated at or below '{under}'; GET /api/query/v1/calculated lists all")
    return Recomputing(sensors=sensors)


def _path(branches: Branches, under: str, scope: str) -> str:
    """The part of the plant that is meant, cut to the caller's.

    Raises:
        NotFoundError: there is no such node, machine or sensor there.
    """
    asset = branches.plant.find(under) if under else None
    if not under or asset is not None:
        return cut(asset.path if asset else "", scope, under)
    return find_sensor(branches.plant, under, scope)[1].path
