"""What all couriers promise: a message arrives once and with its key, a refusal is told from a failure, none hangs.

Each is tried against a real receiver: a mail server, or an HTTP server.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP
from cryptography.hazmat.primitives.asymmetric import ec
from pydantic import SecretStr
from typing_extensions import override

from andon.alerting.channel import Channel
from andon.alerting.couriers import apprise, email, guarded
from andon.alerting.couriers.apprise import Apprise
from andon.alerting.couriers.courier import Courier, send
from andon.alerting.couriers.email import Mail
from andon.alerting.couriers.guarded import GuardedClient
from andon.alerting.couriers.push import Push
from andon.alerting.couriers.vapid import Vapid
from andon.alerting.couriers.webhook import Webhook
from andon.alerting.database import Database
from andon.alerting.settings import AlertingSettings
from andon.common.errors import InvalidError, UnavailableError
from andon.common.testing.ports import free_port
from andon.common.testing.sinks import Mailbox, Sink

from .courier_words import HOSTILE, digest, single
from .push_browser import Browser

PUBLIC_URL = "http://andon.test"
KINDS = ("email", "webhook", "apprise", "push")


class Post(Mailbox):
    """A mail server that may answer otherwise."""

    answer = ""

    @override
    async def handle_DATA(self, _server: SMTP, _session: Any, envelope: Any) -> str:
        return self.answer or await super().handle_DATA(_server, _session, envelope)


class Receiver:
    """Where the messages of one kind arrive."""

    def __init__(self, kind: str, sink: Sink, mailbox: Post, browser: Browser) -> None:
        self.kind, self._sink, self._mailbox, self._browser = kind, sink, mailbox, browser

    def keys(self) -> list[str]:
        """What names each message that arrived. Apprise has no place for a key."""
        return {
            "email": lambda: [str(mail["Message-ID"]) for mail in self._mailbox.messages],
            "webhook": lambda: [headers["idempotency-key"] for headers, _ in self._sink.requests],
            "apprise": lambda: ["" for _ in self._sink.requests],
            "push": lambda: [self._browser.read(body)["key"] for _, body in self._sink.requests],
        }[self.kind]()

    def text(self) -> str:
        """All that the last message says."""
        if self.kind == "email":
            body = self._mailbox.messages[-1].get_body(("plain",))
            return str(self._mailbox.messages[-1]["Subject"]) + (body.get_content() if body else "")
        body = self._sink.requests[-1][1]
        content = self._browser.read(body) if self.kind == "push" else json.loads(body)
        return json.dumps(content, ensure_ascii=False)

    def fail(self, *, for_good: bool) -> None:
        """Take nothing more."""
        self._mailbox.answer = "554 No" if for_good else "451 Busy"
        self._sink.status = 410 if for_good else 503


def channel(kind: str, target: str) -> Channel:
    return Channel(id="c1", name=kind, kind=kind, target=target, secret=None)  # type: ignore[arg-type]


def target(kind: str, port: int) -> str:
    if kind == "email":
        return "team@example.com"
    if kind == "push":
        return "ada"
    return f"http://127.0.0.1:{port}/hook" if kind == "webhook" else f"ntfy://127.0.0.1:{port}/topic"


@asynccontextmanager
async def opened(kind: str, database: Database, allowed: Any, mail_port: int) -> AsyncIterator[Courier]:
    """The courier of a kind."""
    client, talker = GuardedClient(allowed), Apprise(allowed, PUBLIC_URL)
    settings = AlertingSettings(smtp_url=SecretStr(f"smtp://127.0.0.1:{mail_port}"), public_url=PUBLIC_URL)
    couriers: dict[str, Courier] = {
        "email": Mail(settings),
        "webhook": Webhook(client),
        "apprise": talker,
        "push": Push(
            database, client, Vapid(ec.generate_private_key(ec.SECP256R1()), "mailto:a@example.com"), PUBLIC_URL
        ),
    }
    try:
        yield couriers[kind]
    finally:
        await client.aclose()
        await talker.aclose()


@pytest.fixture
def post() -> Iterator[Post]:
    made = Post(free_port())
    made.start()
    yield made
    made.stop()


@pytest.fixture(params=KINDS)
async def way(
    request: Any, database: Database, sink: Sink, post: Post, loopback: Any
) -> AsyncIterator[tuple[Courier, Channel, Receiver]]:
    """A courier, its channel, and the other end."""
    browser = Browser(sink.url)
    await browser.subscribe(database, "ada")
    port = int(sink.url.split(":")[2].split("/")[0])
    async with opened(request.param, database, loopback, post.port) as courier:
        yield courier, channel(request.param, target(request.param, port)), Receiver(request.param, sink, post, browser)


async def test_a_message_arrives_once_and_with_its_key(way: Any) -> None:
    courier, there, receiver = way
    await courier.send(there, single())
    expected = {"email": "<a1b2.2@andon.invalid>", "apprise": ""}.get(there.kind, "a1b2/2")
    assert receiver.keys() == [expected]
    assert "Gearbox temperature is 81.2 °C, above 80 °C" in receiver.text()


async def test_a_digest_arrives_as_one_message(way: Any) -> None:
    courier, there, receiver = way
    await courier.send(there, digest())
    assert len(receiver.keys()) == 1
    assert "5000" in receiver.text().replace(",", "")


async def test_who_is_busy_is_tried_again(way: Any) -> None:
    courier, there, receiver = way
    receiver.fail(for_good=False)
    with pytest.raises(UnavailableError):
        await courier.send(there, single())


async def test_who_says_no_for_good_is_not(way: Any) -> None:
    courier, there, receiver = way
    receiver.fail(for_good=True)
    # Apprise says of a failure only that it is one.
    with pytest.raises(UnavailableError if there.kind == "apprise" else InvalidError):
        await courier.send(there, single())


@pytest.mark.parametrize("field", ["rule_name", "asset_name", "message", "asset"])
async def test_hostile_names_arrive_as_text(way: Any, field: str) -> None:
    courier, there, receiver = way
    await courier.send(there, single(**{field: HOSTILE}))
    await courier.send(there, single(**{field: "ü" * 100_000}))
    await courier.send(there, digest(**{field: HOSTILE}))
    assert len(receiver.keys()) == 3
    assert len(receiver.text()) < 40_000


@pytest.mark.parametrize("kind", KINDS)
async def test_who_takes_it_and_says_nothing_is_given_up(
    kind: str, database: Database, loopback: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (email, guarded, apprise):
        monkeypatch.setattr(module, "TIMEOUT_SECONDS", 0.3)
    gone = asyncio.Event()

    async def say_nothing(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await gone.wait()
        writer.close()

    async with await asyncio.start_server(say_nothing, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        await Browser(f"http://127.0.0.1:{port}/push").subscribe(database, "ada")
        async with opened(kind, database, loopback, port) as courier:
            with pytest.raises(UnavailableError):
                await courier.send(channel(kind, target(kind, port)), single())
        gone.set()


@pytest.mark.parametrize("kind", ["webhook", "apprise", "push"])
async def test_private_addresses_are_refused(kind: str, database: Database, sink: Sink) -> None:
    await Browser(sink.url).subscribe(database, "ada")
    port = int(sink.url.split(":")[2].split("/")[0])
    async with opened(kind, database, [], free_port()) as courier:
        with pytest.raises(InvalidError, match="ANDON_ALERTING_WEBHOOK_ALLOW"):
            await courier.send(channel(kind, target(kind, port)), single())
    assert sink.requests == []


async def test_a_kind_without_a_courier_is_told() -> None:
    with pytest.raises(InvalidError, match="'email' is no kind of channel here"):
        await send({}, channel("email", "a@b.c"), single())
