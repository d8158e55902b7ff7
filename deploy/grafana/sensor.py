"""A sensor: its trend within its limits, its figures, its distribution and how good its values are; and a state."""

from andon.registry.grafana.admission import BACK
from deploy.grafana import alarm_panels, links, looks, machine, numbers, panels, uids, variables
from deploy.grafana.board import Board
from deploy.grafana.influxql import BY_TIME, LEVELS, by_tier, place, rolled_up, states, trend, values
from deploy.grafana.machine_types import MachineType
from deploy.grafana.sdk import common, dashboard, histogram, stat, timeseries, words
from deploy.grafana.targets import MIXED, samples, tiered

WHERE = place(len(LEVELS))
ALARMS = f"{WHERE} AND \"sensor\" = '${{sensor}}'"
KEY = "${sensor}"
FIGURES = {
    "Mean": ('mean("{0}")', 'sum("{0}__sum") / sum("{0}__count")'),
    "Least": ('min("{0}")', 'min("{0}__min")'),
    "Greatest": ('max("{0}")', 'max("{0}__max")'),
    "Last": ('last("{0}")', 'last("{0}__last")'),
}


def of_type(type_: MachineType) -> Board:
    """Any number of a machine of this type."""
    about = f"A sensor of {type_.name}, with units and limits of the machine type."
    board = Board(uids.of_type(uids.SENSOR, type_.slug), f"{type_.name} ${{machine}}: ${{sensor}}", about=about)
    board.variables(*variables.chain(len(LEVELS)), machine.measurement_of(type_), variables.sensor_of(type_))
    _fill(board, type_.slug, type_)
    return board


def general() -> Board:
    """Any number of any machine, without unit and limits."""
    about = "A sensor of a machine of any type. With unit and limits: how-to Grafana inside the pages."
    board = Board(uids.SENSOR, "${machine}: ${sensor}", about=about)
    board.variables(*variables.chain(len(LEVELS)), variables.measurement(), variables.sensor())
    _fill(board, "${measurement}", None)
    return board


def state() -> Board:
    """What a state or a switch said."""
    board = Board(uids.STATE, "${machine}: ${sensor}", about="A state or a switch of a machine, and its alarms.")
    board.variables(*variables.chain(len(LEVELS)), variables.measurement(), variables.sensor())
    board.head(*_way_up("${measurement}"))
    board.annotations(alarm_panels.annotations(ALARMS))
    board.row(5, (24, panels.strips("${sensor}", samples(states("${measurement}", WHERE, KEY)))))
    changed = rolled_up("${measurement}", WHERE, f'sum("{KEY}__changes") AS "changes"', BY_TIME)
    bars = panels.bars("Changes", tiered(changed))
    board.row(8, (24, bars.description("How often it said something else, counted by the minute or the hour.")))
    board.row(8, (24, alarm_panels.listed(ALARMS)))
    return board


def _fill(board: Board, measurement: str, type_: MachineType | None) -> None:
    board.head(*_way_up(measurement))
    board.annotations(alarm_panels.annotations(ALARMS))
    figures = [(5, _figure(name, measurement, type_)) for name in FIGURES]
    board.row(4, *figures, (4, _good(measurement)))
    board.row(10, (24, _trend(measurement, type_)))
    board.row(8, (12, _distribution(measurement, type_)), (12, _spread(measurement, type_)))
    board.row(6, (12, _quality(measurement)), (12, _samples(measurement)))
    board.row(8, (24, alarm_panels.listed(ALARMS)))


def _way_up(measurement: str) -> list[dashboard.DashboardLink]:
    _, *rest = machine.way_up()
    own = links.header("Open in Andon", f"{BACK}{links.plant(len(LEVELS), KEY)}", away=True)
    uid = uids.MACHINE if measurement.startswith("$") else uids.of_type(uids.MACHINE, measurement)
    return [own, *rest, links.header("Machine ${machine}", f"/grafana/d/{uid}")]


def _figure(name: str, measurement: str, type_: MachineType | None) -> stat.Panel:
    raw, rolled = (f'{text.format(KEY)} AS "{KEY}"' for text in FIGURES[name])
    panel = panels.number(name, tiered(by_tier(measurement, WHERE, raw, rolled)))
    for sensor in type_.numbers if type_ else []:
        panel = panel.override_by_name(sensor.key, panels.override(**numbers.properties(sensor)))
    return panel


def _good(measurement: str) -> stat.Panel:
    what = "Share of samples of good quality in the chosen range, by minutes and hours as they are rolled up."
    asked = tiered(rolled_up(measurement, WHERE, f'mean("{KEY}__good") AS "good"'))
    return panels.number("Good", asked, what=what).unit("percent").decimals(1)


def _trend(measurement: str, type_: MachineType | None) -> timeseries.Panel:
    asked = trend(measurement, WHERE, KEY, KEY if type_ else "")
    panel = machine.band(panels.lines("Trend", tiered(asked), legend=False))
    panel = panel.description("Mean, and the band from the least to the greatest value of each interval.")
    for sensor in type_.numbers if type_ else []:
        every = f"/^{sensor.key}( min| max)?$/"
        panel = panel.override_by_regexp(every, panels.override(**numbers.properties(sensor)))
        own = panels.override(displayName=sensor.name, custom__lineWidth=2, **numbers.grounds(sensor))
        panel = machine.band(panel.override_by_name(sensor.key, own), f"{sensor.key} min", f"{sensor.key} max")
    return panel


def _distribution(measurement: str, type_: MachineType | None) -> histogram.Panel:
    panel = histogram.Panel().title("Distribution").datasource(MIXED)
    panel = panel.targets(list(tiered(values(measurement, WHERE, KEY, KEY)))).bucket_count(30)
    panel = panel.color_scheme(panels.fixed(looks.TRACE)).fill_opacity(70).line_width(0)
    panel = panel.legend(
        common.VizLegendOptions().show_legend(show_legend=False).display_mode(words.LegendDisplayMode.LIST)
    )
    for sensor in type_.numbers if type_ else []:
        panel = panel.override_by_name(sensor.key, panels.override(**numbers.properties(sensor)))
    return panel.description("Of samples up to two hours; of the means of minutes, then of hours, in longer ranges.")


def _spread(measurement: str, type_: MachineType | None) -> timeseries.Panel:
    what = f'mean("{KEY}__stddev") AS "{KEY}"'
    panel = panels.lines("Spread", tiered(rolled_up(measurement, WHERE, what, BY_TIME)), legend=False)
    for sensor in type_.numbers if type_ else []:
        own = panels.override(displayName="standard deviation", **numbers.properties(sensor))
        panel = panel.override_by_name(sensor.key, own)
    return panel.description("Standard deviation within a minute, or an hour in ranges of more than a month.")


def _quality(measurement: str) -> timeseries.Panel:
    what = f'mean("{KEY}__good") AS "good"'
    panel = panels.lines("Good quality", tiered(rolled_up(measurement, WHERE, what, BY_TIME)), legend=False)
    return panel.unit("percent").min(0).max(100).decimals(0)


def _samples(measurement: str) -> timeseries.Panel:
    what = f'sum("{KEY}__count") AS "samples"'
    panel = panels.bars("Samples", tiered(rolled_up(measurement, WHERE, what, BY_TIME)))
    return panel.description("How many came in each interval; where none did, the device was silent.")
