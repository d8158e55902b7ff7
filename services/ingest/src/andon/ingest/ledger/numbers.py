"""Numbers: what a device's own numbering proves. Pure.

A device that counts its messages by one shows its losses: a number that never came is a gap, whoever lost it.
"""

import msgspec

GAPS_KEPT = 32
"""Gaps that can still be filled by stragglers; older ones stay counted."""
MOST_MISSING = 2**53


class Numbers(msgspec.Struct, array_like=True, gc=False):
    """The numbers of one machine. `boot` says which start of the device counts so; `before` is the start before.

    first, last: of this start. missing: numbers that never came, of all starts. gaps: of this start, from and to.
    repeated: numbers that came again.
    """

    boot: str = ""
    first: int = -1
    last: int = -1
    missing: int = 0
    repeated: int = 0
    gaps: list[tuple[int, int]] = []
    before: str | None = None

    def take(self, boot: str, seq: int) -> None:
        """Note the next number."""
        if boot == self.before and boot != self.boot:
            self.repeated += 1  # a straggler, or one replayed, begins nothing
        elif self.last < 0 or boot != self.boot or self._starts_over(seq):
            self.before = self.boot if self.last >= 0 else None
            self.boot, self.first, self.last, self.gaps = boot, seq, seq, []
        elif seq == self.last + 1:
            self.last = seq
        elif seq > self.last:
            self._miss(self.last + 1, seq - 1)
            self.last = seq
        elif not self._fill(seq):
            self.repeated += 1

    def forget(self) -> None:
        """Make room: which numbers are missing goes first, then where it stands; how many are missing stays."""
        if self.gaps:
            self.gaps = []
        else:
            self.boot, self.before = "", None  # the next number begins anew, as after a start of the device
            self.first = self.last = -1

    def _starts_over(self, seq: int) -> bool:
        """Without the name of its start a device that was switched off and on is known by beginning with 0 or 1."""
        return not self.boot and seq <= 1 and self.last > 1

    def _miss(self, first: int, last: int) -> None:
        self.missing = min(self.missing + last - first + 1, MOST_MISSING)
        self.gaps = [*self.gaps, (first, last)][-GAPS_KEPT:]

    def _fill(self, seq: int) -> bool:
        """Whether a straggler closed a gap, or a part of one."""
        for place, (first, last) in enumerate(self.gaps):
            if first <= seq <= last:
                self.gaps = self.gaps[:place] + _without(first, last, seq) + self.gaps[place + 1 :]
                self.gaps = self.gaps[-GAPS_KEPT:]
                self.missing -= 1
                return True
        return False


def _without(first: int, last: int, seq: int) -> list[tuple[int, int]]:
    return [(a, b) for a, b in ((first, seq - 1), (seq + 1, last)) if a <= b]
