"""Apprise: a hundred services, none of which reaches this machine, its networks or its files, and no secret is told."""

import ast
import asyncio
import json
import logging
from collections.abc import Iterator
from importlib.util import find_spec
from io import StringIO
from ipaddress import ip_network
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import requests
from apprise.manager_plugins import NotificationManager

from andon.alerting.channel import Channel
from andon.alerting.couriers import apprise
from andon.alerting.couriers.apprise import Apprise, hide
from andon.alerting.couriers.guard import Guard, RefusedAddressError
from andon.alerting.couriers.services import REFUSED, load, open_service, plugin_of
from andon.common.errors import InvalidError, UnavailableError

from .courier_words import digest, single

SAFE = {
    "__future__", "base64", "binascii", "calendar", "collections", "collections.abc", "contextlib", "contextvars",
    "copy", "dataclasses", "datetime", "email.header", "email.mime.application", "email.mime.multipart",
    "email.mime.text", "email.utils", "enum", "functools", "gzip", "hashlib", "hmac", "html", "io", "itertools",
    "json", "json.decoder", "logging", "math", "os", "os.path", "random", "re", "requests", "requests.auth",
    "requests_oauthlib", "secrets", "string", "struct", "threading", "time", "typing", "urllib.parse", "uuid",
    "xml.sax.saxutils", "zoneinfo",
}  # fmt: skip
"""What a plugin may use and still connect through `requests` alone."""


def chat(sink: Any, *, host: str = "127.0.0.1", more: str = "") -> Channel:
    port = sink.url.split(":")[2].split("/")[0]
    return Channel(id="c1", name="chat", kind="apprise", target=f"ntfy://tk_S3cretT0ken@{host}:{port}/topic{more}")


def test_every_plugin_that_may_be_used_connects_by_requests_alone() -> None:
    """A new release of apprise is read here, before anybody can use what it brings."""
    load()
    spec = find_spec("apprise.plugins")
    assert spec is not None
    assert spec.origin is not None
    folder, strange = Path(spec.origin).parent, dict[str, set[str]]()
    manager = NotificationManager()
    for name in {plugin_of(manager[schema]) for schema in manager.schemas()} - set(REFUSED):
        files = (folder / name).rglob("*.py") if (folder / name).is_dir() else [folder / f"{name}.py"]
        used = {module for file in files for module in _imports(ast.parse(file.read_text("utf-8")))}
        other = {module for module in used if not module.startswith(("cryptography.", "nacl.")) and module not in SAFE}
        if other:
            strange[name] = other
    assert strange == {}


def _imports(tree: ast.AST) -> set[str]:
    found = set[str]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add(node.module or "")
    return found


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("dbus://", "reaches the machine Andon runs on"),
        ("syslog://", "reaches the machine Andon runs on"),
        ("mqtt://broker/topic", "cannot be kept from private networks"),
        ("json://example.com/x", "use a channel of the kind webhook"),
        ("mailto://user:pass@example.com", "use a channel of the kind email"),
        ("file:///etc/passwd", "no service of apprise"),
        ("workflows://h/w/s?template=/etc/x.json", "'template' is refused"),
        ("ntfy://topic?attach=file:///etc/passwd", "'attach' is refused"),
        ("ntfy://topic?retry=9&wait=60", "Andon tries again by itself"),
        ("slack://", "URL is not complete"),
        ("topic", "no apprise URL"),
        ("ntfy://a\r\nb", "no apprise URL"),
    ],
)
def test_what_may_not_be_used_is_refused_with_the_reason(target: str, reason: str) -> None:
    with pytest.raises(InvalidError, match=reason):
        open_service(target)


async def test_a_chat_is_told_in_plain_words(sink: Any, loopback: Any) -> None:
    courier = Apprise(loopback, "http://andon.test")
    more = {"links": {"acknowledge": "http://andon.test/ack", "alarm": ""}, "advice": {"action": "Check the oil"}}
    await courier.send(chat(sink), single(more=more))
    await courier.send(chat(sink), digest())
    await courier.aclose()
    first, second = (json.loads(body) for _, body in sink.requests)
    assert first["title"] == "[high] Gearbox hot — Robot 3 (berlin/painting/line-1)"
    assert first["message"].splitlines() == [
        "Gearbox temperature is 81.2 °C, above 80 °C",
        "Robot 3, berlin / painting / line-1",
        "Since: 2026-11-23 12:00:00 UTC",
        "Severity: high",
        "What to do: Check the oil",
        "Acknowledge: http://andon.test/ack",
        "http://andon.test/alarms?alarm=%22a1b2%22",
    ]
    assert "120 in berlin/painting/line-1" in second["message"]
    assert "and 4,980 more" in second["message"]


