"""Signals: the pure functions of time that the simulated world is made of.

There is no hidden state and no random generator: the same numbers in give the same number out, on every machine and
for any moment, past or to come. That is why history can be sent before the present, and a sensor can "stick" at what
it would have shown.
"""

from collections.abc import Iterable
from functools import lru_cache
from math import cos, exp, floor, pi, sqrt
from zlib import crc32

_MASK = 2**64 - 1
_HALVES = 1 << 16


def seed_of(text: str) -> int:
    """A number for a name, the same in every process (unlike `hash`)."""
    return crc32(text.encode())


def mix(*numbers: int) -> int:
    """64 well-scattered bits of some whole numbers (the finish of splitmix64 after each)."""
    bits = 0x9E3779B97F4A7C15
    for number in numbers:
        bits = ((bits ^ (number & _MASK)) * 0xBF58476D1CE4E5B9) & _MASK
        bits = ((bits ^ (bits >> 27)) * 0x94D049BB133111EB) & _MASK
        bits ^= bits >> 31
    return bits


def scatter(*numbers: int) -> float:
    """Evenly spread over [0, 1)."""
    return (mix(*numbers) >> 11) / 2**53


def hiss(*numbers: int) -> float:
    """Measuring noise: about normal with deviation 1, never beyond 3.5 (the sum of four even parts)."""
    bits = mix(*numbers)
    parts = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + (bits >> 48)
    return (parts / _HALVES - 2) * sqrt(3)


@lru_cache(maxsize=8192)
def _post(seed: int, number: int) -> float:
    return 2 * scatter(seed, number) - 1


def wander(seed: int, t: float, period: float) -> float:
    """Smooth wandering within [-1, 1]: a new direction every `period` seconds, a soft curve between."""
    place = t / period
    number = floor(place)
    before, after = _post(seed, number), _post(seed, number + 1)
    return before + (after - before) * (1 - cos((place - number) * pi)) / 2


def warmth(spans: Iterable[tuple[float, float]], tau: float, t: float) -> float:
    """How far a first-order body is warmed through, within [0, 1], after being driven in `spans` (start, end).

    It is the exact answer of `tau * w' + w = drive` for a drive of 0 and 1: no steps, so no step error.
    """
    level = 0.0
    for start, end in spans:
        if start < t:
            level += exp((min(end, t) - t) / tau) - exp((start - t) / tau)
    return level


def stroke(phase: float) -> float:
    """Load within one working cycle, `phase` and answer within [0, 1]: rise, hold, fall, pause."""
    if phase < 0.2:
        return phase / 0.2
    if phase < 0.65:
        return 1.0
    if phase < 0.8:
        return min((0.8 - phase) / 0.15, 1.0)  # the division may round up
    return 0.0
