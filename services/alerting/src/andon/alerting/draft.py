"""Input of people: names that can stand in a header or a log line, and models that refuse what they do not know."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

# Display names reach e-mail headers and log lines: one line, no control characters.
Name = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]
Duration = Annotated[str, Field(max_length=40, description="500ms, 5s, 10m, 8h, 7d")]
Advice = Annotated[str, Field(max_length=2000)]


class Draft(BaseModel):
    """Input; unknown fields are refused, for a misspelt one would silently do nothing."""

    model_config = ConfigDict(extra="forbid")
