"""Assets: the nodes of the plant."""

from collections.abc import Sequence
from time import time_ns
from typing import Any

import msgspec
from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from andon.common.errors import ConflictError, InvalidError
from andon.common.influx import measurement_of
from andon.common.plant import KINDS, Asset, Earlier, Kind, is_below
from andon.common.platform import is_platform
from andon.common.sight import nothing
from andon.registry import retyped, sensors
from andon.registry.names import new_id
from andon.registry.storage.fields import fields_of
from andon.registry.storage.platform import hide_platform, refuse_platform
from andon.registry.storage.tables import AssetRow, TypeRow
from andon.registry.storage.types import all_types
from andon.registry.storage.within import within


async def find(session: AsyncSession, name: str) -> AssetRow | None:
    """Asset by id or by path."""
    found = await session.scalars(select(AssetRow).where(or_(AssetRow.id == name, AssetRow.path == name)))
    rows = sorted(found, key=lambda row: row.id != name)
    return rows[0] if rows else None


async def page(
    session: AsyncSession, *, under: str, kind: Kind | None, q: str, after: str, limit: int
) -> Sequence[AssetRow]:
    """Up to `limit` assets at or below the path `under`, in order of path, those after the path `after`.

    The platform's own are among them where `under` names them.
    """
    inside = within(AssetRow.path, under) if is_platform(under) else hide_platform(within(AssetRow.path, under))
    query = select(AssetRow).where(AssetRow.path > after, inside).order_by(AssetRow.path).limit(limit)
    if kind is not None:
        query = query.where(AssetRow.kind == kind)
    if q:
        low = q.lower()
        query = query.where(
            or_(
                func.lower(AssetRow.name).contains(low, autoescape=True),
                AssetRow.path.contains(low, autoescape=True),
            )
        )
    return (await session.scalars(query)).all()


async def create(
    session: AsyncSession, *, parent: AssetRow | None, kind: Kind, slug: str, type_: str | None, **fields: Any
) -> AssetRow:
    """Add a node below `parent`; only a site has none.

    Raises:
        ConflictError: the path is taken, or the platform's own.
        InvalidError: the kind does not belong there, or it has a type or sensors and is no machine.
    """
    check_place(kind, None if parent is None else parent.kind)
    path = slug if parent is None else f"{parent.path}/{slug}"
    refuse_platform(path)
    if await session.scalar(select(AssetRow.id).where(AssetRow.path == path)):
        raise ConflictError(f"There is '{path}' already")
    row = AssetRow(id=new_id(), parent=parent and parent.id, kind=kind, slug=slug, path=path, type=type_, **fields)
    await check_machine(session, row)
    session.add(row)
    await session.flush()
    return row


def retype(row: AssetRow, type_: str | None) -> None:
    """Give a machine another type; what it said until now stays where it lies, and remains its history.

    Raises:
        InvalidError: it has had too many.
    """
    if type_ == row.type:
        return
    old, new = measurement_of(row.type), measurement_of(type_)
    if old != new:  # a type may be called as those without one are stored
        had = [one["measurement"] for one in row.earlier or []]
        if new not in had:
            retyped.check_number(row.path, [*had, old, new])
        others = [one for one in row.earlier or [] if one["measurement"] not in (old, new)]
        row.earlier = [{"measurement": old, "until": time_ns()}, *others]
    row.type = type_


async def remove(session: AsyncSession, row: AssetRow) -> None:
    """Delete a node without children.

    Raises:
        ConflictError: there is something below it, or it is the platform's own.
    """
    refuse_platform(row.path)
    children = await session.scalar(select(func.count()).where(AssetRow.parent == row.id))
    if children:
        raise ConflictError(f"'{row.path}' has {children} below it; delete those first")
    await session.delete(row)


def check_place(kind: Kind, parent: str | None) -> None:
    """Refuse a kind below a kind that is not the one above it.

    Raises:
        InvalidError: says what belongs there.
    """
    place = KINDS.index(kind)
    wanted = KINDS[place - 1] if place else None
    if parent != wanted:
        where = f"below a {wanted}" if wanted else "at the top of the plant"
        raise InvalidError(f"kind: a {kind} belongs {where}, not {f'below a {parent}' if parent else 'at the top'}")


async def check_machine(session: AsyncSession, row: AssetRow) -> None:
    """Refuse a type that is not there, a type or sensors of what is no machine, and sensors at odds with it or history.

    Raises:
        InvalidError: names what is wrong.
    """
    if row.kind != "machine" and (row.type is not None or row.sensors):
        raise InvalidError(f"Only a machine has a type and sensors; '{row.path}' is a {row.kind}")
    with session.no_autoflush:  # else the database would refuse first, and only say that something is wrong
        type_ = None if row.type is None else await session.get(TypeRow, row.type)
    if row.type is not None and type_ is None:
        raise InvalidError(f"type: there is no type '{row.type}'")
    merged = sensors.check(row.path, type_.sensors if type_ else [], row.sensors)
    (await fields_of(session, [row.type])).claim(f"'{row.path}'", row.type, merged)


async def visible(session: AsyncSession, name: str, scope: str) -> AssetRow:
    """Asset by id or path, if it lies in `scope`.

    Raises:
        NotFoundError: there is none, or none the caller may see.
    """
    row = await find(session, name)
    if row is None or not is_below(row.path, scope):
        raise nothing(name, "asset")
    return row


async def whole(session: AsyncSession, rows: Sequence[AssetRow]) -> list[Asset]:
    """Rows as all of Andon sees them: machines with the full sensors of their type and their own."""
    types = await all_types(session)
    return [to_asset(row, types[row.type].sensors if row.type else []) for row in rows]


def to_asset(row: AssetRow, of_type: list[dict[str, Any]]) -> Asset:
    """One row as all of Andon sees it."""
    return Asset(
        id=row.id,
        path=row.path,
        kind=row.kind,  # type: ignore[arg-type] # only KINDS are ever written
        slug=row.slug,
        name=row.name,
        type=row.type or "",
        labels=row.labels,
        sensors=sensors.merge(row.path, of_type, row.sensors),
        earlier=msgspec.convert(row.earlier or [], tuple[Earlier, ...]),
    )
