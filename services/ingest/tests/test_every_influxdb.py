"""The store is at home with every InfluxDB: the real 1.x, stand-ins for 2.x and 3."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, aclosing
from time import time_ns

import msgspec
import pytest

from andon.common.bus import Bus
from andon.common.influx import Influx
from andon.common.influx.retention import DAY
from andon.common.plant import Asset
from andon.common.reading import NS_PER_S, Reading
from andon.common.settings import InfluxSettings
from andon.common.subjects import STORE_DURABLE, telemetry
from andon.common.testing.fixtures import InfluxForTest
from andon.common.testing.influx2_stand_in import Influx2StandIn
from andon.common.testing.influx3_stand_in import Influx3StandIn
from andon.common.testing.influx_stand_in import InfluxStandIn
from andon.common.testing.waiting import all_acknowledged, eventually
from andon.common.wire import Batch, encode_batch
from andon.ingest.event_time import NEWEST

from .test_store import letters, storing

STAND_INS: dict[str, Callable[[InfluxSettings], InfluxStandIn]] = {
    "2.7": Influx2StandIn,
    "2.1": lambda behind: Influx2StandIn(behind, version="2.1.1", maps=False),
    "3 Core": Influx3StandIn,
}


@pytest.fixture(params=["1.x", *STAND_INS])
async def settings(request: pytest.FixtureRequest, influxdb: InfluxForTest) -> AsyncIterator[InfluxSettings]:
    """Each in turn, without any database."""
    async with AsyncExitStack() as stack:
        make = STAND_INS.get(request.param)
        yield (await stack.enter_async_context(make(influxdb.settings))).settings if make else influxdb.settings


async def publish(bus: Bus, *readings: Reading) -> None:
    await bus.publish(telemetry(0), encode_batch(Batch(0, list(readings))), msg_id=str(readings[0].time))


async def test_the_first_write_makes_the_database_and_what_is_refused_is_told(
    bus: Bus, settings: InfluxSettings, robot: Asset
) -> None:
    now = time_ns()
    said = [Reading("r3", now + n, {"temperature": float(n)}) for n in range(5)]
    await publish(bus, *said)
    async with storing(bus, settings, robot), aclosing(Influx(settings)) as influx:
        await eventually(lambda: all_acknowledged(bus, STORE_DURABLE))
        odd = Reading("r3", now + 9, {"temperature": "hot"})
        await publish(
            bus, Reading("r3", now + 7, {"temperature": 7.0}), odd, Reading("r3", now + 8, {"temperature": 8.0})
        )
        await eventually(lambda: all_acknowledged(bus, STORE_DURABLE))
        ((series,),) = await influx.query("SELECT temperature FROM robot")
    assert [value for _, value in series.rows] == [0, 1, 2, 3, 4, 7, 8]
    (letter,) = await letters(bus)
    assert msgspec.json.decode(letter.payload)["values"] == odd.values
    assert "conflict" in letter.detail


async def test_a_past_that_is_kept_no_longer_is_told_or_not_shown(
    bus: Bus, settings: InfluxSettings, robot: Asset
) -> None:
    now = time_ns()
    async with aclosing(Influx(settings)) as influx:
        await influx.ensure_database(keep=2 * DAY)
        await publish(bus, *(Reading("r3", now - n * DAY, {"temperature": float(n)}) for n in range(5)))
        async with storing(bus, settings, robot):
            await eventually(lambda: all_acknowledged(bus, STORE_DURABLE))
        ((series,),) = await influx.query("SELECT temperature FROM robot")
        known = 3 if (await influx.version()).major < 3 else 0
    assert [value for _, value in series.rows] == [1, 0]
    found = await letters(bus)
    assert len(found) == known
    assert all(letter.detail.startswith("older than InfluxDB keeps values: ") for letter in found)


async def test_what_is_corrected_to_good_is_good_after_a_restart_too(
    bus: Bus, settings: InfluxSettings, robot: Asset
) -> None:
    """The stand-ins keep what is written last, too; a real InfluxDB 3 does not promise it."""
    now = time_ns() + NEWEST - 60 * NS_PER_S  # of a clock that runs ahead
    said = [
        [Reading("r3", now + n, {"temperature": float(n), "torque": 1.0}, {"temperature": "bad"}) for n in range(3)],
        [Reading("r3", now, {"temperature": 0.0}), Reading("r3", now + 3, {"temperature": 3.0})],
        [Reading("r3", now + 1, {"temperature": 1.0, "torque": 1.0}), Reading("r3", now + 2, {"torque": 2.0})],
        [Reading("r3", now + 2, {"temperature": 2.0}, {"temperature": "uncertain"})],
    ]
    expected = [
        [["bad"], ["bad"], ["bad"]],
        [["good"], ["bad"], ["bad"], ["good"]],
        [["good"], ["good"], ["bad"], ["good"]],
        [["good"], ["good"], ["uncertain"], ["good"]],
    ]
    for number, (readings, words) in enumerate(zip(said, expected, strict=True)):
        await bus.publish(telemetry(0), encode_batch(Batch(now, readings)), msg_id=f"{number}")
        async with storing(bus, settings, robot), aclosing(Influx(settings)) as influx:
            await eventually(lambda: all_acknowledged(bus, STORE_DURABLE))
            ((series,),) = await influx.query("SELECT temperature, temperature__quality FROM robot")
            assert [row[2:] for row in series.rows] == words
            assert await influx.query("SELECT torque__quality FROM robot") == [[]], "it was never in doubt"
