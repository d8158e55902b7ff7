"""The oldest and the newest time at which a tier has anything of some machines.

Looked for twelve weeks at a time: where nothing lies that costs InfluxDB next to nothing, while a look at all of
history would open all of it. What is older than ten years is not looked for.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from andon.common.history.history import History
from andon.common.history.span import LONGEST, Span
from andon.common.history.tier import RAW, Tier
from andon.common.influx import TAGS, measurements, quote_identifier, quote_string, quote_tag
from andon.common.plant import Asset
from andon.common.reading import NS_PER_S

HOUR = 3600 * NS_PER_S
STEP = 12 * 168 * HOUR
"""Weeks are InfluxDB's own unit, from the epoch on."""
AHEAD = 24 * HOUR
"""Clocks of devices may be so far ahead."""


async def extent(
    history: History, tier: Tier, machines: Iterable[Asset], scope: str, now: int
) -> tuple[int, int] | None:
    """UTC nanoseconds of the oldest and the newest values of machines below `scope`; None where there are none.

    Raises:
        UnavailableError: InfluxDB does not answer, or refuses.
    """
    names = sorted({name for machine in machines for name in measurements(machine)})
    if not names:
        return None
    first = await _first(history, tier, (_statement(names, scope, tier, span, "") for span in forward(now)))
    if not first:
        return None
    spans = (span for span in backward(now) if span.end > min(first))
    last = await _first(history, tier, (_statement(names, scope, tier, span, " DESC") for span in spans))
    return min(first), max(last, default=max(first))


def forward(now: int) -> Iterator[Span]:
    """Steps from ten years ago to now, and what clocks may be ahead."""
    first = (now - LONGEST) // STEP * STEP
    for start in range(first, now + AHEAD, STEP):
        yield Span(start, start + STEP)


def backward(now: int) -> list[Span]:
    """The same backwards, but the last days by themselves: it is there that the newest values mostly lie."""
    bounds = [now + AHEAD, now - HOUR, now - AHEAD, *range((now - AHEAD) // STEP * STEP, now - LONGEST, -STEP)]
    return [Span(start, end) for end, start in pairwise(bounds) if start < end]


def _statement(names: list[str], scope: str, tier: Tier, span: Span, order: str) -> str:
    what = "*" if tier is RAW else "/__count$/"  # each row has one
    place = "".join(
        f" AND {quote_tag(tag)} = {quote_string(slug)}"
        for tag, slug in zip(TAGS, filter(None, scope.split("/")), strict=False)
    )
    return (
        f"SELECT {what} FROM {', '.join(map(quote_identifier, names))}"  # noqa: S608 - quoted
        f" WHERE time >= {span.start} AND time < {span.end}{place} ORDER BY time{order} LIMIT 1"
    )


async def _first(history: History, tier: Tier, statements: Iterable[str]) -> list[int]:
    """Times of what the first statement that finds anything finds: one for each measurement that has any."""
    for statement in statements:
        (found,) = await history.ask(statement, tier=tier)
        if found:
            return [row[0] for series in found for row in series.rows]
    return []
