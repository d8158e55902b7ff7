"""Rollups of a whole Andon: late data, derive killed in the middle, charts that say what they are made of."""

from collections.abc import AsyncIterator
from time import time_ns
from typing import Any

import numpy as np
import pytest
import pytest_asyncio

from andon.common.testing.factory import Factory
from andon.common.testing.waiting import eventually

from .conftest import PLANT, PRESS

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(400)]

HOUR = 3_600_000
HOURS = 30
START = (time_ns() // 1_000_000 // HOUR - HOURS - 3) * HOUR
EVERY = 5_000
"""All times in epoch milliseconds."""
SENSOR = f"{PRESS}/oil_temperature"
POSTED = 1_000
ROUND_SECONDS = 90
"""A round comes once a minute."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def factory(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Factory]:
    async with Factory(tmp_path_factory.mktemp("andon")) as started:
        await started.apply_plant(PLANT)
        yield started


async def say(factory: Factory, samples: dict[int, float]) -> None:
    """Late readings by HTTP, as a gateway sends what it kept while it was offline."""
    readings = [{"asset": PRESS, "ts": ts, "values": {"oil_temperature": v}} for ts, v in samples.items()]
    for first in range(0, len(readings), POSTED):
        await factory.call("POST", "/api/ingest/v1/readings", json=readings[first : first + POSTED])


async def pending(factory: Factory) -> list[Any]:
    found: list[Any] = (await factory.call("GET", "/api/query/v1/rollups"))["pending"]
    return found


async def by_hour(factory: Factory, agg: str) -> tuple[str, dict[int, float]]:
    """Tier and values of an aggregate by the hour."""
    span = f"from={START}&to={START + HOURS * HOUR}"
    found = await factory.call("GET", f"/api/query/v1/series?sensor={SENSOR}&{span}&bucket=1h&agg={agg}")
    return found["tier"], dict(found["points"])


def plain(samples: dict[int, float], of: Any) -> dict[int, float]:
    """The same by numpy."""
    hours: dict[int, list[float]] = {}
    for ts, value in sorted(samples.items()):
        hours.setdefault(ts // HOUR * HOUR, []).append(value)
    return {hour: float(of(values)) for hour, values in hours.items()}


PLAIN = {
    "mean": np.mean,
    "min": np.min,
    "max": np.max,
    "count": len,
    "sum": np.sum,
    "first": lambda values: values[0],
    "last": lambda values: values[-1],
    "stddev": lambda values: np.std(values, ddof=1),
}


async def expect(factory: Factory, samples: dict[int, float]) -> None:
    for agg, of in PLAIN.items():
        tier, found = await by_hour(factory, agg)
        assert tier == "1h"
        assert found == pytest.approx(plain(samples, of), rel=1e-9), agg


async def test_late_data_is_rolled_up_through_a_kill_and_corrected_data_again(factory: Factory) -> None:
    random = np.random.default_rng(7)
    times = [START + EVERY * i for i in range(HOURS * HOUR // EVERY) if random.random() > 0.1]
    samples = {ts: round(float(v), 2) for ts, v in zip(times, 50 + 5 * random.normal(size=len(times)), strict=True)}
    await say(factory, samples)
    old = factory.pid("derive")
    factory.kill("derive")
    await say(factory, {START + 1: 50.0})
    samples[START + 1] = 50.0

    async def counted() -> bool:
        return sum((await by_hour(factory, "count"))[1].values()) == len(samples)

    await eventually(counted, timeout=30, what="all of it is in the chart, rolled up or not")
    await eventually(lambda: factory.pid("derive") != old, timeout=30, what="derive is started anew")
    await is_rolled_up(factory)
    await expect(factory, samples)

    corrected = dict.fromkeys(times[1000:1300], -1.0) | {START + 7 * HOUR + 1: 99.0}
    await say(factory, corrected)
    samples |= corrected

    async def seen() -> bool:
        return (await by_hour(factory, "max"))[1].get(START + 7 * HOUR) == 99.0

    await eventually(seen, timeout=ROUND_SECONDS, what="the late sample is in its hour")
    await is_rolled_up(factory)
    await expect(factory, samples)


async def is_rolled_up(factory: Factory) -> None:
    async def nothing_pending() -> bool:
        return not await pending(factory)

    await eventually(nothing_pending, timeout=60, what="nothing is pending")
