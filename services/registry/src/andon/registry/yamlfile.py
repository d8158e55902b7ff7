"""Reading YAML or JSON of a stranger: what could fell a parser is refused first, and each mistake has a line. Pure."""

import json
from typing import Any, Literal, TypeAlias

import yaml
from typing_extensions import override

from andon.common.errors import BadRequestError

MAX_DEPTH = 24

Form: TypeAlias = Literal["yaml", "json"]
Location: TypeAlias = tuple[int | str, ...]
"""Keys and indexes from the top of the file down, as pydantic gives them."""


def read(text: str, form: Form) -> Any:
    """What the text says.

    Raises:
        BadRequestError: it is neither; names line and column.
    """
    try:
        return json.loads(text, object_pairs_hook=_unique) if form == "json" else _read_yaml(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f" line {mark.line + 1}, column {mark.column + 1}:" if mark else ""
        raise BadRequestError(f"This is not YAML:{where} {error.problem or error.context}") from None
    except (ValueError, LookupError, RecursionError, yaml.YAMLError) as error:
        raise BadRequestError(f"This is not {form.upper()}: {' '.join(str(error).split())}") from None


class Places:
    """Finds where in a text a location stands. JSON is read as YAML, which it is."""

    def __init__(self, text: str) -> None:
        try:
            self._root: yaml.Node | None = yaml.compose(text, Loader=yaml.CSafeLoader)
        except yaml.YAMLError:
            self._root = None

    def name(self, location: Location) -> str:
        """The location in words, like `line 7: sites[0].areas[1].slug`."""
        line, said = self._line(location), words(location)
        return said if line is None else f"line {line}: {said}"

    def _line(self, location: Location) -> int | None:
        """Line of the last part of `location` that there is."""
        node, line = self._root, None if self._root is None else self._root.start_mark.line
        for part in location:
            if isinstance(node, yaml.MappingNode):
                found = next(((k, v) for k, v in node.value if k.value == str(part)), None)
                if found is None:
                    break
                line, node = found[0].start_mark.line, found[1]
            elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
                node = node.value[part]
                line = node.start_mark.line
            else:
                break
        return None if line is None else line + 1


def words(location: Location) -> str:
    """The location without its line, like `sites[0].areas[1].slug`."""
    said = ""
    for part in location:
        if part != "[key]":
            said += f"[{part}]" if isinstance(part, int) else f".{part}"
    return said.lstrip(".") or "the file"


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key '{key:.80}' stands twice in one object")
        found[key] = value
    return found


_TAG = "tag:yaml.org,2002:"


class _Loader(yaml.CSafeLoader):
    """Safe YAML in which keys are text, each stands once, and nothing takes the square of its length to read.

    YAML 1.1 has numbers to the base of 60, like 1:30, which do; here they are text. So would keys that are numbers, if
    they were chosen for their hashes.
    """

    @override
    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.tag != f"{_TAG}str":
                raise _mistake("a key is text; write it in quotes", key.start_mark)
            if key.value in seen:
                raise _mistake(f"the key '{key.value:.80}' stands here twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep=deep)

    def number(self, node: yaml.ScalarNode) -> Any:
        """A number, or text where it has colons."""
        if ":" in node.value:
            return node.value
        return self.construct_yaml_int(node) if node.tag == f"{_TAG}int" else self.construct_yaml_float(node)


_Loader.add_constructor(f"{_TAG}int", _Loader.number)
_Loader.add_constructor(f"{_TAG}float", _Loader.number)


def _mistake(problem: str, mark: Any) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=mark)


def _read_yaml(text: str) -> Any:
    """Safe YAML; aliases and deep nesting are refused first, for they are how a small file fells a parser."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise _mistake(f"aliases (*{event.anchor}) are not accepted; use a machine type", event.start_mark)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise _mistake(f"nested more than {MAX_DEPTH} deep", event.start_mark)
    return yaml.load(text, Loader=_Loader)  # noqa: S506 - a CSafeLoader
