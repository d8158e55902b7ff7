"""Parameters of a query string: what no route reads is refused, for a word misspelt would change the answer unseen."""

from collections.abc import Iterator
from difflib import get_close_matches
from inspect import isclass

from fastapi.dependencies.models import Dependant
from fastapi.requests import HTTPConnection
from fastapi.routing import APIRoute
from pydantic import BaseModel

from andon.common.errors import InvalidError

MOST_SHOWN = 64
"""Letters of a caller's word that are said back."""


async def only_known_parameters(request: HTTPConnection) -> None:
    """Dependency of all routes: each parameter of the query string is one that the route takes.

    What is written by a route without parameters is taken all the same: no device loses readings for a word behind `?`.

    Raises:
        InvalidError: it is not; says which it may be, and which there are.
    """
    route = request.scope.get("route")
    if not isinstance(route, APIRoute):
        return  # a WebSocket
    known = sorted(set(_declared(route.dependant)))
    if not known and request.scope["method"] != "GET":
        return
    for name in request.query_params:
        if name not in known:
            raise InvalidError(_refusal(name, known))


def _declared(dependant: Dependant) -> Iterator[str]:
    """Names of what a route reads, and what it depends on; of a model those of its fields."""
    for field in dependant.query_params:
        model = field.field_info.annotation
        if isclass(model) and issubclass(model, BaseModel):
            yield from (one.alias or name for name, one in model.model_fields.items())
        else:
            yield field.alias
    for needed in dependant.dependencies:
        yield from _declared(needed)


def _refusal(name: str, known: list[str]) -> str:
    """What is wrong with a name, and what to write instead."""
    unknown = f"There is no parameter '{name[:MOST_SHOWN]}' here"
    if not known:
        return f"{unknown}, nor any other; leave it out"
    nearest = get_close_matches(name[:MOST_SHOWN].lower(), known, n=1)
    guess = f"; did you mean '{nearest[0]}'?" if nearest else "."
    return f"{unknown}{guess} Known are {', '.join(known)}"
