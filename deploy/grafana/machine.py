"""A machine: one dashboard for each machine type, and a general one for the machines of all other types."""

from andon.registry.grafana.admission import BACK
from deploy.grafana import alarm_panels, links, numbers, panels, uids, variables
from deploy.grafana.board import TYPE_TAG, Board
from deploy.grafana.influxql import LEVELS, RAW, SENSORS, means, place, states, trend
from deploy.grafana.machine_types import MachineType, TypeSensor
from deploy.grafana.sdk import dashboard, model, statetimeline, table, timeseries
from deploy.grafana.targets import samples, tiered

DEPTH = len(LEVELS)
WHERE = place(DEPTH)
ACROSS = 3
"""Charts side by side."""
BAND = {"custom__lineWidth": 0, "custom__hideFrom": {"legend": True, "tooltip": False, "viz": False}}


def way_up() -> list[dashboard.DashboardLink]:
    """Back to the machine's page in Andon, and to what it stands in."""
    above = zip(LEVELS[:3], (uids.SITE, uids.AREA, uids.LINE), strict=True)
    own = links.header("Open in Andon", f"{BACK}{links.plant(DEPTH)}", away=True)
    return [own, *(links.header(f"{level.capitalize()} ${{{level}}}", f"/grafana/d/{uid}") for level, uid in above)]


def of_type(type_: MachineType) -> Board:
    """All sensors of a machine of this type."""
    about = f"{type_.name}: all sensors, with units, limits and sections of the machine type."
    title = f"{type_.name}: ${{machine}}"
    board = Board(uids.of_type(uids.MACHINE, type_.slug), title, about=about, tags=[TYPE_TAG])
    board.variables(*variables.chain(DEPTH), measurement_of(type_))
    board.head(*way_up())
    board.annotations(alarm_panels.annotations(WHERE))
    if type_.states:
        board.row(2 + 2 * len(type_.states), (24, _strips(type_)))
    for section in type_.sections:
        if section.title:
            board.heading(section.title)
        across = min(ACROSS, len(section.sensors))
        board.row(7, *((24 // across, _chart(type_, sensor)) for sensor in section.sensors))
    board.heading("Alarms")
    board.row(8, (24, alarm_panels.listed(WHERE)))
    return board


def general() -> Board:
    """A machine of any type: its newest values, its state, and one sensor over time."""
    about = "A machine of any type. Dashboards of its own type, with units and limits: how-to Grafana inside the pages."
    board = Board(uids.MACHINE, "Machine ${machine}", about=about)
    board.variables(*variables.chain(DEPTH), variables.measurement(), variables.sensor())
    typed = links.header("All of type ${measurement}", f"/grafana/d/{uids.MACHINE}-${{measurement}}")
    board.head(*way_up(), typed)
    board.annotations(alarm_panels.annotations(WHERE))
    board.row(4, (24, panels.strips("State", samples(states("${measurement}", WHERE, "state"), alias="state"))))
    board.row(12, (8, _newest()), (16, _any_sensor()))
    board.row(8, (24, alarm_panels.listed(WHERE)))
    return board


def to_sensor(key: str, *, uid: str = uids.SENSOR, measurement: str) -> dashboard.DashboardLink:
    """To a sensor of the machine."""
    return links.down("Open the sensor", uid, DEPTH, measurement=measurement, sensor=key)


def band(panel: timeseries.Panel, least: str = "min", most: str = "max") -> timeseries.Panel:
    """Draw the least and the greatest value as a band around the mean."""
    panel = panel.override_by_name(least, panels.override(**BAND))
    return panel.override_by_name(most, panels.override(**BAND, custom__fillBelowTo=least, custom__fillOpacity=18))


def measurement_of(type_: MachineType) -> dashboard.CustomVariable:
    """The type, as links hand it over; there is nothing to choose."""
    own = model.VariableOption(selected=True, text=type_.slug, value=type_.slug)
    made = dashboard.CustomVariable("measurement").label("Type").values(type_.slug).options([own]).current(own)
    return made.hide(model.VariableHide.HIDE_VARIABLE)


def _strips(type_: MachineType) -> statetimeline.Panel:
    asked = samples(*(states(type_.slug, WHERE, sensor.key) for sensor in type_.states))
    lead = [to_sensor("${__field.name}", uid=uids.STATE, measurement=type_.slug)]
    panel = panels.strips("States", asked, links=lead)
    for sensor in type_.states:
        panel = panel.override_by_name(sensor.key, panels.override(displayName=sensor.name))
    return panel


def _chart(type_: MachineType, sensor: TypeSensor) -> timeseries.Panel:
    lead = [
        to_sensor(sensor.key, uid=uids.of_type(uids.SENSOR, type_.slug), measurement=type_.slug),
        links.to_andon(links.plant(DEPTH, sensor.key)),
    ]
    panel = panels.lines(sensor.name, tiered(trend(type_.slug, WHERE, sensor.key)), links=lead, legend=False)
    panel = panel.unit(str(numbers.properties(sensor)["unit"])).decimals(sensor.decimals)
    panel = numbers.joined(band(panel), sensor)
    return panel.override_by_name("mean", panels.override(**numbers.grounds(sensor), custom__lineWidth=2))


def _newest() -> table.Panel:
    asked = f'SELECT last({SENSORS}) FROM "${{measurement}}" WHERE {WHERE} AND $timeFilter AND {RAW.when}'
    panel = panels.rows("Newest values", samples(asked, alias="$col"))
    reduced = model.DataTransformerConfig("reduce", options={"reducers": ["lastNotNull"], "mode": "seriesToRows"})
    return panel.with_transformation(reduced).sort_by([]).description("Of the chosen range, up to twelve hours.")


def _any_sensor() -> timeseries.Panel:
    lead = [to_sensor("${sensor}", measurement="${measurement}"), links.to_andon(links.plant(DEPTH, "${sensor}"))]
    asked = tiered(means("${measurement}", WHERE, "${sensor}"), alias="${sensor}")
    return panels.lines("${sensor}", asked, links=lead, legend=False)
