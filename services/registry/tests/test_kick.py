"""Revoked and rotated devices are disconnected at once."""

import asyncio

import aiomqtt
import pytest
from pydantic import SecretStr

from andon.common import jobs
from andon.common.testing.waiting import eventually
from andon.registry import kick as module
from andon.registry.connections import Connections
from andon.registry.kick import Kicker


async def until_disconnected(mqtt: aiomqtt.Client) -> None:
    with pytest.raises(aiomqtt.MqttError):
        async for _ in mqtt.messages:
            pass


@pytest.mark.parametrize("how", ["revoke", "rotate"])
async def test_a_connected_device_is_disconnected(registry, open_door, how: str) -> None:
    device, other = await registry.device("gateway", "berlin"), await registry.device("other", "berlin")
    async with registry.mqtt(other) as bystander:
        async with registry.mqtt(device) as mqtt:
            if how == "revoke":
                await registry.http.delete(f"/devices/{device['id']}")
            else:
                await registry.http.post(f"/devices/{device['id']}/rotate")
            await asyncio.wait_for(until_disconnected(mqtt), 10)
        await bystander.publish("factory/berlin/a/b/c", b"still here", qos=1)
    with pytest.raises(aiomqtt.MqttError):
        async with registry.mqtt(device):
            pass


async def test_the_rotated_secret_is_good(registry, open_door) -> None:
    device = await registry.device("gateway", "berlin")
    rotated = (await registry.http.post(f"/devices/{device['id']}/rotate")).json()
    assert rotated["username"] == device["username"]
    assert rotated["password"] != device["password"]

    async def is_heard() -> bool:
        try:
            async with registry.mqtt(rotated) as mqtt:
                await mqtt.publish("factory/berlin/a/b/c", b"1", qos=1)
                return True
        except aiomqtt.MqttError:  # the kick that ends the old connection may find the new one already
            return False

    await eventually(is_heard, what="it comes in with the new secret")


async def test_a_device_revoked_while_nats_was_away_stays_out(registry, open_door, nats) -> None:
    device, other = await registry.device("gateway", "berlin"), await registry.device("other", "berlin")
    nats.process.stop()
    assert (await registry.http.delete(f"/devices/{device['id']}")).status_code == 204
    nats.process.start()

    async def comes_in() -> bool:
        try:
            async with registry.mqtt(other):
                return True
        except aiomqtt.MqttError:
            return False

    await eventually(comes_in, what="devices come in again")
    with pytest.raises(aiomqtt.MqttError):
        async with registry.mqtt(device):
            pass


async def test_a_short_kick_does_not_end_a_thorough_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RETRY_SECONDS", 0.01)
    monkeypatch.setattr(module, "THOROUGH_SECONDS", 0.5)
    asked, clock = dict[str, float](), asyncio.get_running_loop().time

    class Nobody(Connections):
        """Nothing is open; when it was last asked for is noted."""

        async def end(self, username: str) -> int:
            asked[username] = clock()
            return 0

    kicker = Kicker(Nobody("nats://127.0.0.1:1", SecretStr("")))
    keeping, begun = asyncio.create_task(kicker.keep()), clock()
    kicker.kick("gateway")
    kicker.kick("gateway", thorough=False)
    await eventually(lambda: asked.get("gateway", begun) - begun >= 0.5, what="it is asked until the thorough end")
    await jobs.end(keeping)
