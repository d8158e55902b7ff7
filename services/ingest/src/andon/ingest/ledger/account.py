"""Account: what came from each machine, and what became of it, counted from the stream itself. Pure.

Every batch tells its readings and, where a message was not one reading, a note; so a kill loses and doubles no count:
the account and the stream always belong together by the number `at` of the last batch in it.

Readings are counted twice: at the end of the stream, and once the store has acknowledged their batch (`settled`). What
lies between is in flight.
"""

from collections import Counter, deque
from operator import attrgetter

import msgspec

from andon.common.wire import Note
from andon.ingest.bundle import OTHERS
from andon.ingest.ledger.growth import Growth
from andon.ingest.ledger.numbers import Numbers

MOST_MACHINES = 10_000
MOST_UNKNOWN = 1000
"""Sources beyond these, machines and topics that name none, are counted together."""
KEPT_BATCHES = 1024
"""Batches not yet stored that are remembered singly; of a longer backlog the oldest are settled together."""


class Row(msgspec.Struct, array_like=True, gc=False):
    """One source, since the account began. A message is dead-lettered, duplicate, retained, or published as readings.

    settled: readings whose batch the store has acknowledged; of them `refused` are dead letters, the others stored.
    lost: readings that were in the stream and never reached the store.
    last: UTC nanoseconds when it was last heard.
    """

    messages: int = 0
    dead_lettered: int = 0
    duplicate: int = 0
    retained: int = 0
    readings: int = 0
    settled: int = 0
    refused: int = 0
    lost: int = 0
    last: int = 0
    numbers: Numbers | None = None

    @property
    def stored(self) -> int:
        """Readings that InfluxDB has. A refusal may be told a moment before its batch is settled."""
        return self.settled - self.refused

    @property
    def in_flight(self) -> int:
        """Readings that are in the stream, and the store is not yet through with."""
        return self.readings - self.settled - self.lost

    def note(self, note: Note, arrived: int) -> None:
        """Count what was no reading."""
        self.messages += note.extra
        self.dead_lettered += note.dead_lettered
        self.duplicate += note.duplicate
        self.retained += note.retained
        self.refused += note.refused
        self.last = max(self.last, arrived)

    def number(self, boot: str, seq: int) -> None:
        """Count what the device itself counts."""
        if self.numbers is None:
            self.numbers = Numbers()
        self.numbers.take(boot, seq)


class Line(msgspec.Struct, array_like=True, gc=False):
    """A reading as the account sees it: without its values, which makes one of fifty a quarter as dear to read."""

    asset: str
    time: int
    values: msgspec.Raw
    quality: msgspec.Raw
    seq: int | None = None
    boot: str = ""


class Waybill(msgspec.Struct, array_like=True, gc=False):
    """A batch (`wire.Batch`) as the account sees it."""

    arrived: int
    readings: list[Line]
    notes: dict[str, Note] = {}


_decoder = msgspec.msgpack.Decoder(Waybill)
_asset_of = attrgetter("asset")


