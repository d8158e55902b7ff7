"""Queries of alarms: pages, one with its journal, and the counts of the overview."""

from collections import Counter
from typing import Literal

from sqlalchemy import ColumnElement, and_, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from andon.alerting.alarm import OPEN
from andon.alerting.tables import AlarmRow, TransitionRow
from andon.common.auth import Principal
from andon.common.errors import BadRequestError, NotFoundError

MAX_INTEGER = 2**63 - 1
"""The largest that a database takes."""

StateFilter = Literal["open", "all", "unacknowledged", "acknowledged", "returned", "normal"]


async def page_of_alarms(
    session: AsyncSession, *, state: StateFilter, scopes: list[str], limit: int, cursor: str
) -> tuple[list[AlarmRow], str | None]:
    """Alarms below all of `scopes`, and the cursor of the next page.

    Open ones come most severe first, then newest; with closed ones among them, newest first.

    Raises:
        BadRequestError: the cursor is none of ours.
    """
    ranked = state not in ("all", "normal")
    query = select(AlarmRow).where(*(below(scope) for scope in scopes))
    if state == "open":
        query = query.where(AlarmRow.state.in_(OPEN))
    elif state != "all":
        query = query.where(AlarmRow.state == state)
    if cursor:
        query = query.where(_after(cursor, ranked=ranked))
    if ranked:
        query = query.order_by(AlarmRow.rank.desc())
    query = query.order_by(AlarmRow.since.desc(), AlarmRow.id).limit(limit + 1)
    rows = list((await session.scalars(query)).all())
    if len(rows) <= limit:
        return rows, None
    last = rows[limit - 1]
    return rows[:limit], f"{last.rank if ranked else 0}.{last.since}.{last.id}"


async def find_alarm(session: AsyncSession, alarm_id: str) -> AlarmRow:
    """Alarm by id.

    Raises:
        NotFoundError: there is none.
    """
    row = await session.get(AlarmRow, alarm_id)
    if row is None:
        raise NotFoundError(f"There is no alarm '{alarm_id}'")
    return row


async def visible_alarm(session: AsyncSession, alarm_id: str, caller: Principal) -> AlarmRow:
    """Alarm by id.

    Raises:
        NotFoundError: there is none, or none the caller may see.
    """
    row = await find_alarm(session, alarm_id)
    if not caller.may_see(row.asset):
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
        .where(AlarmRow.state.in_(OPEN), *(below(scope) for scope in scopes))
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


def _after(cursor: str, *, ranked: bool) -> ColumnElement[bool]:
    try:
        rank_text, since_text, alarm_id = cursor.split(".")
        last_rank, last_since = int(rank_text), int(since_text)
    except ValueError:
        raise BadRequestError(f"'{cursor}' is no cursor; pass next_cursor of the page before as it is") from None
    if max(abs(last_rank), abs(last_since)) > MAX_INTEGER:
        raise BadRequestError(f"'{cursor}' is no cursor; pass next_cursor of the page before as it is")
    # `<=` says it again for the index on `since`, which cannot use the `or`.
    later = and_(AlarmRow.since <= last_since, or_(AlarmRow.since < last_since, AlarmRow.id > alarm_id))
    if not ranked:
        return later
    return or_(AlarmRow.rank < last_rank, and_(AlarmRow.rank == last_rank, later))
