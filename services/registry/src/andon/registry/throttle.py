"""Guessing passwords gets slower: after five wrong ones each further try must wait twice as long as the last."""

from collections import OrderedDict
from collections.abc import Callable
from math import ceil
from time import monotonic

from andon.common.errors import TooManyError

FREE = 5
FIRST_SECONDS = 1.0
LONGEST_SECONDS = 900.0
KEYS = 10_000
"""Beyond this many the one that was quiet for longest is forgotten."""


class Throttle:
    """Counts tries by key (user name and address). `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._tries: OrderedDict[tuple[str, str], tuple[int, float]] = OrderedDict()

    def enter(self, key: tuple[str, str]) -> None:
        """Count a try before it is made, so that many at once are counted too.

        Raises:
            TooManyError: it must wait; says how long.
        """
        now = self._clock()
        tries, free_at = self._tries.get(key, (0, 0.0))
        if now < free_at:
            seconds = ceil(free_at - now)
            raise TooManyError(f"Too many wrong passwords; try again in {seconds} s", seconds)
        wait = 0.0 if tries + 1 < FREE else min(FIRST_SECONDS * 2 ** min(tries + 1 - FREE, 16), LONGEST_SECONDS)
        self._tries[key] = (tries + 1, now + wait)
        self._tries.move_to_end(key)
        if len(self._tries) > KEYS:
            self._tries.popitem(last=False)

    def succeeded(self, key: tuple[str, str]) -> None:
        """The password was right: forget the wrong ones."""
        self._tries.pop(key, None)
