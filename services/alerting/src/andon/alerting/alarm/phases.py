"""Phases: where the watches of a batch stand, written with what they caused."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import delete, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from andon.alerting.evaluate.watch import PhaseKey, Watch
from andon.alerting.tables import PhaseRow

_AT_ONCE = 300
_KEY = ("rule_id", "asset_id", "key", "level")


async def write_phases(session: AsyncSession, watches: Iterable[Watch]) -> None:
    """Write every level of these watches as it stands."""
    rows = [row for watch in watches for row in _rows(watch)]
    if not rows:
        return
    table: Any = PhaseRow.__table__
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    upsert = dialect.insert(table)
    changed = {column.name: upsert.excluded[column.name] for column in table.columns if column.name not in _KEY}
    await session.execute(upsert.on_conflict_do_update(index_elements=_KEY, set_=changed), rows)


async def forget_phases(session: AsyncSession, keys: Sequence[PhaseKey]) -> None:
    """Remove every level of these watches."""
    own = tuple_(PhaseRow.rule_id, PhaseRow.asset_id, PhaseRow.key)
    for start in range(0, len(keys), _AT_ONCE):
        await session.execute(delete(PhaseRow).where(own.in_(keys[start : start + _AT_ONCE])))


async def forget_levels(session: AsyncSession, gone: Iterable[tuple[PhaseKey, str]]) -> None:
    """Remove levels that their rules have no more: else one that comes back would stand where it stood then."""
    for key, level in gone:
        own = (PhaseRow.rule_id, PhaseRow.asset_id, PhaseRow.key, PhaseRow.level)
        await session.execute(
            delete(PhaseRow).where(*(mine == its for mine, its in zip(own, (*key, level), strict=True)))
        )


def _rows(watch: Watch) -> list[dict[str, Any]]:
    rule_id, asset_id, key = watch.key
    return [
        {
            "rule_id": rule_id,
            "asset_id": asset_id,
            "key": key,
            "level": rung.level.name,
            "state": int(rung.phase.state),
            "since": rung.phase.since,
            "due": rung.phase.due,
            "least": rung.phase.least,
            "count": rung.phase.count,
            "value": rung.phase.value,
            "late": rung.phase.late,
            "raises": rung.phase.raises,
            "counted": rung.phase.counted,
            "last": watch.clock,
            "heard": watch.heard_at,
        }
        for rung in watch.rungs
    ]
