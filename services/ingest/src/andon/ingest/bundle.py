"""Bundle: what leaves for JetStream together, and whose acknowledgements wait for it."""

from dataclasses import dataclass, field

from andon.common import subjects
from andon.common.reading import Reading
from andon.common.wire import MAX_BATCH_BYTES, Batch, DeadLetter, Note, Raw, Source, encode_batch, encode_deadletter

OTHERS = "(others)"
"""Source of what there are too many sources of: a device can invent topics without end."""
MOST_UNKNOWN = 500
"""Sources in one bundle that are no machine; machines have all their own, or one that invents topics would put what
is counted of its neighbours on the account of nobody."""
MESSAGE_COST = 512
"""Bytes a message takes in memory besides its payload."""


@dataclass
class Bundle:
    """Readings by partition and dead letters of some messages, and the packet ids to acknowledge afterwards.

    partitions: of the telemetry stream.
    epoch: of the broker connection the packet ids belong to.
    notes: what the ledger is to know besides, by source.
    size: bytes of the payloads, as they came.
    retained, refused: messages of which nothing is published, as they were not new, or nothing could be used.
    unknown: how many sources of notes are topics that name no machine.
    traces: those that its messages belong to, as far as they say so and traces are made.
    begun: when its first message came, by `perf_counter`. resolving: seconds that making readings of them took.
    source, raws: by which way the messages came, and they themselves, by partition: for who traces a value.
    """

    partitions: int = 1
    epoch: int = 0
    readings: dict[int, list[Reading]] = field(default_factory=dict)
    letters: list[DeadLetter] = field(default_factory=list)
    notes: dict[str, Note] = field(default_factory=dict)
    receipts: list[bytes] = field(default_factory=list)
    messages: int = 0
    size: int = 0
    retained: int = 0
    refused: int = 0
    unknown: int = 0
    source: Source = Source.MQTT
    begun: float = 0.0
    resolving: float = 0.0
    traces: list[str] = field(default_factory=list)
    raws: dict[int, list[Raw]] = field(default_factory=dict)

    def begin(self, now: float) -> None:
        """Its first message comes now, unless it has some already."""
        if not self.messages:
            self.begun = now

    def add(self, found: list[Reading]) -> None:
        """Put readings of one message in."""
        for reading in found:
            partition = 0 if self.partitions == 1 else subjects.partition_of(reading.asset, self.partitions)
            self.readings.setdefault(partition, []).append(reading)

    def keep(self, found: list[Reading], topic: bytes, payload: bytes, arrived: int, by: str = "") -> None:
        """Have the message kept that `found`, readings of one machine, were made of. `by`: who sent it, if known."""
        first = found[0]
        times = first.time if len(found) == 1 else [reading.time for reading in found]
        partition = 0 if self.partitions == 1 else subjects.partition_of(first.asset, self.partitions)
        message: Raw = (topic, payload, arrived, first.asset, times)
        self.raws.setdefault(partition, []).append((*message, by, 0) if by else message)

    def note(self, source: str, **counts: int) -> Note:
        """Tell the ledger what is not one message with one reading; `counts` are fields of `Note`. Returns the note."""
        if source not in self.notes and "/" in source:
            if self.unknown >= MOST_UNKNOWN:
                source = OTHERS
            else:
                self.unknown += 1
        note = self.notes.setdefault(source, Note())
        for name, count in counts.items():
            setattr(note, name, getattr(note, name) + count)
        return note

    def sign(self, packet_id: bytes, size: int) -> None:
        """Count a message in; its packet id, if it has one, waits for the bundle."""
        self.messages += 1
        self.size += size
        if packet_id:
            self.receipts.append(packet_id)

    @property
    def held(self) -> int:
        """Memory its messages take, roughly: an empty one is not free."""
        return self.size + self.messages * MESSAGE_COST

    @property
    def samples(self) -> int:
        """Values of all readings."""
        return sum(len(r.values) for readings in self.readings.values() for r in readings)

    def pack(self, arrived: int) -> list[tuple[str, bytes]]:
        """Subject and bytes of each message to publish; none is larger than `MAX_BATCH_BYTES`."""
        notes: dict[int, dict[str, Note]] = {}
        for source, note in self.notes.items():
            notes.setdefault(subjects.partition_of(source, self.partitions), {})[source] = note
        packed: list[tuple[str, bytes]] = []
        for partition in {**self.readings, **notes}:
            empty = Batch(arrived, [], past=self.source is Source.IMPORT)
            batches = _pack(self.readings.get(partition, []), notes.get(partition, {}), empty)
            packed += [(subjects.telemetry(partition), data) for data in batches]
        packed += [(subjects.deadletter(letter.reason), encode_deadletter(letter)) for letter in self.letters]
        return packed


def _pack(readings: list[Reading], notes: dict[str, Note], empty: Batch) -> list[bytes]:
    data = encode_batch(Batch(empty.arrived, readings, notes, empty.past))
    if len(data) <= MAX_BATCH_BYTES:
        return [data]
    if readings and notes:
        return _pack(readings, {}, empty) + _pack([], notes, empty)
    if len(readings) <= 1:
        return [data]
    middle = len(readings) // 2
    return _pack(readings[:middle], {}, empty) + _pack(readings[middle:], {}, empty)
