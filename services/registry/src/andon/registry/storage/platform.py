"""The platform's own site in the database: made and mended at start, and out of everybody's reach."""

from dataclasses import asdict

from sqlalchemy import ColumnElement, and_, not_, select
from sqlalchemy.ext.asyncio import AsyncSession

from andon.common import logs
from andon.common.errors import ConflictError
from andon.common.platform import NODES, SITE, PlatformNode, is_platform
from andon.registry.names import new_id
from andon.registry.storage.database import Database
from andon.registry.storage.tables import AssetRow
from andon.registry.storage.within import within

log = logs.get("registry.platform")


async def ensure_platform(database: Database) -> None:
    """Let the platform's nodes be as they are defined; ids stay, for history and alarms hang on them."""
    async with database.write() as session:
        found = await session.scalars(select(AssetRow).where(within(AssetRow.path, SITE)))
        there = {row.path: row for row in found}
        for node in NODES:
            await _lay(session, there, node)
    if strangers := sorted(there.keys() - {node.path for node in NODES}):
        log.warning("'andon' is the platform's own site now; give your own another slug", below_it=strangers[:10])


async def _lay(session: AsyncSession, there: dict[str, AssetRow], node: PlatformNode) -> None:
    row = there.get(node.path)
    if row is None:
        parent, _, slug = node.path.rpartition("/")
        above = there.get(parent)
        row = there[node.path] = AssetRow(id=new_id(), parent=above and above.id, slug=slug, path=node.path)
        session.add(row)
    row.kind, row.name, row.type, row.labels = node.kind, node.name, None, {}
    row.sensors = [asdict(sensor) for sensor in node.sensors]
    await session.flush()  # a parent before its children


def hide_platform(inside: ColumnElement[bool]) -> ColumnElement[bool]:
    """The same rows without the platform's own."""
    return and_(inside, not_(within(AssetRow.path, SITE)))


def refuse_platform(path: str) -> None:
    """Refuse to touch what is the platform's own.

    Raises:
        ConflictError: `path` is, or would be.
    """
    if is_platform(path):
        raise ConflictError(f"'{path}' is Andon's own, where it tells of itself, and stays as it is; choose another")
