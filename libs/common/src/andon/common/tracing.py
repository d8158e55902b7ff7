"""Tracing: spans of batches and requests by OpenTelemetry, from the broker to InfluxDB. Off unless it is asked for.

On where OTEL_EXPORTER_OTLP_ENDPOINT is set and the extra `andon-common[otel]` is installed; how much is kept say
OpenTelemetry's own variables (OTEL_TRACES_SAMPLER). A span is one batch or one request, never a message or a sample;
`traceparent` travels in the headers of NATS. While it is off, a span costs one comparison.
"""

import os
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

import structlog

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("tracing")

ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
HEADER = "traceparent"


class Message(Protocol):
    """What travels on NATS, as far as it is of interest here."""

    @property
    def headers(self) -> dict[str, str] | None:
        """Its headers, if it has any."""


class Span(Protocol):
    """A span that runs."""

    def tell(self, name: str, attributes: dict[str, str | float], failed: str = "") -> None:
        """Give it another name, and say more of it. failed: why it did not end well."""


class Tracer(Protocol):
    """What makes spans (`otel.py`)."""

    def span(
        self, name: str, came_with: Iterable[str], links: Iterable[str], ago: float, attributes: dict[str, float]
    ) -> AbstractContextManager[Span]:
        """See `span`."""

    def header(self) -> str:
        """See `header`."""


_tracer: Tracer | None = None
_nothing: AbstractContextManager[None] = nullcontext()


def use(tracer: Tracer | None) -> None:
    """Make spans by this one from now on; None: make none."""
    global _tracer  # noqa: PLW0603 - one for the process, as OpenTelemetry itself has it
    _tracer = tracer


def setup(service: str) -> None:
    """Begin, where the environment asks for it; what is missing is said once."""
    if not any(os.environ.get(name) for name in ENDPOINTS) or os.environ.get("OTEL_SDK_DISABLED") == "true":
        return
    try:
        from andon.common import otel  # noqa: PLC0415 - an extra, and 0.2 s that only who asks for it pays
    except ImportError as error:
        log.warning("traces are asked for, and cannot be made: install andon-common[otel]", missing=error.name)
        return
    use(otel.OpenTelemetry.exporting(service))
    log.info("traces are sent", endpoint=next(filter(None, map(os.environ.get, ENDPOINTS))))


def is_on() -> bool:
    """Whether spans are made."""
    return _tracer is not None


def span(
    name: str, *, links: Iterable[str] = (), parent: str = "", ago: float = 0.0, **attributes: float
) -> AbstractContextManager[Span | None]:
    """A span around a block, below the one that runs here, or below `parent`.

    links, parent: as `traceparent` has them. ago: how many seconds before now it began.
    """
    if _tracer is None:
        return _nothing
    return _tracer.span(name, (parent,) if parent else (), links, ago, attributes)


def handling(name: str, messages: Iterable[Message], **attributes: float) -> AbstractContextManager[Span | None]:
    """A span around what is done with messages of NATS at once: below the first one that is traced, linked to all."""
    if _tracer is None:
        return _nothing
    came = [came for message in messages if (came := (message.headers or {}).get(HEADER))]
    return _tracer.span(name, came, came[1:], 0.0, attributes)


def header() -> str:
    """`traceparent` of the span that runs here; '' where there is none."""
    return "" if _tracer is None else _tracer.header()


def add_ids(_: object, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Processor of structlog: lines within a span carry its ids."""
    if _tracer is not None and (told := _tracer.header()):
        _, event["trace_id"], event["span_id"], _ = told.split("-")
    return event