async def test_no_secret_is_in_an_error_or_in_the_log(
    sink: Any, loopback: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    courier = Apprise(loopback, "http://andon.test")
    sink.status = 403
    with pytest.raises(UnavailableError, match="ntfy did not take the message") as caught:
        await courier.send(chat(sink), single())
    with pytest.raises(UnavailableError) as nobody:
        await courier.send(
            Channel(id="c", name="c", kind="apprise", target="ntfy://tk_S3cretT0ken@127.0.0.1:9/t"), single()
        )
    await courier.aclose()
    assert "S3cretT0ken" not in str(caught.value) + str(nobody.value) + caplog.text


def test_no_part_of_a_url_is_told() -> None:
    said = "Failed: https://hooks.example.com/T0KEN/p%40ss?key=value1 p@ss"
    assert hide(said, "slack://T0KEN/p%40ss/?key=value1") == "Failed: https://hooks.example.com/…/…?key=… …"


@pytest.fixture
def written() -> Iterator[StringIO]:
    """What goes into the log. (pytest's own `caplog` also hears loggers that pass nothing on.)"""
    handler, root = logging.StreamHandler(StringIO()), logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield handler.stream
    root.removeHandler(handler)
    root.setLevel(before)


def test_nor_is_it_told_in_other_letters_or_spelt_otherwise() -> None:
    assert hide("host='t0ken.example' /p%C3%A4ss", "ntfy://T0KEN.example/päss") == "host='…' /…"


@pytest.mark.parametrize(
    "target",
    [
        "ntfy://tk_S3cretT0ken@no-such-host.invalid/S3cretTopic",
        "ntfy://S3cretT0ken.invalid/topic",
        "gotify://no-such-host.invalid/S3cretT0ken",
        "mmost://no-such-host.invalid/S3cretT0kenS3cretT0kenAB",
        "rockets://user:S3cretT0ken@no-such-host.invalid/room",
    ],
)
async def test_a_name_that_is_not_known_is_told_without_what_is_secret(target: str, written: StringIO) -> None:
    """Errors of names carry the whole URL; some services put the token into the name itself."""
    courier = Apprise([], "http://andon.test")
    with pytest.raises(UnavailableError) as caught:
        await courier.send(Channel(id="c", name="c", kind="apprise", target=target), single())
    await courier.aclose()
    assert "s3cret" not in (str(caught.value) + written.getvalue()).lower()


async def test_a_redirect_leads_to_no_private_address(sink: Any) -> None:
    """The first address is allowed; where it sends one on to is not."""
    sink.status, sink.headers = 307, {"Location": "http://127.0.0.2:9/inner"}
    guard = Guard([ip_network("127.0.0.1/32")])
    with pytest.raises(requests.ConnectionError):
        await asyncio.to_thread(guard.run, lambda: requests.post(sink.url, data=b"", timeout=5))
    assert "127.0.0.2" in str(guard.refused)
    assert len(sink.requests) == 1


async def test_odd_spellings_of_this_machine_are_seen_through(sink: Any) -> None:
    courier = Apprise([], "http://andon.test")
    for host in ("localhost", "2130706433"):
        with pytest.raises(InvalidError, match="which is private"):
            await courier.send(chat(sink, host=host), single())
    await courier.aclose()
    assert sink.requests == []


def test_neither_a_proxy_nor_credentials_of_this_machine_are_used(
    sink: Any, loopback: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login andon password S3cret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")
    Guard(loopback).run(lambda: requests.post(sink.url, data=b"", timeout=5))
    assert "authorization" not in sink.requests[0][0]


def test_threads_of_others_are_left_alone(sink: Any) -> None:
    def post() -> None:
        requests.post(sink.url, data=b"", timeout=5)

    thread = Thread(target=post)
    with pytest.raises(RefusedAddressError):
        Guard([]).run(lambda: Guard([]).connect(("127.0.0.1", 9)))
    thread.start()
    thread.join()
    assert len(sink.requests) == 1


async def test_who_drips_for_ever_is_cut_off_and_its_thread_ends(
    loopback: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apprise, "TIMEOUT_SECONDS", 0.3)
    ended = asyncio.Event()

    async def drip(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
            while True:
                writer.write(b"x")
                await writer.drain()
                await asyncio.sleep(0.01)
        except ConnectionError:
            ended.set()

    courier = Apprise(loopback, "http://andon.test")
    async with await asyncio.start_server(drip, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        slow = Channel(id="c1", name="chat", kind="apprise", target=f"ntfy://127.0.0.1:{port}/topic")
        with pytest.raises(UnavailableError, match="did not answer within"):
            await courier.send(slow, single())
        await ended.wait()
    await courier.aclose()
