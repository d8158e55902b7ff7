"""What routes answer, as the OpenAPI documents describe it."""

from pydantic import BaseModel, ConfigDict


class Answer(BaseModel):
    """An answer with fields that have defaults. They are sent all the same, and its schema says so.

    Not for routes that leave out what is None.
    """

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)
