"""Schemas for the OpenAPI document, of what is checked elsewhere or needs no check."""

from typing import Any

from pydantic import GetJsonSchemaHandler, TypeAdapter
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema


class Described:
    """Gives a mapping the schema of a typed dictionary: to be read, not to be checked by.

    Fields of a dictionary that is not total may be missing, in answers too.
    """

    def __init__(self, shape: Any) -> None:
        self._shape = core_schema.chain_schema([TypeAdapter(shape).core_schema])  # in a chain it keeps its name
        self._may_miss = not shape.__total__

    def __get_pydantic_json_schema__(self, _: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The schema of the shape."""
        schema = handler(self._shape)
        if self._may_miss:  # what its model requires of itself is not for its fields
            handler.resolve_ref_schema(schema).pop("required", None)
        return schema
