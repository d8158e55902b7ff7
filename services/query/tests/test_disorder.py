"""Whatever comes late, twice, corrected or not at all, in any order, between any rounds: rollups are those of numpy."""

from random import Random

import numpy as np
import pytest

from andon.common.bus import Bus
from andon.common.history.span import Span
from andon.common.history.stored import stored
from andon.common.history.tier import Tier
from andon.common.influx import Influx
from andon.common.reading import Reading
from andon.query.tiers.tiers import HOURS, MINUTES, STATISTICS, field

from .conftest import PRESS, S
from .deriving import FROM, HOUR, LONG_AGO, START, TO, DeriveForTest, clean_up, deriving, some

BATCHES = 6


def disordered(random: Random) -> list[list[Reading]]:
    """Readings of two hours long ago and of a recent one: some missing, shuffled, some said again, some corrected."""
    whole = [*some("p1", LONG_AGO, 5000, seed=random.randrange(99)), *some("p1", START, 900, seed=random.randrange(99))]
    came = [reading for reading in whole if random.random() > 0.2]
    again = random.sample(came, 400)
    corrected = [
        Reading("p1", r.time, {"temperature": r.values["temperature"] + 1.0}, r.quality)  # type: ignore[operator]
        for r in random.sample(came, 200)
    ]
    said = [*came, *again]
    random.shuffle(said)
    said += corrected
    size = len(said) // BATCHES + 1
    return [said[first : first + size] for first in range(0, len(said), size)]


def plain(readings: list[Reading], start: int, width: int) -> dict[str, float]:
    """A row of a tier by the textbook, of the readings of its window in order of time."""
    times = np.array([reading.time - start for reading in readings]) / S
    values = np.array([reading.values["temperature"] for reading in readings], np.float64)
    return {
        "count": len(values),
        "good": 100 * np.mean([not reading.quality for reading in readings]),
        "min": values.min(),
        "max": values.max(),
        "mean": values.mean(),
        "sum": values.sum(),
        "first": values[0],
        "last": values[-1],
        "stddev": values.std(ddof=1) if len(values) > 1 else np.nan,
        "twa": np.average(values, weights=np.diff(times, append=width / S)),
        "first_at": times[0],
        "last_at": times[-1],
    }


async def expect(derive: DeriveForTest, stands: dict[int, Reading], tier: Tier, start: int, end: int) -> None:
    """Each row that is stored tells of all that was said in its window, and no row is missing or too many."""
    windows = dict[int, list[Reading]]()
    for time in sorted(time for time in stands if start <= time < end):
        windows.setdefault(time // tier.width * tier.width, []).append(stands[time])
    fields = [field("temperature", statistic) for statistic in STATISTICS]
    rows = (await stored(derive.history, [PRESS], fields, Span(start, end), tier=tier))["p1"]
    assert rows.times.tolist() == list(windows)
    expected = [plain(readings, at, tier.width) for at, readings in windows.items()]
    for statistic in STATISTICS:
        found = rows.numbers(field("temperature", statistic)).tolist()
        wanted = [one[statistic] for one in expected]
        assert found == pytest.approx(wanted, rel=1e-9, abs=1e-9, nan_ok=True), (tier.name, statistic)


@pytest.mark.parametrize("seed", range(4))
async def test_rollups_equal_numpy_whatever_the_order(bus: Bus, influx: Influx, plant: None, seed: int) -> None:
    await clean_up(bus)
    random = Random(seed)  # noqa: S311 - not for secrets
    stands = dict[int, Reading]()
    async with deriving(bus, influx) as derive:
        for batch in disordered(random):
            stands |= {reading.time: reading for reading in batch}
            await derive.say(PRESS, *batch)
            what = random.choice([derive.rounds.once, derive.rounds.late, derive.work, None])
            if what is not None:
                await what()
        await derive.rounds.once()
        await derive.work()
        for tier in (MINUTES, HOURS):
            await expect(derive, stands, tier, LONG_AGO, LONG_AGO + 3 * HOUR)
            await expect(derive, stands, tier, FROM, TO)
