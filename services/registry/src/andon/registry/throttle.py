"""Guessing passwords gets slower, for one name from one address, and for one address whatever the names.

Of several registries each counts what the others let in as well, so that there is one throttle, and not one for each;
only tries that come to all of them within a moment are counted late.

After some free wrong ones each further try must wait twice as long as the last. An address may be many people behind
one router: it has more that are free, they are forgotten with time, and who has signed in from there before is not
held up by what others try from there.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from ipaddress import IPv4Address, ip_address, ip_network
from math import ceil
from time import monotonic
from typing import Any, Generic, TypeVar

from andon.common.errors import TooManyError

FREE, LONGEST_SECONDS = 5, 900.0
"""Of one name from one address."""
ADDRESS_FREE, ADDRESS_LONGEST_SECONDS, ADDRESS_FORGETS_SECONDS = 30, 60.0, 60.0
"""Of one address; it forgets one try in so many seconds."""
FIRST_SECONDS = 1.0
KEYS = 10_000
"""Beyond this many the one that was quiet for longest is forgotten."""

_Key = TypeVar("_Key", bound=Hashable)


class _Tries(Generic[_Key]):
    """Tries by key: how many are remembered, since when, and when the next one is let in."""

    def __init__(self, *, free: int, longest: float, forgets: float = float("inf")) -> None:
        self._free, self._longest, self._forgets = free, longest, forgets
        self._counts: OrderedDict[_Key, tuple[float, float, float]] = OrderedDict()

    def wait(self, key: _Key, now: float) -> float:
        """Seconds until the next try is let in."""
        return self._counts.get(key, (0.0, now, now))[2] - now

    def add(self, key: _Key, now: float) -> None:
        """One more try."""
        tries, since, _ = self._counts.get(key, (0.0, now, now))
        tries = max(0.0, tries - (now - since) / self._forgets) + 1
        over = int(tries) - self._free
        wait = 0.0 if over < 0 else min(FIRST_SECONDS * 2 ** min(over, 16), self._longest)
        self._counts[key] = (tries, now, now + wait)
        _newest(self._counts, key)

    def take_back(self, key: _Key, now: float) -> None:
        """One try less; the next one was let in then, and is now."""
        if count := self._counts.get(key):
            self._counts[key] = (count[0] - 1, count[1], now)

    def forget(self, key: _Key) -> None:
        """As if there had been no tries."""
        self._counts.pop(key, None)


class Throttle:
    """Counts tries. `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._names = _Tries[tuple[str, str]](free=FREE, longest=LONGEST_SECONDS)
        self._addresses = _Tries[str](
            free=ADDRESS_FREE, longest=ADDRESS_LONGEST_SECONDS, forgets=ADDRESS_FORGETS_SECONDS
        )
        self._welcome: OrderedDict[tuple[str, str], None] = OrderedDict()

    def enter(self, name: str, address: str) -> None:
        """Count a try before it is made, so that many at once are counted too.

        Raises:
            TooManyError: it must wait; says how long.
        """
        now, stranger = self._clock(), (name, address) not in self._welcome
        of_name = ceil(self._names.wait((name, address), now))
        of_address = ceil(self._addresses.wait(address, now)) if stranger else 0
        if wait := max(of_name, of_address, 0):
            which = "" if of_name >= of_address else " from this address"
            raise TooManyError(f"Too many wrong passwords{which}; try again in {wait} s", wait)
        self.count(name, address)

    def count(self, name: str, address: str) -> None:
        """Count a try that was let in, here or by another registry."""
        now = self._clock()
        self._names.add((name, address), now)
        if (name, address) not in self._welcome:
            self._addresses.add(address, now)

    def take_back(self, name: str, address: str) -> None:
        """The try was not made after all, or the password was right."""
        self._names.take_back((name, address), self._clock())
        if (name, address) not in self._welcome:
            self._addresses.take_back(address, self._clock())

    def succeeded(self, name: str, address: str) -> None:
        """The password was right: forget the wrong ones of this name; of the address this try alone."""
        self.take_back(name, address)
        self._names.forget((name, address))
        self._welcome[name, address] = None
        _newest(self._welcome, (name, address))


def address_of(host: str) -> str:
    """What counts as one address: with IPv6 the network of 64 bits, of which anybody has 2^64 addresses."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv4Address):
        return str(address)
    return str(address.ipv4_mapped or ip_network((int(address) >> 64 << 64, 64)))


def _newest(kept: OrderedDict[_Key, Any], key: _Key) -> None:
    """`key` is the newest now; the oldest goes where there are too many."""
    kept.move_to_end(key)
    if len(kept) > KEYS:
        kept.popitem(last=False)
