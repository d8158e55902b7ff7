"""Webhooks: posted to the checked address under the name's own Host, without following anything anywhere."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from andon.alerting.couriers import webhook as courier
from andon.alerting.couriers.webhook import Webhook
from andon.common.errors import InvalidError, UnavailableError

PAYLOAD = {"alarm": {"id": "a"}, "transition": {"number": 1}, "key": "a/1", "text": {"value": "81.2 °C"}}


@pytest.fixture
async def webhook(loopback: Any) -> AsyncIterator[Webhook]:
    made = Webhook(loopback)
    yield made
    await made.aclose()


async def test_the_design_shape_is_posted_and_no_more(webhook: Webhook, sink: Any) -> None:
    url = sink.url.replace("127.0.0.1", "user:p%40ss@localhost") + "?a=1"
    await webhook.send(url, PAYLOAD)
    [(headers, body)] = sink.requests
    assert body == b'{"alarm":{"id":"a"},"transition":{"number":1},"key":"a/1"}'
    assert headers["host"] == url.split("@")[1].split("/")[0]
    assert headers["idempotency-key"] == "a/1"
    assert headers["content-type"] == "application/json"
    assert headers["authorization"] == "Basic dXNlcjpwQHNz"


async def test_a_redirect_is_not_followed(webhook: Webhook, sink: Any) -> None:
    sink.status, sink.headers = 307, {"Location": sink.url}
    with pytest.raises(UnavailableError, match="answered 307; redirects are not followed, set the final URL"):
        await webhook.send(sink.url, PAYLOAD)
    assert len(sink.requests) == 1


async def test_an_endless_answer_is_not_read_to_its_end(webhook: Webhook, sink: Any) -> None:
    sink.body = b"x" * 20_000_000
    await webhook.send(sink.url, PAYLOAD)


@pytest.mark.parametrize("status", [400, 404, 500, 503])
async def test_whatever_is_no_success_is_told(webhook: Webhook, sink: Any, status: int) -> None:
    sink.status = status
    with pytest.raises(UnavailableError, match=rf"127\.0\.0\.1 answered {status}"):
        await webhook.send(sink.url, PAYLOAD)


async def test_private_addresses_are_refused_however_they_are_spelt(sink: Any) -> None:
    strict = Webhook([])
    for host in ("127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "public@127.0.0.1"):
        with pytest.raises(InvalidError, match="ANDON_ALERTING_WEBHOOK_ALLOW"):
            await strict.send(sink.url.replace("127.0.0.1", host), PAYLOAD)
    await strict.aclose()
    assert sink.requests == []


async def test_nobody_there_is_told(webhook: Webhook) -> None:
    with pytest.raises(UnavailableError, match=r"127\.0\.0\.1 did not answer"):
        await webhook.send("http://127.0.0.1:9/hook", PAYLOAD)


async def test_who_takes_it_and_says_nothing_is_told_with_the_reason(
    loopback: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(courier, "TIMEOUT_SECONDS", 0.2)
    impatient, gone = Webhook(loopback), asyncio.Event()

    async def say_nothing(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await gone.wait()
        writer.close()

    async with await asyncio.start_server(say_nothing, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(UnavailableError, match="did not answer: ReadTimeout"):
            await impatient.send(f"http://127.0.0.1:{port}/hook", PAYLOAD)
        gone.set()
    await impatient.aclose()


async def test_what_is_no_url_is_told(webhook: Webhook) -> None:
    with pytest.raises(InvalidError, match="is no URL"):
        await webhook.send("http://[::1", PAYLOAD)
