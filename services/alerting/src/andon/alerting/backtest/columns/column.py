"""What a column is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from andon.alerting.backtest.series import NOTHING, Mask, Series
from andon.alerting.backtest.thinning import Thinning
from andon.alerting.evaluate.sources.formula import Name
from andon.alerting.rules.band import Band
from andon.common.history.columns import Floats, Times


@dataclass(frozen=True)
class Feed:
    """What the rule hears, in order of time. numbers: what its source yields of each sample, NaN where it says nothing.

    Where the source is the evaluator's own, `raw` is what it is fed with, and `numbers` only what it is thinned by.
    """

    times: Times
    numbers: Floats
    raw: Series | None = None


class Column(Protocol):
    """A source over columns. reach: nanoseconds of the past it must have taken before what it yields counts."""

    reach: int
    given: bool
    """Whether the numbers are computed here; else the evaluator's own source computes them of what is kept."""

    def take(self, said: Mapping[Name, Series]) -> Feed:
        """What follows of the next samples; times grow from call to call."""

    def thinning(self, bands: Iterable[Band], repeat: int) -> Thinning:
        """What is kept of it."""

    def anchors(self, feed: Feed, edges: Times) -> Times:
        """Instants behind which the next samples count one by one, given those at which the gate turns."""


class GivenColumn:
    """What columns that compute their numbers have in common."""

    reach = 0
    given = True

    def thinning(self, bands: Iterable[Band], repeat: int) -> Thinning:
        """Where the number goes from one side of a limit to the other."""
        return Thinning(bands, repeat)

    def anchors(self, feed: Feed, edges: Times) -> Times:  # noqa: ARG002 - as all columns
        """Where the gate turns."""
        return edges


def said_by(said: Mapping[Name, Series], name: Name) -> Series:
    """What one sensor said."""
    return said.get(name, NOTHING)


def trusted(series: Series) -> Series:
    """Without what cannot be trusted."""
    return series if series.words is None else series.part(~series.doubtful)


def changes(values: np.ndarray, before: object) -> Mask:
    """Where a value differs from the one before it."""
    found = np.ones(len(values), np.bool_)
    if len(values):
        found[0] = bool(values[0] != before)
        found[1:] = values[1:] != values[:-1]
    return found
