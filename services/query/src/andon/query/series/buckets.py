"""Bucket widths for charts: the smallest 'nice' width that keeps a range within a number of points. Pure.

Buckets are aligned to the epoch, as InfluxDB's GROUP BY time() aligns them, so that a chart that moves on keeps its
buckets. All times and widths are nanoseconds.
"""

from andon.common.reading import NS_PER_MS, NS_PER_S

MIN_POINTS = 2
"""Any width can straddle a boundary, so one point can never be promised."""

_MINUTE = 60 * NS_PER_S
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR

WIDTHS = tuple(
    unit * step
    for unit, steps in (
        (NS_PER_MS, (1, 2, 5, 10, 20, 50, 100, 200, 500)),
        (NS_PER_S, (1, 2, 5, 10, 15, 30)),
        (_MINUTE, (1, 2, 5, 10, 15, 30)),
        (_HOUR, (1, 2, 3, 6, 12)),
        (_DAY, (1, 2, 5, 10, 15, 30, 100, 200, 500, 1000, 2000, 5000)),
    )
    for step in steps
)
"""Every width, ascending: such that people read off an axis. Below a day each one divides the day."""


def count(start: int, end: int, width: int) -> int:
    """How many buckets of `width` the range [start, end) touches."""
    return -(-end // width) - start // width


def width_for(start: int, end: int, points: int) -> int:
    """The smallest nice width with which [start, end) touches at most `points` (two or more) buckets.

    Raises:
        ValueError: no width is wide enough; the range is longer than 5,000 days and `points` too few.
    """
    for width in WIDTHS:
        if count(start, end, width) <= points:
            return width
    raise ValueError(f"no bucket is wide enough to cut {end - start} ns into {points} points")


def name(width: int) -> str:
    """A width as people write it: `500ms`, `10s`, `5m`, `2h`, `1d`."""
    for unit, size in (("d", _DAY), ("h", _HOUR), ("m", _MINUTE), ("s", NS_PER_S)):
        if width % size == 0:
            return f"{width // size}{unit}"
    return f"{width // NS_PER_MS}ms"
