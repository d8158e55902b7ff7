"""What dashboards ask InfluxDB: parts of statements, and which tier answers for how long a range. Pure.

A year of samples is not read: each question is put to all three tiers, and a condition that holds of the chosen range
alone lets one of them answer. InfluxDB sees that it is false before it looks at any sample, and answers with nothing
within a millisecond; so who zooms is always answered by the right tier, and chooses nothing.
"""

from typing import NamedTuple

from andon.common.influx import ALARMS, quote_identifier
from andon.query.tiers.tiers import field

SLUGS = "/^[a-z0-9][a-z0-9-]*$/"
"""The measurements of machines, all of them: Andon's own have an underscore in their names."""
SENSORS = "/^[^_]+(_[^_]+)*$/"
"""The fields that are sensors: what Andon tells besides has two underscores."""
RANGE = "${__to} - ${__from}"
"""How long the chosen range is, in milliseconds."""
HOUR_MS, DAY_MS = 3_600_000, 86_400_000
STATES_MS = 7 * DAY_MS
"""States have rows of rollups that Grafana cannot read: beyond this their samples would be too many."""
FIGURES_MS = 2 * HOUR_MS
"""Up to here a distribution is one of samples; beyond, of the means of minutes and hours."""
BY_TIME = " GROUP BY time($__interval) fill(null)"


class Tier(NamedTuple):
    """A data source, and the range for which it is asked."""

    uid: str
    suffix: str
    when: str


RAW = Tier("andon", "", f"{RANGE} <= {12 * HOUR_MS}")
MINUTES = Tier("andon-1m", "_1m", f"{RANGE} > {12 * HOUR_MS} AND {RANGE} <= {32 * DAY_MS}")
HOURS = Tier("andon-1h", "_1h", f"{RANGE} > {32 * DAY_MS}")
TIERS = (RAW, MINUTES, HOURS)
UP_TO_A_WEEK = f"{RANGE} <= {STATES_MS}"

LEVELS = ("site", "area", "line", "machine")


def place(depth: int) -> str:
    """That a point is of the place that the variables name: 0 is all of the plant, which leaves out the platform."""
    named = [f"\"{level}\" = '${{{level}}}'" for level in LEVELS[:depth]]
    return " AND ".join(named) or "\"site\" <> 'andon'"


def source(measurement: str) -> str:
    """What stands behind FROM: a machine type, or the variable of one."""
    return f'"{measurement}"' if measurement.startswith("$") else quote_identifier(measurement)


def _of(key: str, statistic: str) -> str:
    return f'"{field(key, statistic)}"'


def trend(measurement: str, where: str, key: str, name: str = "") -> dict[Tier, str]:
    """Mean, least and greatest value by intervals. name: of the columns; empty: mean, min, max."""
    mean, least, most = (name, f"{name} min", f"{name} max") if name else ("mean", "min", "max")
    raw = f'mean("{key}") AS "{mean}", min("{key}") AS "{least}", max("{key}") AS "{most}"'
    rolled = (
        f'sum({_of(key, "sum")}) / sum({_of(key, "count")}) AS "{mean}", '
        f'min({_of(key, "min")}) AS "{least}", max({_of(key, "max")}) AS "{most}"'
    )
    return by_tier(measurement, where, raw, rolled, BY_TIME)


def means(measurement: str, where: str, key: str, by: str = "") -> dict[Tier, str]:
    """The mean by intervals of whatever sensor is chosen; of one that is no number nothing, and no error either."""
    groups = f'time($__interval), "{by}"' if by else "time($__interval)"
    rolled = f'sum({_of(key, "sum")}) / sum({_of(key, "count")}) AS "mean"'
    return by_tier(measurement, where, f"mean(/^{key}$/)", rolled, f" GROUP BY {groups} fill(null)")


def by_tier(measurement: str, where: str, raw: str, rolled: str, rest: str = "") -> dict[Tier, str]:
    """One question in the words of each tier."""
    return {
        tier: f"SELECT {raw if tier is RAW else rolled} FROM {source(measurement)} "
        f"WHERE {where} AND $timeFilter AND {tier.when}{rest}"
        for tier in TIERS
    }


def rolled_up(measurement: str, where: str, what: str, rest: str = "") -> dict[Tier, str]:
    """What only rollups tell: by the minute up to the range of minutes, by the hour beyond."""
    head = f"SELECT {what} FROM {source(measurement)} WHERE {where} AND $timeFilter"
    minutes = f"{RANGE} <= {32 * DAY_MS}"
    return {MINUTES: f"{head} AND {minutes}{rest}", HOURS: f"{head} AND {HOURS.when}{rest}"}


def values(measurement: str, where: str, key: str, name: str) -> dict[Tier, str]:
    """Values for a distribution: samples, or means of minutes or hours."""
    head = f"FROM {source(measurement)} WHERE {where} AND $timeFilter"
    mean = f'SELECT {_of(key, "mean")} AS "{name}" {head}'
    return {
        RAW: f'SELECT "{key}" AS "{name}" {head} AND {RANGE} <= {FIGURES_MS}',
        MINUTES: f"{mean} AND {RANGE} > {FIGURES_MS} AND {RANGE} <= {32 * DAY_MS}",
        HOURS: f"{mean} AND {HOURS.when}",
    }


def states(measurement: str, where: str, key: str, by: str = "") -> str:
    """What a state or a switch said last in each interval."""
    groups = f'time($__interval), "{by}"' if by else "time($__interval)"
    since = f"WHERE {where} AND $timeFilter AND {UP_TO_A_WEEK}"
    name = measurement if measurement == SLUGS else source(measurement)
    return f'SELECT last("{key}") AS "{key}" FROM {name} {since} GROUP BY {groups} fill(none)'


def alarms(what: str, where: str, rest: str = "") -> str:
    """A question about alarms in the chosen range."""
    return f'SELECT {what} FROM "{ALARMS}" WHERE {where} AND $timeFilter{rest}'


def standing(where: str, by: str = "") -> str:
    """How many alarms are there and not hidden just now, those of the last year counted."""
    own = ", ".join(f'"{tag}"' for tag in dict.fromkeys([by, "asset", "sensor", "rule_id"]) if tag)
    newest = f'SELECT last("active") AS "active" FROM "{ALARMS}" WHERE {where} AND time > now() - 365d GROUP BY {own}'
    groups = f' GROUP BY "{by}"' if by else ""
    return f'SELECT sum("active") AS "active" FROM ({newest}){groups}'


def running(where: str) -> str:
    """How many machines of each type run just now, of those that tell their state."""
    newest = f'SELECT last("state") AS "state" FROM {SLUGS} WHERE {where} AND time > now() - 15m GROUP BY "asset"'
    return f'SELECT count("state") AS "running" FROM ({newest}) WHERE "state" =~ /(?i)^(run|auto|producing|on|active)/'
