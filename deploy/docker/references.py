"""The names of images, and where in files they stand; pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from typing_extensions import override

BASE = re.compile(r"(?m)^(?P<before>ARG BASE=)(?P<name>\S+?):(?P<tag>[\w.-]+)(?:@(?P<digest>\S+))?$")
"""In a Dockerfile."""
SERVICE = re.compile(r"(?m)^(?P<before> +image: )(?P<name>[\w./:-]+?):(?P<tag>[\w.-]+)(?:@(?P<digest>\S+))?$")
"""In a compose file."""
HUB = "docker.io"
OURS = re.compile(r"andon(-\w+)?")


@dataclass(frozen=True)
class Reference:
    """An image by its tag: where it is, what it is called there."""

    registry: str
    repository: str
    tag: str

    @override
    def __str__(self) -> str:
        return f"{self.registry}/{self.repository}:{self.tag}"


def reference(name: str, tag: str) -> Reference:
    """What a name means to Docker and all that follow it: `nats` is `docker.io/library/nats`."""
    first, slash, rest = name.partition("/")
    elsewhere = slash and ("." in first or ":" in first or first == "localhost")
    registry, repository = (first, rest) if elsewhere else (HUB, name)
    return Reference(
        registry, f"library/{repository}" if registry == HUB and "/" not in repository else repository, tag
    )


def unpinned(text: str, pattern: re.Pattern[str]) -> list[str]:
    """Images of others in a file's text, that a tag alone names."""
    return [f"{one['name']}:{one['tag']}" for one in _others(text, pattern) if not one["digest"]]


def pin(text: str, pattern: re.Pattern[str], digest: Callable[[Reference], str]) -> str:
    """The text with the digest that each image of others has now behind its tag."""
    for one in reversed(_others(text, pattern)):
        name, tag = one["name"], one["tag"]
        pinned = f"{one['before']}{name}:{tag}@{digest(reference(name, tag))}"
        text = text[: one.start()] + pinned + text[one.end() :]
    return text


def _others(text: str, pattern: re.Pattern[str]) -> list[re.Match[str]]:
    return [one for one in pattern.finditer(text) if not OURS.fullmatch(one["name"])]
