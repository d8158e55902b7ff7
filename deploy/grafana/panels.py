"""Panels of each kind, in one look. Titles, units and links come from whoever places them."""

from collections.abc import Sequence

from deploy.grafana import looks
from deploy.grafana.sdk import (
    Builder,
    bargauge,
    common,
    dashboard,
    model,
    stat,
    statetimeline,
    table,
    timeseries,
    words,
)
from deploy.grafana.targets import MIXED, Target

Links = Sequence[dashboard.DashboardLink]
GAP_MS = 300_000
"""Samples further apart are not joined by a line."""


def fixed(colour: str, mode: model.FieldColorModeId = model.FieldColorModeId.FIXED) -> dashboard.FieldColor:
    """One colour, or shades of it for several series."""
    return dashboard.FieldColor().mode(mode).fixed_color(colour)


def steps(*levels: tuple[float | None, str]) -> dashboard.ThresholdsConfig:
    """Colours from a value on, rising; the first has no value."""
    found = [model.Threshold(value=value, color=colour) for value, colour in levels]
    return dashboard.ThresholdsConfig().mode(model.ThresholdsMode.ABSOLUTE).steps(found)


def override(**properties: object) -> list[model.DynamicConfigValue]:
    """Properties of some series; two underscores stand for a dot."""
    return [model.DynamicConfigValue(name.replace("__", "."), value) for name, value in properties.items()]


def lines(title: str, targets: list[Target], *, links: Links = (), legend: bool = True) -> timeseries.Panel:
    """Lines over time, in shades of one colour."""
    shown = common.VizLegendOptions().show_legend(legend).display_mode(words.LegendDisplayMode.LIST)
    panel = timeseries.Panel().title(title).datasource(MIXED).targets(list(targets)).data_links(list(links))
    panel = panel.color_scheme(fixed(looks.TRACE, model.FieldColorModeId.SHADES)).line_width(1).fill_opacity(0)
    panel = panel.show_points(words.VisibilityMode.AUTO).point_size(4).span_nulls(GAP_MS)
    panel = panel.legend(shown.placement(words.LegendPlacement.BOTTOM))
    return panel.tooltip(
        common.VizTooltipOptions().mode(words.TooltipDisplayMode.MULTI).sort(words.SortOrder.DESCENDING)
    )


def bars(title: str, targets: list[Target], *, links: Links = ()) -> timeseries.Panel:
    """How many there were in each interval, one upon the other."""
    stacked = common.StackingConfig().mode(words.StackingMode.NORMAL).group("A")
    panel = lines(title, targets, links=links).draw_style(words.GraphDrawStyle.BARS).stacking(stacked)
    return panel.fill_opacity(80).line_width(0).span_nulls(span_nulls=False).min(0).decimals(0)


def by_severity(panel: timeseries.Panel) -> timeseries.Panel:
    """Give series that are called as severities their colours."""
    for severity, colour in looks.SEVERITIES.items():
        panel = panel.override_by_name(severity, override(color={"mode": "fixed", "fixedColor": colour}))
    return panel


def number(title: str, targets: list[Target], *, what: str = "", links: Links = ()) -> stat.Panel:
    """One number, large, in the colour of text."""
    newest = common.ReduceDataOptions().calcs(["lastNotNull"]).values(values=False).fields("")
    panel = stat.Panel().title(title).description(what).datasource(MIXED).targets(list(targets))
    panel = panel.reduce_options(newest).graph_mode(words.BigValueGraphMode.NONE).data_links(list(links))
    panel = panel.color_mode(words.BigValueColorMode.VALUE).text_mode(words.BigValueTextMode.VALUE)
    return panel.thresholds(steps((None, "text"))).no_value("-")


def warns(panel: stat.Panel, above: float, severity: str) -> stat.Panel:
    """Give the number the colour of a severity from a value on."""
    return panel.thresholds(steps((None, "text"), (above, looks.SEVERITIES[severity])))


def strips(title: str, targets: list[Target], *, links: Links = ()) -> statetimeline.Panel:
    """States over time, a strip for each."""
    panel = statetimeline.Panel().title(title).datasource(MIXED).targets(list(targets)).data_links(list(links))
    panel = panel.mappings(looks.states()).color_scheme(fixed(looks.QUIET)).row_height(0.8).fill_opacity(90)
    panel = panel.show_value(words.VisibilityMode.AUTO).merge_values(merge_values=True).line_width(0)
    panel = panel.legend(common.VizLegendOptions().show_legend(show_legend=False))
    return panel.description("Up to a week; what lies further back, Andon's own page of the machine draws at once.")


def ranking(title: str, targets: list[Target], *, links: Links = ()) -> bargauge.Panel:
    """One bar for each series, by their sums."""
    total = common.ReduceDataOptions().calcs(["sum"]).values(values=False).fields("")
    panel = bargauge.Panel().title(title).datasource(MIXED).targets(list(targets)).reduce_options(total)
    panel = panel.orientation(words.VizOrientation.HORIZONTAL).display_mode(words.BarGaugeDisplayMode.BASIC)
    panel = panel.show_unfilled(show_unfilled=False).value_mode(words.BarGaugeValueMode.TEXT).decimals(0).min(0)
    return panel.color_scheme(fixed(looks.TRACE)).data_links(list(links)).no_value("none")


def rows(title: str, targets: list[Target], *, links: Links = (), newest: str = "Time") -> table.Panel:
    """Rows, the newest first."""
    order = common.TableSortByFieldState().display_name(newest).desc(desc=True)
    panel = table.Panel().title(title).datasource(MIXED).targets(list(targets)).data_links(list(links))
    panel = panel.sort_by([order]).cell_height(words.TableCellHeight.SM).no_value("none")
    coloured = {"type": "color-text"}
    for name, maps in (("severity", looks.severities()), ("state", looks.states())):
        panel = panel.override_by_name(name, override(mappings=maps, custom__cellOptions=coloured, custom__width=110))
    return panel.override_by_name("Time", override(custom__width=170))


Panel = Builder[model.Panel]
