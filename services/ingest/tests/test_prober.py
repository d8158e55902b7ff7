"""The prober: canaries by the way of the devices, timed to each place; it names where none comes, and heals."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic

import pytest
import uvloop

from andon.common import subjects
from andon.common.auth import Tokens
from andon.common.bus import Bus
from andon.common.influx import PLATFORM, Influx
from andon.common.mqtt import Broker
from andon.common.plant import Asset, Sensor, encode_asset
from andon.common.platform import BROKER, LIVE, PROBER, STORED
from andon.common.testing.brokers import BrokerForTest
from andon.common.testing.fixtures import InfluxForTest
from andon.common.testing.ports import free_port
from andon.common.testing.waiting import eventually
from andon.ingest.pipeline import Pipeline
from andon.ingest.prober import prober
from andon.ingest.prober.canary import CanaryLink
from andon.ingest.prober.probe import HOPS, Probes, Times, quantile
from andon.ingest.prober.prober import Prober

SENSORS = tuple(Sensor(key, f"{PROBER}/{key}", unit="s") for key in (*HOPS, "number"))
MACHINE = Asset(id="probe", path=PROBER, kind="machine", slug="prober", name="Prober", sensors=SENSORS)


def test_quantiles_are_values_that_were_seen() -> None:
    assert quantile([], 0.5) is None
    assert quantile([4.0], 0.99) == 4
    assert [quantile([1.0, 2.0, 3.0, 4.0], share) for share in (0.01, 0.5, 0.75, 0.99)] == [1, 2, 3, 4]
    assert quantile([float(n) for n in range(1, 101)], 0.99) == 99


def test_only_the_last_minutes_count() -> None:
    times = Times()
    times.put(9.0, now=0)
    times.put(1.0, now=200)
    assert times.summary(200).p99 == 9
    assert (times.summary(301).p99, times.summary(301).last) == (1, 1)
    assert (times.summary(900).p99, times.summary(900).last) == (None, 1)


async def test_each_broker_takes_canaries_and_says_so(broker: BrokerForTest) -> None:
    async with broker.device("watcher") as watcher:
        await watcher.subscribe("factory/#", qos=1)
        link = await CanaryLink.open(broker.settings)
        for number in (1, 2):
            await link.publish("factory/canary", json.dumps(number).encode())
            message = await anext(aiter(watcher.messages))
            assert (str(message.topic), message.payload) == ("factory/canary", str(number).encode())
    assert not link.ended
    broker.process.kill()
    await eventually(lambda: link.ended)
    with pytest.raises(OSError, match=r"closed|reset"):
        await link.publish("factory/canary", b"3")
    link.close()
    with pytest.raises(OSError, match=r"refused|Connect"):
        await CanaryLink.open(broker.settings)


def test_a_connection_that_was_reset_is_an_error_of_the_network_under_uvloop_too() -> None:
    async def hang_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"\x20\x02\x00\x00")
        await writer.drain()
        writer.close()

    async def story() -> None:
        async with await asyncio.start_server(hang_up, "127.0.0.1", port):
            link = await CanaryLink.open(Broker.at(f"mqtt://127.0.0.1:{port}", client_id="x", username="", password=""))
            await eventually(link._writer.is_closing, what="the end is noticed")
            with pytest.raises(OSError, match="closed"):
                await link.publish("factory/canary", b"1")
            link.close()

    port = free_port()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(story())


async def test_a_broker_that_keeps_it_out_is_told(nats) -> None:
    stranger = Broker.at(f"mqtt://127.0.0.1:{nats.mqtt_port}", client_id="x", username="intake", password="wrong")
    with pytest.raises(OSError):
        await CanaryLink.open(stranger)


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Canaries every half second, so that the story is short."""
    for name, seconds in {"PERIOD": 0.5, "TICK": 0.2, "LATE": 1.0, "PATIENCE": 2.0, "LOOK_SECONDS": 0.5}.items():
        monkeypatch.setattr(prober, name, seconds)


