"""Queries of alarms: pages, one with its journal, and the counts of the overview."""

from collections import Counter
from typing import Literal

from sqlalchemy import ColumnElement, and_, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from andon.alerting.alarm import AlarmState
from andon.alerting.tables import AlarmRow, TransitionRow
from andon.common.errors import BadRequestError, NotFoundError

StateFilter = Literal["open", "all", "unacknowledged", "acknowledged", "returned", "normal"]


async def page_of_alarms(
    session: AsyncSession, *, state: StateFilter, scopes: list[str], limit: int, cursor: str
) -> tuple[list[AlarmRow], str | None]:
    """Alarms below all of `scopes`, and the cursor of the next page.

    Open ones come most severe first, then newest; with closed ones among them, newest first.

    Raises:
        BadRequestError: the cursor is none of ours.
    """
    rank: ColumnElement[int] = literal(0) if state in ("all", "normal") else AlarmRow.rank.expression
    query = select(AlarmRow).where(*(below(scope) for scope in scopes))
    if state == "open":
        query = query.where(AlarmRow.state != AlarmState.NORMAL)
    elif state != "all":
        query = query.where(AlarmRow.state == state)
    if cursor:
        query = query.where(_after(cursor, rank))
    query = query.order_by(rank.desc(), AlarmRow.since.desc(), AlarmRow.id).limit(limit + 1)
    rows = list((await session.scalars(query)).all())
    if len(rows) <= limit:
        return rows, None
    last = rows[limit - 1]
    return rows[:limit], f"{0 if state in ('all', 'normal') else last.rank}.{last.since}.{last.id}"


async def find_alarm(session: AsyncSession, alarm_id: str) -> AlarmRow:
    """Alarm by id.

    Raises:
        NotFoundError: there is none.
    """
    row = await session.get(AlarmRow, alarm_id)
    if row is None:
        raise NotFoundError(f"There is no alarm '{alarm_id}'")
    return row


async def journal_of(session: AsyncSession, alarm_id: str) -> list[TransitionRow]:
    """All transitions of an alarm, oldest first."""
    query = select(TransitionRow).where(TransitionRow.alarm_id == alarm_id).order_by(TransitionRow.number)
    return list((await session.scalars(query)).all())


async def count_open(
    session: AsyncSession, scopes: list[str]
) -> tuple[Counter[str], Counter[str], dict[str, Counter[str]]]:
    """Open alarms below all of `scopes`: by severity, by state, and by machine path and severity."""
    query = (
        select(AlarmRow.asset, AlarmRow.severity, AlarmRow.state, func.count())
        .where(AlarmRow.state != AlarmState.NORMAL, *(below(scope) for scope in scopes))
        .group_by(AlarmRow.asset, AlarmRow.severity, AlarmRow.state)
    )
    severities, states, paths = Counter[str](), Counter[str](), dict[str, Counter[str]]()
    for path, severity, state, count in (await session.execute(query)).all():
        severities[severity] += count
        states[state] += count
        paths.setdefault(path, Counter())[severity] += count
    return severities, states, paths


def below(scope: str) -> ColumnElement[bool]:
    """Condition that an alarm's machine, or its sensor, lies at or below a path; '' is the whole plant."""
    if not scope:
        return literal(value=True)
    inside = AlarmRow.asset.startswith(scope + "/", autoescape=True)
    return or_(AlarmRow.asset == scope, AlarmRow.sensor == scope, inside)


def _after(cursor: str, rank: ColumnElement[int]) -> ColumnElement[bool]:
    try:
        rank_text, since_text, alarm_id = cursor.split(".")
        last_rank, last_since = int(rank_text), int(since_text)
    except ValueError:
        raise BadRequestError(f"'{cursor}' is no cursor; pass next_cursor of the page before as it is") from None
    if abs(last_since) >= 2**63:
        raise BadRequestError(f"'{cursor}' is no cursor; pass next_cursor of the page before as it is")
    same_time = and_(AlarmRow.since == last_since, AlarmRow.id > alarm_id)
    return or_(rank < last_rank, and_(rank == last_rank, or_(AlarmRow.since < last_since, same_time)))
