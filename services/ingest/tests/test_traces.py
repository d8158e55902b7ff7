"""Who traces their messages finds Andon's batch by a link, and the way from the broker to InfluxDB is one trace."""

from collections.abc import Iterator

import aiomqtt
import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from andon.common.bus import Bus
from andon.common.influx import Influx
from andon.common.mqtt.properties import traceparent
from andon.common.plant import Asset
from andon.common.testing.brokers import BrokerForTest
from andon.common.testing.spans import kept_spans
from andon.common.testing.waiting import eventually
from andon.ingest.pipeline import Pipeline

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
TRACEPARENT = f"00-{TRACE}-00f067aa0ba902b7-01"


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    with kept_spans() as spans:
        yield spans


async def test_a_message_of_mqtt_5_is_linked_and_its_batch_is_one_trace(
    bus: Bus, influx: Influx, plant: Asset, mosquitto: BrokerForTest, spans: InMemorySpanExporter
) -> None:
    properties = Properties(PacketTypes.PUBLISH)
    properties.UserProperty = [("seq", "1"), ("traceparent", TRACEPARENT)]
    made = Pipeline.build(bus=bus, influx=influx, broker=mosquitto.settings)
    async with made.running():
        await made.intake.session.subscribed.wait()
        async with aiomqtt.Client("127.0.0.1", mosquitto.port, protocol=aiomqtt.ProtocolVersion.V5) as device:
            await device.publish(f"factory/{plant.path}/temperature", "71.5", qos=1, properties=properties)
        await eventually(lambda: {one.name for one in spans.get_finished_spans()} >= {"intake", "publish", "store"})
    by_name = {one.name: one for one in spans.get_finished_spans()}
    assert [f"{link.context.trace_id:032x}" for link in by_name["intake"].links] == [TRACE]
    assert len({one.context.trace_id for one in by_name.values()}) == 1
    assert by_name["intake"].attributes == {"andon.messages": 1}


@pytest.mark.parametrize("hostile", [b"", b"&\x00\x0btraceparent", b"&\x00\x0btraceparent\xff\xff", b"&\xff\xff\x00"])
def test_properties_that_are_none_name_no_trace(hostile: bytes) -> None:
    assert not traceparent(hostile)


def test_one_that_is_too_long_is_no_trace() -> None:
    assert not traceparent(b"&\x00\x0btraceparent\x00\x41" + b"0" * 65)
