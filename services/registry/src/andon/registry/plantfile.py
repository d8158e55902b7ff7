"""The plant file (YAML or JSON): machine types, and the tree site > area > line > machine. Pure.

    types:
      press: {name: Press, sensors: [{key: oil_temperature, unit: Cel, limits: {h: 80}}]}
    sites:
      - {slug: berlin, areas: [{slug: painting, lines: [{slug: line-1, machines: [{slug: robot-3, type: robot}]}]}]}

`channels` and `rules` belong to alerting and are left alone here. Every error names the exact place.
"""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Annotated, Any

import yaml
from pydantic import AfterValidator, Field, ValidationError
from typing_extensions import override

from andon.common.errors import BadRequestError, InvalidError, TooLargeError
from andon.common.plant import Kind
from andon.registry.names import Labels, Name, Slug, Strict
from andon.registry.sensors import Sensors

MAX_BYTES = 2 * 2**20
MAX_DEPTH = 24
MAX_TYPES = 1_000
MAX_CHILDREN = 5_000
MAX_NODES = 20_000
ERRORS_TOLD = 10


class TypeSpec(Strict):
    """A machine type: the sensors that machines are stamped from."""

    name: Name | None = None
    sensors: Sensors = Field(default_factory=list)


class NodeSpec(Strict):
    """What all nodes of the tree have. Without a `name` the slug is shown."""

    slug: Slug
    name: Name | None = None
    labels: Labels = Field(default_factory=dict)


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


class SiteSpec(NodeSpec):
    """A site (factory) of areas."""

    areas: Annotated[list[AreaSpec], *_siblings] = Field(default_factory=list)


class PlantFile(Strict):
    """The whole file."""

    types: Annotated[dict[Slug, TypeSpec], Field(max_length=MAX_TYPES)] = Field(default_factory=dict)
    sites: Annotated[list[SiteSpec], *_siblings] = Field(default_factory=list)
    channels: list[Any] = Field(default_factory=list)
    rules: list[Any] = Field(default_factory=list)


@dataclass(frozen=True)
class Node:
    """One node of the tree with its path, and the place in the file where it stands."""

    path: str
    kind: Kind
    spec: NodeSpec
    place: str


def parse(data: bytes, *, form: str) -> PlantFile:
    """The plant file in `data`; `form` is `yaml` or `json`.

    Raises:
        TooLargeError: more than 2 MiB, or more than 20,000 nodes.
        BadRequestError: it is neither YAML nor JSON.
        InvalidError: it is no plant; names the place of each of the first ten mistakes.
    """
    if len(data) > MAX_BYTES:
        raise TooLargeError(f"A plant file may have {MAX_BYTES} bytes; split it, for each part may be applied alone")
    try:
        text = data.decode("utf-8")
        read = _read_json(text) if form == "json" else _read_yaml(text)
    except (UnicodeDecodeError, ValueError, RecursionError, yaml.YAMLError) as error:
        raise BadRequestError(f"This is not {form.upper()}: {' '.join(str(error).split())}") from None
    try:
        plant = PlantFile.model_validate({} if read is None else read)
    except ValidationError as error:
        told = [f"{_place(e['loc'])}: {_message(e)}" for e in error.errors(include_url=False)[:ERRORS_TOLD]]
        raise InvalidError("; ".join(told)) from None
    if sum(1 for _ in nodes(plant)) > MAX_NODES:
        raise TooLargeError(f"A plant file may have {MAX_NODES} nodes; split it, for each part may be applied alone")
    return plant


def nodes(plant: PlantFile) -> Iterator[Node]:
    """All nodes of the tree, parents before their children."""
    for s, site in enumerate(plant.sites):
        at_site = f"sites[{s}]"
        yield Node(site.slug, "site", site, at_site)
        for a, area in enumerate(site.areas):
            at_area = f"{at_site}.areas[{a}]"
            yield Node(f"{site.slug}/{area.slug}", "area", area, at_area)
            for n, line in enumerate(area.lines):
                path, at_line = f"{site.slug}/{area.slug}/{line.slug}", f"{at_area}.lines[{n}]"
                yield Node(path, "line", line, at_line)
                for m, machine in enumerate(line.machines):
                    yield Node(f"{path}/{machine.slug}", "machine", machine, f"{at_line}.machines[{m}]")


def check_types(plant: PlantFile, known: Collection[str]) -> None:
    """Refuse machines of a type that neither the file nor the plant (`known`) has.

    Raises:
        InvalidError: names the place of each of the first ten.
    """
    there = {*known, *plant.types}
    wrong = [
        f"{node.place}.type: there is no type '{node.spec.type}'"
        for node in nodes(plant)
        if isinstance(node.spec, MachineSpec) and node.spec.type is not None and node.spec.type not in there
    ]
    if wrong:
        raise InvalidError("; ".join(wrong[:ERRORS_TOLD]))


def _read_json(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_unique)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(k for i, (k, _) in enumerate(pairs) if k in dict(pairs[:i]))
        raise ValueError(f"the key '{twice}' stands twice in one object")
    return found


class _Loader(yaml.CSafeLoader):
    """Safe YAML in which a key stands once."""

    @override
    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        found = super().construct_mapping(node, deep=deep)
        if len(found) < len(node.value):
            raise yaml.constructor.ConstructorError(None, None, "a key stands twice in one mapping", node.start_mark)
        return found


def _read_yaml(text: str) -> Any:
    """Safe YAML; aliases and deep nesting are refused first, for they are how a small file fells a parser."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise yaml.YAMLError(f"aliases (*{event.anchor}) are not accepted; use a machine type{event.start_mark}")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise yaml.YAMLError(f"nested more than {MAX_DEPTH} deep{event.start_mark}")
    return yaml.load(text, Loader=_Loader)  # noqa: S506 - a CSafeLoader


def _place(location: tuple[int | str, ...]) -> str:
    place = ""
    for part in location:
        if part != "[key]":
            place += f"[{part}]" if isinstance(part, int) else f".{part}"
    return place.lstrip(".") or "the file"


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
