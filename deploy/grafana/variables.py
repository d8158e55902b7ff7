"""Variables of dashboards: site > area > line > machine > sensor, each chosen among what the ones before it hold.

The pages of Andon hand them over; the lists are for who comes to Grafana itself. None is a constant: Grafana would not
let an address set it.
"""

from andon.common.influx import ALARMS
from deploy.grafana.influxql import LEVELS, RAW, SENSORS, SLUGS
from deploy.grafana.machine_types import MachineType
from deploy.grafana.sdk import dashboard, model
from deploy.grafana.targets import source

ANY = "All"


def chain(depth: int) -> list[dashboard.QueryVariable]:
    """Variables of as many levels."""
    return [_level(LEVELS[:number], SLUGS) for number in range(1, depth + 1)]


def measurement(*, of: int = 4) -> dashboard.QueryVariable:
    """Where the samples of the place lie: its machine type, or the first of its types. of: levels that are chosen."""
    return _query("measurement", f"SHOW MEASUREMENTS WITH MEASUREMENT =~ {SLUGS} WHERE {_within(LEVELS[:of])}", "Type")


def sensor() -> dashboard.QueryVariable:
    """Any sensor of the type."""
    return _query("sensor", 'SHOW FIELD KEYS FROM "${measurement}"', "Sensor").regex(SENSORS)


def sensor_of(type_: MachineType) -> dashboard.CustomVariable:
    """A number among the sensors of one type, by its name."""
    choices = [(_plain(sensor.name), sensor.key) for sensor in type_.numbers]
    options = [
        model.VariableOption(selected=rank == 0, text=name, value=key) for rank, (name, key) in enumerate(choices)
    ]
    named = ",".join(f"{name} : {key}" for name, key in choices)
    return dashboard.CustomVariable("sensor").label("Sensor").values(named).options(options).current(options[0])


def narrowing() -> list[dashboard.QueryVariable]:
    """Site, area and line of alarms, each of which may be any."""
    made = []
    for number in range(1, 4):
        variable = _level(LEVELS[:number], f'"{ALARMS}"', any_before=True)
        everything = model.VariableOption(selected=True, text=ANY, value="$__all")
        made.append(variable.include_all(include_all=True).all_value(".*").current(everything))
    return made


def _level(levels: tuple[str, ...], where: str, *, any_before: bool = False) -> dashboard.QueryVariable:
    *before, own = levels
    within = _within(tuple(before), any_of_them=any_before)
    statement = f'SHOW TAG VALUES FROM {where} WITH KEY = "{own}"' + (f" WHERE {within}" if before else "")
    return _query(own, statement, own.capitalize())


def _within(levels: tuple[str, ...], *, any_of_them: bool = False) -> str:
    how = '"{0}" =~ /^${{{0}:regex}}$/' if any_of_them else "\"{0}\" = '${{{0}}}'"
    return " AND ".join(how.format(level) for level in levels)


def _query(name: str, statement: str, label: str) -> dashboard.QueryVariable:
    made = dashboard.QueryVariable(name).label(label).datasource(source(RAW.uid)).query(statement)
    made = made.definition(statement).sort(model.VariableSort.NATURAL_ASC)
    return made.refresh(model.VariableRefresh.ON_DASHBOARD_LOAD)


def _plain(name: str) -> str:
    """A name without what separates the choices of such a variable."""
    return name.replace(",", " ").replace(" : ", " ")
