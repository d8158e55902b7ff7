"""Late: which ranges of a sensor's past have changed since the rules judged them. They wait in the database.

A range waits until the store has surely written its samples, and meanwhile takes in others nearby; of one sensor there
are few ranges, however its samples come.
"""

from collections.abc import Mapping, Sequence
from time import time_ns

import msgspec
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from andon.alerting.evaluate.sources.formula import Name
from andon.alerting.tables import LateRow
from andon.common.reading import NS_PER_S

FRESH = 15 * NS_PER_S
"""A range noted so long ago takes in nothing more, for else it would never be looked into."""
STORED = 30 * NS_PER_S
"""By then the store has written a sample."""
NEAR = 3600 * NS_PER_S
"""Ranges no further apart are judged in one go."""
MOST_RANGES = 8
"""Of one sensor; more are put together, however far apart they are."""
_AT_ONCE = 500


class Range(msgspec.Struct, frozen=True):
    """A range to be judged anew, both ends included, as it is written just now."""

    id: int
    asset: str
    key: str
    start: int
    end: int
    noted_at: int


async def note(session: AsyncSession, marks: Mapping[Name, tuple[int, int]]) -> None:
    """Write down ranges (first and last event time, by sensor), within the caller's transaction."""
    now = time_ns()
    names = list(marks)
    for first in range(0, len(names), _AT_ONCE):
        some = names[first : first + _AT_ONCE]
        waiting: dict[Name, list[LateRow]] = {name: [] for name in some}
        assets = {asset for asset, _ in some}
        for row in await session.scalars(select(LateRow).where(LateRow.asset_id.in_(assets)).with_for_update()):
            waiting.get((row.asset_id, row.key), []).append(row)
        for name in some:
            _put(session, name, waiting[name], marks[name], now)


def _put(session: AsyncSession, name: Name, rows: Sequence[LateRow], mark: tuple[int, int], now: int) -> None:
    start, end = mark
    fresh = [row for row in rows if row.noted_at > now - FRESH]
    near = [row for row in fresh if row.start <= end + NEAR and start <= row.end + NEAR]
    if near:
        _widen(near[0], start, end)
    elif len(rows) >= MOST_RANGES:
        newest = max(rows, key=lambda row: row.noted_at)
        _widen(newest, start, end)
        newest.noted_at = now
    else:
        session.add(LateRow(asset_id=name[0], key=name[1], start=start, end=end, noted_at=now))


def _widen(row: LateRow, start: int, end: int) -> None:
    if start < row.start or end > row.end:
        row.start, row.end = min(row.start, start), max(row.end, end)


async def ripe(session: AsyncSession, now: int, most: int = 1) -> list[Range]:
    """The ranges that have waited longest, of those whose samples are stored by now."""
    long_ago = LateRow.noted_at <= now - FRESH - STORED
    rows = await session.scalars(select(LateRow).where(long_ago).order_by(LateRow.noted_at, LateRow.id).limit(most))
    return [Range(row.id, row.asset_id, row.key, row.start, row.end, row.noted_at) for row in rows]


async def done(session: AsyncSession, found: Range, until: int) -> bool:
    """Take a range off up to an event time, included; False, and nothing done, where it is not as it was found."""
    same = [getattr(LateRow, name) == getattr(found, name) for name in ("id", "start", "end", "noted_at")]
    if until >= found.end:
        result = await session.execute(delete(LateRow).where(*same))
    else:
        result = await session.execute(update(LateRow).where(*same).values(start=until + 1))
    return bool(result.rowcount)  # type: ignore[attr-defined]
