"""Columns: what each kind of source yields, of many samples at once, and which samples its rule must really see.

What one sample makes a source yield (`evaluate/sources`) is done here to whole columns, to the last digit. Sources that
move by themselves (silence, constancy, counts) are not computed: they are the evaluator's own, fed with fewer samples.
"""

from collections.abc import Callable, Mapping
from typing import Any

from andon.alerting.backtest.columns.column import Column
from andon.alerting.backtest.columns.expression import ExpressionColumn
from andon.alerting.backtest.columns.rate import RateColumn
from andon.alerting.backtest.columns.score import ScoreColumn
from andon.alerting.backtest.columns.single import OwnColumn, QualityColumn, StateColumn
from andon.alerting.backtest.columns.timed import CountColumn, SilenceColumn, UnchangedColumn
from andon.alerting.evaluate.sources.formula import Expression, Name
from andon.alerting.evaluate.watch import Watch
from andon.alerting.rules import sources

__all__ = ["Column", "column_of"]


def column_of(watch: Watch) -> Column:
    """The column of a watch's source. It remembers: one column goes through one past, in order."""
    own, source = (watch.asset.id, watch.sensor.key), watch.meaning.source
    if isinstance(source, sources.Deviation | sources.Formula) and isinstance(watch.source, Expression):
        return ExpressionColumn(source.tree, watch.source)
    return _MAKERS[type(source)](own, source, watch.source)


_MAKERS: Mapping[type[sources.Source], Callable[[Name, Any, Any], Column]] = {
    sources.Own: lambda own, *_: OwnColumn(own),
    sources.Rate: lambda own, of, _: RateColumn(own, of.over, sources.PER[of.per]),
    sources.Score: lambda own, of, _: ScoreColumn(own, of.over),
    sources.Equals: lambda own, of, _: StateColumn(own, of.values),
    sources.Doubt: lambda own, of, _: QualityColumn(own, of.qualities),
    sources.Count: lambda own, _, source: CountColumn(own, source),
    sources.Silent: lambda own, of, source: SilenceColumn(own, of.after, source),
    sources.Unchanged: lambda own, of, source: UnchangedColumn(own, of.after, source),
}
