"""A result of the bench as it may be shown: rounded, and of the machine no more than its size. Pure."""

import re
from collections.abc import Mapping
from typing import Any

SIZE = re.compile(r"\d+ cores, \d+ GB, \w+ \w+")
_DIGITS = 4
_KEYS = ("scenario", "name", "unit", "limit_of", "loss")


class UnusableError(ValueError):
    """It is not what the bench writes."""


def cleaned(result: Any) -> dict[str, Any]:
    """When, on how large a machine, and the rows.

    Raises:
        UnusableError: it is not a result of the bench, or something was lost in that run.
    """
    try:
        machine = SIZE.search(result["machine"])
        kept = {
            "began": result["began"][:10],
            "machine": machine.group() if machine else "",
            "quick": bool(result["quick"]),
            "rows": [_row(row) for row in result["rows"]],
        }
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        msg = f"it is no result of the bench ({error!r})"
        raise UnusableError(msg) from error
    if lost := sum(row["loss"] or 0 for row in kept["rows"]):
        msg = f"{lost} messages were lost in this run"
        raise UnusableError(msg)
    return kept


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    details = {name: _rounded(value) for name, value in row["details"].items()}
    limit = None if row["limit"] is None else _rounded(row["limit"])
    return {name: row[name] for name in _KEYS} | {"value": _rounded(row["value"]), "limit": limit, "details": details}


def _rounded(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")
