"""Traces: a batch's span lies below the message it came with, and while they are off there is nothing."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from structlog.testing import capture_logs

from andon.common import tracing
from andon.common.testing.spans import kept_spans

SAMPLED = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
LEFT_OUT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"
HALF = "00-0af7651916cd43dd8448eb211c80319c"


@dataclass
class Came:
    headers: dict[str, str] | None


def came(traceparent: str) -> Came:
    return Came({"traceparent": traceparent})


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    with kept_spans() as spans:
        yield spans


def test_while_it_is_off_there_is_nothing() -> None:
    messages = iter([came(SAMPLED)])
    assert tracing.handling("store", messages) is tracing.span("intake")
    with tracing.span("intake") as span:
        assert (span, tracing.header(), tracing.is_on()) == (None, "", False)
    assert next(messages), "nobody has looked at the messages"
    assert tracing.add_ids(None, "info", {"event": "x"}) == {"event": "x"}


def test_spans_lie_below_what_runs_and_lines_carry_their_ids(spans: InMemorySpanExporter) -> None:
    with tracing.span("intake", messages=3), tracing.span("publish"):
        carried = tracing.header()
        line = tracing.add_ids(None, "info", {"event": "x"})
    publish, intake = spans.get_finished_spans()
    assert publish.parent is not None
    assert publish.parent.span_id == intake.context.span_id
    assert intake.attributes == {"andon.messages": 3}
    assert carried.startswith(f"00-{line['trace_id']}-{line['span_id']}-")
    assert int(line["span_id"], 16) == publish.context.span_id


def test_a_batch_of_several_messages_lies_below_the_first_that_is_kept(spans: InMemorySpanExporter) -> None:
    with tracing.handling("store", [Came(None), came(LEFT_OUT), came("nonsense"), came(SAMPLED)]):
        pass
    (store,) = spans.get_finished_spans()
    assert f"{store.context.trace_id:032x}" == SAMPLED.split("-")[1]
    assert [f"{link.context.trace_id:032x}" for link in store.links] == [SAMPLED.split("-")[1]]


def test_what_is_left_out_by_whoever_began_it_stays_so(spans: InMemorySpanExporter) -> None:
    with tracing.handling("store", [came(LEFT_OUT)]):
        assert tracing.header().endswith("-00")
    assert spans.get_finished_spans() == ()


def test_links_are_few_and_well_formed(spans: InMemorySpanExporter) -> None:
    with tracing.span("intake", links=[HALF, *[SAMPLED] * 100], ago=2.0):
        pass
    (intake,) = spans.get_finished_spans()
    assert len(intake.links) == 64
    assert (intake.end_time or 0) - (intake.start_time or 0) >= 2 * 10**9


def test_a_failure_is_one_of_its_span(spans: InMemorySpanExporter) -> None:
    with pytest.raises(RuntimeError), tracing.span("publish"):
        raise RuntimeError("the stream is full")
    (publish,) = spans.get_finished_spans()
    assert (publish.status.is_ok, publish.events[0].name) == (False, "exception")


@pytest.mark.parametrize("given", [{}, {"OTEL_SDK_DISABLED": "true", tracing.ENDPOINTS[0]: "http://127.0.0.1:1"}])
def test_it_stays_off_where_nobody_asks_for_it(monkeypatch: pytest.MonkeyPatch, given: dict[str, str]) -> None:
    for name in (*tracing.ENDPOINTS, "OTEL_SDK_DISABLED"):
        monkeypatch.delenv(name, raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    tracing.setup("tested")
    assert not tracing.is_on()


def test_what_is_asked_for_and_not_installed_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(tracing.ENDPOINTS[0], "http://127.0.0.1:1")
    monkeypatch.setitem(sys.modules, "andon.common.otel", None)  # type: ignore[arg-type]
    monkeypatch.delattr("andon.common.otel", raising=False)
    assert isinstance(tracing, ModuleType)
    with capture_logs() as lines:
        tracing.setup("tested")
    assert not tracing.is_on()
    assert "install andon-common[otel]" in lines[0]["event"]
