"""Schemas: JSON Schema (draft 07, which AsyncAPI takes without asking) of msgspec structs and pydantic models.

What a struct's docstring says of a field (`time: event time, UTC nanoseconds`) becomes the field's description.
"""

import re
from collections.abc import Iterable
from math import isfinite
from typing import Any

import msgspec
from pydantic import BaseModel

REFERENCE = "#/components/schemas/{name}"
FIELD_LINE = re.compile(r"([a-z_0-9]+(?:, [a-z_0-9]+)*): (.+)")
SENTENCE_OF_FIELD = re.compile(r"(?<=\.) (?=[a-z_0-9]+(?:, [a-z_0-9]+)*: )")


class Schemas:
    """Schemas of these types, and of all that they are made of."""

    def __init__(self, types: Iterable[Any]) -> None:
        wanted = list(dict.fromkeys(types))
        structs = [one for one in wanted if not _is_model(one)]
        found, components = msgspec.json.schema_components(structs, ref_template=REFERENCE)
        self._of: dict[Any, Any] = dict(zip(structs, map(_draft_07, found), strict=True))
        known = _structs(structs)
        self.components = {name: _described(_draft_07(one), known.get(name)) for name, one in components.items()}
        for model in filter(_is_model, wanted):
            self._add_model(model)

    def of(self, type_: Any) -> dict[str, Any]:
        """Schema of one of the types, mostly a reference."""
        found: dict[str, Any] = self._of[type_]
        return found

    def _add_model(self, model: type[BaseModel]) -> None:
        schema = model.model_json_schema(mode="serialization", ref_template=REFERENCE.replace("{name}", "{model}"))
        self.components |= {name: _draft_07(one) for name, one in schema.pop("$defs", {}).items()}
        self.components[model.__name__] = _draft_07(schema)
        self._of[model] = {"$ref": REFERENCE.format(name=model.__name__)}


def _is_model(type_: Any) -> bool:
    return isinstance(type_, type) and issubclass(type_, BaseModel)


def _draft_07(schema: Any) -> Any:
    """The same in draft 07: a tuple's parts are `items` there; JSON has no word for a default that is infinite."""
    if isinstance(schema, list):
        return [_draft_07(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {name: _draft_07(value) for name, value in schema.items() if not _is_endless(name, value)}
    if "prefixItems" in plain:
        plain["additionalItems"] = plain.get("items", True)
        plain["items"] = plain.pop("prefixItems")
    return plain


def _is_endless(name: str, value: Any) -> bool:
    return name == "default" and isinstance(value, float) and not isfinite(value)


def _structs(types: Iterable[Any]) -> dict[str, type[msgspec.Struct]]:
    """Every struct that these types are made of, by its name."""
    found: dict[str, type[msgspec.Struct]] = {}

    def look(info: Any) -> None:
        if isinstance(info, msgspec.inspect.StructType):
            if info.cls.__name__ in found:
                return
            found[info.cls.__name__] = info.cls
            for one in info.fields:
                look(one.type)
        for name in ("item_type", "item_types", "key_type", "value_type", "types"):
            part = getattr(info, name, ())
            for one in part if isinstance(part, tuple) else (part,):
                look(one)

    for one in types:
        look(msgspec.inspect.type_info(one))
    return found


def _described(schema: dict[str, Any], struct: type[msgspec.Struct] | None) -> dict[str, Any]:
    if struct is None:
        return schema
    text, fields = told(struct.__doc__ or "", struct.__struct_fields__)
    parts = schema["items"] if isinstance(schema.get("items"), list) else schema.get("properties", {})
    named = parts.items() if isinstance(parts, dict) else zip(struct.__struct_fields__, parts, strict=True)
    made = {name: _field(name, part, fields.get(name, ""), titled=isinstance(parts, list)) for name, part in named}
    inside = {"items": list(made.values())} if isinstance(parts, list) else {"properties": made}
    return schema | {"description": text} | (inside if made else {})


def _field(name: str, schema: dict[str, Any], text: str, *, titled: bool) -> dict[str, Any]:
    """A field with what is said of it; the part of a tuple, which has no name of its own, with its name."""
    said = {"description": text} if text else {}
    if titled:
        said = {"title": name, **said}
    if not said:
        return schema
    return {**said, "allOf": [schema]} if "$ref" in schema else {**said, **schema}


def told(docstring: str, names: Iterable[str]) -> tuple[str, dict[str, str]]:
    """What a docstring says of the whole, and of each field: `asset: id of the machine`, or `seq, boot: ...`."""
    known = set(names)
    whole: list[str] = []
    fields: dict[str, str] = {}
    current: list[str] = []
    text = SENTENCE_OF_FIELD.sub("\n", docstring)
    for line in (line.strip() for line in text.splitlines()):
        found = FIELD_LINE.fullmatch(line)
        if found and known.issuperset(found[1].split(", ")):
            current = found[1].split(", ")
            fields |= dict.fromkeys(current, found[2])
        elif line and current:
            fields |= {name: f"{fields[name]} {line}" for name in current}
        else:
            current = []
            whole.append(line)
    return "\n".join(whole).strip(), fields
