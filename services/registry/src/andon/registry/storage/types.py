"""Machine types."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from andon.common.errors import ConflictError, InvalidError, NotFoundError
from andon.registry import calculated, layout
from andon.registry import sensors as sensor_words
from andon.registry.storage.fields import Fields, fields_of
from andon.registry.storage.tables import AssetRow, TypeRow
from andon.registry.storage.within import within
from andon.registry.yamlfile import words

MOST_TOLD = 10


async def all_types(session: AsyncSession) -> dict[str, TypeRow]:
    """All machine types by slug, in order."""
    found = await session.scalars(select(TypeRow).order_by(TypeRow.slug))
    return {row.slug: row for row in found}


async def machine_counts(session: AsyncSession, scope: str = "") -> dict[str, int]:
    """How many machines there are in `scope` of each type that has any there."""
    counted = select(AssetRow.type, func.count()).where(AssetRow.type.is_not(None), within(AssetRow.path, scope))
    return {str(type_): int(count) for type_, count in await session.execute(counted.group_by(AssetRow.type))}


async def put(session: AsyncSession, slug: str, **fields: Any) -> str:
    """Create or change a type; of `name`, `sensors`, `documents`, `page` what is not given, or None, stays as it is.

    Answers created, changed or unchanged.
    """
    given = {field: value for field, value in fields.items() if value is not None}
    row = await session.get(TypeRow, slug)
    if row is None:
        session.add(TypeRow(slug=slug, **{"name": slug, "sensors": [], "documents": [], "page": [], **given}))
        return "created"
    different = {field: value for field, value in given.items() if getattr(row, field) != value}
    for field, value in different.items():
        setattr(row, field, value)
    return "changed" if different else "unchanged"


async def check_machines(session: AsyncSession, slug: str) -> None:
    """Refuse a type with which its page, the history, or the own sensors of one of its machines, are at odds.

    Raises:
        InvalidError: names the type or the machine, and the sensor.
    """
    row, fields = await visible(session, slug), await fields_of(session, [slug])
    if told := [f"{words(where)}: {mistake}" for where, mistake in layout.mistakes(row.page, row.sensors)]:
        more = len(told) - MOST_TOLD
        raise InvalidError("; ".join(told[:MOST_TOLD]) + (f"; and {more} more" if more > 0 else ""))
    claim(fields, row)
    for machine in await session.scalars(select(AssetRow).where(AssetRow.type == slug).order_by(AssetRow.path)):
        merged = sensor_words.check(machine.path, row.sensors, machine.sensors)
        fields.claim(f"'{machine.path}'", slug, merged)


def claim(fields: Fields, row: TypeRow) -> None:
    """Register the sensors of a type, whether there are machines of it or not.

    Raises:
        InvalidError: the history has one of them otherwise, or it cannot be calculated.
    """
    merged = sensor_words.merge(row.slug, row.sensors, [])
    calculated.check(row.slug, merged)
    fields.claim(f"type '{row.slug}'", row.slug, merged)


async def remove(session: AsyncSession, slug: str) -> None:
    """Delete a type of which there is no machine.

    Raises:
        NotFoundError: there is no such type.
        ConflictError: there are machines of it.
    """
    row = await visible(session, slug)
    machines = await session.scalar(select(func.count()).where(AssetRow.type == slug))
    if machines:
        raise ConflictError(f"{machines} machine(s) are of the type '{slug}'; give them another type first")
    await session.delete(row)


async def visible(session: AsyncSession, slug: str) -> TypeRow:
    """One type.

    Raises:
        NotFoundError: there is no such type.
    """
    row = await session.get(TypeRow, slug)
    if row is None:
        raise NotFoundError(f"There is no type '{slug:.64}'")
    return row
