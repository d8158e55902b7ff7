"""Machine types."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from andon.registry.storage.tables import TypeRow


async def all_types(session: AsyncSession) -> dict[str, TypeRow]:
    """All machine types by slug, in order."""
    found = await session.scalars(select(TypeRow).order_by(TypeRow.slug))
    return {row.slug: row for row in found}


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
