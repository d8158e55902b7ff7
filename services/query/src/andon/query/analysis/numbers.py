"""What there is to say of one sensor in one range of time, in a handful of numbers. Pure."""

from andon.common.answer import Answer
from andon.common.reading import NS_PER_S
from andon.query.analysis.asked import finite
from andon.query.tiers.windows import Windows


class Numbers(Answer):
    """Number of samples, percent of them with good quality, and the rest in the sensor's unit; None where unknown.

    stddev: of a sample (n - 1). twa: time-weighted mean, in which a value counts as long as it held.
    """

    count: int = 0
    good: float | None = None
    mean: float | None = None
    min: float | None = None
    max: float | None = None
    stddev: float | None = None
    sum: float | None = None
    first: float | None = None
    last: float | None = None
    twa: float | None = None


def numbers(window: Windows, start: int, end: int, carry: float | None = None) -> Numbers:
    """Of a window from `start` to `end`, the only one of `window` or none; `carry` is the value held at `start`."""
    twa = finite(_time_weighted(window, start, end, carry))
    if not len(window):
        return Numbers(twa=twa)
    named = {name: finite(float(getattr(window, name)[0])) for name in ("mean", "min", "max", "stddev", "sum")}
    count = float(window.count[0])
    return Numbers(
        count=int(count),
        good=100 * float(window.good[0]) / count,
        first=float(window.first[0]),
        last=float(window.last[0]),
        twa=twa,
        **named,
    )


def _time_weighted(window: Windows, start: int, end: int, carry: float | None) -> float | None:
    if not len(window):
        return carry
    first_at, last_at = int(window.first_at[0]), int(window.last_at[0])
    begin, area = first_at, float(window.area[0])
    if carry is not None:
        begin, area = start, area + carry * ((first_at - start) / NS_PER_S)
    if end > last_at:
        area += float(window.last[0]) * ((end - last_at) / NS_PER_S)
    seconds = (max(end, last_at) - begin) / NS_PER_S
    return area / seconds if seconds else None
