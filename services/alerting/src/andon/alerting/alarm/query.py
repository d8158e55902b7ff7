"""Queries of alarms: pages, one with its journal, and the counts of the overview."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Literal

import msgspec
from sqlalchemy import ColumnElement, and_, func, literal, literal_column, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from andon.alerting.alarm.state import HIDDEN, OPEN, SHOWN, Severity
from andon.alerting.tables import AlarmRow, TransitionRow
from andon.alerting.tables.alarms import IS_OPEN
from andon.common.auth import Principal
from andon.common.errors import BadRequestError, NotFoundError

_IS_OPEN: ColumnElement[Any] = literal_column(IS_OPEN.text)
MAX_INTEGER = 2**63 - 1
"""The largest that a database takes."""

MOST_LINES = 1000
"""Of the journal of one alarm."""

StateFilter = Literal[
    "open",
    "all",
    "unacknowledged",
    "acknowledged",
    "returned",
    "latched",
    "shelved",
    "suppressed",
    "out-of-service",
    "normal",
]


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """Which alarms.

    state: `open` is what asks for something. scopes: at or below all of these. start, end: of `since`, UTC nanoseconds;
    start counts, end does not.
    """

    state: StateFilter = "open"
    scopes: tuple[str, ...] = ()
    severities: tuple[Severity, ...] = ()
    rule: str | None = None
    assigned_to: str | None = None
    late: bool | None = None
    start: int | None = None
    end: int | None = None

    @property
    def ranked(self) -> bool:
        """Whether the most severe come first; with closed ones among them, the newest do."""
        return self.state not in ("all", "normal")

    def conditions(self) -> list[ColumnElement[bool]]:
        """As a database asks."""
        asked = [
            (self.severities, AlarmRow.rank.in_([severity.rank for severity in self.severities])),
            (self.rule is not None, AlarmRow.rule_id == self.rule),
            (self.assigned_to is not None, AlarmRow.assigned_to == self.assigned_to),
            (self.late is not None, AlarmRow.late.is_(bool(self.late))),
            (self.start is not None, AlarmRow.since >= (self.start or 0)),
            (self.end is not None, AlarmRow.since < (self.end or 0)),
        ]
        own = [condition for wanted, condition in asked if wanted]
        return [*self._standing(), *(below(scope) for scope in self.scopes if scope), *own]

    def _standing(self) -> list[ColumnElement[bool]]:
        """By what it is not, where most alarms are it: a database then reads along the order, not along the state."""
        match self.state:
            case "all":
                return []
            case "normal":
                return [AlarmRow.state.not_in(OPEN)]
            case "open":
                return [_IS_OPEN, AlarmRow.state.not_in(HIDDEN)]
            case one:
                return [_IS_OPEN, AlarmRow.state == one]


async def page_of_alarms(
    session: AsyncSession, wanted: Filter, *, limit: int, cursor: str
) -> tuple[list[AlarmRow], str | None]:
    """Alarms, and the cursor of the next page.

    Open ones come most severe first, then newest; with closed ones among them, newest first.

    Raises:
        BadRequestError: the cursor is none of ours.
    """
    query = select(AlarmRow).where(*wanted.conditions())
    if cursor:
        query = query.where(_after(cursor, ranked=wanted.ranked))
    if wanted.ranked:
        query = query.order_by(AlarmRow.rank.desc())
    query = query.order_by(AlarmRow.since.desc(), AlarmRow.id.desc()).limit(limit + 1)
    rows = list((await session.scalars(query)).all())
    if len(rows) <= limit:
        return rows, None
    last = rows[limit - 1]
    return rows[:limit], f"{last.rank if wanted.ranked else 0}.{last.since}.{last.id}"


async def waiting_alarms(session: AsyncSession, wanted: Filter) -> list[AlarmRow]:
    """All that wait for an acknowledgement, locked until the transaction is over."""
    query = select(AlarmRow).where(*wanted.conditions(), AlarmRow.acknowledged.is_(other=False))
    return list((await session.scalars(query.with_for_update())).all())


async def alarms_by_id(session: AsyncSession, ids: Sequence[str], caller: Principal) -> list[AlarmRow]:
    """Those of `ids` that there are and the caller may see, locked until the transaction is over."""
    query = select(AlarmRow).where(AlarmRow.id.in_(ids)).with_for_update()
    return [row for row in await session.scalars(query) if caller.may_see(row.asset)]


async def visible_alarm(session: AsyncSession, alarm_id: str, caller: Principal, *, lock: bool = False) -> AlarmRow:
    """Alarm by id. lock: nobody else changes it until the transaction is over.

    Raises:
        NotFoundError: there is none, or none the caller may see.
    """
    row = await session.get(AlarmRow, alarm_id, with_for_update=lock)
    if row is None or not caller.may_see(row.asset):
        raise NotFoundError(f"There is no alarm '{alarm_id}'")
    return row


async def journal_of(session: AsyncSession, alarm_id: str) -> list[TransitionRow]:
    """The last MOST_LINES transitions of an alarm, oldest first: one that chatters has countless."""
    query = select(TransitionRow).where(TransitionRow.alarm_id == alarm_id).order_by(TransitionRow.number.desc())
    return list(reversed((await session.scalars(query.limit(MOST_LINES))).all()))


async def count_open(
    session: AsyncSession, scopes: list[str]
) -> tuple[Counter[str], Counter[str], dict[str, Counter[str]]]:
    """Alarms that are not over, below all of `scopes`.

    By severity, by state, and by machine path and severity; hidden ones are counted by state alone.
    """
    query = (
        select(AlarmRow.asset, AlarmRow.severity, AlarmRow.state, func.count())
        .where(IS_OPEN, *(below(scope) for scope in scopes))
        .group_by(AlarmRow.asset, AlarmRow.severity, AlarmRow.state)
    )
    severities, states, paths = Counter[str](), Counter[str](), dict[str, Counter[str]]()
    for path, severity, state, count in (await session.execute(query)).all():
        states[state] += count
        if state not in SHOWN:
            continue
        severities[severity] += count
        paths.setdefault(path, Counter())[severity] += count
    return severities, states, paths


async def has_alarms(session: AsyncSession, scopes: Sequence[str]) -> bool:
    """Whether there is any alarm below all of `scopes`, open or over."""
    return await session.scalar(select(AlarmRow.id).where(*map(below, scopes)).limit(1)) is not None


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
    later = and_(AlarmRow.since <= last_since, or_(AlarmRow.since < last_since, AlarmRow.id < alarm_id))
    if not ranked:
        return later
    # The same for an index that begins with the rank.
    return and_(AlarmRow.rank <= last_rank, or_(AlarmRow.rank < last_rank, later))
