"""Growth: by how much a total grew within the last hour. Pure; saved with the account, for restarts forget nothing."""

import msgspec

HOUR = 3600
MOST_SEEN = 1000


class Growth(msgspec.Struct, array_like=True):
    """Remembers what the total was when it changed. `seen`: UTC seconds and total, oldest first."""

    seen: list[tuple[int, int]] = []

    def of(self, total: int, now: int) -> int:
        """The growth up to `now`. What the total was when first seen is old.

        A total that falls has begun anew, or what was missing came after all: what is left of it stays told.
        """
        while len(self.seen) > 1 and now - self.seen[1][0] >= HOUR:
            self.seen = self.seen[1:]
        if self.seen and total < self.seen[-1][1]:
            self.seen = [(at, min(seen, total)) for at, seen in self.seen]
        if not self.seen or self.seen[-1][1] != total:
            self.seen = [*self.seen, (now, total)]
        if len(self.seen) > MOST_SEEN:
            self.seen = [self.seen[0], *self.seen[2:]]
        return total - self.seen[0][1]
