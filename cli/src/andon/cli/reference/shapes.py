"""Shapes: JSON Schema in words, as a table of fields. For both kinds of documents. Pure."""

from collections.abc import Callable, Mapping
from typing import Any

from andon.cli.asyncapi.schemas import told
from andon.cli.reference.markdown import anchor, code, line, table

Schema = Mapping[str, Any]

_BOUNDS = {
    "minimum": "at least {}",
    "exclusiveMinimum": "above {}",
    "maximum": "at most {}",
    "exclusiveMaximum": "below {}",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minItems": "at least {}",
    "maxItems": "at most {}",
}
_TYPES = {"integer": "whole number", "string": "text", "array": "list"}
PAGE = "Page_"


def name_of(reference: str) -> str:
    """Name of what a reference leads to."""
    return reference.rpartition("/")[2]


def words(schema: Schema, link: Callable[[str], str] | None = None) -> str:
    """A type in words, with links to the shapes it names, and its bounds."""
    link = link or (lambda name: f"[{name}](#{anchor(name)})")
    if "$ref" in schema:
        return link(name_of(schema["$ref"]))
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return " or ".join(dict.fromkeys(words(one, link) for one in schema[several]))
    if "enum" in schema:
        return ", ".join(code(one) for one in schema["enum"])
    if "const" in schema:
        return code(schema["const"])
    return _plain(schema, link) + _bounds(schema)


def _plain(schema: Schema, link: Callable[[str], str]) -> str:
    kind = schema.get("type", "")
    if kind == "array":
        parts = schema.get("items", schema.get("prefixItems"))
        if isinstance(parts, list):
            return "[" + ", ".join(one.get("title") or words(one, link) for one in parts) + "]"
        return f"list of {words(parts, link)}" if parts else "list"
    if kind == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"object, by name: {words(schema['additionalProperties'], link)}"
    if schema.get("contentEncoding"):
        return "bytes"
    if schema.get("contentMediaType") or schema.get("format") == "binary":
        return "file"
    return _TYPES.get(kind, kind) or "anything"


def _bounds(schema: Schema) -> str:
    if isinstance(schema.get("items"), list) or "prefixItems" in schema:
        return ""
    found = [text.format(f"{schema[name]:,}") for name, text in _BOUNDS.items() if schema.get(name)]
    return f" ({', '.join(found)})".replace("at least 1 characters", "not empty") if found else ""


def without_null(schema: Schema) -> Schema:
    """A schema without its null, where that it may be left out is said elsewhere."""
    left = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    return schema if not left else {**schema, "anyOf": left}


def default_of(schema: Schema) -> str:
    """What holds without it; '' where there is nothing to say."""
    value = schema.get("default")
    empty = value is None or value in ("", [], {})
    return "" if empty else code(str(value).lower() if isinstance(value, bool) else value)


def fields(schema: Schema) -> str:
    """Text and table of a shape's fields; an array's parts are counted from 0."""
    parts = schema.get("items") if schema.get("type") == "array" else None
    if isinstance(parts, list):
        names = [one.get("title", str(number)) for number, one in enumerate(parts)]
        rows = [(f"{number}", code(name), one) for number, (name, one) in enumerate(zip(names, parts, strict=True))]
        needed = set(names[: schema.get("minItems", 0)])
    else:
        required = [name for name in schema.get("required", ()) if name in schema.get("properties", {})]
        named = dict.fromkeys([*required, *schema.get("properties", {})])
        rows = [("", code(name), schema["properties"][name]) for name in named]
        needed = set(required)
    text, meanings = told(schema.get("description", ""), [name.strip("`") for _, name, _ in rows])
    lines = [
        (
            number,
            name,
            _type(one),
            "yes" if name.strip("`") in needed else "",
            default_of(one),
            line(one.get("description", "") or meanings.get(name.strip("`"), "")),
        )
        for number, name, one in rows
    ]
    told_of = table(("", "field", "type", "always", "default", "meaning"), lines)
    return "\n\n".join(part for part in (text, told_of) if part)


def _type(schema: Schema) -> str:
    return words(schema) if not schema.get("contentEncoding") else "bytes"
