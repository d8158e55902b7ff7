"""From when to when a sensor said what, or a condition was true of it: what durations and event frames are made of."""

import asyncio

import numpy as np

from andon.common.history.columns import Times
from andon.common.history.history import History
from andon.common.history.span import Span
from andon.common.history.tier import RAW
from andon.common.plant import Asset, Sensor
from andon.query.analysis.asked import read_whole
from andon.query.analysis.condition import Condition
from andon.query.series.states import Held, Intervals, intervals
from andon.query.tiers.coverage import Coverage
from andon.query.tiers.gather import MAX_SAMPLES
from andon.query.tiers.held import held_at
from andon.query.tiers.plan import coarsest, plan
from andon.query.tiers.told import Teller


async def spells(
    history: History,
    coverage: Coverage,
    asset: Asset,
    sensor: Sensor,
    span: Span,
    *,
    condition: Condition | None = None,
) -> Intervals:
    """What a sensor's values, or the answers to a condition, were from when to when, the last one to the range's end.

    Raises:
        InvalidError: there are more samples, or changes of a state, than can be read.
        UnavailableError: InfluxDB does not answer, not in time, or refuses.
    """
    (times, values), carry = await asyncio.gather(
        _said(history, coverage, asset, sensor, span), held_at(history, asset, sensor.key, span.start)
    )
    if condition is not None:
        values, carry = condition.of(values), condition.of_one(carry)
    return await asyncio.to_thread(intervals, times, values, span.start, span.end, carry)


async def _said(history: History, coverage: Coverage, asset: Asset, sensor: Sensor, span: Span) -> tuple[Times, Held]:
    """All samples; of a state or a switch that is rolled up, those that change it, and some more."""
    bounds = np.array([span.start, span.end], np.int64)
    if sensor.datatype != "float" and coarsest(plan(coverage, asset.id, bounds)) is not RAW:
        told, _ = await Teller(history, coverage, asset, sensor, MAX_SAMPLES).told(bounds)
        return told.times, told.values
    found = await read_whole(history, coverage, asset, sensor, span)
    return found.times, found.values
