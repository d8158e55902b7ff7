"""Plan: which faults strike in which order. Pure, given a seed."""

import random
from collections.abc import Iterator

from soak.faults import ALL, Fault


def chosen(only: list[str]) -> list[Fault]:
    """Faults whose name holds one of these words; all of them for none.

    Raises:
        LookupError: a word that no name holds.
    """
    for word in only:
        if not any(word in fault.name for fault in ALL):
            raise LookupError(word)
    return [fault for fault in ALL if not only or any(word in fault.name for word in only)]


def order(faults: list[Fault], seed: int) -> Iterator[tuple[Fault, ...]]:
    """Each once, then random pairs of the quick ones for ever; the same for the same seed."""
    dice = random.Random(seed)  # noqa: S311 - guards nothing
    yield from ((fault,) for fault in faults)
    apart = [f for f in faults if not f.rest_first and not f.long]  # what is deleted is gone, whatever else happens
    while len(apart) > 1:
        yield tuple(dice.sample(apart, 2))
