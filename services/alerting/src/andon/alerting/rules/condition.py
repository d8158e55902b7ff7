"""The words of a condition, for the OpenAPI document. They are read, and refused, by `meaning.py`, which says more."""

from typing import Literal, TypeAlias

from pydantic import ConfigDict, with_config
from typing_extensions import TypedDict

from andon.alerting.alarm.state import Severity
from andon.common.reading import Quality, Value

Limit: TypeAlias = float | str


class ConditionBand(TypedDict, total=False):
    """What a number is compared with, one of these: numbers, or names of the sensor's own limits."""

    above: Limit
    below: Limit
    outside: tuple[Limit, Limit]


class ConditionLevel(ConditionBand, total=False):
    """A rung of a ladder; what it leaves out is the rule's."""

    name: str
    severity: Severity
    deadband: float
    on_delay: str
    off_delay: str


@with_config(ConfigDict(json_schema_serialization_defaults_required=False))  # answered as it was written
class Condition(ConditionBand, total=False):
    """What counts as trouble: one of the forms of `rules/meaning.py`."""

    levels: list[ConditionLevel]
    deviation_from: float | str
    rate_over: str
    per: Literal["s", "min", "h"]
    score_over: str
    expression: str
    equals: Value | list[Value]
    count: int
    within: str
    of: ConditionBand
    silent: str
    unchanged: str
    quality: Quality | list[Quality]
