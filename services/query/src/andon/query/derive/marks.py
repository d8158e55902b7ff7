"""Marks: of which machines, and in which minutes, something came since the last round. Pure, and small: no values."""

from collections.abc import Iterable

import msgspec

from andon.query.derive import ranges
from andon.query.tiers.coverage import Ranges
from andon.query.tiers.tiers import MINUTES

FOR_EVER = 2**63 - 1


class Mark(msgspec.Struct, array_like=True, gc=False):
    """What a mark needs of a reading; the rest is passed over unread."""

    asset: str
    time: int


class MarkedBatch(msgspec.Struct, array_like=True, gc=False):
    """A batch of the stream (`wire.Batch`), read for its marks alone: a third of the cost."""

    arrived: int
    readings: list[Mark]


_decoder = msgspec.msgpack.Decoder(MarkedBatch)


def read(data: bytes) -> MarkedBatch:
    """Marks of a batch.

    Raises:
        msgspec.DecodeError: the bytes are no batch.
    """
    return _decoder.decode(data)


class Marks:
    """Marked minutes by machine id."""

    def __init__(self) -> None:
        self._minutes: dict[str, set[int]] = {}
        self._last: dict[str, int] = {}
        self._count = 0

    def __len__(self) -> int:
        """Marked minutes of all machines. It is asked for with each batch."""
        return self._count

    def put(self, readings: Iterable[Mark]) -> None:
        """Mark the minute of each reading."""
        last, minutes, width = self._last, self._minutes, MINUTES.width
        for reading in readings:
            asset, minute = reading.asset, reading.time // width
            if last.get(asset) != minute:  # mostly a reading lies in the same minute as the one before it
                last[asset] = minute
                marked = minutes.setdefault(asset, set())
                if minute not in marked:
                    marked.add(minute)
                    self._count += 1

    def take(self, before: int = FOR_EVER) -> dict[str, Ranges]:
        """Ranges of marked minutes that begin before a time, by machine id; they are marked no more."""
        width, first_left = MINUTES.width, -(-before // MINUTES.width)
        taken, left = dict[str, set[int]](), dict[str, set[int]]()
        for asset, marked in self._minutes.items():
            if some := {minute for minute in marked if minute < first_left}:
                taken[asset] = some
            if some := marked - taken.get(asset, set()):
                left[asset] = some
        self._minutes, self._last = left, {}
        self._count = sum(map(len, left.values()))
        return {asset: ranges.of_windows((m * width for m in marked), width) for asset, marked in taken.items()}

    def give_back(self, taken: dict[str, Ranges]) -> None:
        """Mark again what was taken and could not be used."""
        for asset, found in taken.items():
            again = {minute for start, end in found for minute in range(start // MINUTES.width, end // MINUTES.width)}
            self._minutes.setdefault(asset, set()).update(again)
        self._count = sum(map(len, self._minutes.values()))
