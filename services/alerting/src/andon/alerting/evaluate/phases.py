"""Phases in the database: where every watch stood when it last turned."""

from time import time_ns

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from andon.alerting.evaluate.phase import Phase, State
from andon.alerting.evaluate.watch import PhaseKey, Watch
from andon.alerting.tables import PhaseRow
from andon.common.reading import NS_PER_S


async def take_up(session: AsyncSession, watches: dict[PhaseKey, Watch], clock: float) -> set[PhaseKey]:
    """Let watches stand as they were written; the keys of those that are written and not among them.

    clock: seconds of the judge's clock, now.
    """
    rows: dict[PhaseKey, list[PhaseRow]] = {}
    for row in await session.scalars(select(PhaseRow)):
        rows.setdefault((row.rule_id, row.asset_id, row.key), []).append(row)
    now = time_ns()
    for key, of_watch in rows.items():
        watch = watches.get(key)
        if watch is not None:
            watch.stands({row.level: _phase(row) for row in of_watch}, max(row.last for row in of_watch))
            watch.heard_at = max(row.heard for row in of_watch)
            watch.heard = clock - max(now - watch.heard_at, 0) / NS_PER_S
    return rows.keys() - watches.keys()


def _phase(row: PhaseRow) -> Phase:
    state = State(row.state)
    return Phase(state, row.since, row.due, row.least, row.count, row.value, row.late, row.raises, row.counted)
