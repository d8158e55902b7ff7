"""Useless: whose messages become dead letters without end.

The stream of dead letters has a number for each, so that how many came is known without reading any. When they are
many, a few of them are looked at, and each stands for the others. A letter names the topic it came by, MQTT does not
name the device: it is the one with the narrowest scope around it, of those that sent so much at all; and of several
with one scope that whose speed is most like that of the letters, for who is broken mostly sends nothing else. That may
be the wrong one; what goes on while it is kept out shows so, and for a while it is blamed for nothing that another can
have sent.
"""

import asyncio
from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from math import log
from time import monotonic

import msgspec
from nats.js.errors import NotFoundError

from andon.common import subjects, topics
from andon.common.bus import Bus
from andon.common.plant import is_below
from andon.common.wire import DeadLetter, decode_deadletter
from andon.registry.quota import Meter

MANY = 50.0
"""Dead letters in a second; of fewer nobody need be named."""
LOOKED_AT = 16
LATE_SECONDS = 2.0
"""What a device sent before it was kept out is a dead letter by then."""
DOUBTED_SECONDS = 600.0


@dataclass(frozen=True)
class Heap:
    """About so many messages a second from one topic could not be used; their number and bytes since the last look."""

    path: str
    messages: float
    size: float
    rate: float


class Useless:
    """Looks at the stream of dead letters."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._last: int | None = None
        self._at = 0.0

    async def look(self) -> list[Heap]:
        """What came since the last look; nothing, when that is not much.

        Raises:
            NatsError, APIError, TimeoutError, UnavailableError: NATS does not answer.
        """
        state, now = (await self._bus.js.stream_info(subjects.DEADLETTER)).state, monotonic()
        before, passed = self._last, now - self._at
        self._last, self._at = state.last_seq, now
        if before is None or state.last_seq < before:
            return []
        came = state.last_seq - before
        if came < MANY * passed:
            return []
        numbers = range(max(before + 1, state.first_seq), state.last_seq + 1)
        letters = await asyncio.gather(*(self._letter(number) for number in sampled(numbers)))
        return heaps([letter for letter in letters if letter is not None], came, passed)

    async def _letter(self, number: int) -> DeadLetter | None:
        try:
            return decode_deadletter((await self._bus.js.get_msg(subjects.DEADLETTER, number)).data or b"")
        except (NotFoundError, msgspec.DecodeError):
            return None


def path_of(source: str) -> str:
    """Plant path of the machine a topic names, whether there is one or not; '' for all other sources."""
    root, *steps = source.split("/")
    return "/".join(steps[: topics.MACHINE_DEPTH]) if root == topics.ROOT else ""


def sampled(numbers: range) -> range:
    """A few numbers, evenly spread."""
    return numbers[:: max(1, -(-len(numbers) // LOOKED_AT))]


def heaps(letters: list[DeadLetter], came: int, seconds: float) -> list[Heap]:
    """What all that came in so many seconds was, by the few letters that were looked at. Pure."""
    each = came / max(1, len(letters))
    count, size = Counter[str](), Counter[str]()
    for letter in letters:
        path = path_of(letter.source)
        count[path] += 1
        size[path] += letter.size
    return [Heap(path, n * each, size[path] * each, n * each / seconds) for path, n in count.items() if path]


def sender(
    heap: Heap, meters: Mapping[str, Meter], scopes: Iterable[tuple[str, str]], doubted: Container[str] = ()
) -> str | None:
    """User name of the device that sent it; None where nobody can have. `scopes` are of the user names. Pure.

    doubted: those whom it is only if it is nobody else.
    """
    around = [
        (len(scope), meters[username].fastest, username) for username, scope in scopes if is_below(heap.path, scope)
    ]
    able = [one for one in around if one[1] * 2 >= heap.rate]
    likely = [one for one in able if one[2] not in doubted] or able
    return max(likely, key=lambda one: (one[0], -abs(log(one[1] / heap.rate))))[2] if likely else None
