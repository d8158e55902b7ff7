"""The main job: from a device's message to history, the live feed, an alarm and its notifications; over a restart."""

import asyncio
import json
import os
from pathlib import Path
from time import time_ns
from typing import Any

import pytest
import websockets

from andon.common.testing.factory import Credential, Factory
from andon.common.testing.sinks import Mailbox, Sink
from andon.common.testing.waiting import STATE_SECONDS, eventually

from .conftest import PLANT, PRESS

SENSOR = f"{PRESS}/oil_temperature"
QUERY, ALERTING = "/api/query/v1", "/api/alerting/v1"


async def history(factory: Factory) -> list[list[Any]]:
    return (await factory.call("GET", f"{QUERY}/series", params={"sensor": SENSOR, "from": "-10m"}))["points"]


async def alarms(factory: Factory) -> list[dict[str, Any]]:
    return (await factory.call("GET", f"{ALERTING}/alarms"))["items"]


async def samples(socket: websockets.ClientConnection) -> list[list[Any]]:
    while "samples" not in (frame := json.loads(await asyncio.wait_for(socket.recv(), STATE_SECONDS))):
        pass
    return frame["samples"]


async def set_up_alarm(factory: Factory, hook: Sink) -> None:
    for channel in (
        {"name": "maintenance", "kind": "email", "target": "team@example.com"},
        {"name": "andon-board", "kind": "webhook", "target": hook.url},
    ):
        await factory.call("POST", f"{ALERTING}/channels", json=channel)
    rule = {
        "name": "Oil hot",
        "scope": {"sensor": SENSOR},
        "condition": {"above": 65},
        "deadband": 2,
        "severity": "high",
        "channels": ["maintenance", "andon-board"],
    }
    await factory.call("POST", f"{ALERTING}/rules", json=rule)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def factory(tmp_path: Path, mailbox: Mailbox) -> Factory:
    settings = {
        "ANDON_ALERTING_SMTP_URL": f"smtp://127.0.0.1:{mailbox.port}",
        "ANDON_ALERTING_WEBHOOK_ALLOW": "127.0.0.0/8",
    }
    return Factory(tmp_path / "andon", environment=settings)


async def send_and_see_live(factory: Factory, device: Credential, now: int) -> None:
    """A value within and one beyond the limit, from the device to the live feed."""
    async with (
        websockets.connect(f"ws://127.0.0.1:{factory.port}{QUERY}/live") as socket,
        factory.device(device) as gateway,
    ):
        await socket.send(json.dumps({"op": "auth", "token": factory.token}))
        await socket.send(json.dumps({"op": "subscribe", "under": ["berlin/pressing"], "max_hz": 10}))
        for at, value in ((now - 1000, 41.5), (now, 81.2)):
            message = {"ts": at, "values": {"oil_temperature": value, "state": "RUN"}}
            await gateway.publish(f"factory/{PRESS}", json.dumps(message), qos=1)

        seen: list[list[Any]] = []
        while [SENSOR, now, 81.2, "good"] not in seen:
            seen += await samples(socket)


def assert_told(hook: Sink, alarm: dict[str, Any]) -> None:
    """The webhook was told of the alarm, under a key of its own."""
    told = json.loads(hook.requests[0][1])
    assert told["alarm"]["id"] == alarm["id"]
    assert told["transition"]["to"] == "unacknowledged"
    assert told["key"] == f"{alarm['id']}/{told['transition']['number']}"


async def test_a_value_becomes_history_a_live_sample_and_an_alarm(
    factory: Factory, mailbox: Mailbox, hook: Sink
) -> None:
    now = time_ns() // 10**6
    async with factory:
        await factory.apply_plant(PLANT)
        await set_up_alarm(factory, hook)
        device = await factory.add_device("press-shop", "berlin/pressing")
        await send_and_see_live(factory, device, now)
        await eventually(lambda: _has(factory, [now, 81.2]), what="the value is history")
        alarm = (await eventually(lambda: alarms(factory), what="an alarm"))[0]
        assert (alarm["state"], alarm["active"], alarm["value"], alarm["sensor"]) == (
            "unacknowledged",
            True,
            81.2,
            SENSOR,
        )
        await eventually(lambda: mailbox.messages and hook.requests, what="both notifications")
        assert "Oil hot" in mailbox.subjects[0]
        assert_told(hook, alarm)
        await factory.call("POST", f"{ALERTING}/alarms/{alarm['id']}/ack", json={"comment": "Cooler cleaned"})
        running = factory.children()

    assert not [pid for pid in running if alive(pid)], "Ctrl-C left processes behind"

    factory = again(factory)
    async with factory:
        assert [now - 1000, 41.5] in await history(factory)
        assert [now, 81.2] in await history(factory)
        [kept] = await alarms(factory)
        assert (kept["id"], kept["state"], kept["comment"]) == (alarm["id"], "acknowledged", "Cooler cleaned")
        async with factory.device(device) as gateway:
            await gateway.publish(f"factory/{PRESS}/oil_temperature", "40.5", qos=1)
        await eventually(lambda: _over(factory), what="the alarm is over, by a value of the same device")
    told = [json.loads(body) for _, body in hook.requests]
    assert len(told) == len({message["key"] for message in told}), "a notification came twice"
    assert [message["transition"]["from"] for message in told].count("normal") == 1


def again(factory: Factory) -> Factory:
    """The same folder, for a second start."""
    settings = {name: value for name, value in factory.environment.items() if name.startswith("ANDON_ALERTING")}
    return Factory(factory.folder, environment=settings)


async def _has(factory: Factory, point: list[Any]) -> bool:
    return point in await history(factory)


async def _over(factory: Factory) -> bool:
    return not await alarms(factory)
