"""The plant file (YAML or JSON): machine types, and the tree site > area > line > machine. Pure.

    types:
      press: {name: Press, sensors: [{key: oil_temperature, unit: Cel, limits: {h: 80}}]}
    sites:
      - {slug: berlin, areas: [{slug: painting, lines: [{slug: line-1, machines: [{slug: robot-3, type: robot}]}]}]}

`channels`, `calendars`, `schedules`, `policies` and `rules` belong to alerting and are left alone here. Every mistake
is told with its line and place.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, Field, PrivateAttr, ValidationError

from andon.common.errors import BadRequestError, InvalidError, TooLargeError
from andon.common.plant import Kind
from andon.common.platform import SITE
from andon.registry.documents import Documents
from andon.registry.layout import PageSpec
from andon.registry.names import Labels, Name, Slug, Strict
from andon.registry.sensors import Sensors
from andon.registry.yamlfile import Form, Location, Places, read

MAX_BYTES = 2 * 2**20
MAX_TYPES = 1_000
MAX_CHILDREN = 5_000
MAX_NODES = 20_000
ERRORS_TOLD = 10


class TypeSpec(Strict):
    """A machine type: the sensors that machines are stamped from, their page and documents."""

    name: Name | None = None
    sensors: Sensors = Field(default_factory=list)
    documents: Documents = Field(default_factory=list)
    page: PageSpec = PageSpec()


class NodeSpec(Strict):
    """What all nodes of the tree have. Without a `name` the slug is shown."""

    slug: Slug
    name: Name | None = None
    labels: Labels = Field(default_factory=dict)
    documents: Documents = Field(default_factory=list)


def one_per_slug(nodes: list[Any]) -> list[Any]:
    """Refuse siblings of one slug."""
    seen: set[str] = set()
    for node in nodes:
        if node.slug in seen:
            raise ValueError(f"the slug '{node.slug}' stands here twice")
        seen.add(node.slug)
    return nodes


_siblings = (Field(max_length=MAX_CHILDREN), AfterValidator(one_per_slug))


class MachineSpec(NodeSpec):
    """A machine. Its sensors add to those of its type, and override them field by field."""

    type: Slug | None = None
    sensors: Sensors = Field(default_factory=list)


class LineSpec(NodeSpec):
    """A line of machines."""

    machines: Annotated[list[MachineSpec], *_siblings] = Field(default_factory=list)


class AreaSpec(NodeSpec):
    """An area (process) of lines."""

    lines: Annotated[list[LineSpec], *_siblings] = Field(default_factory=list)


def not_platform(slug: str) -> str:
    """Refuse the site in which Andon tells of itself."""
    if slug == SITE:
        raise ValueError(f"'{SITE}' is Andon's own site, and made without a file; choose another slug")
    return slug


class SiteSpec(NodeSpec):
    """A site (factory) of areas."""

    slug: Annotated[Slug, AfterValidator(not_platform)]
    areas: Annotated[list[AreaSpec], *_siblings] = Field(default_factory=list)


class PlantFile(Strict):
    """The whole file."""

    types: Annotated[dict[Slug, TypeSpec], Field(max_length=MAX_TYPES)] = Field(default_factory=dict)
    sites: Annotated[list[SiteSpec], *_siblings] = Field(default_factory=list)
    channels: list[Any] = Field(default_factory=list)
    calendars: list[Any] = Field(default_factory=list)
    schedules: list[Any] = Field(default_factory=list)
    policies: list[Any] = Field(default_factory=list)
    rules: list[Any] = Field(default_factory=list)

    _text: str = PrivateAttr(default="")

    def refuse(self, mistakes: Iterable[tuple[Location, str]]) -> None:
        """Refuse the file if there are any mistakes in it.

        Raises:
            InvalidError: names line and place of each of the first ten.
        """
        if told := list(mistakes):
            raise InvalidError(_told(self._text, told))


@dataclass(frozen=True)
class Node:
    """One node of the tree with its path, and where in the file it stands."""

    path: str
    kind: Kind
    spec: NodeSpec
    location: Location


def parse(data: bytes, *, form: Form) -> PlantFile:
    """The plant file in `data`.

    Raises:
        TooLargeError: more than 2 MiB, or more than 20,000 nodes.
        BadRequestError: it is neither YAML nor JSON.
        InvalidError: it is no plant; names line and place of each of the first ten mistakes.
    """
    if len(data) > MAX_BYTES:
        raise TooLargeError(f"A plant file may have {MAX_BYTES} bytes; split it, for each part may be applied alone")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadRequestError(f"This is not UTF-8: {error.reason} at byte {error.start}") from None
    read_in = read(text, form)
    try:
        plant = PlantFile.model_validate({} if read_in is None else read_in)
    except ValidationError as error:
        mistakes = [(e["loc"], _message(e)) for e in error.errors(include_url=False)]
        raise InvalidError(_told(text, mistakes)) from None
    plant._text = text  # noqa: SLF001 - its own module
    if sum(1 for _ in nodes(plant)) > MAX_NODES:
        raise TooLargeError(f"A plant file may have {MAX_NODES} nodes; split it, for each part may be applied alone")
    return plant


def nodes(plant: PlantFile) -> Iterator[Node]:
    """All nodes of the tree, parents before their children."""
    for s, site in enumerate(plant.sites):
        at_site: Location = ("sites", s)
        yield Node(site.slug, "site", site, at_site)
        for a, area in enumerate(site.areas):
            at_area = (*at_site, "areas", a)
            yield Node(f"{site.slug}/{area.slug}", "area", area, at_area)
            for n, line in enumerate(area.lines):
                path, at_line = f"{site.slug}/{area.slug}/{line.slug}", (*at_area, "lines", n)
                yield Node(path, "line", line, at_line)
                for m, machine in enumerate(line.machines):
                    yield Node(f"{path}/{machine.slug}", "machine", machine, (*at_line, "machines", m))


def check_types(plant: PlantFile, known: Collection[str]) -> None:
    """Refuse machines of a type that neither the file nor the plant (`known`) has.

    Raises:
        InvalidError: names the place of each of the first ten.
    """
    there = {*known, *plant.types}
    plant.refuse(
        ((*node.location, "type"), f"there is no type '{node.spec.type}'")
        for node in nodes(plant)
        if isinstance(node.spec, MachineSpec) and node.spec.type is not None and node.spec.type not in there
    )


def _told(text: str, mistakes: list[tuple[Location, str]]) -> str:
    places = Places(text)
    told = [f"{places.name(location)}: {mistake}" for location, mistake in mistakes[:ERRORS_TOLD]]
    more = len(mistakes) - len(told)
    return "; ".join(told) + (f"; and {more} more" if more else "")


def _message(error: Any) -> str:
    match error["type"]:
        case "extra_forbidden":
            return "this key is not known here"
        case "missing":
            return "is missing"
        case "value_error":
            return str(error["ctx"]["error"])
        case "model_type":
            return "must be a mapping of keys to values"
        case "string_pattern_mismatch":
            return f"{error['input']!r:.80} is no name; write a-z, 0-9 and '-', as in 'line-1'"
        case _:
            return str(error["msg"])
