"""What is wrong with a request is told where it is."""

from datetime import datetime

import pytest
from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from andon.common.mistakes import told


class Rule(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    delay: int = 0
    since: datetime | None = None

    @field_validator("delay")
    @classmethod
    def whole(cls, value: int) -> int:
        if value < 0:
            raise ValueError("a delay is not negative")
        return value


class Body(BaseModel):
    rules: list[Rule]


def told_of(body: object) -> str:
    with pytest.raises(ValidationError) as caught:
        Body.model_validate(body)
    errors = [{**error, "loc": ("body", *error["loc"])} for error in caught.value.errors()]
    return told(errors, body)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"name": "Hot", "dealy": 5}, "body.rules.'Hot'.dealy: this field is not known here"),
        ({"name": "Hot", "delay": -1}, "body.rules.'Hot'.delay: a delay is not negative"),
        ({"delay": 1}, "body.rules.0.name: it is missing"),
        (
            {"name": "Hot", "since": "now"},
            "body.rules.'Hot'.since: this is no time; write ISO 8601, like 2026-11-26T16:00:00Z",
        ),
        ({"name": 5}, "body.rules.0.name: Input should be a valid string"),
    ],
)
def test_a_mistake_is_told_by_the_name_of_what_has_it(rule: dict[str, object], words: str) -> None:
    assert told_of({"rules": [rule]}) == words


def test_a_body_of_another_shape_is_told_too() -> None:
    assert told_of({"rules": "none"}) == "body.rules: Input should be a valid list"
    assert told_of([]).startswith("body: Input should be a valid dictionary")
    assert told([{"loc": ("query", "limit"), "msg": "too many", "type": "x"}], None) == "query.limit: too many"


def test_what_is_no_json_is_told_with_what_was_expected() -> None:
    error = {
        "loc": ("body", 35),
        "type": "json_invalid",
        "msg": "JSON decode error",
        "ctx": {"error": "Expecting value"},
    }
    assert told([error], None) == "body.35: this is no JSON: Expecting value"


def test_many_mistakes_are_told_in_part() -> None:
    assert told_of({"rules": [{}] * 50}).count(";") == 9
