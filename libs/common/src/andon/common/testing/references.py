"""References within a JSON document: whether each leads somewhere."""

from typing import Any


def lost_references(document: dict[str, Any]) -> list[str]:
    """Every `$ref` of a document (`#/...`) that leads nowhere in it."""
    return [reference for reference in _references(document) if not _leads(document, reference)]


def _references(part: Any) -> list[str]:
    if isinstance(part, list):
        return [reference for one in part for reference in _references(one)]
    if not isinstance(part, dict):
        return []
    found = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
    return found + [reference for one in part.values() for reference in _references(one)]


def _leads(document: dict[str, Any], reference: str) -> bool:
    at: Any = document
    for step in reference.removeprefix("#/").split("/"):
        name = step.replace("~1", "/").replace("~0", "~")
        if not isinstance(at, dict) or name not in at:
            return False
        at = at[name]
    return True
