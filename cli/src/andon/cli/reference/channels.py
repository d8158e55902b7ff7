"""What travels over one protocol as a page, of its AsyncAPI document. Pure."""

import re
from collections.abc import Iterator
from typing import Any

from andon.cli.asyncapi.spec import TEXT
from andon.cli.reference.markdown import anchor, code, compact, fence, line, table
from andon.cli.reference.shapes import fields, name_of, words

PLACEHOLDER = re.compile(r"(\S*\{\S*)")
"""Written as code: the site takes `{...}` at the end of a heading for its attributes."""
SAYS = {"send": "Andon sends", "receive": "Andon receives"}


def page(name: str, document: dict[str, Any]) -> str:
    """The page of one document."""
    channels = document["channels"]
    named = {key: one for key, one in channels.items() if one["address"]}
    rows = [(f"[`{one['address']}`](#{anchor(one['title'])})", line(one["summary"])) for one in named.values()]
    info = document["info"]
    parts = [
        f"# {info['title'].partition(': ')[2][:1].upper()}{info['title'].partition(': ')[2][1:]}\n",
        f"{info['description']}\n",
        f"The same as AsyncAPI 3.1: [{name}.json]({name}.json).\n",
        _servers(document),
        f"## Channels\n\n{table(('address', 'what it carries'), rows)}",
    ]
    tag = ""
    for key, one in named.items():
        own = next((tagged["name"] for tagged in one.get("tags", ())), "")
        if own != tag:
            tag = own
        parts.append(_channel(document, key, one))
    parts.append("## Messages\n")
    parts += [_message(one) for one in document["components"]["messages"].values()]
    parts.append("## Shapes\n\nWhat messages are made of.\n")
    parts += [_shape(key, one) for key, one in document["components"]["schemas"].items()]
    return "\n".join(parts)


def _servers(document: dict[str, Any]) -> str:
    rows = [
        (code(f"{one['protocol']}://{one['host']}"), one.get("protocolVersion", ""), line(one.get("description", "")))
        for one in document["servers"].values()
    ]
    return table(("server", "version", ""), rows)


def _channel(document: dict[str, Any], key: str, channel: dict[str, Any]) -> str:
    title = PLACEHOLDER.sub(r"`\1`", channel["title"])
    parts = [f"### {title}\n", f"{code(channel['address'])}: {channel['summary']}\n"]
    rows = [(code(name), _parameter(one)) for name, one in channel.get("parameters", {}).items()]
    parts.append(table(("part of the address", "what it is"), rows))
    parts += [_way(document, one) for one in document["operations"].values() if _leads_to(one, key)]
    parts.append(", ".join(_kept(channel)))
    return "\n".join(part for part in parts if part) + "\n"


def _parameter(parameter: dict[str, Any]) -> str:
    given = parameter.get("enum")
    return " ".join(code(one) for one in given) if given else line(parameter["description"])


def _leads_to(operation: dict[str, Any], key: str) -> bool:
    return name_of(operation["channel"]["$ref"]) == key


def _way(document: dict[str, Any], operation: dict[str, Any]) -> str:
    qos = operation.get("bindings", {}).get("mqtt", {}).get("qos")
    told = ", ".join(_links(document, operation["messages"]))
    reply = operation.get("reply")
    answer = f" The answer is {', '.join(_links(document, reply['messages']))}." if reply else ""
    quality = f" QoS {qos}." if qos is not None else ""
    return f"- **{SAYS[operation['action']]}** {told}. {operation['summary']}{quality}{answer}"


def _links(document: dict[str, Any], references: list[dict[str, str]]) -> Iterator[str]:
    for one in references:
        title = document["components"]["messages"][name_of(one["$ref"])]["title"]
        yield f"[{title}](#{anchor(f'Message: {title}')})"


def _kept(channel: dict[str, Any]) -> Iterator[str]:
    stream = channel.get("x-jetstream")
    if stream:
        yield f"\nStream `{stream['stream']}`, kept {stream['keeps']}; when it is full {stream['full']}.\n"
    if "x-bucket" in channel:
        yield f"\nBucket `{channel['x-bucket']}`.\n"


def _message(message: dict[str, Any]) -> str:
    parts = [f"### Message: {message['title']}\n", f"{message['summary']}\n"]
    parts.append(f"{code(message['contentType'])}: {words(message['payload'])}\n")
    if "headers" in message:
        parts.append(f"{message['headers']['description']}\n\n{fields({**message['headers'], 'description': ''})}")
    parts += [f"{one['summary']}:\n\n{fence(_example(message, one))}" for one in message["examples"]]
    return "\n".join(parts)


def _example(message: dict[str, Any], example: dict[str, Any]) -> str:
    """As it travels; with what stands beside it, where there is that."""
    told = example["payload"]
    body: str = told if message["contentType"] == TEXT else compact(told)
    beside = [f"{name}: {value}" for name, value in example.get("headers", {}).items()]
    return "\n".join([*beside, body])


def _shape(name: str, schema: dict[str, Any]) -> str:
    if "properties" in schema or isinstance(schema.get("items"), list):
        kind = "An array of these parts.\n\n" if schema.get("type") == "array" else ""
        return f"### {name}\n\n{kind}{fields(schema)}"
    return f"### {name}\n\n{schema.get('description', '').strip()}\n\n{words(schema)}\n"
