"""Column of what several sensors yield together (`evaluate.sources.formula.Expression`). Pure."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from andon.alerting.backtest.columns.column import Feed, GivenColumn, said_by, trusted
from andon.alerting.backtest.series import Series
from andon.alerting.evaluate.sources.formula import TEXT, Expression, Name, marked
from andon.common.expression import Input, Node, Several, evaluate
from andon.common.expression.columns import COLUMNS
from andon.common.history.columns import Times, as_value


class ExpressionColumn(GivenColumn):
    """A tree over columns, in which each sensor's value holds until its next one.

    What they held before is taken from the expression, and what cannot be trusted says nothing.
    """

    def __init__(self, tree: Node, expression: Expression) -> None:
        self._tree = marked(tree)
        self._names = expression.names
        self._meant = expression._meant  # noqa: SLF001 - it is the same, over columns
        self._said = expression._said  # noqa: SLF001 - likewise

    def take(self, said: Mapping[Name, Series]) -> Feed:
        """What it yields at each time that any of its sensors said something."""
        some = [trusted(said_by(said, name)).times for name in self._names]
        times = np.unique(np.concatenate(some)) if some else np.empty(0, np.int64)
        if not len(times):
            return Feed(times, np.empty(0))
        held: dict[tuple[Name, bool], Any] = {}

        def look(node: Input | Several) -> Any:
            texts = node.path.startswith(TEXT)
            names = self._meant[Input(node.path.removeprefix(TEXT)) if texts else node]
            for name in names:
                if (name, texts) not in held:
                    held[name, texts] = self._held(said_by(said, name), name, times, texts=texts)
            found = [held[name, texts] for name in names]
            return found if isinstance(node, Several) else found[0]

        numbers = np.broadcast_to(evaluate(self._tree, COLUMNS, look), times.shape).astype(np.float64)
        self._remember(said)
        return Feed(times, numbers)

    def _held(self, series: Series, name: Name, times: Times, *, texts: bool) -> Any:
        known = trusted(series)
        before = self._said.get(name)
        if texts:
            values = np.array([before, *known.values], np.object_)
        else:
            number = np.nan if before is None or isinstance(before, str) else float(before)
            values = np.concatenate([[number], known.numbers])
        return values[np.searchsorted(known.times, times, "right")]

    def _remember(self, said: Mapping[Name, Series]) -> None:
        for name in self._names:
            known = trusted(said_by(said, name))
            if len(known):
                self._said[name] = as_value(known.values[-1])
