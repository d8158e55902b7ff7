"""Machine types: the sensors that machines are stamped from, their page and documents."""

from collections.abc import Mapping
from typing import NotRequired

from fastapi import APIRouter, Depends, status
from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from andon.common.answer import Answer
from andon.common.api import Caller, Page, needs
from andon.common.auth import Principal, Role
from andon.common.errors import ForbiddenError
from andon.common.plant import Datatype
from andon.registry import documents, layout
from andon.registry.documents import Documents
from andon.registry.layout import PageSpec, Show
from andon.registry.names import Name, Slug, Strict
from andon.registry.routes.documents import DocumentOut
from andon.registry.routes.state import Registry
from andon.registry.sensors import Sensors, written
from andon.registry.storage import types
from andon.registry.storage.calculated import check_calculated
from andon.registry.storage.tables import TypeRow

router = APIRouter(tags=["machine types"])


class TypeIn(Strict):
    """A machine type as a whole."""

    name: Name
    sensors: Sensors = Field(default_factory=list)
    documents: Documents = Field(default_factory=list)
    page: PageSpec = PageSpec()


class WrittenLimits(TypedDict, total=False):
    """Alarm limits as they were written down; None is no limit."""

    ll: float | None
    l: float | None  # noqa: E741 - ISA-18.2 calls it L
    h: float | None
    hh: float | None


class WrittenSensor(TypedDict):
    """A sensor as it was written down: what was left out is as `PUT /types/{slug}` has it."""

    key: str
    name: NotRequired[str]
    unit: NotRequired[str]
    datatype: NotRequired[Datatype]
    limits: NotRequired[WrittenLimits]
    decimals: NotRequired[int]
    expression: NotRequired[str]
    entered_every: NotRequired[str]


class SectionOut(Answer):
    """Some sensors of the type, shown in one way, in this order."""

    title: str
    show: Show
    sensors: list[str]


class PageOut(Answer):
    """The page of all machines of the type, from top to bottom; without sections the pages choose."""

    sections: list[SectionOut]


class TypeOut(BaseModel):
    """A machine type; its sensors stand as they were written, without paths.

    machines: how many there are in the caller's part of the plant.
    warnings: after a change, what its calculated sensors wait for.
    """

    slug: str
    name: str
    sensors: list[WrittenSensor]
    documents: list[DocumentOut]
    page: PageOut
    machines: int
    warnings: list[str]


def _out(row: TypeRow, machines: Mapping[str, int]) -> TypeOut:
    return TypeOut.model_validate(
        {
            "slug": row.slug,
            "name": row.name,
            "sensors": row.sensors,
            "documents": row.documents,
            "page": {"sections": row.page},
            "machines": machines.get(row.slug, 0),
            "warnings": [],
        }
    )


@router.get("/types")
async def list_types(registry: Registry, caller: Caller) -> Page[TypeOut]:
    """All machine types."""
    async with registry.database.read() as session:
        machines = await types.machine_counts(session, caller.scope)
        return Page(items=[_out(row, machines) for row in (await types.all_types(session)).values()])


@router.get("/types/{slug}")
async def read_type(registry: Registry, caller: Caller, slug: str) -> TypeOut:
    """One machine type."""
    async with registry.database.read() as session:
        return _out(await types.visible(session, slug), await types.machine_counts(session, caller.scope))


@router.put("/types/{slug}", dependencies=[Depends(needs(Role.ENGINEER))])
async def put_type(registry: Registry, caller: Caller, slug: Slug, body: TypeIn) -> TypeOut:
    """Create a machine type or replace it; all machines of the type change with it."""
    _require_whole_plant(caller)
    async with registry.database.write() as session:
        fields = {"sensors": written(body.sensors), "documents": documents.written(body.documents)}
        await types.put(session, slug, name=body.name, page=layout.written(body.page), **fields)
        await types.check_machines(session, slug)
        row = await types.visible(session, slug)
        out = _out(row, await types.machine_counts(session))
        out.warnings = await check_calculated(session, [row.sensors], lambda _, type_: type_ == slug)
    registry.publisher.wake()
    return out


@router.delete("/types/{slug}", status_code=status.HTTP_204_NO_CONTENT, dependencies=[Depends(needs(Role.ENGINEER))])
async def delete_type(registry: Registry, caller: Caller, slug: str) -> None:
    """Delete a machine type of which there is no machine."""
    _require_whole_plant(caller)
    async with registry.database.write() as session:
        await types.remove(session, slug)
    registry.publisher.wake()


def _require_whole_plant(caller: Principal) -> None:
    if caller.scope:
        raise ForbiddenError("Machine types are changed by those who may see the whole plant")
