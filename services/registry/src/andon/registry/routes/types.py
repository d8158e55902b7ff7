"""Machine types: the sensors that machines are stamped from."""

from typing import Any

from fastapi import APIRouter, Depends, status
from pydantic import BaseModel, Field

from andon.common.api import Caller, Page, needs
from andon.common.auth import Principal, Role
from andon.common.errors import ForbiddenError
from andon.registry.names import Name, Slug, Strict
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


class TypeOut(BaseModel):
    """A machine type; its sensors stand as they were written, without paths.

    warnings: after a change, what its calculated sensors wait for.
    """

    slug: str
    name: str
    sensors: list[dict[str, Any]]
    warnings: list[str] = []


def _out(row: TypeRow, warnings: list[str] | None = None) -> TypeOut:
    return TypeOut(slug=row.slug, name=row.name, sensors=row.sensors, warnings=warnings or [])


@router.get("/types")
async def list_types(registry: Registry) -> Page[TypeOut]:
    """All machine types."""
    async with registry.database.read() as session:
        return Page(items=[_out(row) for row in (await types.all_types(session)).values()])


@router.get("/types/{slug}")
async def read_type(registry: Registry, slug: str) -> TypeOut:
    """One machine type."""
    async with registry.database.read() as session:
        return _out(await types.visible(session, slug))


@router.put("/types/{slug}", dependencies=[Depends(needs(Role.ENGINEER))])
async def put_type(registry: Registry, caller: Caller, slug: Slug, body: TypeIn) -> TypeOut:
    """Create a machine type or replace it; all machines of the type change with it."""
    _require_whole_plant(caller)
    async with registry.database.write() as session:
        await types.put(session, slug, name=body.name, sensors=written(body.sensors))
        await types.check_machines(session, slug)
        row = await types.visible(session, slug)
        warnings = await check_calculated(session, [row.sensors], lambda _, type_: type_ == slug)
    registry.publisher.wake()
    return _out(row, warnings)


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
