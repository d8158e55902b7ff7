"""Readings and dead letters over HTTP."""

from collections.abc import AsyncIterator
from time import time_ns

import httpx
import pytest

from andon.common.api import create_front
from andon.common.auth import Principal, Role, Tokens
from andon.common.bus import Bus
from andon.common.errors import Reason
from andon.common.plant import Asset
from andon.common.subjects import TELEMETRY, deadletter
from andon.common.testing.fixtures import NatsForTest
from andon.common.testing.waiting import eventually
from andon.common.wire import DeadLetter, decode_batch, encode_deadletter
from andon.ingest.app import create_http_service

PATH = "berlin/painting/line-1/robot-3"
SECRET = "a secret of this test, long enough"


def token(role: Role = Role.OPERATOR, scope: str = "") -> dict[str, str]:
    """Header of a caller."""
    signed = Tokens(secret=SECRET).sign(
        Principal(id="p1", name="ann", role=role, scope=scope), token_id="t1", lifetime=60
    )
    return {"Authorization": f"Bearer {signed}"}


@pytest.fixture
async def client(nats: NatsForTest, plant: Asset, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    """The routes, running, with the plant known."""
    monkeypatch.setenv("ANDON_NATS_URL", nats.settings.url)
    monkeypatch.setenv("ANDON_NATS_PASSWORD", nats.settings.password.get_secret_value())
    monkeypatch.setenv("ANDON_TOKEN_SECRET", SECRET)
    app = create_front(create_http_service())
    transport = httpx.ASGITransport(app)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url="http://t") as client:

        async def knows_the_plant() -> bool:
            answer = await client.post(
                "/api/ingest/v1/readings", json={"asset": plant.id, "values": {"x": 1}}, headers=token()
            )
            return "no sensor 'x'" in answer.text

        await eventually(knows_the_plant)
        yield client


async def readings_of(bus: Bus, sequence: int) -> list[tuple[str, dict[str, object]]]:
    raw = await bus.js.get_msg(TELEMETRY, sequence, direct=True)
    return [(r.asset, dict(r.values)) for r in decode_batch(raw.data or b"").readings]


async def test_accepted_means_the_stream_has_it(client: httpx.AsyncClient, bus: Bus) -> None:
    body = [
        {"asset": PATH, "values": {"temperature": 1}},
        {"asset": "r3", "ts": time_ns() // 10**6, "values": {"torque": 2}},
    ]
    answer = await client.post("/api/ingest/v1/readings", json=body, headers=token())
    assert (answer.status_code, answer.json()) == (202, {"accepted": 2, "refused": []})
    assert await readings_of(bus, 1) == [("r3", {"temperature": 1.0}), ("r3", {"torque": 2.0})]


async def test_the_caller_is_told_what_could_not_be_used(client: httpx.AsyncClient) -> None:
    body = [{"asset": PATH, "values": {"temperature": 1, "colour": 3}}, {"asset": "nowhere", "values": {"x": 1}}]
    answer = await client.post("/api/ingest/v1/readings", json=body, headers=token())
    assert answer.status_code == 202
    assert answer.json()["accepted"] == 1
    assert [(r["index"], r["reason"]) for r in answer.json()["refused"]] == [
        (0, "unknown-sensor"),
        (1, "unknown-asset"),
    ]


@pytest.mark.parametrize("name", ["r3", PATH, "berlin/painting", "nowhere"])
async def test_what_a_caller_may_not_see_does_not_exist_for_them(client: httpx.AsyncClient, name: str) -> None:
    body = {"asset": name, "values": {"temperature": 1}}
    answer = await client.post("/api/ingest/v1/readings", json=body, headers=token(scope="munich"))
    assert answer.status_code == 422
    assert answer.json()["detail"] == f"No reading can be used: there is no machine '{name}' in the plant"


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"{", 400),
        (b"\xff", 400),
        (b"[" * 100_000, 422),
        (b"[]", 422),
        (b'{"asset": 5}', 422),
        (b'{"asset": "nowhere", "values": {"x": 1}}', 422),
        (b" " * (2**20 + 1), 413),
    ],
)
async def test_bad_bodies_are_refused_with_a_problem(client: httpx.AsyncClient, content: bytes, status: int) -> None:
    answer = await client.post("/api/ingest/v1/readings", content=content, headers=token())
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("POST", "/readings", {}, 401),
        ("GET", "/deadletters", {}, 401),
        ("POST", "/readings", token(Role.VIEWER), 403),
        ("POST", "/readings", token(scope="munich"), 422),
        ("GET", "/deadletters", token(Role.OPERATOR), 403),
        ("GET", "/deadletters", token(Role.ENGINEER), 200),
        ("GET", "/deadletters?cursor=x", token(Role.ENGINEER), 400),
        ("GET", "/deadletters?cursor=²", token(Role.ENGINEER), 400),
        ("GET", f"/deadletters?cursor={'9' * 5000}", token(Role.ENGINEER), 400),
        ("GET", f"/deadletters?cursor={'9' * 18}", token(Role.ENGINEER), 200),
    ],
)
async def test_who_may_do_what(
    client: httpx.AsyncClient, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    body = {"asset": PATH, "values": {"temperature": 1}} if method == "POST" else None
    answer = await client.request(method, f"/api/ingest/v1{path}", json=body, headers=headers)
    assert answer.status_code == status


async def test_without_the_backbone_the_caller_is_asked_to_try_again(
    client: httpx.AsyncClient, nats: NatsForTest
) -> None:
    nats.process.stop()

    async def unavailable() -> bool:
        body = {"asset": PATH, "values": {"temperature": 1}}
        answer = await client.post("/api/ingest/v1/readings", json=body, headers=token())
        return answer.status_code == 503

    await eventually(unavailable)
    assert "nats" in (await client.get("/readyz")).text


async def test_dead_letters_are_found_by_reason_and_page(client: httpx.AsyncClient, bus: Bus) -> None:
    for number in range(6):
        reason = Reason.BAD_TIME if number % 2 else Reason.MALFORMED
        letter = DeadLetter(reason, "why", f"factory/{PATH}", b"bad %d" % number, 5, time_ns())
        await bus.publish(deadletter(reason), encode_deadletter(letter), msg_id=f"{number}")
    url, caller = "/api/ingest/v1/deadletters?reason=bad-time&limit=2", token(Role.ENGINEER)
    first = (await client.get(url, headers=caller)).json()
    second = (await client.get(f"{url}&cursor={first['next_cursor']}", headers=caller)).json()
    assert [i["payload"] for i in first["items"]] == ["bad 5", "bad 3"]
    assert [i["payload"] for i in second["items"]] == ["bad 1"]
    elsewhere = token(Role.ENGINEER, scope="munich")
    assert (await client.get(url, headers=elsewhere)).json()["items"] == []
