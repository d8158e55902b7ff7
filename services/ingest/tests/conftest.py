"""An ingest of the test's own, on real servers."""

from collections.abc import AsyncIterator

import pytest

from andon.common import subjects
from andon.common.bus import Bus
from andon.common.influx import Influx
from andon.common.plant import Asset, Plant, Sensor, encode_asset
from andon.common.testing.brokers import BrokerForTest
from andon.ingest.deadletters.deadletters import DeadLetters
from andon.ingest.deadletters.letterbox import Letterbox
from andon.ingest.pipeline import Pipeline

PATH = "berlin/painting/line-1/robot-3"
ROBOT = Asset(
    id="r3",
    path=PATH,
    kind="machine",
    slug="robot-3",
    name="Robot 3",
    type="robot",
    sensors=(
        Sensor(key="temperature", path=f"{PATH}/temperature", unit="Cel"),
        Sensor(key="torque", path=f"{PATH}/torque", unit="N.m"),
        Sensor(key="moving", path=f"{PATH}/moving", datatype="bool"),
        Sensor(key="state", path=f"{PATH}/state", datatype="string"),
    ),
)


@pytest.fixture
def robot() -> Asset:
    """A machine with sensors of every datatype."""
    return ROBOT


@pytest.fixture
async def plant(bus: Bus) -> Asset:
    """One robot in the plant bucket."""
    await (await bus.bucket(subjects.PLANT_BUCKET)).put(subjects.asset_key(ROBOT.id), encode_asset(ROBOT))
    return ROBOT


@pytest.fixture
async def pipeline(bus: Bus, influx: Influx, plant: Asset, nats_as_broker: BrokerForTest) -> AsyncIterator[Pipeline]:
    """A running pipeline, subscribed at the default broker."""
    made = Pipeline.build(bus=bus, influx=influx, broker=nats_as_broker.settings)
    async with made.running():
        await made.intake.session.subscribed.wait()
        yield made


@pytest.fixture
def deadletters(bus: Bus) -> DeadLetters:
    """What could not be used, to be read by somebody who may see all of it."""
    return DeadLetters(Letterbox(bus), Plant())
