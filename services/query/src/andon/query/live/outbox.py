"""What one live client has not been sent yet. Pure, and bounded whatever the client does.

A client normally gets the newest sample of each sensor: the outbox only notes which sensors have news, so it can
never hold more than the client's sensors. A client that wants every sample has a queue; when that is full, the
outbox falls back to the newest, and says how many samples it left out.
"""

from asyncio import Event
from collections import deque
from typing import NamedTuple

from andon.common.reading import Reading
from andon.query.branches import Keys
from andon.query.live.table import GOOD, Sample, Table

QUEUE_SAMPLES = 5_000


class Item(NamedTuple):
    """One sample on its way: machine id, sensor key, sample."""

    asset: str
    key: str
    sample: Sample


class Parcel(NamedTuple):
    """What is taken out at once. `conflated` counts samples replaced by newer ones, `lost` those of a full queue."""

    items: list[Item]
    conflated: int
    lost: int


class Outbox:
    """`news` is set while something waits. `every`: all samples, not only the newest of each sensor."""

    def __init__(self, *, every: bool = False) -> None:
        self.news = Event()
        self.every = every
        self.clear()

    def clear(self) -> None:
        """Forget everything and begin anew."""
        self._greetings: dict[tuple[str, str], Item] = {}
        self._queue: deque[Item] = deque()
        self._dirty: dict[tuple[str, str], None] = {}
        self._conflated = 0
        self._lost = 0
        self.news.clear()

    def offer(self, reading: Reading, keys: Keys, *, newest: bool) -> None:
        """Take what `keys` choose of a reading. `newest`: some of it is now the sensor's newest sample."""
        if self.every:
            self._enqueue(reading, keys)
        elif newest:
            for key in reading.values:
                if keys is None or key in keys:
                    self._mark(reading.asset, key)

    def greet(self, asset: str, key: str, sample: Sample) -> None:
        """Begin with this sample of a sensor: it is sent first, and what comes from now on beside it."""
        self._greetings[asset, key] = Item(asset, key, sample)
        self.news.set()

    def refresh(self, asset: str, key: str) -> None:
        """Send this sensor's newest sample, whether it is new or not."""
        self._dirty[asset, key] = None
        self.news.set()

    def _mark(self, asset: str, key: str) -> None:
        if (asset, key) in self._dirty:
            self._conflated += 1
        else:
            self.refresh(asset, key)

    def _enqueue(self, reading: Reading, keys: Keys) -> None:
        quality = reading.quality or {}
        for key, value in reading.values.items():
            if keys is not None and key not in keys:
                continue
            if len(self._queue) < QUEUE_SAMPLES:
                self._queue.append(Item(reading.asset, key, (reading.time, value, quality.get(key, GOOD))))
                self.news.set()
            else:
                self._lost += 1
                self.refresh(reading.asset, key)

    def take(self, table: Table) -> Parcel:
        """Take everything out: greetings, queue, then the newest sample of each sensor that has news."""
        items = [*self._greetings.values(), *self._queue]
        for asset, key in self._dirty:
            sample = table.samples(asset).get(key)
            if sample is not None:
                items.append(Item(asset, key, sample))
        parcel = Parcel(items, self._conflated, self._lost)
        self.clear()
        return parcel
