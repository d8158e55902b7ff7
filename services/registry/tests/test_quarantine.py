"""Quarantine with a real broker: who sends too much stays out for a while, whatever way it sends; nobody else does."""

import asyncio
from contextlib import AsyncExitStack, suppress

import aiomqtt
import msgspec
import pytest

from andon.common import subjects
from andon.common.bus import Bus
from andon.common.errors import Reason
from andon.common.testing.fixtures import NatsForTest
from andon.common.testing.waiting import eventually
from andon.common.wire import DeadLetter, encode_deadletter
from andon.registry import quarantine, quota, traffic

TOPIC = "factory/berlin/painting/line-1/robot-3"
ROBOT = TOPIC.removeprefix("factory/")
PATIENCE = 30.0
CUT_OFF = (aiomqtt.MqttError, OSError)
"""What a client raises that is cut off in the midst of a message: paho may have closed the socket it waits for."""


@pytest.fixture(autouse=True)
def small_quotas(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fifty messages a second for a machine, and two hundred for a line; and stays that a busy machine sees too."""
    monkeypatch.setattr(quota, "SHORTEST", 5.0)
    monkeypatch.setenv("ANDON_REGISTRY_DEVICE_MESSAGES", "50")
    monkeypatch.setenv("ANDON_REGISTRY_LINE_MESSAGES", "200")


async def flood(registry, device, qos: int = 1, messages: int = 400) -> None:
    """Send until it is cut off, or had its say."""
    with suppress(*CUT_OFF):
        async with registry.mqtt(device) as mqtt:
            for _ in range(messages):
                await mqtt.publish(TOPIC, b"1", qos=qos, timeout=1)  # who is cut off hears nothing more


async def look(registry, device):
    answer = await registry.http.get(f"/devices/{device['id']}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def kept_out(registry, device, timeout: float = PATIENCE):
    async def is_out():
        return (await look(registry, device))["quarantine"]

    return await eventually(is_out, timeout=timeout, what="it is in quarantine")


async def comes_in(registry, device) -> bool:
    try:
        async with registry.mqtt(device) as mqtt:
            await mqtt.publish(TOPIC, b"1", qos=1)
            return True
    except CUT_OFF:
        return False


async def test_who_floods_is_kept_out_and_comes_in_again_by_itself(
    registry, open_door, bus: Bus, nats: NatsForTest
) -> None:
    device, other = await registry.device("gateway", ROBOT), await registry.device("other", "berlin")
    heard: list[tuple[str, dict[str, object]]] = []

    async def on_event(message) -> None:
        heard.append((message.subject, msgspec.json.decode(message.data)))

    await bus.nc.subscribe("events.device.*", cb=on_event)
    await bus.nc.flush()
    async with registry.mqtt(other) as bystander:
        await flood(registry, device)
        stay = await kept_out(registry, device)
        assert "its quota is 50 a second" in stay["reason"]
        assert stay["times"] == 1
        assert stay["since"] < stay["until"]
        assert not await comes_in(registry, device)
        said = nats.process.log
        await eventually(lambda: "is in quarantine for" in said.read_text(), what="nats-server's log says why")
        await registry.ready()
        metrics = (await registry.http.get("http://registry/metrics")).text
        assert "andon_quarantine_devices 1.0" in metrics
        await bystander.publish(TOPIC, b"1", qos=1)
        assert (await look(registry, other))["quarantine"] is None
    await eventually(lambda: comes_in(registry, device), timeout=60, what="it comes in again")
    assert (await look(registry, device))["quarantine"] is None
    told = [(subject, event["id"]) for subject, event in heard if subject != subjects.event("device", "created")]
    assert told == [
        (subjects.event("device", "quarantined"), device["id"]),
        (subjects.event("device", "released"), device["id"]),
    ]


async def test_somebody_lets_it_in_at_once_and_gives_it_a_quota_of_its_own(registry, open_door) -> None:
    device = await registry.device("gateway", ROBOT)
    assert device["quota"] == 50
    await flood(registry, device)
    await kept_out(registry, device)
    berta = await registry.person("berta", "admin", "paris")
    assert (await berta.delete(f"/devices/{device['id']}/quarantine")).status_code == 404
    for _ in range(2):
        assert (await registry.http.delete(f"/devices/{device['id']}/quarantine")).status_code == 204
    assert (await look(registry, device))["quarantine"] is None
    assert await comes_in(registry, device)
    changed = await registry.http.patch(f"/devices/{device['id']}", json={"quota": 100_000})
    assert changed.json()["quota"] == 100_000
    await flood(registry, device, qos=0)

    async def counted() -> bool:
        assert (await look(registry, device))["rate"] > 50
        return True

    await eventually(counted)
    assert (await look(registry, device))["quarantine"] is None
    for wrong in ({}, {"quota": 0}, {"quota": "9"}, {"quota": 5, "name": "x"}):
        assert (await registry.http.patch(f"/devices/{device['id']}", json=wrong)).status_code == 422
    again = await registry.http.patch(f"/devices/{device['id']}", json={"quota": None})
    assert again.json()["quota"] == 50


async def test_who_has_a_part_of_the_plant_gives_no_more_than_the_common_quota(registry, open_door) -> None:
    device, berta = await registry.device("gateway", ROBOT), await registry.person("berta", "admin", "berlin")
    for messages, expected in ((51, 403), (50, 200), (5, 200), (None, 200)):
        answer = await berta.patch(f"/devices/{device['id']}", json={"quota": messages})
        assert answer.status_code == expected, answer.text
    for messages, expected in ((51, 403), (50, 201)):
        made = {"name": f"of {messages}", "scope": ROBOT, "quota": messages}
        assert (await berta.post("/devices", json=made)).status_code == expected
    assert (await registry.http.patch(f"/devices/{device['id']}", json={"quota": 51})).json()["quota"] == 51


@pytest.mark.parametrize("how", ["qos 0", "qos 2", "out of its scope", "many connections", "short connections"])
async def test_whatever_way_it_sends_it_counts(registry, open_door, monkeypatch, how: str) -> None:
    monkeypatch.setattr(traffic, "PAGE", 2)
    scope = "paris/painting/line-1/robot-3" if how == "out of its scope" else ROBOT
    device = await registry.device("gateway", scope)
    async with AsyncExitStack() as idle:
        for number in range(4):  # so that the flood is on one of several pages
            await idle.enter_async_context(registry.mqtt(await registry.device(f"idle {number}", "berlin")))
        if how == "many connections":
            await asyncio.gather(*(flood(registry, device, messages=60) for _ in range(6)))
        elif how == "short connections":
            for _ in range(12):
                await flood(registry, device, messages=30)
        else:
            await flood(registry, device, qos=2 if how == "qos 2" else 0)

        async def was_kept_out() -> bool:
            return (await look(registry, device))["quarantines"] > 0

        await eventually(was_kept_out)


async def test_a_server_that_tells_of_no_connections_is_named(start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quarantine, "SILENT_SECONDS", 1.0)
    registry = await start()
    await registry.ready()
    monkeypatch.setattr(subjects, "CONNECTIONS", "$SYS.REQ.SERVER.PING.NOBODY")

    async def named() -> bool:
        sick = (await registry.http.get("http://registry/readyz")).json()["sick"]
        return "devices may send what they like" in str(sick)

    await eventually(named, what="it is told that quotas are not kept")
    monkeypatch.undo()
    await registry.ready()


@pytest.fixture
def narrow_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty messages a second for a line: few enough that a busy machine sends too many, however long it takes."""
    monkeypatch.setenv("ANDON_REGISTRY_LINE_MESSAGES", "20")


async def test_of_a_line_that_sends_too_much_the_fastest_is_kept_out(narrow_line, registry, open_door) -> None:
    fast = await registry.device("fast", "berlin/painting/line-1")
    slow = [await registry.device(f"slow {number}", "berlin/painting/line-1") for number in range(10)]

    async def stay():
        """None sends more than its own quota; together they send what the line may in five seconds."""
        with suppress(*CUT_OFF):
            async with AsyncExitStack() as connections:
                first, *others = [await connections.enter_async_context(registry.mqtt(d)) for d in (fast, *slow)]
                for _ in range(18):
                    await first.publish(TOPIC, b"1", qos=1, timeout=1)
                for mqtt in others:
                    for _ in range(8):
                        await mqtt.publish(TOPIC, b"1", qos=0)
        with suppress(AssertionError):
            return await kept_out(registry, fast, timeout=2)

    assert "its line berlin/painting/line-1" in (await eventually(stay, timeout=PATIENCE))["reason"]
    for device in slow:
        assert (await look(registry, device))["quarantine"] is None


async def test_who_sends_what_cannot_be_used_is_kept_out(registry, open_door, bus: Bus, monkeypatch) -> None:
    monkeypatch.setattr(quota, "SHORTEST_IF_USELESS", 20.0)
    device, bystander = await registry.device("broken", "berlin"), await registry.device("good", ROBOT)
    await registry.http.patch(f"/devices/{device['id']}", json={"quota": 4000})
    letter = encode_deadletter(DeadLetter(Reason.MALFORMED, "no JSON", TOPIC, b"x", 1, 0))

    async def send(mqtt: aiomqtt.Client) -> None:
        """What intake would make of it comes with it."""
        await asyncio.gather(*(bus.js.publish(subjects.deadletter(Reason.MALFORMED), letter) for _ in range(50)))
        for _ in range(50):
            await mqtt.publish(TOPIC, b"x", qos=0)
        await asyncio.sleep(0.05)  # below its quota

    async def is_out():
        return (await look(registry, device))["quarantine"]

    async with registry.mqtt(bystander) as good:
        await good.publish(TOPIC, b"1", qos=1)
        with suppress(*CUT_OFF):
            async with registry.mqtt(device) as mqtt:
                while not (found := await is_out()):
                    await send(mqtt)
        found = found or await kept_out(registry, device)
    assert found["reason"] == "sends what cannot be used; see its dead letters"
    assert (await look(registry, bystander))["quarantine"] is None


async def test_who_was_kept_out_for_what_another_sent_in_its_name_is_not_blamed_again(
    registry, open_door, bus: Bus
) -> None:
    robot, liar = await registry.device("robot", ROBOT), await registry.device("liar", "berlin/painting/line-1")
    for device in (robot, liar):
        await registry.http.patch(f"/devices/{device['id']}", json={"quota": 4000})
    letter = encode_deadletter(DeadLetter(Reason.MALFORMED, "no JSON", TOPIC, b"x", 1, 0))

    async def speak(device, *, useless: bool) -> None:
        """Until it is kept out."""
        with suppress(*CUT_OFF):
            async with registry.mqtt(device) as mqtt:
                while not (await look(registry, device))["quarantine"]:
                    for _ in range(50):
                        await mqtt.publish(TOPIC, b"x", qos=0)
                        if useless:
                            await bus.js.publish(subjects.deadletter(Reason.MALFORMED), letter)
                    await asyncio.sleep(0.05)

    async with asyncio.TaskGroup() as group:
        # looked at meanwhile: a client may notice that it is cut off only when the stay is over
        group.create_task(speak(liar, useless=True))
        group.create_task(speak(robot, useless=False))
        stays = [group.create_task(kept_out(registry, device, 2 * PATIENCE)) for device in (robot, liar)]
    assert all("cannot be used" in stay.result()["reason"] for stay in stays)
    await eventually(lambda: comes_in(registry, robot), timeout=PATIENCE)
    assert (await look(registry, robot))["quarantines"] == 1
