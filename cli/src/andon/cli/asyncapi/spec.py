"""Spec: what a document says, and how it is written as AsyncAPI 3.1.

`mqtt.py`, `nats.py` with `buckets.py`, and `websocket.py` say it; `schemas.py` makes schemas of the structs.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec
from pydantic import BaseModel

from andon.cli.asyncapi.schemas import Schemas

MSGPACK = "application/x-msgpack"
JSON = "application/json"
TEXT = "text/plain"


@dataclass(frozen=True, kw_only=True)
class Example:
    """A message as it may travel: one of the message's type, or JSON as others write it. `headers` go beside it."""

    name: str
    summary: str
    value: Any
    headers: dict[str, str] | None = None


@dataclass(frozen=True, kw_only=True)
class Message:
    """What travels: `of` is a msgspec type or a pydantic model. headers: JSON Schema of what goes beside it."""

    name: str
    title: str
    summary: str
    of: Any
    examples: tuple[Example, ...]
    content_type: str = JSON
    headers: dict[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Way:
    """Who sends or receives on a channel, seen from Andon. `bindings`: of the protocol, as AsyncAPI has them."""

    action: Literal["send", "receive"]
    summary: str
    messages: tuple[Message, ...] = ()
    bindings: dict[str, Any] = field(default_factory=dict)
    reply: Message | None = None


@dataclass(frozen=True, kw_only=True)
class Channel:
    """An address and what travels there. `parameters`: meaning of each `{name}` in it, or its words.

    servers: which of the document's; all, unless it says. bindings: of the protocol, as AsyncAPI has them.
    extra: what AsyncAPI has no word for, by a name that begins with `x-`.
    """

    name: str
    address: str
    title: str
    summary: str
    messages: tuple[Message, ...]
    ways: tuple[Way, ...]
    parameters: Mapping[str, str | list[str]] = field(default_factory=dict)
    tag: str = ""
    servers: tuple[str, ...] = ()
    bindings: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Document:
    """One protocol. `servers` and `security` are AsyncAPI's own objects."""

    title: str
    description: str
    servers: dict[str, Any]
    security: dict[str, Any]
    channels: tuple[Channel, ...]


def payload(value: Any) -> Any:
    """A value as JSON has it; bytes are base64 there."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True)
    return json.loads(msgspec.json.encode(value))


def write(document: Document) -> dict[str, Any]:
    """A document as AsyncAPI 3.1 has it, ready for JSON."""
    messages = {message.name: message for channel in document.channels for message in _all(channel)}
    schemas = Schemas([message.of for message in messages.values()])
    written = {name: _message(message, schemas) for name, message in messages.items()}
    return {
        "asyncapi": "3.1.0",
        "info": {
            "title": document.title,
            "version": "1",
            "description": document.description,
            "license": {"name": "Apache 2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0.html"},
        },
        "defaultContentType": JSON,
        "servers": document.servers,
        "channels": dict(_channels(document)),
        "operations": dict(_operations(document)),
        "components": {
            "messages": written,
            "schemas": schemas.components,
            "securitySchemes": document.security,
        },
    }


def _all(channel: Channel) -> Iterable[Message]:
    yield from channel.messages
    yield from (way.reply for way in channel.ways if way.reply is not None)


def _message(message: Message, schemas: Schemas) -> dict[str, Any]:
    written: dict[str, Any] = {
        "name": message.name,
        "title": message.title,
        "summary": message.summary,
        "contentType": message.content_type,
        "payload": schemas.of(message.of),
        "examples": [_example(example) for example in message.examples],
    }
    if message.headers is not None:
        written["headers"] = message.headers
    if message.content_type == MSGPACK:
        written["x-packed"] = {one.name: msgspec.msgpack.encode(one.value).hex() for one in message.examples}
    return written


def _example(example: Example) -> dict[str, Any]:
    headers = {} if example.headers is None else {"headers": example.headers}
    return {"name": example.name, "summary": example.summary, **headers, "payload": payload(example.value)}


def _channels(document: Document) -> Iterable[tuple[str, dict[str, Any]]]:
    for channel in document.channels:
        written: dict[str, Any] = {
            "address": channel.address,
            "title": channel.title,
            "summary": channel.summary,
            "messages": {one.name: {"$ref": f"#/components/messages/{one.name}"} for one in channel.messages},
        }
        if channel.parameters:
            written["parameters"] = {name: _parameter(told) for name, told in channel.parameters.items()}
        if channel.tag:
            written["tags"] = [{"name": channel.tag}]
        if channel.servers:
            written["servers"] = [{"$ref": f"#/servers/{name}"} for name in channel.servers]
        if channel.bindings:
            written["bindings"] = channel.bindings
        yield channel.name, written | channel.extra
    for channel in document.channels:
        for way in channel.ways:
            if way.reply is not None:
                name = way.reply.name
                reply = {"address": None, "title": f"Reply to {channel.address}"}
                yield _reply(channel), reply | {"messages": {name: {"$ref": f"#/components/messages/{name}"}}}


def _parameter(told: str | list[str]) -> dict[str, Any]:
    return {"description": told} if isinstance(told, str) else {"description": "One of the words.", "enum": told}


def _operations(document: Document) -> Iterable[tuple[str, dict[str, Any]]]:
    for channel in document.channels:
        at = f"#/channels/{channel.name}"
        for number, way in enumerate(channel.ways):
            written: dict[str, Any] = {
                "action": way.action,
                "channel": {"$ref": at},
                "summary": way.summary,
                "messages": [{"$ref": f"{at}/messages/{one.name}"} for one in way.messages or channel.messages],
            }
            if way.bindings:
                written["bindings"] = way.bindings
            if way.reply is not None:
                there = f"#/channels/{_reply(channel)}"
                messages = [{"$ref": f"{there}/messages/{way.reply.name}"}]
                written["reply"] = {"channel": {"$ref": there}, "messages": messages}
            again = any(other.action == way.action for other in channel.ways[:number])
            yield f"{way.action}-{channel.name}{f'-{number + 1}' if again else ''}", written


def _reply(channel: Channel) -> str:
    return f"{channel.name}-reply"
