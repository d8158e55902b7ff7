"""One request to InfluxDB, whose failure to answer is a sentence."""

from time import perf_counter
from typing import Any

import httpx
import orjson

from andon.common import vitals
from andon.common.errors import SetupError, UnavailableError
from andon.common.influx.answers import reason

TIMED = {"/write": "write", "/query": "query"}


async def ask(http: httpx.AsyncClient, method: str, path: str, **request: Any) -> httpx.Response:
    """The server's answer, whatever it is.

    Raises:
        UnavailableError: none came; whether the request was carried out is unknown.
    """
    op, begun = TIMED.get(path, "other"), perf_counter()
    try:
        answer = await http.request(method, path, **request)
    except httpx.HTTPError as error:
        vitals.INFLUX_ERRORS.labels(op).inc()
        raise UnavailableError(f"InfluxDB does not answer: {_why(error)}") from error
    vitals.INFLUX_SECONDS.labels(op).observe(perf_counter() - begun)
    return answer


def _why(error: httpx.HTTPError) -> str:
    """What went wrong: a time-out has no words of its own, so its kind is named."""
    if isinstance(error, httpx.TimeoutException):
        return f"nothing came in time ({type(error).__name__})"
    return str(error) or type(error).__name__


def refusal(answer: httpx.Response, what: str) -> UnavailableError:
    """The error that says that and why the server did not do `what`."""
    why = reason(answer.content[:1000])[:300] or answer.reason_phrase
    return UnavailableError(f"InfluxDB refused {what} ({answer.status_code}): {why}")


def check_allowed(answer: httpx.Response, what: str, hint: str) -> None:
    """Nothing, where we are allowed to do `what`.

    Raises:
        SetupError: who we are may not; `hint` says who may.
    """
    if answer.status_code in (401, 403):
        raise SetupError(str(refusal(answer, what)), hint)


def decoded(answer: httpx.Response, what: str) -> Any:
    """The JSON of a good answer.

    Raises:
        UnavailableError: the server refused, or it is no InfluxDB that answers.
    """
    if answer.status_code >= 300:
        raise refusal(answer, what)
    try:
        return orjson.loads(answer.content)
    except orjson.JSONDecodeError as error:
        raise UnavailableError(f"What answers at {answer.url.copy_with(query=None)} is no InfluxDB: {error}") from error
