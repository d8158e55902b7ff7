"""Journal: what devices sent, and what of it they were told is safe. It is on disk before anybody counts on it."""

import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import orjson


@dataclass(frozen=True)
class Sample:
    """One numbered sample of a machine. `ts` and `sent` in ms since 1970; `sent` is when it was first tried."""

    machine: str
    boot: str
    seq: int
    ts: int
    value: float
    sent: int

    def payload(self) -> bytes:
        """As a device writes it."""
        values = {"number": float(self.seq), "oil_temperature": self.value}
        return orjson.dumps({"ts": self.ts, "seq": self.seq, "boot": self.boot, "values": values})


class Journal:
    """All samples by machine and time.

    sent, safe: machine -> ts -> sample; all of them, and those with a PUBACK.
    """

    def __init__(self, file: Path | None = None) -> None:
        self.sent: dict[str, dict[int, Sample]] = {}
        self.safe: dict[str, dict[int, Sample]] = {}
        self._file = file.open("ab", buffering=0) if file else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file:
            self._file.close()

    def send(self, sample: Sample) -> None:
        """It is about to be published."""
        self.sent.setdefault(sample.machine, {})[sample.ts] = sample

    def acknowledge(self, sample: Sample) -> None:
        """It has its PUBACK."""
        if self._file:
            self._file.write(orjson.dumps(asdict(sample)) + b"\n")
            os.fsync(self._file.fileno())
        self.safe.setdefault(sample.machine, {})[sample.ts] = sample

    @property
    def acknowledged(self) -> int:
        """How many samples are safe."""
        return sum(map(len, self.safe.values()))
