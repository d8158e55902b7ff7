"""The door of the MQTT broker: who comes in, and what they may do there."""

import asyncio

import aiomqtt
import nats as nats_client
import pytest
from nats.errors import Error as NatsError

from andon.common import subjects
from andon.common.bus import Bus
from andon.common.testing.fixtures import NatsForTest
from andon.common.testing.waiting import eventually
from andon.registry.clientids import ClientIds


async def refused(client: aiomqtt.Client) -> str:
    with pytest.raises(aiomqtt.MqttError) as error:
        async with client:
            pass
    return str(error.value)


async def intake_hears(nats: NatsForTest) -> tuple[nats_client.NATS, list[tuple[str, bytes]]]:
    """What intake's account user receives."""
    heard: list[tuple[str, bytes]] = []

    async def on_message(message: nats_client.aio.msg.Msg) -> None:
        heard.append((message.subject, message.data))

    nc = await nats_client.connect(
        f"nats://127.0.0.1:{nats.port}", user="intake", password=nats.secrets["ANDON_INTAKE_PASSWORD"]
    )
    await nc.subscribe("factory.>", cb=on_message)
    await nc.flush()
    return nc, heard


async def test_a_device_publishes_below_its_scope_and_nowhere_else(registry, open_door, nats) -> None:
    device = await registry.device("gateway 1", "berlin/painting")
    nc, heard = await intake_hears(nats)
    async with registry.mqtt(device) as mqtt:
        for topic in ("factory/paris/x/y/z", "factory/berlin", "factory/berlin/painting2/x/y", "other"):
            await mqtt.publish(topic, b"no", qos=1)
        for qos in (0, 1, 2):
            await mqtt.publish("factory/berlin/painting/line-1/robot-3", f"yes {qos}".encode(), qos=qos)
        await eventually(lambda: len(heard) >= 3)
    await nc.close()
    assert heard == [("factory.berlin.painting.line-1.robot-3", f"yes {qos}".encode()) for qos in (0, 1, 2)]


async def test_a_device_reads_nothing_of_others(registry, open_door) -> None:
    device = await registry.device("curious", "berlin")
    async with registry.mqtt(device) as mqtt:
        for topic in ("factory/#", "factory/berlin/#", "#", "$SYS/#", "$MQTT/#", "telemetry/#"):
            codes = await mqtt.subscribe(topic, qos=1)
            assert all(code.is_failure for code in codes), topic


async def test_a_device_reaches_no_internal_subject(registry, open_door, bus: Bus) -> None:
    device = await registry.device("intruder", "")
    heard: list[str] = []

    async def on_message(message: nats_client.aio.msg.Msg) -> None:
        if message.data == b"no":  # the registry's own events may still be on their way
            heard.append(message.subject)

    for subject in ("telemetry.>", "events.>", "deadletter.>", "factory.>"):
        await bus.nc.subscribe(subject, cb=on_message)
    await bus.nc.flush()
    async with registry.mqtt(device) as mqtt:
        for topic in ("telemetry/0", "events/alarm/raised", "deadletter/forbidden", "factory/a/b/c/d"):
            await mqtt.publish(topic, b"no", qos=1)
    await bus.nc.flush()
    assert heard == []


async def test_a_wrong_password_an_unknown_name_and_a_revoked_device_stay_out(registry, open_door) -> None:
    device = await registry.device("gateway", "berlin")
    assert "Not authorized" in await refused(registry.mqtt(device, password="wrong"))
    assert "Not authorized" in await refused(registry.mqtt({"username": "nobody", "password": "x"}))
    await registry.http.delete(f"/devices/{device['id']}")
    assert "Not authorized" in await refused(registry.mqtt(device))
    counted = (await registry.http.get("http://registry/metrics")).text
    assert 'andon_callout_devices_total{outcome="refused"}' in counted


async def test_nobody_comes_in_before_intakes_session_exists(start, bus: Bus, nats: NatsForTest) -> None:
    intake = await bus.bucket(subjects.INTAKE_BUCKET)
    await intake.purge(subjects.INTAKE_SESSION_KEY)
    registry = await start()
    await registry.ready()
    device = await registry.device("early", "berlin")
    assert "Not authorized" in await refused(registry.mqtt(device))
    assert "intake's session does not exist yet; is ingest running?" in nats.process.log.read_text()
    await intake.put(subjects.INTAKE_SESSION_KEY, b"there")

    async def admitted() -> bool:
        try:
            async with registry.mqtt(device):
                return True
        except aiomqtt.MqttError as error:
            raise AssertionError(str(error)) from None

    await eventually(admitted)


async def test_a_device_may_not_take_intakes_session(registry, open_door) -> None:
    device = await registry.device("thief", "berlin")
    assert "Not authorized" in await refused(registry.mqtt(device, client_id="andon-intake-0"))
    assert "Not authorized" in await refused(registry.mqtt(device, client_id="x" * 129))


async def test_a_device_may_not_speak_nats(registry, open_door, nats: NatsForTest) -> None:
    device = await registry.device("hacker", "berlin")
    nc = nats_client.NATS()
    with pytest.raises(NatsError):
        await nc.connect(
            f"nats://127.0.0.1:{nats.port}",
            user=device["username"],
            password=device["password"],
            allow_reconnect=False,
        )
    await nc.close()


async def test_a_fleet_comes_back_after_the_broker_was_killed(registry, open_door, nats: NatsForTest) -> None:
    fleet = [await registry.device(f"gateway {n}", "berlin") for n in range(20)]
    nats.process.kill()
    nats.process.start()

    async def comes_back(device: dict[str, str]) -> bool:
        try:
            async with registry.mqtt(device) as mqtt:
                await mqtt.publish("factory/berlin/a/b/c", b"1", qos=1)
                return True
        except aiomqtt.MqttError as error:
            raise AssertionError(str(error)) from None

    await asyncio.gather(*(eventually(lambda device=device: comes_back(device)) for device in fleet))


async def test_one_that_takes_long_to_be_judged_holds_up_nobody(registry, open_door, monkeypatch) -> None:
    """nats-server refuses who is not answered within five seconds."""
    slow, quick = await registry.device("slow", "berlin"), await registry.device("quick", "berlin")
    asked, judged, bind = asyncio.Event(), asyncio.Event(), ClientIds.bind

    async def bind_slowly(ids: ClientIds, client_id: str, device: str) -> None:
        if device == slow["username"]:
            asked.set()
            await judged.wait()
        await bind(ids, client_id, device)

    monkeypatch.setattr(ClientIds, "bind", bind_slowly)

    async def comes_in(device: dict[str, str]) -> bool:
        async with registry.mqtt(device):
            return True

    waiting = asyncio.create_task(comes_in(slow))
    await asked.wait()
    assert await comes_in(quick)
    judged.set()
    assert await waiting


async def test_a_client_id_stays_with_its_device_until_that_is_revoked(registry, open_door) -> None:
    first, second = await registry.device("first", "berlin"), await registry.device("second", "munich")
    async with registry.mqtt(first, client_id="plc-1") as mqtt:
        with pytest.raises(aiomqtt.MqttError):
            async with registry.mqtt(second, client_id="plc-1"):
                pass
        await mqtt.publish("factory/berlin/a/b/c", b"still here", qos=1)
    await registry.http.delete(f"/devices/{first['id']}")
    async with registry.mqtt(second, client_id="plc-1") as mqtt:
        await mqtt.publish("factory/munich/a/b/c", b"1", qos=1)
