"""The page of a machine type: sections that show its sensors, on the pages of all its machines. Pure.

    page:
      sections:
        - {title: Hydraulics, show: bars, sensors: [oil_temperature, oil_pressure]}

Without sections the pages choose for themselves.
"""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Annotated, Any, Literal, TypeAlias, get_args

from pydantic import AfterValidator, Field

from andon.common.plant import Datatype
from andon.registry.names import Name, SensorKey, Strict
from andon.registry.yamlfile import Location

MAX_SECTIONS = 30
MAX_SENSORS = 100
SHOWN = 20

Show: TypeAlias = Literal["bars", "trend", "states", "tiles"]
SHOWS: dict[Show, tuple[Datatype, ...]] = {
    "bars": ("float",),
    "trend": ("float",),
    "states": ("bool", "string"),
    "tiles": get_args(Datatype),
}
"""What each way of showing can show: bars lie between limits, a trend is a line, states are a timeline."""


def once(keys: list[str]) -> list[str]:
    """Refuse a section that shows a sensor twice."""
    for place, key in enumerate(keys):
        if key in keys[:place]:
            raise ValueError(f"the sensor '{key}' stands here twice")
    return keys


class SectionSpec(Strict):
    """Some sensors of the type, shown in one way, in this order."""

    title: Name
    show: Show
    sensors: Annotated[list[SensorKey], Field(min_length=1, max_length=MAX_SENSORS), AfterValidator(once)]


class PageSpec(Strict):
    """The page's sections, from top to bottom; none: the pages choose."""

    sections: Annotated[list[SectionSpec], Field(max_length=MAX_SECTIONS)] = Field(default_factory=list)


def written(page: PageSpec) -> list[dict[str, Any]]:
    """The sections as the database keeps them."""
    return [section.model_dump() for section in page.sections]


def mistakes(sections: list[dict[str, Any]], sensors: Iterable[dict[str, Any]]) -> Iterator[tuple[Location, str]]:
    """Where sections name what the type's sensors are not, and what is wrong there.

    sections, sensors: as they are written down.
    """
    datatypes: dict[str, Datatype] = {sensor["key"]: sensor.get("datatype", "float") for sensor in sensors}
    for number, section in enumerate(sections):
        for place, key in enumerate(section["sensors"]):
            if told := _mistake(key, section["show"], datatypes):
                yield ("page", "sections", number, "sensors", place), told


def _mistake(key: str, show: Show, datatypes: dict[str, Datatype]) -> str:
    if key not in datatypes:
        nearest = get_close_matches(key, datatypes, n=1)
        there = ", ".join(sorted(datatypes)[:SHOWN]) or "none"
        return f"the type has no sensor '{key}'; " + (f"did you mean '{nearest[0]}'?" if nearest else f"it has {there}")
    if (datatype := datatypes[key]) in SHOWS[show]:
        return ""
    able = ", ".join(one for one, shown in SHOWS.items() if datatype in shown)
    return f"'{key}' is a {datatype}, and cannot be shown as {show}; write one of {able}"
