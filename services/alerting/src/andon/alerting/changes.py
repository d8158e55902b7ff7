"""Changes: what is to be of something written, field by field beside what is. Pure."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, Field

from andon.common.answer import Answer


class FieldChange(BaseModel):
    """One field of it, like `condition.above`; None where it is not there."""

    field: str
    before: Any
    after: Any


class Change(Answer):
    """A rule, channel, calendar, schedule or policy that is new, or becomes another; of a new one `fields` is empty."""

    kind: str
    name: str
    new: bool
    fields: list[FieldChange] = Field(default=[])


def differences(before: Mapping[str, Any], after: Mapping[str, Any], within: str = "") -> list[FieldChange]:
    """The fields that differ; of maps their own fields, of lists the whole."""
    found = list[FieldChange]()
    for name in {**before, **after}:
        field, old, new = f"{within}{name}", before.get(name), after.get(name)
        if isinstance(old, dict) and isinstance(new, dict):
            found += differences(old, new, f"{field}.")
        elif old != new:
            found.append(FieldChange(field=field, before=old, after=new))
    return found
