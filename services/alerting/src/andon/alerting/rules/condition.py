"""The words of a condition, for the OpenAPI document. They are read, and refused, by `meaning.py`, which says more."""

from typing import Any, Literal, TypeAlias

from pydantic import ConfigDict, GetJsonSchemaHandler, TypeAdapter, with_config
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema
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


class Described:
    """Gives a field without a shape the schema of one: to be read, not to be checked by."""

    def __init__(self, shape: Any) -> None:
        self._shape = core_schema.chain_schema([TypeAdapter(shape).core_schema])  # in a chain it keeps its name

    def __get_pydantic_json_schema__(self, _: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The schema of the shape."""
        schema = handler(self._shape)
        handler.resolve_ref_schema(schema).pop("required", None)  # what a draft requires of itself is not for its words
        return schema
