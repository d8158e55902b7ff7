"""Input of people: names that can stand in a header or a log line, and models that refuse what they do not know."""

import json
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from andon.common.errors import InvalidError

_Model = TypeVar("_Model", bound=BaseModel)

MAX_LOOSE = 20_000
"""Characters of what has no shape of its own, as JSON."""

# Display names reach e-mail headers and log lines: one line, no control characters.
Name = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]
Duration = Annotated[str, Field(max_length=40, description="500ms, 5s, 10m, 8h, 7d")]
Advice = Annotated[str, Field(max_length=2000)]


def _writable(value: dict[str, Any]) -> dict[str, Any]:
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
        text.encode()
        unwritable = len(text) > MAX_LOOSE or _has_nul(value)
    except (ValueError, RecursionError):  # NaN, half a character, nested without end
        unwritable = True
    if unwritable:
        raise ValueError(f"write up to {MAX_LOOSE} characters of JSON, of whole characters and finite numbers")
    return value


def _has_nul(value: object) -> bool:
    left = [value]
    while left:  # no recursion: nested as deep as it may be
        one = left.pop()
        if isinstance(one, str) and "\0" in one:
            return True
        if isinstance(one, dict):
            left += [*one.keys(), *one.values()]
        elif isinstance(one, list | tuple):
            left += one
    return False


Loose = Annotated[dict[str, Any], AfterValidator(_writable)]
"""What has no shape of its own yet, but can be written down, and answered again."""


def patched(model: type[_Model], known: Mapping[str, Any], asked: Mapping[str, Any]) -> _Model:
    """A draft of `known` with the fields that are asked for.

    Raises:
        InvalidError: together they make no sense.
    """
    try:
        return model.model_validate({**known, **asked})
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, wrong["loc"]))
        raise InvalidError(f"{where}: {wrong['msg']}" if where else wrong["msg"]) from None


class Draft(BaseModel):
    """Input; unknown fields are refused, for a misspelt one would silently do nothing.

    So is a NUL in any text: one in a single rule would keep PostgreSQL from looking into all of them. Where a draft is
    answered again, with an id, all its fields are sent, and its schema says so.
    """

    model_config = ConfigDict(extra="forbid", json_schema_serialization_defaults_required=True)

    @model_validator(mode="before")
    @classmethod
    def _refuse_nul(cls, value: Any) -> Any:
        if _has_nul(value):
            raise ValueError("a text has a NUL character; leave it out")
        return value
