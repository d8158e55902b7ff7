"""Words: what is wrong, in one sentence; values and limits as people write them. Pure."""

from andon.alerting.rules.band import Band
from andon.alerting.rules.sources import (
    Count,
    Deviation,
    Doubt,
    Equals,
    Formula,
    Own,
    Rate,
    Score,
    Silent,
    Source,
    Unchanged,
)
from andon.common.plant import Sensor
from andon.common.reading import NS_PER_MS, NS_PER_S

_UNITS = {"Cel": "°C", "[degF]": "°F", "Ohm": "Ω", "um": "µm", "us": "µs", "m3/h": "m³/h", "m/s2": "m/s²"}
"""UCUM codes that people write differently; all others read as they are."""

_LONGEST = 1e15
"""Larger values are told in powers of ten."""


def unit_text(unit: str) -> str:
    """A UCUM unit as people write it."""
    return _UNITS.get(unit, "" if unit == "1" else unit)


def quantity(value: float, sensor: Sensor) -> str:
    """A value with its unit, like `81.2 °C`; `true` or `false` of a sensor that knows no more."""
    if sensor.datatype == "bool":
        return "true" if value else "false"
    digits = f"{value:.{sensor.decimals}f}" if abs(value) < _LONGEST else f"{value:g}"
    return f"{digits} {unit_text(sensor.unit)}".rstrip()


def limit_text(limit: float, sensor: Sensor) -> str:
    """A limit with its unit, all of its digits: 80.25 is not told as 80.3 because the sensor shows one decimal."""
    return f"{limit:.10g} {unit_text(sensor.unit)}".rstrip()


def length(nanoseconds: int) -> str:
    """A duration as people write it: `90s` is `1 min 30 s`."""
    if nanoseconds < NS_PER_S:
        return f"{nanoseconds // NS_PER_MS} ms"
    seconds = nanoseconds // NS_PER_S
    parts = [(seconds // 86400, "d"), (seconds // 3600 % 24, "h"), (seconds // 60 % 60, "min"), (seconds % 60, "s")]
    return " ".join(f"{count} {unit}" for count, unit in parts if count)


def describe(source: Source, band: Band, value: float, sensor: Sensor) -> str:
    """One sentence about what is wrong, like `Gearbox temperature is 81.2 °C, above 80 °C`."""
    return f"{sensor.name or sensor.key}{_said_of(source, band, value, sensor)}"


def _said_of(source: Source, band: Band, value: float, sensor: Sensor) -> str:
    """The sentence behind the sensor's name."""
    match source:
        case Own() | Deviation() | Rate() | Score():
            said = f" {_compared(source, band, value, sensor)}"
        case Formula(text, _, truth):
            said = f": {text}" if truth else f": {text} is {value:.6g}, {_limit(band, value)}"
        case Equals(values):
            said = f" is {_said(values[int(value) - 1])}" if 0 < value <= len(values) else " is as it was"
        case Count(count, within, of):
            limits = " or ".join(_named(limit, sensor) for limit in (of.low, of.high) if limit is not None)
            said = f" passed {limits} {count} times within {length(within)}"
        case Silent(after):
            said = f" has said nothing for {length(after)}"
        case Unchanged(after):
            said = f" has not changed for {length(after)}"
        case Doubt(qualities):
            said = f" is of {' or '.join(sorted(qualities))} quality"
    return said


def _compared(source: Own | Deviation | Rate | Score, band: Band, value: float, sensor: Sensor) -> str:
    limit = band.limit(value)
    match source:
        case Own():
            sentence = f"is {quantity(value, sensor)}"
            if sensor.datatype == "bool":
                return sentence
            return f"{sentence}, {band.words(value)} {limit_text(limit, sensor)}"
        case Deviation(other):
            side = "above" if value >= 0 else "below"
            return f"is {quantity(abs(value), sensor)} {side} {other}; {limit_text(abs(limit), sensor)} is allowed"
        case Rate(_, per):
            unit = unit_text(sensor.unit)
            verb = "rises" if value >= 0 else "falls"
            return f"{verb} {abs(value):.4g} {unit}/{per}; {abs(limit):.10g} {unit}/{per} is allowed".replace("  ", " ")
        case Score(over):
            side = "above" if value >= 0 else "below"
            return f"is unusual: {abs(value):.1f} deviations {side} its last {length(over)}, {abs(limit):g} is allowed"


def _named(limit: float | str, sensor: Sensor) -> str:
    return limit if isinstance(limit, str) else limit_text(limit, sensor)


def _limit(band: Band, value: float) -> str:
    return f"{band.words(value)} {band.limit(value):.10g}"


def _said(value: float | bool | str) -> str:  # noqa: FBT001 - a value of a sensor
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else f"{value:g}"
