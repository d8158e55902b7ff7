"""Whatever comes late, twice, corrected or not at all, in any order, between any rounds: rollups are those of numpy."""

from random import Random

import pytest

from andon.common.bus import Bus
from andon.common.influx import Influx
from andon.common.reading import Reading

from .conftest import PRESS
from .deriving import FROM, HOUR, LONG_AGO, START, TO, clean_up, deriving, some

BATCHES = 6


def disordered(random: Random) -> list[list[Reading]]:
    """Readings of two hours long ago and of a recent one: some missing, shuffled, some said again, some corrected."""
    whole = [*some("p1", LONG_AGO, 5000, seed=random.randrange(99)), *some("p1", START, 900, seed=random.randrange(99))]
    came = [reading for reading in whole if random.random() > 0.2]
    again = random.sample(came, 400)
    corrected = [
        Reading("p1", r.time, {"temperature": r.values["temperature"] + 1.0}) for r in random.sample(came, 200)
    ]  # type: ignore[operator]
    said = [*came, *again]
    random.shuffle(said)
    said += corrected
    size = len(said) // BATCHES + 1
    return [said[first : first + size] for first in range(0, len(said), size)]


@pytest.mark.parametrize("seed", range(4))
async def test_rollups_equal_numpy_whatever_the_order(bus: Bus, influx: Influx, plant: None, seed: int) -> None:
    await clean_up(bus)
    random = Random(seed)  # noqa: S311 - not for secrets
    async with deriving(bus, influx) as derive:
        for batch in disordered(random):
            await derive.say(PRESS, *batch)
            what = random.choice([derive.rounds.once, derive.rounds.late, derive.work, None])
            if what is not None:
                await what()
        await derive.rounds.once()
        await derive.work()
        await derive.expect(PRESS, LONG_AGO, LONG_AGO + 3 * HOUR)
        await derive.expect(PRESS, FROM, TO)
