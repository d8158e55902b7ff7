"""What the compose files say, as objects to look at."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from .manifests import ROOT

FOLDER = ROOT / "deploy" / "compose"
FILES = ("compose.yaml", "one.yaml", "secrets.yaml", "tls.yaml", "watch.yaml")
VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?P<kind>:[-?])(?P<word>[^}]*)\}")
Service = dict[str, Any]


class Loader(yaml.SafeLoader):
    """YAML with the two tags of compose: what replaces, and what takes away."""


Loader.add_constructor("!override", lambda loader, node: loader.construct_sequence(node))
Loader.add_constructor("!reset", lambda _loader, _node: [])


def text(name: str) -> str:
    """A file as it stands there."""
    return (FOLDER / name).read_text()


def load(name: str) -> dict[str, Any]:
    """A file; variables as they are written."""
    found: dict[str, Any] = yaml.load(text(name), Loader)  # noqa: S506 - a SafeLoader
    return found


def services(name: str = "compose.yaml") -> dict[str, Service]:
    """The services of a file."""
    found: dict[str, Service] = load(name)["services"]
    return found


def variables(value: str) -> Iterator[tuple[str, str, str]]:
    """Name, kind (`:-` has a default, `:?` must be there), and the rest of each variable in a value."""
    for found in VARIABLE.finditer(value):
        yield found["name"], found["kind"], found["word"]


def filled(value: object, given: dict[str, str]) -> str:
    """A value as compose hands it on, where `given` is set."""
    known = VARIABLE.sub(lambda one: given.get(one["name"], one["word"] if one["kind"] == ":-" else ""), str(value))
    return known.replace("$$", "$")


def asked(service: Service) -> set[str]:
    """Variables without which a service is not started."""
    values = service.get("environment", {}).values()
    return {name for value in values for name, kind, _ in variables(str(value)) if kind == ":?"}


def mounts(service: Service) -> list[tuple[str, str, bool]]:
    """Source, target and whether it can be written."""
    found = [str(one).split(":") for one in service.get("volumes", [])]
    return [(source, target, rest != ["ro"]) for source, target, *rest in found]


def place(source: str) -> Path:
    """The file or folder of the checkout that is mounted."""
    return (FOLDER / source).resolve()
