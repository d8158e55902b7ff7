"""Machine types."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from andon.common.errors import ConflictError, NotFoundError
from andon.registry import calculated
from andon.registry import sensors as sensor_words
from andon.registry.storage.fields import Fields, fields_of
from andon.registry.storage.tables import AssetRow, TypeRow


async def all_types(session: AsyncSession) -> dict[str, TypeRow]:
    """All machine types by slug, in order."""
    found = await session.scalars(select(TypeRow).order_by(TypeRow.slug))
    return {row.slug: row for row in found}


async def machine_counts(session: AsyncSession) -> dict[str, int]:
    """How many machines there are of each type that has any."""
    counted = select(AssetRow.type, func.count()).where(AssetRow.type.is_not(None)).group_by(AssetRow.type)
    return {str(type_): int(count) for type_, count in await session.execute(counted)}


async def put(session: AsyncSession, slug: str, *, name: str | None, sensors: list[dict[str, Any]] | None) -> str:
    """Create or change a type; what is None stays as it is. Answers created, changed or unchanged."""
    row = await session.get(TypeRow, slug)
    if row is None:
        session.add(TypeRow(slug=slug, name=name or slug, sensors=sensors or []))
        return "created"
    before = (row.name, row.sensors)
    row.name = row.name if name is None else name
    row.sensors = row.sensors if sensors is None else sensors
    return "unchanged" if before == (row.name, row.sensors) else "changed"


async def check_machines(session: AsyncSession, slug: str) -> None:
    """Refuse a type with which the history, or the own sensors of one of its machines, are at odds.

    Raises:
        InvalidError: names the type or the machine, and the sensor.
    """
    row, fields = await visible(session, slug), await fields_of(session, [slug])
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
