"""What was traced, kept in memory for a test to look at."""

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from andon.common import tracing
from andon.common.otel import OpenTelemetry


@contextmanager
def kept_spans() -> Iterator[InMemorySpanExporter]:
    """Traces are on within this block; each span that ends is kept."""
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracing.use(OpenTelemetry(provider))
    try:
        yield exporter
    finally:
        tracing.use(None)
        provider.shutdown()
