"""A service's HTTP API as a page, of its OpenAPI document. Pure."""

from collections.abc import Iterator
from typing import Any

from andon.cli.reference.markdown import anchor, code, line, table
from andon.cli.reference.shapes import PAGE, Schema, default_of, fields, without_null, words

METHODS = ("get", "post", "put", "patch", "delete")
ALL_ROUTES = {"401", "403", "404", "422", "503"}
"""Answers that every route may give, which the page says once."""

Route = tuple[str, str, dict[str, Any]]


def page(service: str, document: dict[str, Any]) -> str:
    """The page of one service."""
    routes = list(_routes(document))
    groups = dict.fromkeys(_group(route) for route in routes)
    parts = [_intro(service)]
    for group in groups:
        own = [route for route in routes if _group(route) == group]
        rows = [(f"[`{_title(route)}`](#{anchor(_title(route))})", _first(route[2])) for route in own]
        parts.append(f"## {group.replace('-', ' ').capitalize()}\n\n{table(('route', 'what it does'), rows)}")
        parts += [_route(route) for route in own]
    parts.append("## Shapes\n\nWhat bodies and answers are made of.\n")
    parts += [_shape(name, schema) for name, schema in _shapes(document)]
    return "\n".join(parts)


INTRO = """# HTTP: {service}

Paths count from `{base}`. The same as OpenAPI: [{service}.json](../openapi/{service}.json), which a running Andon
serves at `{base}/openapi.json`, and as a page to try at `{base}/docs`.

Send a bearer token ([how](../../how-to/call-the-api.md)). An error is `application/problem+json` (RFC 9457): `type`,
`title`, `status`, and `detail`, which says what to do. Every route may answer

- 401: no token, or not a good one;
- 403: not allowed;
- 404: there is no such thing in your part of the plant;
- 422: understood, and not valid; also a parameter that is not known;
- 503: a neighbour is missing; try again.

What else it may answer stands with it. A *page* of things is `{{"items": [...], "next_cursor": ...}}`: ask again with
`?cursor=` until that is null.
"""


def _intro(service: str) -> str:
    return INTRO.format(service=service, base=f"/api/{service}/v1")


def _routes(document: dict[str, Any]) -> Iterator[Route]:
    for path, methods in document["paths"].items():
        for method in METHODS:
            if method in methods:
                yield method.upper(), path, methods[method]


def _group(route: Route) -> str:
    return str((route[2].get("tags") or [route[1].split("/")[1]])[0])


def _title(route: Route) -> str:
    return f"{route[0]} {route[1]}"


def _first(operation: dict[str, Any]) -> str:
    text: str = operation.get("description", "")
    return line(text.partition("\n\n")[0])


def _route(route: Route) -> str:
    operation = route[2]
    parts = [f"### {code(_title(route))}\n", operation.get("description", "").strip() + "\n"]
    rows = [_parameter(one) for one in operation.get("parameters", ())]
    parts.append(table(("parameter", "in", "type", "needed", "default", "meaning"), rows))
    body = operation.get("requestBody", {}).get("content", {})
    parts += [f"Body{_as(kind)}: {_words(one.get('schema', {}))}\n" for kind, one in body.items()]
    parts += list(_answers(operation))
    return "\n".join(part for part in parts if part)


def _parameter(parameter: dict[str, Any]) -> tuple[str, ...]:
    schema = parameter.get("schema", {})
    needed = "yes" if parameter.get("required") else ""
    meaning = line(parameter.get("description", ""))
    return code(parameter["name"]), parameter["in"], _words(without_null(schema)), needed, default_of(schema), meaning


def _answers(operation: dict[str, Any]) -> Iterator[str]:
    others = []
    for status, answer in operation["responses"].items():
        if status.startswith("2"):
            kinds = [
                f"{_words(one.get('schema', {}))}{_as(kind)}" for kind, one in answer.get("content", {}).items() if one
            ]
            yield f"Answer {status}: {', or '.join(kinds) or 'nothing'}\n"
        elif status not in ALL_ROUTES:
            others.append(f"{status} ({answer['description'].lower()})")
    if others:
        yield f"Also: {', '.join(others)}\n"


def _as(kind: str) -> str:
    return "" if kind == "application/json" else f" (as `{kind}`)"


def _words(schema: Schema) -> str:
    """A schema in words; a page of things says of which."""
    return words(schema, _link)


def _link(name: str) -> str:
    if name.startswith(PAGE):
        inner = name.removeprefix(PAGE).rstrip("_")
        return f"page of [{inner}](#{anchor(inner)})"
    return f"[{name}](#{anchor(name)})"


def _shapes(document: dict[str, Any]) -> Iterator[tuple[str, Schema]]:
    for name, schema in sorted(document["components"]["schemas"].items(), key=lambda item: item[0].lower()):
        if not name.startswith(PAGE) and name != "Problem":
            yield name, schema


def _shape(name: str, schema: Schema) -> str:
    if "properties" in schema:
        return f"### {name}\n\n{fields(schema)}"
    said = schema.get("description", "").strip()
    return f"### {name}\n\n{said + chr(10) * 2 if said else ''}{_words(_bare(schema))}\n"


def _bare(schema: Schema) -> Schema:
    return {name: value for name, value in schema.items() if name not in ("description", "title")}
