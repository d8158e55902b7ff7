"""Late: which ranges of a sensor's past have changed since the rules judged them, and what these make of them now.

Ranges wait in the database until the store has surely written their samples, and meanwhile take in others nearby; of
one sensor there are few, however its samples come. Then they are judged anew from history, by the machinery of
backtests. Alarms that should have been are added as alarms that are over; what is recorded already stays as it is.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from time import time_ns

import msgspec
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from andon.alerting.alarm.past import add_missing
from andon.alerting.alarm.shape import News
from andon.alerting.backtest.past import Piece, know_before, machines_of, pieces, recall
from andon.alerting.backtest.replay import Replay
from andon.alerting.backtest.spells import Spell, Spells
from andon.alerting.database import GONE, Database
from andon.alerting.evaluate.index import Places, build, make
from andon.alerting.evaluate.sources.formula import Name
from andon.alerting.evaluate.watch import Watch
from andon.alerting.rules.draft import Rule
from andon.alerting.rules.meaning import meaning_of
from andon.alerting.rules.rulebook import Rulebook
from andon.alerting.tables import LateRow
from andon.common import logs
from andon.common.errors import AndonError
from andon.common.history.history import History
from andon.common.history.span import LONGEST, Span
from andon.common.plant import Asset, Plant
from andon.common.reading import NS_PER_S

log = logs.get("alerting.late")

LOOK_SECONDS = 5.0
STEP = 30 * 86_400 * NS_PER_S
"""So much is judged in one go, and written in one transaction."""
MOST_ALARMS = 1000
"""Of one rule, sensor and step: more are no news to anybody."""
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
    start, end = max(mark[0], now - LONGEST), mark[1]  # what a clock of 1677 says is looked into nowhere
    if end < start:
        return
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


class Reworker:
    """Looks into what came late, one range after the other, and behind all else. `run` is a task.

    lease_ok: whether this instance is the one to do so. tell: called with what was committed.
    """

    def __init__(  # noqa: PLR0917 - what it works with
        self,
        database: Database,
        history: History,
        plant: Plant,
        rulebook: Rulebook,
        lease_ok: Callable[[], bool],
        tell: Callable[[list[News]], Awaitable[None]],
    ) -> None:
        self._database = database
        self._history = history.asked_by("late data")
        self._plant = plant
        self._rulebook = rulebook
        self._lease_ok = lease_ok
        self._tell = tell
        self._listeners = Listeners()

    async def run(self) -> None:
        """Look for ranges for ever."""
        troubled = False
        while True:
            busy = False
            try:
                busy = self._lease_ok() and await self.look(time_ns())
                troubled = False
            except (AndonError, *GONE) as error:
                if not troubled:
                    log.warning("late data cannot be looked into; trying again until they can", error=str(error))
                troubled = True
            if not busy:
                self._listeners.forget()
                await asyncio.sleep(LOOK_SECONDS)

    async def look(self, now: int) -> bool:
        """Look into the range that has waited longest, if one has waited long enough; whether there was one.

        Raises:
            AndonError: history does not answer just now.
        """
        async with self._database.read() as session:
            found = await ripe(session, now)
        for late in found:
            await self._rework(late, now - STORED)
        return bool(found)

    async def _rework(self, late: Range, now: int) -> None:
        """Step by step; what a step has found is written with the range it is done with, or not at all."""
        places = Places(self._plant, self._rulebook.calendars)
        version = (self._plant.version, self._rulebook.version)
        listening = await self._listeners.of(version, places, self._rulebook.rules, (late.asset, late.key))
        while late.start <= late.end and self._lease_ok():
            until = min(late.start + STEP, late.end)
            span = Span(late.start, until + 1)
            found = [await self._past(places, rule, machine, span, now) for rule, machine in listening]
            async with self._database.write() as session:
                if not await done(session, late, until):
                    return  # more has come meanwhile: it is all looked into again, once it has waited
                news = [one for past in found if past for one in await add_missing(session, *past)]
            if news:
                log.info("alarms were found in late data", sensor=f"{late.asset}/{late.key}", alarms=len(news))
                await self._tell(news)
            late = msgspec.structs.replace(late, start=until + 1)

    async def _past(
        self, places: Places, rule: Rule, machine: Asset, span: Span, now: int
    ) -> tuple[Watch, list[Spell], Span] | None:
        """The alarms that a rule would have raised in a range and that are over, and a range that holds them."""
        watch = make(places, rule, meaning_of(rule), machine)
        if watch is None:
            return None
        timings = [rung.level.timing for rung in watch.rungs]
        start = max(span.start - NEAR - max(timing.on + timing.off + timing.minimum for timing in timings), 0)
        machines = machines_of(self._plant, watch)
        async with self._history.many():
            await know_before(self._history, machines, watch, start)
            replay = Replay(watch, [places.hours[n] for n in rule.active_during if n in places.hours], start)
            await recall(self._history, machines, replay, start)
            last = span.end + replay.column.reach + max(timing.on for timing in timings)
            spells = await self._judge(replay, machines, Span(start, max(now, start)), last)
        there = [spell for spell in spells if spell.since <= last and (spell.until or 0) >= span.start]
        if len(there) > MOST_ALARMS:
            log.warning("a rule has very many alarms in late data; the first are recorded", rule=rule.name)
        there = there[:MOST_ALARMS]
        return watch, there, Span(start, max([last, *(spell.until or 0 for spell in there)]))

    async def _judge(self, replay: Replay, machines: Mapping[str, Asset], span: Span, last: int) -> list[Spell]:
        """The alarms that are over, up to when the last one is that began by `last`."""
        spells, found = Spells(), list[Spell]()
        async with aclosing(pieces(self._history, machines, replay.names, span)) as past:
            async for piece in past:
                found += await asyncio.to_thread(_take, replay, spells, piece)
                if piece.span.end > last and spells.open is None:
                    break
        return found


class Listeners:
    """Which rules hear a sensor, and on which machine they watch theirs; found out once for all sensors."""

    def __init__(self) -> None:
        self._version: tuple[object, ...] = ()
        self._found: dict[Name, list[tuple[Rule, Asset]]] = {}

    async def of(
        self, version: tuple[object, ...], places: Places, rules: Sequence[Rule], name: Name
    ) -> list[tuple[Rule, Asset]]:
        """Those that hear one sensor. version: of the plant and the rules."""
        if version != self._version:
            self._found = await asyncio.to_thread(_by_sensor, places, list(rules))
            self._version = version
        return self._found.get(name, [])

    def forget(self) -> None:
        """Give back the memory."""
        self._version, self._found = (), {}


def _by_sensor(places: Places, rules: Sequence[Rule]) -> dict[Name, list[tuple[Rule, Asset]]]:
    found: dict[Name, list[tuple[Rule, Asset]]] = {}
    for watch in build(places, rules).values():
        for asset, keys in watch.names.items():
            for key in keys:
                found.setdefault((asset, key), []).append((watch.rule, watch.asset))
    return found


def _take(replay: Replay, spells: Spells, piece: Piece) -> list[Spell]:
    turns, feed, _ = replay.take(piece.said, piece.span)
    spells.take(turns, feed if replay.column.given else None)
    return spells.taken()
