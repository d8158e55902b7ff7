"""Killed at any point, alerting tells each transition once, by mail and by webhook, and its timers go on."""

import asyncio
import json
from random import Random
from typing import Any

import msgspec
import pytest

from andon.common.testing.sinks import Mailbox, Sink
from andon.common.testing.waiting import eventually

LINE = "berlin/painting/line-1"
ROBOTS = [f"robot-{number}" for number in range(4, 8)]
"""Two transitions each: no more than a channel may send one by one."""


@pytest.fixture
async def sinks(stopped: Any, mailbox: Mailbox, sink: Sink, loopback: list[Any]) -> Any:
    """A rule for four robots that calls by mail and by webhook."""
    stopped.settings.webhook_allow = loopback
    mailbox.start()
    robots = [
        msgspec.structs.replace(stopped.robot, id=name, path=f"{LINE}/{name}", slug=name, name=name) for name in ROBOTS
    ]
    await stopped.know(*robots)
    await stopped.start_process()
    await stopped.add_channel("team", "email", "team@example.com")
    await stopped.add_channel("hook", "webhook", sink.url)
    scope = {"type": "robot", "sensor": "temperature"}
    await stopped.add_rule(name="Hot", scope=scope, channels=["team", "hook"])
    return stopped


def told(sink: Sink) -> list[str]:
    return [json.loads(body)["key"] for body in sink.accepted]


def mailed(mailbox: Mailbox) -> list[str]:
    return [str(message["Message-ID"]) for message in mailbox.messages]


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_each_transition_is_told_once_however_often_it_is_killed(
    sinks: Any, mailbox: Mailbox, sink: Sink, seed: int
) -> None:
    """What was killed between an answer and the note of it may be sent again, as a copy that has the same key."""
    moments = Random(seed)  # noqa: S311 - when it is killed
    for value in (70.0, 85.0, 70.0):
        for robot in ROBOTS:
            second = sinks.sent + 1
            await sinks.publish((second, value), asset=robot)
        await asyncio.sleep(moments.uniform(0, 0.3))  # not to wait for a state: to be killed at any
        sinks.kill()
        await sinks.start_process()
    await sinks.evaluated()
    alarms = await sinks.alarms()
    journals = [(await sinks.call("GET", f"/alarms/{alarm['id']}"))["transitions"] for alarm in alarms]
    assert [[line["event"] for line in journal] for journal in journals] == [["raised", "cleared"]] * len(ROBOTS)
    rows = await eventually(lambda: all_told(sinks), timeout=60)
    ends = {f"{alarm['id']}/2" for alarm in alarms}
    for channel, arrived in (("hook", told(sink)), ("team", mailed(mailbox))):
        sent = {row["key"] for row in rows if row["channel"] == channel and row["state"] == "sent"}
        assert ends <= sent  # a raise that is over before it could be told is told with its end
        assert len(set(arrived)) == len(sent)
        assert len(arrived) - len(sent) <= 3  # copies: one for each time it was killed
    assert set(told(sink)) == {row["key"] for row in rows if row["channel"] == "hook" and _is_sent(row)}


async def all_told(story: Any) -> Any:
    """What became of all messages, once none waits any more."""
    rows = (await story.call("GET", "/notifications", params={"limit": 500}))["items"]
    waiting = {"pending", "sending"} & {row["state"] for row in rows}
    return rows if len(rows) >= 4 * len(ROBOTS) and not waiting else None


def _is_sent(row: dict[str, Any]) -> bool:
    return bool(row["state"] == "sent")


async def test_a_delay_goes_on_where_it_was(stopped: Any) -> None:
    """Three seconds of a delay of six are over when it is killed; nothing is heard any more, and the rest is waited."""
    await stopped.start_process()
    await stopped.add_rule(on_delay="6s")
    await stopped.publish((0, 85.0))
    await stopped.evaluated()
    stopped.kill()
    await stopped.start_process()
    [alarm] = await eventually(stopped.alarms, timeout=30)
    assert alarm["since"] == stopped.at(6)
