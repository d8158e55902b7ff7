"""How Andon stands is told as JetStream and the heartbeats have it."""

from andon.common import subjects, vitals
from andon.common.bus import Bus
from andon.common.health import Pulse, beat
from andon.common.influx import Influx
from andon.common.service import background
from andon.common.standing import look
from andon.common.testing.waiting import eventually
from andon.common.version import VERSION
from andon.common.wire import Batch, encode_batch
from andon.ingest.fill import show
from andon.ingest.pipeline import Pipeline
from andon.ingest.whole import Whole


async def test_who_runs_who_is_behind_and_how_full_it_is(bus: Bus, influx: Influx, pipeline: Pipeline) -> None:
    await bus.publish(subjects.telemetry(0), encode_batch(Batch(1, [])), msg_id="one")
    whole = Whole(bus, influx, Pulse(bus))
    async with background(("pulse", whole.pulse.listen()), ("beat", beat(bus, "demo", {"cellar": lambda: "flooded"}))):
        await eventually(lambda: any(one.service == "demo" for one in whole.pulse.living()), what="it beats")

        async def stored() -> bool:
            told = await whole.view()
            return any(r.durable == "store" and r.waiting == r.unacknowledged == 0 for r in told.readers)

        await eventually(stored, what="the store has it")
        told = await whole.view()
    demo = next(one for one in told.processes if one.service == "demo")
    assert (demo.version, demo.sick) == (VERSION, {"cellar": "flooded"})
    telemetry = told.streams[0]
    assert (telemetry.name, telemetry.limit) == ("TELEMETRY", bus.settings.telemetry_bytes)
    assert (telemetry.messages, told.influxdb.startswith("InfluxDB")) == (1, True)
    assert pipeline.stores


async def test_a_reader_that_stands_still_shows_in_the_metrics(bus: Bus) -> None:
    await bus.js.add_consumer(subjects.TELEMETRY, durable_name="store", filter_subject=subjects.TELEMETRY_ALL)
    for number in range(3):
        await bus.publish(subjects.telemetry(0), encode_batch(Batch(1, [])), msg_id=f"still {number}")
    show(await look(bus))
    assert vitals.CONSUMER_WAITING.labels("store")._value.get() == 3
    assert vitals.STREAM_BYTES.labels("TELEMETRY")._value.get() > 0
