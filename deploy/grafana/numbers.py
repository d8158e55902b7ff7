"""How a number looks on a panel: its unit, decimals, and the ground behind values beyond its limits."""

from deploy.grafana import looks
from deploy.grafana.machine_types import TypeSensor
from deploy.grafana.sdk import model, timeseries, words

CLEAR = "transparent"


def steps(sensor: TypeSensor) -> list[model.Threshold]:
    """Ground from the lowest value up: far below, below, within, above and far above the limits that there are."""
    limits = sensor.limits
    low = [(limits.ll, looks.FAR_BEYOND), (limits.l, looks.BEYOND)]
    high = [(limits.h, looks.BEYOND), (limits.hh, looks.FAR_BEYOND)]
    found: list[tuple[float | None, str]] = []
    begin: float | None = None
    for limit, ground in low:
        if limit is not None:
            found.append((begin, ground))
            begin = limit
    found.append((begin, CLEAR))
    found += [(limit, ground) for limit, ground in high if limit is not None]
    return [model.Threshold(value=value, color=ground) for value, ground in found]


def has_limits(sensor: TypeSensor) -> bool:
    """Whether there is any ground to show."""
    return len(steps(sensor)) > 1


def properties(sensor: TypeSensor) -> dict[str, object]:
    """What belongs to every series of it; two underscores stand for a dot, as `panels.override` has it."""
    return {"unit": looks.unit(sensor.unit), "decimals": sensor.decimals}


def grounds(sensor: TypeSensor) -> dict[str, object]:
    """What belongs to the series of means alone, so that the ground is drawn once."""
    shown: dict[str, object] = {}
    if has_limits(sensor):
        shown["thresholds"] = {"mode": "absolute", "steps": steps(sensor)}
        shown["custom__thresholdsStyle"] = {"mode": "area"}
    soft = {"custom__axisSoftMin": sensor.limits.l, "custom__axisSoftMax": sensor.limits.h}
    return shown | {name: limit for name, limit in soft.items() if limit is not None}


def joined(panel: timeseries.Panel, sensor: TypeSensor) -> timeseries.Panel:
    """What people enter comes seldom: each value is a point, and a line joins them however far apart."""
    if not sensor.entered:
        return panel
    return panel.span_nulls(span_nulls=True).show_points(words.VisibilityMode.ALWAYS)
