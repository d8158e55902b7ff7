"""Alarm: what operators see, in the words of ISA-18.2 / IEC 62682. Pure.

                active                     not active
    not acked   unacknowledged             returned (RTN unacknowledged)
    acked       acknowledged               normal: the alarm is closed

A cause that comes back while its alarm is `returned` reopens that alarm; after `normal` it is a new one. So one rule
has at most one open alarm on one sensor.
"""

from enum import StrEnum

from andon.alerting.condition import Condition
from andon.common.plant import Sensor

_UNITS = {"Cel": "°C", "[degF]": "°F", "Ohm": "Ω", "um": "µm", "us": "µs", "m3/h": "m³/h", "m/s2": "m/s²"}
"""UCUM codes that people write differently; all others read as they are."""

_LONGEST = 1e15
"""Larger values are told in powers of ten."""


class AlarmState(StrEnum):
    """Where an alarm stands."""

    UNACKNOWLEDGED = "unacknowledged"
    ACKNOWLEDGED = "acknowledged"
    RETURNED = "returned"
    NORMAL = "normal"


OPEN = (AlarmState.UNACKNOWLEDGED, AlarmState.ACKNOWLEDGED, AlarmState.RETURNED)
"""States in which an alarm asks for something. Named one by one, for a database finds these by their index."""


class Severity(StrEnum):
    """How much an alarm matters, least first."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """1 (low) to 4 (critical)."""
        return list(Severity).index(self) + 1


def state_of(*, active: bool, acknowledged: bool) -> AlarmState:
    """The alarm's state."""
    if active:
        return AlarmState.ACKNOWLEDGED if acknowledged else AlarmState.UNACKNOWLEDGED
    return AlarmState.NORMAL if acknowledged else AlarmState.RETURNED


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


def describe(value: float, sensor: Sensor, condition: Condition) -> str:
    """One sentence about what is wrong, like `Gearbox temperature is 81.2 °C, above 80 °C`."""
    sentence = f"{sensor.name or sensor.key} is {quantity(value, sensor)}"
    if sensor.datatype == "bool":
        return sentence
    return f"{sentence}, {condition.words(value)} {limit_text(condition.limit(value), sensor)}"
