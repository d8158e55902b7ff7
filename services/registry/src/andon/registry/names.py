"""The words that name things, as HTTP and the plant file accept them, with their caps."""

import secrets
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from andon.common import topics

MAX_LABELS = 32

Slug = Annotated[str, StringConstraints(pattern=f"^{topics.SLUG.pattern}$")]
SensorKey = Annotated[str, StringConstraints(pattern=f"^{topics.SENSOR_KEY.pattern}$")]
HIDDEN = r"\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069"
"""Line breaks, other control characters, and those that turn the direction of what follows; for a class of a regex."""
PRINTABLE = rf"^[^{HIDDEN}]*$"
"""Names go into logs, mails and spreadsheets, and are to say what they seem to say."""

Name = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=PRINTABLE)]
Scope = Annotated[str, StringConstraints(pattern=rf"^({topics.SLUG.pattern}(/{topics.SLUG.pattern}){{0,3}})?$")]
"""A plant path, or '' for the whole plant."""

Quota = Annotated[int, Field(ge=1, le=10_000_000)]
"""Messages per second."""

RoleName = Literal["viewer", "operator", "engineer", "admin"]

LabelText = Annotated[str, StringConstraints(max_length=200, pattern=PRINTABLE)]
Labels = Annotated[dict[SensorKey, LabelText], Field(max_length=MAX_LABELS)]

_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"


class Strict(BaseModel):
    """What comes from outside: unknown keys, numbers as text and infinities are errors."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


def new_id() -> str:
    """A short random id: 8 characters, 41 bits."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(8))
