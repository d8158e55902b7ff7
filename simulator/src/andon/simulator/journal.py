"""Journal: what the broker acknowledged, to be held against what was stored.

The file is plain: three little-endian 64-bit integers per message: machine, ts, seq. With numpy it is read by
`numpy.fromfile(file, "<i8").reshape(-1, 3)`.
"""

import sys
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from andon.common.errors import InvalidError

_RECORD_BYTES = 24


class Entry(NamedTuple):
    """One acknowledged message: number of the machine, `ts` in ms since 1970, and the value it carried."""

    machine: int
    ts: int
    seq: int


class Journal:
    """Acknowledged messages in order of their acknowledgement; 24 bytes each.

    numbers: machine, ts, seq, machine, ts, ...
    """

    def __init__(self) -> None:
        self.numbers = array("q")
        self.note = self.numbers.extend  # one call per message: `note((machine, ts, seq))`

    def __len__(self) -> int:
        return len(self.numbers) // 3

    def __iter__(self) -> Iterator[Entry]:
        numbers = iter(self.numbers)
        return map(Entry._make, zip(numbers, numbers, numbers, strict=True))

    def add(self, other: "Journal") -> None:
        """Append another publisher's journal."""
        self.numbers.extend(other.numbers)

    def write(self, file: Path) -> None:
        """Write it to a file."""
        with file.open("wb") as out:
            _little(self.numbers).tofile(out)

    @classmethod
    def read(cls, file: Path) -> "Journal":
        """Journal from a file.

        Raises:
            InvalidError: the file cannot be read, or ends within a record.
        """
        try:
            data = file.read_bytes()
        except OSError as error:
            raise InvalidError(f"the journal {file} cannot be read: {error}") from None
        if len(data) % _RECORD_BYTES:
            raise InvalidError(f"{file} is no journal, or was cut off: {len(data)} bytes are no whole records")
        journal = cls()
        journal.numbers.frombytes(data)
        if sys.byteorder == "big":
            journal.numbers.byteswap()
        return journal


def _little(numbers: "array[int]") -> "array[int]":
    if sys.byteorder == "little":
        return numbers
    swapped = array("q", numbers)
    swapped.byteswap()
    return swapped
