"""Counts, sums and extremes of a sensor, for charts of means: InfluxDB adds up rows of a tier itself.

Ten thousand rows of eleven numbers become a thousand of four, in a third of the time.
"""

from collections.abc import Iterator

import numpy as np

from andon.common.history.columns import Columns, Times
from andon.common.history.history import History
from andon.common.history.samples import NO_SAMPLES, Samples
from andon.common.history.span import Span
from andon.common.history.stored import parts, stored
from andon.common.history.tier import Tier
from andon.common.influx import measurement, measurements, quote_identifier
from andon.common.plant import Asset
from andon.common.reading import NS_PER_MS
from andon.query.tiers import tiers, windows
from andon.query.tiers.windows import Windows

MOST_ADDED = 50_000
"""Windows of one question. InfluxDB counts also those without a row, and as Andon starts it refuses more than twice as
many: ten years of quarters of an hour, which are days in Nepal, are 350,000."""

_ADDED = {"count": "sum", "sum": "sum", "min": "min", "max": "max"}


def width_between(bounds: Times, tier: Tier) -> int:
    """The width of the widest windows that cross none of some bounds, all of them multiples of a tier's width."""
    return int(np.gcd.reduce(bounds)) if len(bounds) > 1 else tier.width


async def read_sums(history: History, tier: Tier, asset: Asset, key: str, span: Span, *, width: int) -> Windows:
    """Windows of some width, a multiple of the tier's; all but count, sum, min and max is not known, and NaN.

    Of a machine that had another type in the range they are the tier's own, for in two measurements there may be a row
    of the same window, one of them made before the other was known.

    Raises:
        UnavailableError: InfluxDB does not answer, not in time, or refuses.
    """
    fields = {name: tiers.field(key, name) for name in _ADDED}
    if width == tier.width or len(measurements(asset, span.start)) > 1:  # nothing to add up, or not there
        rows = (await stored(history, [asset], fields.values(), span, tier=tier)).get(asset.id)
        return windows.none() if rows is None else _windows(rows, fields, span)
    what = ", ".join(
        f"{_ADDED[name]}({quote_identifier(one)}) AS {quote_identifier(one)}" for name, one in fields.items()
    )
    by, found = [f"time({width // NS_PER_MS}ms)"], [windows.none()]
    for piece in _pieces(span, MOST_ADDED * width):
        some = await parts(history, [asset], what, piece, tier=tier, by=by, tail=" fill(none)")
        if asset.id in some:
            found.append(_windows(some[asset.id][measurement(asset)], fields, piece))
    return windows.join(*found)


def _pieces(span: Span, width: int) -> Iterator[Span]:
    """A range cut at all multiples of a width."""
    for at in range(span.start // width * width, span.end, width):
        yield Span(max(at, span.start), min(at + width, span.end))


def _windows(rows: Columns, fields: dict[str, str], span: Span) -> Windows:
    known = {name: rows.numbers(one) for name, one in fields.items()}
    # a row of a state has a count, and no least value: the sensor was one, as a machine of another type
    chosen, unknown = ~np.isnan(known["count"]) & ~np.isnan(known["min"]), np.full(len(rows), np.nan)
    rest = dict.fromkeys(("good", "first", "last", "squares", "area"), unknown)
    start = np.maximum(rows.times, span.start)  # the first window may begin before the range
    return Windows(start=start, first_at=start, last_at=start, **known, **rest).part(chosen)


async def read_values(history: History, asset: Asset, key: str, span: Span, most: int) -> Samples:
    """At most the first `most` samples, without a look at their quality: all pass for good.

    Raises:
        UnavailableError: InfluxDB does not answer, not in time, or refuses.
    """
    rows = (await stored(history, [asset], [key], span, limit=most)).get(asset.id)
    if rows is None:
        return NO_SAMPLES
    return Samples(rows.times, rows.fields[key], np.ones(len(rows), np.bool_))
