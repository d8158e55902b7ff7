"""Memory: keeps Python's search for cyclic garbage away from watches: they have no cycles, and there may be millions.

It would find nothing among them, and take seconds, in which nothing is judged.
"""

import gc

MANY = 50_000
"""Watches among which a search takes a tenth of a second."""


class Unsearched:
    """Counts the watches that are made, and has them left out of every search to come, many at a time."""

    def __init__(self) -> None:
        self._new = 0

    def add(self, count: int) -> None:
        """So many more were made."""
        self._new += count
        if self._new >= MANY:
            gc.freeze()  # whatever else is alive now is left out, too: it is freed as ever, unless in cycles
            self._new = 0
