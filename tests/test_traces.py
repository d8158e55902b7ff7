"""One message by MQTT is one trace: intake, publish, store, evaluate and live, told to a receiver of OpenTelemetry."""

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from time import time_ns

import pytest
import pytest_asyncio
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from andon.common.testing.factory import Factory
from andon.common.testing.sinks import Sink
from andon.common.testing.waiting import eventually

from .conftest import PLANT, PRESS

HOPS = {"intake", "publish", "store", "evaluate", "live"}
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.fixture(scope="module")
def receiver() -> Iterator[Sink]:
    """Takes traces, as a collector does."""
    made = Sink()
    yield made
    made.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def traced(tmp_path_factory: pytest.TempPathFactory, receiver: Sink) -> AsyncIterator[Factory]:
    """A factory whose processes are asked for traces."""
    folder: Path = tmp_path_factory.mktemp("traced") / "andon"
    asked = {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": receiver.url, "OTEL_BSP_SCHEDULE_DELAY": "200"}
    async with Factory(folder, environment=asked) as factory:
        await factory.apply_plant(PLANT)
        yield factory


def spans(receiver: Sink) -> dict[str, list[tuple[str, str]]]:
    """Trace -> process and name of each of its spans."""
    found: dict[str, list[tuple[str, str]]] = {}
    for _, body in list(receiver.requests):
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            process = next(a.value.string_value for a in resource.resource.attributes if a.key == "service.name")
            for scope in resource.scope_spans:
                for span in scope.spans:
                    found.setdefault(span.trace_id.hex(), []).append((process, span.name))
    return found


@pytest.mark.asyncio(loop_scope="module")
async def test_a_message_is_one_trace_from_the_broker_to_influxdb(traced: Factory, receiver: Sink) -> None:
    credential = await traced.add_device("press shop", "berlin/pressing")
    async with traced.device(credential) as device:
        message = {"ts": time_ns() // 10**6, "values": {"oil_temperature": 48.5}}
        await device.publish(f"factory/{PRESS}", json.dumps(message), qos=1)

    def whole() -> bool:
        traces = [set(found) for found in spans(receiver).values()]
        return any({name for _, name in found} >= HOPS for found in traces)

    await eventually(whole, what="one trace has all hops")
    trace = next(found for found in spans(receiver).values() if {name for _, name in found} >= HOPS)
    assert {("andon-ingest", "intake"), ("andon-ingest", "store"), ("andon-api", "evaluate")} <= set(trace)


@pytest.mark.asyncio(loop_scope="module")
async def test_a_request_goes_on_with_the_trace_of_who_asks(traced: Factory, receiver: Sink) -> None:
    reading = {"asset": PRESS, "values": {"oil_temperature": 49.5}}
    traceparent = f"00-{TRACE}-00f067aa0ba902b7-01"
    await traced.call("POST", "/api/ingest/v1/readings", json=reading, headers={"traceparent": traceparent})
    wanted = {("andon-api", "POST /api/ingest/v1/readings"), ("andon-api", "publish"), ("andon-ingest", "store")}
    await eventually(lambda: wanted <= set(spans(receiver).get(TRACE, ())), what="the reading is stored in that trace")
