"""Webhooks: posted to the checked address under the name's own Host, signed, without following anything anywhere."""

import asyncio
import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator
from typing import Any

import pytest

from andon.alerting.channel import Channel
from andon.alerting.couriers import guarded, signature
from andon.alerting.couriers.guarded import GuardedClient
from andon.alerting.couriers.webhook import Webhook
from andon.common.errors import InvalidError, UnavailableError

from .courier_words import digest, single

SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"


def hook(url: str, secret: str | None = None) -> Channel:
    return Channel(id="c1", name="hook", kind="webhook", target=url, secret=secret)


@pytest.fixture
async def webhook(loopback: Any) -> AsyncIterator[Webhook]:
    client = GuardedClient(loopback)
    yield Webhook(client, clock=lambda: 1_700_000_000.5)
    await client.aclose()


async def test_the_shape_of_the_design_is_posted(webhook: Webhook, sink: Any) -> None:
    url = sink.url.replace("127.0.0.1", "user:p%40ss@localhost") + "?a=1"
    payload = single()
    await webhook.send(hook(url), payload)
    [(headers, body)] = sink.requests
    assert json.loads(body) == {name: payload[name] for name in ("alarm", "transition", "key")}
    assert headers["host"] == url.split("@")[1].split("/")[0]
    assert headers["idempotency-key"] == "a1b2/2"
    assert headers["content-type"] == "application/json"
    assert headers["authorization"] == "Basic dXNlcjpwQHNz"
    assert "webhook-signature" not in headers


async def test_what_else_is_known_comes_along(webhook: Webhook, sink: Any) -> None:
    more = {"links": {"acknowledge": "", "alarm": "http://a.b"}, "step": 1, "late": False, "advice": {"action": "Go"}}
    await webhook.send(hook(sink.url), single(more=more))
    body = json.loads(sink.requests[0][1])
    assert {name: body[name] for name in more} == more
    assert "text" not in body


async def test_a_digest_is_posted_as_one(webhook: Webhook, sink: Any) -> None:
    await webhook.send(hook(sink.url), digest())
    body = json.loads(sink.requests[0][1])
    assert body["key"] == "digest/c1/7"
    assert body["digest"]["count"] == 5000
    assert "alarm" not in body


async def test_a_receiver_can_prove_who_sent_it(webhook: Webhook, sink: Any) -> None:
    await webhook.send(hook(sink.url, SECRET), single())
    [(headers, body)] = sink.requests
    assert headers["webhook-id"] == "a1b2/2"
    assert headers["webhook-timestamp"] == "1700000000"
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = hmac.digest(b64decode(SECRET.removeprefix("whsec_")), signed, "sha256")
    assert headers["webhook-signature"] == "v1," + b64encode(expected).decode()


def test_the_signature_is_that_of_the_specification() -> None:
    """The example of the Standard Webhooks reference libraries."""
    made = signature.headers(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
    )
    assert made["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_each_secret_is_a_new_one_of_256_bits() -> None:
    first, second = signature.new_secret(), signature.new_secret()
    assert first != second
    assert len(b64decode(first.removeprefix("whsec_"))) == 32


async def test_a_redirect_is_not_followed(webhook: Webhook, sink: Any) -> None:
    sink.status, sink.headers = 307, {"Location": sink.url}
    with pytest.raises(UnavailableError, match="answered 307; redirects are not followed, set the final URL"):
        await webhook.send(hook(sink.url), single())
    assert len(sink.requests) == 1


async def test_an_endless_answer_is_not_read_to_its_end(webhook: Webhook, sink: Any) -> None:
    sink.body = b"x" * 20_000_000
    await webhook.send(hook(sink.url), single())


@pytest.mark.parametrize("status", [401, 404, 429, 500, 503])
async def test_what_may_be_mended_is_tried_again(webhook: Webhook, sink: Any, status: int) -> None:
    sink.status = status
    with pytest.raises(UnavailableError, match=rf"127\.0\.0\.1 answered {status}"):
        await webhook.send(hook(sink.url), single())


@pytest.mark.parametrize(
    ("status", "asks", "waits"),
    [
        (429, "120", 120.0),
        (503, "Tue, 14 Nov 2023 22:14:20 GMT", 59.5),
        (429, "soon", None),
        (429, "-5", None),
        (429, "Tue, 14 Nov 2000 22:14:20 GMT", None),
        (500, "120", None),
    ],
)
async def test_a_receiver_says_how_long_it_wants_to_be_left_alone(
    webhook: Webhook, sink: Any, status: int, asks: str, waits: float | None
) -> None:
    sink.status, sink.headers = status, {"Retry-After": asks}
    with pytest.raises(UnavailableError, match=f"answered {status}") as caught:
        await webhook.send(hook(sink.url), single())
    assert getattr(caught.value, "seconds", None) == waits


@pytest.mark.parametrize("status", [200, 500])
async def test_what_is_told_is_told_though_the_rest_of_the_answer_never_comes(
    webhook: Webhook, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has taken the message: waiting until all is given up would send a copy."""
    monkeypatch.setattr(guarded, "MORE_SECONDS", 0.05)
    hung_up = asyncio.Event()

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 {status} So\r\nContent-Length: 1000\r\n\r\nx".encode())
        while await reader.read(65536):
            pass
        writer.close()
        hung_up.set()

    async with await asyncio.start_server(drip, "127.0.0.1", 0) as server:
        sent = webhook.send(hook(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"), single())
        if status == 200:
            await sent
        else:
            with pytest.raises(UnavailableError, match="answered 500"):
                await sent
        await hung_up.wait()


@pytest.mark.parametrize("status", [400, 410, 413, 422])
async def test_a_no_to_this_very_message_is_for_good(webhook: Webhook, sink: Any, status: int) -> None:
    sink.status = status
    with pytest.raises(InvalidError, match=rf"127\.0\.0\.1 answered {status}"):
        await webhook.send(hook(sink.url), single())


async def test_private_addresses_are_refused_however_they_are_spelt(sink: Any) -> None:
    strict = GuardedClient([])
    for host in ("127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "public@127.0.0.1"):
        with pytest.raises(InvalidError, match="ANDON_ALERTING_WEBHOOK_ALLOW"):
            await Webhook(strict).send(hook(sink.url.replace("127.0.0.1", host)), single())
    await strict.aclose()
    assert sink.requests == []


async def test_nobody_there_is_told(webhook: Webhook) -> None:
    with pytest.raises(UnavailableError, match=r"127\.0\.0\.1 did not answer"):
        await webhook.send(hook("http://127.0.0.1:9/hook"), single())


async def test_what_is_no_url_is_told_without_its_secret(webhook: Webhook) -> None:
    with pytest.raises(InvalidError, match="is no URL") as caught:
        await webhook.send(hook("http://[::1/secret"), single())
    assert "secret" not in str(caught.value)
