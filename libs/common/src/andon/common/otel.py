"""OpenTelemetry, as far as Andon uses it. Imported by `tracing.py` alone, for it is an extra: `andon-common[otel]`."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from time import time_ns
from typing import Self

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from andon.common.reading import NS_PER_S
from andon.common.tracing import HEADER
from andon.common.version import VERSION

MOST_LINKS = 64
"""Links of one span; a batch may have been made of thousands of messages."""
KINDS = {
    "intake": trace.SpanKind.CONSUMER,
    "publish": trace.SpanKind.PRODUCER,
    "store": trace.SpanKind.CONSUMER,
    "evaluate": trace.SpanKind.CONSUMER,
    "live": trace.SpanKind.CONSUMER,
    "request": trace.SpanKind.SERVER,
}

_propagator = TraceContextTextMapPropagator()


class OpenTelemetry:
    """Makes spans by a provider of OpenTelemetry's SDK."""

    def __init__(self, provider: TracerProvider) -> None:
        self.provider = provider
        self._tracer = provider.get_tracer("andon", VERSION)

    @classmethod
    def exporting(cls, service: str) -> Self:
        """One that sends what it makes by OTLP over HTTP, in a thread; what finds no room in its queue is dropped.

        Endpoint, headers, sampler, queue and time-outs come from OpenTelemetry's own variables.
        """
        name = os.environ.get("OTEL_SERVICE_NAME") or f"andon-{service}"
        provider = TracerProvider(resource=Resource.create({"service.name": name, "service.version": VERSION}))
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        return cls(provider)

    @contextmanager
    def span(
        self, name: str, came_with: Iterable[str], links: Iterable[str], ago: float, attributes: dict[str, float]
    ) -> Iterator["_Span"]:
        """See `tracing.span`. Of several contexts it came with, the first that is sampled is its parent."""
        parents = [found for one in came_with if (found := _context(one)).is_valid]
        parent = next((one for one in parents if one.trace_flags.sampled), parents[0] if parents else None)
        linked = [found for one in links if (found := _context(one)).is_valid][:MOST_LINKS]
        with self._tracer.start_as_current_span(
            name,
            trace.set_span_in_context(trace.NonRecordingSpan(parent)) if parent is not None else None,
            kind=KINDS.get(name, trace.SpanKind.INTERNAL),
            links=[trace.Link(one) for one in linked],
            start_time=time_ns() - round(ago * NS_PER_S) if ago else None,
            attributes={f"andon.{key}": value for key, value in attributes.items()},
        ) as made:
            yield _Span(made)

    def header(self) -> str:
        """See `tracing.header`."""
        carrier: dict[str, str] = {}
        _propagator.inject(carrier)
        return carrier.get(HEADER, "")


class _Span:
    def __init__(self, span: trace.Span) -> None:
        self._span = span

    def tell(self, name: str, attributes: dict[str, str | float], failed: str = "") -> None:
        """See `tracing.Span`."""
        self._span.update_name(name)
        self._span.set_attributes(attributes)
        if failed:
            self._span.set_status(trace.StatusCode.ERROR, failed)


def _context(traceparent: str) -> trace.SpanContext:
    found = _propagator.extract({HEADER: traceparent})
    return trace.get_current_span(found).get_span_context()
