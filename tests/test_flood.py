"""A device that floods within what it may do: the broker's memory and disk are bounded, its neighbours speak on."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from andon.common.testing.factory import Credential, Factory
from andon.common.testing.waiting import eventually

from .conftest import PLANT, PRESS
from .neighbour import neighbour_unharmed

pytestmark = [pytest.mark.timeout(180), pytest.mark.asyncio(loop_scope="module")]

LARGE = b"x" * 900_000
MANY = 150
"""Times LARGE this is twice what nats-server lets wait for a connection unless told otherwise."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def factory(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Factory]:
    async with Factory(tmp_path_factory.mktemp("andon")) as started:
        await started.apply_plant(PLANT)
        yield started


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def hostile(factory: Factory) -> Credential:
    return await factory.add_device("hostile", PRESS, quota=1_000_000)  # or it would be kept out before it could harm


async def letters(factory: Factory) -> int:
    """How many messages became dead letters, and none of them twice."""
    instances = (await factory.call("GET", "/api/ingest/v1/ledger"))["instances"]
    assert len(instances) == 1, "it is heard again once the flood is through"
    [account] = instances
    assert account["unexplained"] == 0
    return int(account["intake"]["dead_lettered"])


def intake_was_cut_off(factory: Factory) -> bool:
    """Whether nats-server ended intake's connection for being slow."""
    return "Slow Consumer" in (factory.folder / "logs" / "nats-server.log").read_text()


async def test_large_messages_of_an_unknown_sensor_do_not_cut_intake_off(
    factory: Factory, device: Credential, hostile: Credential
) -> None:

    async def counting() -> bool:
        return await letters(factory) >= 0

    await eventually(counting, what="ingest tells what it counts")
    before = await letters(factory)

    async def flood() -> None:
        async with factory.device(hostile) as gateway:
            for _ in range(MANY):
                await gateway.publish(f"factory/{PRESS}/nobody_knows", LARGE, qos=1)

    async def all_told() -> bool:
        return await letters(factory) == before + 2 * MANY

    async with neighbour_unharmed(factory, device):
        await asyncio.gather(flood(), flood())
        await eventually(all_told, timeout=60, what="each of them is a dead letter")
    assert not intake_was_cut_off(factory)


async def test_retained_messages_without_end_do_not_keep_intake_from_coming_back(
    factory: Factory, device: Credential, hostile: Credential
) -> None:
    async with neighbour_unharmed(factory, device):
        async with factory.device(hostile) as gateway:
            for number in range(MANY):
                await gateway.publish(f"factory/{PRESS}/{number}", LARGE, retain=True)
        factory.kill("ingest")
        await factory.is_ready()
    assert not intake_was_cut_off(factory)
