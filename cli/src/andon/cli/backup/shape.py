"""What a manifest looks like: looked at before it is used, for the file may be of anybody. Pure."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

Name = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_-]+\Z")]
"""Becomes a part of a subject of NATS."""


class _Member(Struct):
    bytes: int
    sha256: str


class _Stream(Struct):
    config: dict[str, Any]
    state: dict[str, Any]


class _Database(Struct):
    revision: str


class _Tier(Struct):
    keep: int


class _Manifest(Struct):
    members: dict[str, _Member]
    streams: dict[Name, _Stream] = {}
    databases: dict[str, _Database] = {}
    series: dict[str, _Tier] = {}
    notes: list[str] = []


def checked(manifest: dict[str, Any]) -> str:
    """What is wrong with it; '' where nothing is."""
    try:
        found = msgspec.convert(manifest, _Manifest)
    except msgspec.ValidationError as error:
        return str(error)
    wrong = [name for name, one in found.streams.items() if one.config.get("name") != name]
    return f"the stream {wrong[0]} is called otherwise" if wrong else ""