class Account(msgspec.Struct):
    """Rows by source, since the account began.

    stream: which stream it is of, by the time that was made. at: number of the last batch counted. kept_at: when the
    stream got the newest counted one, in UTC seconds: an old number with a later time is another batch.
    lost_batches, lost_at: batches that should have been in the stream and were not; when a loss was last found, in UTC
    nanoseconds. unknown: how many rows are of topics that name no machine.
    broker_lost, broker_lost_at, broker_how: messages that the brokers lost; when that was last noticed, and what
    happened. heard: how many of them each ingest that runs has told of. lost_growth, missing_growth: what of both, and
    of the numbers that are missing, came about within the last hour.
    """

    since: int
    stream: str = ""
    at: int = 0
    kept_at: float = 0.0
    lost_batches: int = 0
    lost_at: int = 0
    unknown: int = 0
    broker_lost: int = 0
    broker_lost_at: int = 0
    broker_how: str = ""
    heard: dict[str, int] = {}
    lost_growth: Growth = msgspec.field(default_factory=Growth)
    missing_growth: Growth = msgspec.field(default_factory=Growth)
    rows: dict[str, Row] = {}

    def count(self, number: int, data: bytes, now: int) -> Counter[str]:
        """Count the next batch, and those that should have come before it as lost; its readings by source.

        Raises:
            msgspec.DecodeError: the bytes are no batch; it counts as seen all the same.
        """
        if self.at and number > self.at + 1:
            self.lost_batches += number - self.at - 1
            self.lost_at = now
        self.at = number
        batch = _decoder.decode(data)
        readings = Counter(map(_asset_of, batch.readings))
        for source, count in readings.items():
            row = self._row(source)
            row.messages += count
            row.readings += count
            row.last = max(row.last, batch.arrived)
        for source, note in batch.notes.items():
            self._row(source).note(note, batch.arrived)
        self._number(batch)
        return readings

    def hear(self, told: dict[str, tuple[int, str]], now: int) -> bool:
        """Take over what each ingest says the broker lost since that ingest started, and how; whether that is news."""
        news = False
        for instance, (lost, how) in told.items():
            more = lost - self.heard.get(instance, 0)
            if more > 0:
                self.broker_lost += more
                self.broker_lost_at, self.broker_how, news = now, how, True
        self.heard = {instance: lost for instance, (lost, _) in told.items() if lost}
        return news

    def settle(self, readings: Counter[str]) -> None:
        """The store has acknowledged batches that held these readings."""
        for source, count in readings.items():
            self._row(source).settled += count

    def in_flight(self) -> Counter[str]:
        """Readings that are in the stream and not yet stored, by source."""
        return Counter({source: row.in_flight for source, row in self.rows.items() if row.in_flight})

    def begin_anew(self, stream: str, now: int) -> int:
        """The stream is another one: what was in flight is lost. Returns how many readings that were.

        At most: what the store acknowledged in the last second before is not known here.
        """
        lost = self.in_flight()
        for source, count in lost.items():
            self.rows[source].lost += count
        if lost:
            self.lost_at = now
        self.stream, self.at = stream, 0
        return lost.total()

    def fall_back(self, last: int, now: int) -> int:
        """The stream has lost its end, and goes on behind `last`. Returns how many batches that were."""
        lost, self.at = self.at - last, last
        self.lost_batches += lost
        self.lost_at = now
        return lost

    @property
    def lost(self) -> int:
        """Readings and batches that were lost."""
        return self.lost_batches + sum(row.lost for row in self.rows.values())

    @property
    def missing(self) -> int:
        """Numbers of devices that never came."""
        return sum(row.numbers.missing for row in self.rows.values() if row.numbers is not None)

    def _number(self, batch: Waybill) -> None:
        for line in batch.readings:
            if line.seq is not None:
                self._row(line.asset).number(line.boot, line.seq)
        for source, note in batch.notes.items():  # a number whose message became a dead letter did come
            for boot, seq in note.numbers if source != OTHERS else ():
                self._row(source).number(boot, seq)

    def _row(self, source: str) -> Row:
        row = self.rows.get(source)
        if row is None:
            unknown = "/" in source
            if self.unknown >= MOST_UNKNOWN if unknown else len(self.rows) - self.unknown > MOST_MACHINES:
                return self.rows.setdefault(OTHERS, Row())
            row = self.rows[source] = Row()
            self.unknown += unknown
        return row


class InFlight:
    """What each batch held that the store has not acknowledged yet. Beyond KEPT_BATCHES the oldest count as one."""

    def __init__(self) -> None:
        self._batches: deque[tuple[int, Counter[str]]] = deque()

    def put(self, number: int, readings: Counter[str]) -> None:
        """A batch that is in the stream."""
        self._batches.append((number, readings))
        if len(self._batches) > KEPT_BATCHES:
            oldest, (following, more) = self._batches.popleft(), self._batches.popleft()
            self._batches.appendleft((following, oldest[1] + more))

    def take(self, floor: int) -> Counter[str]:
        """Readings of the batches that are acknowledged up to `floor`; they are in flight no more."""
        taken: Counter[str] = Counter()
        while self._batches and self._batches[0][0] <= floor:
            taken.update(self._batches.popleft()[1])
        return taken
