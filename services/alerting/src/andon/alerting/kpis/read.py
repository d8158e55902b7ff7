"""The journal of a part of the plant, read as columns.

Rows come in pieces that are made columns in a thread, so that the event loop goes on while a million of them is read.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Select, case, exists, select, union
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from andon.alerting.alarm.query import below
from andon.alerting.alarm.state import OPEN
from andon.alerting.kpis.columns import CODES, EVENTS, SEVERITIES, STATES, Columns, Numbers, Span
from andon.alerting.tables import AlarmRow, TransitionRow
from andon.common.errors import InvalidError

MAX_ROWS = 1_000_000
"""Lines of the journal that are read for one answer."""
PIECE = 20_000


@dataclass
class Ledger:
    """What was read. examples: of each watch, by its index, the id of one of its alarms: that tells its name."""

    columns: Columns
    examples: list[str]


@dataclass
class Known:
    """Alarms as they are read: the index of each by its id, the watch of each by its index."""

    alarms: dict[str, int] = field(default_factory=dict)
    watch_of: list[int] = field(default_factory=list)
    examples: list[str] = field(default_factory=list)
    watches: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def add(self, rows: Sequence[Any]) -> None:
        """Take up rows of alarm id, rule id, asset id and sensor key."""
        for alarm_id, *key in rows:
            self.alarms[alarm_id] = len(self.alarms)
            watch = self.watches.setdefault((key[0], key[1], key[2]), len(self.watches))
            self.watch_of.append(watch)
            if watch == len(self.examples):
                self.examples.append(alarm_id)


async def read(session: AsyncSession, scopes: Sequence[str], span: Span, most: int = MAX_ROWS) -> Ledger:
    """Lines of the range below all of `scopes`, and the earlier ones of alarms that were open when it began.

    Raises:
        InvalidError: there are more than `most`.
    """
    inside = [below(scope) for scope in scopes if scope]
    known = Known()
    async for rows in _pieces(session, _alarms(inside, span), most):
        await asyncio.to_thread(known.add, rows)
    pieces, left = list[Numbers](), most
    for query in (_lines(inside, span), _earlier(inside, span)):
        async for rows in _pieces(session, query, left):
            left -= len(rows)
            pieces.append(await asyncio.to_thread(_numbers, rows, known.alarms))
    columns = await asyncio.to_thread(_columns, pieces, np.array(known.watch_of, np.int64))
    return Ledger(columns, known.examples)


async def alarms_of(session: AsyncSession, ids: Sequence[str]) -> dict[str, AlarmRow]:
    """Alarms by id, for what their rules and sensors are called; at most some hundreds are asked for."""
    rows = await session.scalars(select(AlarmRow).where(AlarmRow.id.in_(ids)))
    return {row.id: row for row in rows}


async def _pieces(session: AsyncSession, query: Any, most: int) -> AsyncIterator[Sequence[Any]]:
    """Rows by the piece.

    Raises:
        InvalidError: there are more than `most`.
    """
    # Without yield_per the driver is asked a thousand times for a thousand rows each.
    result = await session.stream(query.limit(most + 1), execution_options={"yield_per": PIECE})
    count = 0
    async for rows in result.partitions():
        count += len(rows)
        if count > most:
            raise InvalidError(f"The journal has more than {MAX_ROWS:,} lines there; name a shorter range, or `under`")
        yield rows


def _touched(inside: list[ColumnElement[bool]], span: Span) -> Select[Any]:
    """Ids of alarms that were open at some moment of the range: with a line in it, or from before it until after."""
    before = aliased(TransitionRow)
    begun = exists().where(before.alarm_id == TransitionRow.alarm_id, before.at < span.start)
    during = select(TransitionRow.alarm_id).where(TransitionRow.at >= span.start, TransitionRow.at < span.end)
    across = select(TransitionRow.alarm_id).where(TransitionRow.at >= span.end, begun)
    still = select(AlarmRow.id).where(AlarmRow.state.in_(OPEN))
    found: Select[Any] = select(AlarmRow.id).where(AlarmRow.id.in_(union(during, across, still)), *inside)
    return found


def _alarms(inside: list[ColumnElement[bool]], span: Span) -> Select[str, str, str, str]:
    query = select(AlarmRow.id, AlarmRow.rule_id, AlarmRow.asset_id, AlarmRow.key)
    return query.where(AlarmRow.id.in_(_touched(inside, span)))


def _lines(inside: list[ColumnElement[bool]], span: Span) -> Select[Any]:
    """Lines of the range."""
    query = _coded().where(TransitionRow.at >= span.start, TransitionRow.at < span.end)
    if inside:
        query = query.join(AlarmRow, AlarmRow.id == TransitionRow.alarm_id).where(*inside)
    return query


def _earlier(inside: list[ColumnElement[bool]], span: Span) -> Select[Any]:
    """Lines from before the range, of alarms that were open when it began."""
    return _coded().where(TransitionRow.at < span.start, TransitionRow.alarm_id.in_(_touched(inside, span)))


def _coded() -> Select[Any]:
    """Lines as numbers, but for the alarm."""
    event = case(CODES, value=TransitionRow.event, else_=len(EVENTS))
    severity = case({name: code for code, name in enumerate(SEVERITIES)}, value=TransitionRow.severity, else_=0)
    state = case({name: code for code, name in enumerate(STATES)}, value=TransitionRow.to_state, else_=0)
    late = case((TransitionRow.late, 1), else_=0)
    found: Select[Any] = select(
        TransitionRow.alarm_id, TransitionRow.number, TransitionRow.at, event, severity, state, late
    )
    return found


def _numbers(rows: Sequence[Any], ids: dict[str, int]) -> Numbers:
    """Lines of alarms that are known: one raised since these were read is left for the next answer."""
    return np.array([(ids[row[0]], *row[1:]) for row in rows if row[0] in ids], np.int64).reshape(-1, 7)


def _columns(pieces: list[Numbers], watch_of: Numbers) -> Columns:
    table = np.concatenate(pieces) if pieces else np.empty((0, 7), np.int64)
    ordered = table[np.lexsort((table[:, 1], table[:, 0]))]
    alarm, _, at, event, severity, state, late = np.ascontiguousarray(ordered.T)
    return Columns(alarm, watch_of[alarm], at, event, severity, state, late.astype(np.bool_))
