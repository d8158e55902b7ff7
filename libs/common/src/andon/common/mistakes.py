"""Mistakes: what is wrong with a request, in words that say where. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

MOST = 10
"""Mistakes told of one request."""
_MOST_NAME = 80


def told(errors: Sequence[Mapping[str, Any]], body: object) -> str:
    """Mistakes as pydantic lists them, like `body.rules.'Gearbox hot'.ondelay: this field is not known here`.

    body: the request's, if it was understood; what has a name in it is told by its name, not by its number.
    """
    return "; ".join(f"{_place(error['loc'], body)}: {_words(error)}" for error in errors[:MOST])


def _place(location: Sequence[object], body: object) -> str:
    parts, here = [], body
    for at, part in enumerate(location):
        if at:
            here = _inner(here, part)
        name = here.get("name") if isinstance(part, int) and isinstance(here, Mapping) else None
        parts.append(f"'{name:.{_MOST_NAME}}'" if isinstance(name, str) and name else str(part))
    return ".".join(parts)


def _inner(outer: object, part: object) -> object:
    if isinstance(outer, Mapping):
        return outer.get(part)
    if isinstance(outer, list) and isinstance(part, int) and part < len(outer):
        return outer[part]
    return None


def _words(error: Mapping[str, Any]) -> str:
    match error["type"]:
        case "extra_forbidden":
            return "this field is not known here"
        case "missing":
            return "it is missing"
        case "json_invalid":
            return f"this is no JSON: {error['ctx']['error']}"
        case kind if kind.startswith("datetime_"):
            return "this is no time; write ISO 8601, like 2026-11-26T16:00:00Z"
        case _:
            return str(error["msg"]).removeprefix("Value error, ")