@asynccontextmanager
async def probing(bus: Bus, influx: Influx, broker: BrokerForTest) -> AsyncIterator[Prober]:
    """A pipeline that probes, and no query service anywhere."""
    await (await bus.bucket(subjects.PLANT_BUCKET)).put(subjects.asset_key("probe"), encode_asset(MACHINE))
    pipeline = Pipeline.build(bus=bus, influx=influx, broker=broker.settings)
    pipeline.prober = made = Prober(
        bus=bus,
        influx=influx,
        broker=broker.settings,
        plant=pipeline.follower.plant,
        url=f"ws://127.0.0.1:{free_port()}/api/query/v1/live",
        tokens=Tokens(secret="s" * 40),
    )
    async with pipeline.running():
        yield made


async def test_it_measures_without_a_query_service_and_says_nothing_of_it(
    hasty: None, bus: Bus, influx: Influx, nats_as_broker: BrokerForTest
) -> None:
    probes = Probes(bus)
    listening = asyncio.create_task(probes.listen())
    assert probes.view().trouble == "nobody probes: see whether the first ingest runs"
    async with probing(bus, influx, nats_as_broker) as running:
        seen = await eventually(lambda: probes.view().hops[STORED].p99 and probes.view())
        assert seen.trouble == running.check() == ""
        assert 0 < seen.hops[BROKER].p50 < seen.hops[STORED].p50 < 2
        assert (seen.hops[LIVE].last, seen.hops[LIVE].lost) == (None, 0)

        async def told_of_itself() -> bool:
            found = (await influx.query(f"SELECT last(number), stored FROM {PLATFORM}"))[0]
            number, stored = found[0].rows[0][1:]
            return number > 1 and 0 < (stored or 0) < 2

        await eventually(told_of_itself, what="what was measured is stored with the next canary")
    listening.cancel()


async def test_it_names_the_hop_that_does_not_answer_until_it_does(
    hasty: None, bus: Bus, influx: Influx, influxdb: InfluxForTest, nats_as_broker: BrokerForTest
) -> None:
    async with probing(bus, influx, nats_as_broker) as running:
        await eventually(lambda: running._times[STORED].last)
        for process, sentence in (
            (influxdb.process, "s ago is not yet in InfluxDB"),
            (nats_as_broker.process, "the broker has not acknowledged the canary of"),
        ):
            process.kill()
            await eventually(lambda sentence=sentence: sentence in running.check())  # type: ignore[misc]
            process.start()
            await eventually(lambda: running.check() == "")


async def test_a_canary_that_is_not_seen_counts_as_lost_and_as_slow(
    hasty: None, bus: Bus, influx: Influx, influxdb: InfluxForTest, nats_as_broker: BrokerForTest
) -> None:
    async with probing(bus, influx, nats_as_broker) as running:
        await eventually(lambda: running._times[STORED].last)
        influxdb.process.kill()
        await eventually(lambda: running._times[STORED].lost > 1)
        influxdb.process.start()

        async def told() -> bool:
            found = (await influx.query(f"SELECT max(stored) FROM {PLATFORM}"))[0]
            return bool(found) and found[0].rows[0][1] >= prober.PATIENCE

        await eventually(told, what="a rule can see that it took too long")


async def test_who_stops_ingest_does_not_wait_for_it(
    hasty: None, bus: Bus, influx: Influx, nats_as_broker: BrokerForTest
) -> None:
    async with probing(bus, influx, nats_as_broker) as running:
        await eventually(lambda: running._times[STORED].last)
        job = asyncio.create_task(running.keep())
        await eventually(lambda: running._flying)
        os.kill(nats_as_broker.process.pid, signal.SIGSTOP)
        begun = monotonic()
        job.cancel()
        await asyncio.wait({job}, timeout=5)
        assert monotonic() - begun < 1
        os.kill(nats_as_broker.process.pid, signal.SIGCONT)
