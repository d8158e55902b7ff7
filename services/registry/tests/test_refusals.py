"""Messages outside a device's part of the plant become dead letters."""

from contextlib import suppress
from pathlib import Path

import aiomqtt
from hypothesis import given
from hypothesis import strategies as st

from andon.common import subjects
from andon.common.errors import Reason
from andon.common.testing.waiting import eventually
from andon.common.wire import DeadLetter, decode_deadletter
from andon.registry.logfile import follow
from andon.registry.refusals import Violation, read_line

LINE = '[10941] 2026/11/24 13:03:05.967461 [ERR] 127.0.0.1:49435 - mid:11 - "gw\\"1" - Publish Violation - Subject "%s"'


def test_a_line_of_the_log_tells_connection_and_topic() -> None:
    assert read_line(LINE % "factory.paris.x") == Violation(
        11, "127.0.0.1:49435", Reason.FORBIDDEN, topic="factory/paris/x"
    )
    assert read_line(LINE % "factory.par//is.x") == Violation(
        11, "127.0.0.1:49435", Reason.FORBIDDEN, topic="factory/par.is/x"
    )
    assert read_line(LINE.replace("Publish", "Subscription") % "factory.>") is None


def test_a_line_of_the_log_tells_connection_and_size() -> None:
    line = (
        '[7] 2026/11/25 08:50:56 [ERR] 127.0.0.1:35511 - mid:5 - "gw" - maximum payload exceeded: 10485780 vs 1048576'
    )
    assert read_line(line) == Violation(5, "127.0.0.1:35511", Reason.TOO_LARGE, size=10485780)


def test_a_line_of_the_log_tells_of_a_topic_or_a_client_id_that_cannot_be_read() -> None:
    start = "[13559] 2026/11/25 20:55:52.897523 [ERR] 127.0.0.1:43093 - mid:49 - "
    line = start + '"C54Fp0" - character not supported for MQTT topics\n'
    assert read_line(line) == Violation(49, "127.0.0.1:43093", Reason.BAD_TOPIC)
    line = start + r'"a\nb" - invalid character in client ID "a\nb"'
    assert read_line(line) == Violation(49, "127.0.0.1:43093", Reason.FORBIDDEN, client_id=r'"a\nb"')
    claims = "x - maximum payload exceeded: 1 vs 1"
    line = f'{start}"{claims}" - invalid character in client ID "{claims}"'
    assert read_line(line) == Violation(49, "127.0.0.1:43093", Reason.FORBIDDEN, client_id=f'"{claims}"')


@given(st.text())
def test_no_line_breaks_the_reader(line: str) -> None:
    read_line(line)


async def test_what_is_published_elsewhere_becomes_one_dead_letter_per_device(registry, open_door, bus) -> None:
    device = await registry.device("gateway 1", "berlin/painting")
    letters: list[DeadLetter] = []

    async def on_letter(message) -> None:
        letters.append(decode_deadletter(message.data))

    await bus.nc.subscribe(subjects.deadletter(Reason.FORBIDDEN), cb=on_letter)
    await bus.nc.flush()
    async with registry.mqtt(device) as mqtt:
        for _ in range(50):
            await mqtt.publish("factory/paris/x/y/z", b"no", qos=1)
        await eventually(lambda: letters)
    letter = letters[0]
    assert (letter.reason, letter.device, letter.source) == (
        Reason.FORBIDDEN,
        device["username"],
        "factory/paris/x/y/z",
    )
    assert "'gateway 1', which may publish for 'berlin/painting' alone" in letter.detail
    assert len(letters) <= 2


async def test_a_topic_and_a_client_id_that_the_broker_cannot_read_become_dead_letters(
    registry, open_door, bus
) -> None:
    device = await registry.device("gateway 2", "berlin/painting")
    letters: dict[Reason, DeadLetter] = {}

    async def on_letter(message) -> None:
        letter = decode_deadletter(message.data)
        letters[letter.reason] = letter

    await bus.nc.subscribe(subjects.DEADLETTER_ALL, cb=on_letter)
    await bus.nc.flush()
    with suppress(aiomqtt.MqttError):
        async with registry.mqtt(device) as mqtt:
            await mqtt.publish("factory/berlin/painting/line 1/robot-3", b"1", qos=1, timeout=1)
    with suppress(aiomqtt.MqttError):
        async with registry.mqtt(device, client_id="plc.1"):
            pass
    await eventually(lambda: {Reason.BAD_TOPIC, Reason.FORBIDDEN} <= set(letters))
    topic, client_id = letters[Reason.BAD_TOPIC], letters[Reason.FORBIDDEN]
    assert topic.device == device["username"]
    assert "of 'gateway 2' had a topic with a space" in topic.detail
    assert client_id.device == ""
    assert 'with the client id "plc.1". Give the device one of letters' in client_id.detail


async def test_a_rotated_log_is_read_on(tmp_path: Path) -> None:
    path = tmp_path / "server.log"
    path.write_text("old\n")
    lines = follow(path)
    assert await anext(lines) == []
    with path.open("a") as file:
        file.write("one\ntw")
    assert await anext(lines) == ["one"]
    with path.open("a") as file:
        file.write("o\n")
    assert await anext(lines) == ["two"]
    path.rename(tmp_path / "server.log.1")
    assert await anext(lines) == []
    path.write_text("new\n")
    assert await anext(lines) == ["new"]
    path.write_text("")
    assert await anext(lines) == []
    await lines.aclose()
