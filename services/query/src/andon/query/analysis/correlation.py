"""GET /correlation: which of up to twenty sensors go up and down together."""

import asyncio
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Annotated, Literal, TypeAlias

import numpy as np
from fastapi import APIRouter, Query

from andon.common.answer import Answer
from andon.common.api import Caller
from andon.common.history.api import AskedSpan, KnownHistory
from andon.common.history.columns import Floats
from andon.common.history.span import Span
from andon.query.analysis.asked import find_number, means, on_one_clock
from andon.query.branches import KnownBranches
from andon.query.series import buckets
from andon.query.series.grid import Grid, fitting, of_width
from andon.query.tiers import windows
from andon.query.tiers.coverage import KnownCoverage
from andon.query.tiers.windows import Windows

router = APIRouter()

Method: TypeAlias = Literal["pearson", "spearman"]

MAX_SENSORS = 20
MAX_POINTS = 5000
FEWEST = 3
"""Through two points there is always a line."""
FEWEST_BUCKETS = 10
"""Buckets are widened no further than to so many."""


class Correlation(Answer):
    """Row and column i belong to sensors[i].

    matrix: correlation, from -1 to 1; None where fewer than three buckets hold both sensors, or one of them did not
    change in these. pairs: buckets that hold both. resolution: the width of a bucket. note: that the buckets are wider
    than `points` would have them, or that sensors do not meet; empty where there is nothing to say.
    """

    sensors: list[str]
    method: Method
    resolution: str
    matrix: list[list[float | None]]
    pairs: list[list[int]]
    note: str = ""


@router.get("/correlation")
async def correlation(
    *,
    caller: Caller,
    branches: KnownBranches,
    history: KnownHistory,
    coverage: KnownCoverage,
    span: AskedSpan,
    sensor: Annotated[list[str], Query(min_length=2, max_length=MAX_SENSORS)],
    points: Annotated[int, Query(ge=10, le=MAX_POINTS, description="Most buckets to compare")] = 1000,
    method: Method = "pearson",
) -> Correlation:
    """Correlation of the means of all buckets of one clock, for each two sensors.

    Sensors that are measured at different instants may never share a narrow bucket: buckets are wider than `points`
    would have them where it takes that for two sensors to share at least half of those that the rarer one is in.

    `spearman` compares ranks: it sees what rises together without being in proportion, and cares less about outliers.
    """
    found = [find_number(branches.plant, name, caller.scope) for name in sensor]
    sensors = [(asset, one, 0) for asset, one in found]
    narrow, gathered = await on_one_clock(history, coverage, sensors, fitting(span, points), sums=True)
    grid, rows, apart = await asyncio.to_thread(met, narrow, gathered, span)
    matrix, pairs = await asyncio.to_thread(compute, rows, method)
    return Correlation(
        sensors=[one.path for _, one in found],
        method=method,
        resolution=grid.name,
        matrix=matrix,
        pairs=pairs,
        note=_note(narrow, grid, apart),
    )


def met(narrow: Grid, found: Sequence[Windows], span: Span) -> tuple[Grid, Floats, int]:
    """The narrowest buckets in which as many pairs meet as in any, a row of means for each sensor, and pairs apart.

    Without wider buckets, those it began with, should these not bring any two together.
    """
    best: tuple[Grid, Floats, int] | None = None
    for grid in (narrow, *_wider(narrow, span)):
        rows = np.array([means(grid, windows.merge(one, grid.bounds)) for one in found])
        apart = _apart(rows)
        if best is None or apart < best[2]:
            best = grid, rows, apart
        if apart == 0:
            break
    assert best is not None  # noqa: S101 - there is at least one
    return best


def _wider(narrow: Grid, span: Span) -> Iterator[Grid]:
    """Buckets of usual widths that are made of whole narrow ones."""
    for width in buckets.WIDTHS:
        if width > narrow.width and width % narrow.width == 0:
            if buckets.count(span.start, span.end, width) < FEWEST_BUCKETS:
                return
            yield of_width(span, width)


def _apart(rows: Floats) -> int:
    """How many pairs of sensors share less than half of the buckets that the rarer one is in."""
    known = np.isfinite(rows).astype(np.int64)
    pairs, each = known @ known.T, known.sum(axis=1)
    return int(np.triu(2 * pairs < np.minimum.outer(each, each), 1).sum())


def _note(narrow: Grid, grid: Grid, apart: int) -> str:
    """What was done so that sensors meet, and what it did not help."""
    said = []
    if grid is not narrow:
        said.append(f"Buckets are {grid.name} wide: in those of {narrow.name} sensors were seldom measured together.")
    if apart:
        said.append(
            f"{apart} of the pairs of sensors {'is' if apart == 1 else 'are'} seldom or never in one bucket; "
            "ask for fewer points, or for a range in which both are measured."
        )
    return " ".join(said)


def compute(rows: Floats, method: Method) -> tuple[list[list[float | None]], list[list[int]]]:
    """Correlation and number of pairs of each two rows."""
    size = len(rows)
    known = np.isfinite(rows)
    pairs = known.astype(np.int64) @ known.T.astype(np.int64)
    matrix: list[list[float | None]] = [[None] * size for _ in range(size)]
    for i, j in [*combinations(range(size), 2), *((i, i) for i in range(size))]:
        both = known[i] & known[j]
        matrix[i][j] = matrix[j][i] = of_two(rows[i, both], rows[j, both], method)
    return matrix, pairs.tolist()


def of_two(a: Floats, b: Floats, method: Method) -> float | None:
    """Correlation of two rows of numbers; None where there are too few, or one is constant."""
    if len(a) < FEWEST or a.min() == a.max() or b.min() == b.max():
        return None
    if method == "spearman":
        a, b = ranks(a), ranks(b)
    a, b = _centred(a), _centred(b)
    size = np.sqrt((a @ a) * (b @ b))
    return float(np.clip(a @ b / size, -1, 1)) if size else None


def _centred(values: Floats) -> Floats:
    """Deviations from the mean, in parts of the largest, so that squares of huge and of tiny ones are numbers."""
    values = values / np.abs(values).max()
    values = values - values.mean()
    return values / (np.abs(values).max() or 1)


def ranks(values: Floats) -> Floats:
    """Rank of each value from 1; equal ones share their mean rank."""
    _, which, counts = np.unique(values, return_inverse=True, return_counts=True)
    found: Floats = (np.cumsum(counts) - (counts - 1) / 2)[which]
    return found
