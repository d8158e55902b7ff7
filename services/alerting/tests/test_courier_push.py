"""Browser notifications: readable by the browser alone, for those who may see the machine, dropped when it is gone."""

import json
from base64 import urlsafe_b64decode
from collections.abc import AsyncIterator
from time import time_ns
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select

from andon.alerting.channel import Channel
from andon.alerting.couriers.encryption import MAX_PLAIN, decode, encode, encrypt
from andon.alerting.couriers.guarded import GuardedClient
from andon.alerting.couriers.push import KEPT, Push, words
from andon.alerting.couriers.vapid import Vapid, open_vapid
from andon.alerting.database import Database
from andon.alerting.tables import KeptRow, PushRow
from andon.common.errors import InvalidError, SetupError, UnavailableError
from andon.common.testing.sinks import Sink

from .courier_words import digest, single
from .push_browser import Browser

CONTACT = "mailto:andon@example.com"


def to(target: str) -> Channel:
    return Channel(id="c1", name="browsers", kind="push", target=target)


@pytest.fixture
async def vapid(database: Database) -> Vapid:
    return await open_vapid(database, CONTACT)


@pytest.fixture
async def push(database: Database, vapid: Vapid, loopback: Any) -> AsyncIterator[Push]:
    client = GuardedClient(loopback)
    yield Push(database, client, vapid, "http://andon.test")
    await client.aclose()


@pytest.fixture
async def other() -> AsyncIterator[Sink]:
    made = Sink()
    yield made
    made.stop()


def test_a_message_is_encrypted_as_the_standard_shows() -> None:
    """RFC 8291, Appendix A."""
    private = ec.derive_private_key(
        int.from_bytes(decode("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big"), ec.SECP256R1()
    )
    body = encrypt(
        b"When I grow up, I want to be a watermelon",
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "BTBZMqHH6r4Tts7J_aSIgg",
        private=private,
        salt=decode("DGv6ra1nlYgDCS1FRnbzlw"),
    )
    assert encode(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
        "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


async def test_a_browser_reads_what_it_is_sent(push: Push, database: Database, sink: Any) -> None:
    browser = Browser(sink.url)
    await browser.subscribe(database, "ada")
    more = {"links": {"acknowledge": "http://andon.test/ack", "alarm": "http://andon.test/alarm"}}
    await push.send(to("ada"), single(more=more))
    [(headers, body)] = sink.requests
    assert browser.read(body) == {
        "title": "[high] Gearbox hot — Robot 3 (berlin/painting/line-1)",
        "body": "Gearbox temperature is 81.2 °C, above 80 °C\nberlin / painting / line-1",
        "tag": "a1b2",
        "url": "http://andon.test/alarm",
        "acknowledge": "http://andon.test/ack",
        "severity": "high",
        "key": "a1b2/2",
    }
    assert b"Gearbox" not in body
    assert headers["content-encoding"] == "aes128gcm"
    assert (headers["ttl"], headers["urgency"]) == ("86400", "high")


async def test_a_push_service_can_prove_who_sent_it(push: Push, vapid: Vapid, database: Database, sink: Any) -> None:
    await Browser(sink.url).subscribe(database, "ada")
    await push.send(to("ada"), single())
    scheme, token, key = sink.requests[0][0]["authorization"].replace("t=", "").replace("k=", "").split(" ")
    assert (scheme, key) == ("vapid", vapid.public)
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decode(key))
    claims = jwt.decode(token.rstrip(","), public, algorithms=["ES256"], audience=sink.url.removesuffix("/hook"))
    assert claims["sub"] == CONTACT
    assert json.loads(urlsafe_b64decode(token.split(".")[0] + "=="))["alg"] == "ES256"


async def test_the_key_is_made_once_and_kept(database: Database) -> None:
    first, second = await open_vapid(database, CONTACT), await open_vapid(database, CONTACT)
    assert first.public == second.public
    async with database.write() as session:
        (await session.get_one(KeptRow, "vapid")).value = "scrap"
    with pytest.raises(SetupError, match="cannot be read"):
        await open_vapid(database, CONTACT)


async def test_only_who_may_see_the_machine_is_told(push: Push, database: Database, sink: Any, other: Sink) -> None:
    await Browser(sink.url).subscribe(database, "ada", "berlin/painting")
    await Browser(other.url).subscribe(database, "olav", "oslo")
    await push.send(to("*"), single())
    assert len(sink.requests) == 1
    with pytest.raises(InvalidError, match="no browser of 'olav'"):
        await push.send(to("olav"), single())
    assert other.requests == []


async def test_a_digest_names_no_place_outside(push: Push, database: Database, sink: Any) -> None:
    browser = Browser(sink.url)
    await browser.subscribe(database, "ada", "berlin")
    await push.send(to("*"), digest())
    told = browser.read(sink.requests[0][1])
    assert told["body"] == "Some of them are in berlin"
    assert "oslo" not in json.dumps(told)


async def test_a_message_names_no_sensor_outside(push: Push, database: Database, sink: Any, other: Sink) -> None:
    narrow, whole = Browser(sink.url), Browser(other.url)
    await narrow.subscribe(database, "ada", "berlin")
    await whole.subscribe(database, "bo")
    message = "It is hotter than oslo/baking/line-2/oven-1/temperature"
    await push.send(to("*"), single(message=message))
    assert narrow.read(sink.requests[0][1])["body"].startswith("It is hotter than …\n")
    assert whole.read(other.requests[0][1])["body"].startswith(f"{message}\n")


@pytest.mark.parametrize("status", [404, 410])
async def test_a_browser_that_is_gone_is_forgotten(
    push: Push, database: Database, sink: Any, other: Sink, status: int
) -> None:
    await Browser(sink.url).subscribe(database, "ada")
    await Browser(other.url).subscribe(database, "ada")
    sink.status = status
    await push.send(to("ada"), single())
    async with database.read() as session:
        assert list(await session.scalars(select(PushRow.endpoint))) == [other.url]


async def test_a_second_try_goes_to_those_alone_who_have_it_not(
    push: Push, database: Database, sink: Any, other: Sink
) -> None:
    await Browser(sink.url).subscribe(database, "ada")
    await Browser(other.url).subscribe(database, "ada")
    other.status = 503
    with pytest.raises(UnavailableError, match="1 of 2 browsers were not reached: its push service answered 503"):
        await push.send(to("ada"), single())
    other.status = 201
    await push.send(to("ada"), single())
    assert (len(sink.requests), len(other.accepted)) == (1, 1)


async def test_a_subscription_nobody_renews_ends(push: Push, database: Database, sink: Any) -> None:
    await Browser(sink.url).subscribe(database, "ada", made=time_ns() - KEPT - 1)
    with pytest.raises(InvalidError, match="turn notifications on in a browser first"):
        await push.send(to("*"), single())


def test_the_longest_message_has_room() -> None:
    link = "http://andon.test/" + "x" * 5000
    long = single(
        rule_name="\U0001f525" * 400,
        message="\U0001f525" * 4000,
        asset="\U0001f525/" * 3000,
        more={"links": {"alarm": link}},
    )
    assert len(json.dumps(words(long, ""), ensure_ascii=False).encode()) < MAX_PLAIN


@pytest.mark.parametrize(
    ("p256dh", "auth"), [("", ""), ("AAAA", "BTBZMqHH6r4Tts7J_aSIgg"), ("ü", "ü"), ("BB" * 44, "x")]
)
def test_keys_that_are_none_are_refused(p256dh: str, auth: str) -> None:
    with pytest.raises(InvalidError, match="keys of the subscription"):
        encrypt(b"x", p256dh, auth)
