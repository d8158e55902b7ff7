"""The tree: site > area > line > machine."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, status
from pydantic import ConfigDict, Field, model_validator
from sqlalchemy.ext.asyncio import AsyncSession

from andon.common.answer import Answer
from andon.common.api import Caller, Page, needs
from andon.common.auth import Role
from andon.common.plant import Datatype, Kind
from andon.common.sight import cut
from andon.registry import documents, retyped
from andon.registry.calculated import check_scope
from andon.registry.documents import Documents
from andon.registry.names import Labels, Name, Slug, Strict
from andon.registry.routes.documents import DocumentOut
from andon.registry.routes.state import Cursor, Limit, Registry
from andon.registry.sensors import Sensors, written
from andon.registry.storage import assets
from andon.registry.storage.calculated import check_calculated
from andon.registry.storage.platform import refuse_platform
from andon.registry.storage.tables import AssetRow

router = APIRouter(tags=["assets"])
engineer = [Depends(needs(Role.ENGINEER))]


class _FromPlant(Answer):
    model_config = ConfigDict(from_attributes=True)


class LimitsOut(_FromPlant):
    """Alarm limits: low-low, low, high, high-high."""

    ll: float | None
    l: float | None  # noqa: E741 - ISA-18.2 calls it L
    h: float | None
    hh: float | None


class SensorOut(_FromPlant):
    """One sensor of a machine."""

    key: str
    path: str
    name: str
    unit: str
    datatype: Datatype
    limits: LimitsOut
    decimals: int
    expression: str
    entered_every: str


class AssetOut(_FromPlant):
    """A node of the plant; `sensors` are all of a machine's, its type's and its own merged.

    documents: its own alone; those of a machine's type stand with the type.
    warnings: after a change, what its calculated sensors wait for, and what another type shows no more of its history.
    """

    id: str
    path: str
    kind: Kind
    slug: str
    name: str
    type: str
    labels: dict[str, str]
    sensors: list[SensorOut]
    documents: list[DocumentOut] = Field(default=[])
    warnings: list[str] = Field(default=[])


class NewAsset(Strict):
    """A node to be added below `parent` (id or path); a site has none."""

    parent: str = Field(default="", max_length=255)
    kind: Literal["site", "area", "line", "machine"]
    slug: Slug
    name: Name | None = None
    type: Slug | None = None
    labels: Labels = Field(default_factory=dict)
    sensors: Sensors = Field(default_factory=list)
    documents: Documents = Field(default_factory=list)


class AssetChange(Strict):
    """What is to change of a node; what is left out stays. `type: null` takes the type away."""

    name: Name | None = None
    type: Slug | None = None
    labels: Labels | None = None
    sensors: Sensors | None = None
    documents: Documents | None = None

    @model_validator(mode="before")
    @classmethod
    def stays(cls, data: Any) -> Any:
        """Refuse to move an asset, and say what can be done instead."""
        if isinstance(data, dict) and (fixed := [name for name in FIXED if name in data]):
            raise ValueError(
                f"'{fixed[0]}' never changes: paths are in topics, rules and history. Change the name, or add a new "
                "asset where it belongs; the history of this one stays under its id and path for as long as it is there"
            )
        return data


FIXED = ("slug", "parent", "path", "kind", "id")


@router.get("/assets")
async def list_assets(
    *,
    registry: Registry,
    caller: Caller,
    under: Annotated[str, Query(max_length=255, description="Id or path; '' is the whole plant")] = "",
    kind: Kind | None = None,
    q: Annotated[str, Query(max_length=100, description="Part of a name or path")] = "",
    cursor: Cursor = "",
    limit: Limit = 100,
) -> Page[AssetOut]:
    """List assets in order of path, cut to the caller's part of the plant.

    What Andon tells of itself is listed with `under=andon` alone.
    """
    async with registry.database.read() as session:
        row = await assets.find(session, under) if under else None
        path = cut(row.path if row else None if under else "", caller.scope, under, "asset")
        rows = await assets.page(session, under=path, kind=kind, q=q, after=cursor, limit=limit + 1)
        items = await _whole(session, rows[:limit])
    more = rows[limit - 1].path if len(rows) > limit else None
    return Page(items=items, next_cursor=more)


@router.post("/assets", status_code=status.HTTP_201_CREATED, dependencies=engineer)
async def create_asset(registry: Registry, caller: Caller, body: NewAsset) -> AssetOut:
    """Add a node."""
    async with registry.database.write() as session:
        parent = await assets.visible(session, body.parent, caller.scope) if body.parent else None
        if parent is None:
            caller.require_path(body.slug)
        row = await assets.create(
            session,
            parent=parent,
            kind=body.kind,
            slug=body.slug,
            name=body.name or body.slug,
            type_=body.type,
            labels=body.labels,
            sensors=written(body.sensors),
            documents=documents.written(body.documents),
        )
        check_scope(row.path, [], row.sensors, caller)
        made = await _made(session, row)
    registry.publisher.wake()
    return made


@router.get("/assets/{name:path}")
async def read_asset(registry: Registry, caller: Caller, name: str) -> AssetOut:
    """One asset by id or path."""
    async with registry.database.read() as session:
        row = await assets.visible(session, name, caller.scope)
        return (await _whole(session, [row]))[0]


@router.patch("/assets/{name:path}", dependencies=engineer)
async def change_asset(registry: Registry, caller: Caller, name: str, body: AssetChange) -> AssetOut:
    """Change an asset's name, labels, type, own sensors or documents; slug and place never change.

    A machine keeps its history whatever its type: that of sensors it still has, as long as their datatype is the same.
    """
    async with registry.database.write() as session:
        row = await assets.visible(session, name, caller.scope)
        refuse_platform(row.path)
        (before,), own, type_ = await assets.whole(session, [row]), row.sensors, row.type
        _change(row, body)
        check_scope(row.path, own, row.sensors, caller)
        await assets.check_machine(session, row)
        changed = await _made(session, row)
        if row.type != type_:
            (after,) = await assets.whole(session, [row])
            changed.warnings += retyped.lost(row.path, before.sensors, after.sensors)
            changed.warnings += retyped.other_datatypes(row.path, before.sensors, after.sensors)
    registry.publisher.wake()
    return changed


async def _whole(session: AsyncSession, rows: Sequence[AssetRow]) -> list[AssetOut]:
    """Rows as the pages see them. Documents are for people alone: no other service is told of them."""
    found = [AssetOut.model_validate(asset) for asset in await assets.whole(session, rows)]
    for out, row in zip(found, rows, strict=True):
        out.documents = [DocumentOut(**document) for document in row.documents]
    return found


async def _made(session: AsyncSession, row: AssetRow) -> AssetOut:
    """What became of a change, held against the whole plant."""
    (out,) = await _whole(session, [row])
    sensors = [sensor.model_dump() for sensor in out.sensors]
    out.warnings = await check_calculated(session, [sensors], lambda path, _: path == row.path)
    return out


def _change(row: AssetRow, body: AssetChange) -> None:
    row.name = row.name if body.name is None else body.name
    row.labels = row.labels if body.labels is None else body.labels
    row.sensors = row.sensors if body.sensors is None else written(body.sensors)
    row.documents = row.documents if body.documents is None else documents.written(body.documents)
    if "type" in body.model_fields_set:
        assets.retype(row, body.type)


@router.delete("/assets/{name:path}", status_code=status.HTTP_204_NO_CONTENT, dependencies=engineer)
async def delete_asset(registry: Registry, caller: Caller, name: str) -> None:
    """Delete an asset with nothing below it."""
    async with registry.database.write() as session:
        await assets.remove(session, await assets.visible(session, name, caller.scope))
    registry.publisher.wake()
