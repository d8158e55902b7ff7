"""Readings and dead letters over HTTP."""

import asyncio
from collections.abc import AsyncIterator
from time import time_ns
from typing import Any

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
from andon.ingest.readings import Readings

PATH = "berlin/painting/line-1/robot-3"
LETTERS = "/api/ingest/v1/deadletters"
SECRET = "a secret of this test, long enough"


def token(role: Role = Role.OPERATOR, scope: str = "") -> dict[str, str]:
    """Header of a caller."""
    signed = Tokens(secret=SECRET).sign(
        Principal(id="p1", name="ann", role=role, scope=scope), token_id="t1", lifetime=3600
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


async def test_a_quality_comes_along_and_what_is_no_field_is_refused(client: httpx.AsyncClient, bus: Bus) -> None:
    values = {"temperature": 1, "torque": 2}
    body = [
        {"asset": PATH, "values": values, "quality": "BAD"},
        {"asset": PATH, "values": values, "quality": {"torque": "uncertain", "temperature": "good", "moving": "bad"}},
        {"asset": PATH, "values": values, "quality": {"torque": "so-so", "colour": "bad"}},
        {"asset": PATH, "values": values, "quality": "so-so"},
    ]
    answer = await client.post("/api/ingest/v1/readings", json=body, headers=token())
    assert (answer.status_code, answer.json()["accepted"]) == (202, 3)
    raw = await bus.js.get_msg(TELEMETRY, 1, direct=True)
    assert [(sorted(r.values), r.quality) for r in decode_batch(raw.data or b"").readings] == [
        (["temperature", "torque"], {"temperature": "bad", "torque": "bad"}),
        (["temperature", "torque"], {"torque": "uncertain"}),
        (["temperature"], None),
    ]
    partly, not_at_all = answer.json()["refused"]
    assert (partly["index"], partly["reason"], not_at_all["index"]) == (2, "bad-value", 3)
    assert "'torque': 'so-so' is no quality; write good, uncertain, bad or stale" in partly["detail"]
    assert f"quality: '{PATH}' has no sensor 'colour'" in partly["detail"]
    wrong = {"asset": PATH, "values": values, "timestamp": 5}
    for given, number in ((wrong, 1), ([body[0], wrong], 2)):
        answer = await client.post("/api/ingest/v1/readings", json=given, headers=token())
        assert answer.status_code == 422
        assert answer.json()["detail"] == (
            f"Reading {number}: Object contains unknown field `timestamp`. "
            "The fields of a reading are asset, values, ts, seq, boot, quality, note"
        )


async def test_a_note_is_at_most_as_long_as_a_few_sentences(client: httpx.AsyncClient) -> None:
    for length, status in ((500, 202), (501, 422)):
        body = {"asset": PATH, "values": {"temperature": 1}, "note": "x" * length}
        assert (await client.post("/api/ingest/v1/readings", json=body, headers=token())).status_code == status


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"{", 400),
        (b"\xff", 400),
        (b"[" * 100_000, 400),
        (b"[]", 422),
        (b'{"asset": 5}', 422),
        (b'[{"asset": "r3", "values": {"torque": 1}}, {"asset": 5}]', 422),
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
        ("GET", "/deadletters?reson=bad-time", token(Role.ENGINEER), 422),
        ("GET", "/deadletters/1", token(Role.OPERATOR), 403),
        ("GET", "/deadletters/1", token(Role.ENGINEER), 404),
        ("GET", "/deadletters/1/payload", {}, 401),
        ("GET", "/deadletters/1/payload", token(Role.OPERATOR), 403),
        ("POST", "/deadletters/replay", {}, 401),
        ("POST", "/deadletters/replay", token(Role.OPERATOR), 403),
        ("POST", "/deadletters/1/replay", token(Role.OPERATOR), 403),
        ("POST", "/deadletters/replay/replay", token(Role.ENGINEER), 404),
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


async def post_letters(bus: Bus, *letters: DeadLetter) -> None:
    """Put letters into their stream."""
    for number, letter in enumerate(letters):
        await bus.publish(deadletter(letter.reason), encode_deadletter(letter), msg_id=f"{number}")


async def test_dead_letters_are_found_by_reason_and_page(client: httpx.AsyncClient, bus: Bus) -> None:
    reasons = [Reason.BAD_TIME if number % 2 else Reason.MALFORMED for number in range(6)]
    await post_letters(
        bus, *(DeadLetter(r, "why", f"factory/{PATH}", b"bad %d" % n, 5, time_ns()) for n, r in enumerate(reasons))
    )
    url, caller = f"{LETTERS}?reason=bad-time&limit=2", token(Role.ENGINEER)
    first = (await client.get(url, headers=caller)).json()
    second = (await client.get(f"{url}&cursor={first['next_cursor']}", headers=caller)).json()
    assert [i["payload"] for i in first["items"]] == ["bad 5", "bad 3"]
    assert [i["payload"] for i in second["items"]] == ["bad 1"]
    for more, found in (("&q=BAD%203", 1), ("&from=-1h&to=now", 3), ("&to=-1h", 0), ("&under=berlin/painting", 3)):
        assert len((await client.get(f"{LETTERS}?reason=bad-time{more}", headers=caller)).json()["items"]) == found


async def test_a_letter_and_its_bytes_are_for_who_may_see_its_place(client: httpx.AsyncClient, bus: Bus) -> None:
    payload = b"<script>\xff"
    await post_letters(bus, DeadLetter(Reason.MALFORMED, "why", f"factory/{PATH}", payload, len(payload), time_ns()))
    here, elsewhere = token(Role.ENGINEER, "berlin/painting"), token(Role.ENGINEER, "munich")
    [listed] = (await client.get(LETTERS, headers=here)).json()["items"]
    assert (await client.get(f"{LETTERS}/{listed['id']}", headers=here)).json() == listed
    answer = await client.get(f"{LETTERS}/{listed['id']}/payload", headers=here)
    assert (answer.content, answer.headers["content-type"]) == (payload, "application/octet-stream")
    assert answer.headers["content-disposition"] == 'attachment; filename="deadletter-1.bin"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    for asked in ("", "?under=berlin", "?under=nowhere"):
        assert (await client.get(LETTERS + asked, headers=elsewhere)).json() == {"items": [], "next_cursor": None}
    for method, path in (("GET", "/1"), ("GET", "/1/payload"), ("POST", "/1/replay")):
        assert (await client.request(method, LETTERS + path, headers=elsewhere)).status_code == 404


async def test_a_replay_is_for_engineers_and_stays_in_their_part_of_the_plant(
    client: httpx.AsyncClient, bus: Bus
) -> None:
    good = b'{"values": {"torque": 4}}'
    await post_letters(
        bus, *(DeadLetter(Reason.UNKNOWN_ASSET, "why", f"factory/{PATH}", good, len(good), time_ns()) for _ in range(3))
    )
    nothing = {"replayed": 0, "still_refused": 0, "refused": [], "next_cursor": None}
    answer = await client.post(f"{LETTERS}/replay", json={}, headers=token(Role.ENGINEER, "munich"))
    assert (answer.status_code, answer.json()) == (200, nothing)
    here = token(Role.ENGINEER, "berlin")
    dry = await client.post(f"{LETTERS}/replay", json={"under": PATH, "dry_run": True}, headers=here)
    assert dry.json() == {**nothing, "replayed": 3}
    assert (await client.post(f"{LETTERS}/2/replay", headers=here)).json() == {**nothing, "replayed": 1}
    assert (await client.post(f"{LETTERS}/replay", json={"from": "-1h"}, headers=here)).json()["replayed"] == 2
    assert await readings_of(bus, 1) == await readings_of(bus, 3) == [("r3", {"torque": 4.0})]
    assert (await client.get(LETTERS, headers=here)).json()["items"] == []


@pytest.mark.parametrize(
    "body", [{"reson": "bad-time"}, {"reason": "bad"}, {"from": "soon"}, {"q": "x" * 300}, {"dry_run": "perhaps"}, []]
)
async def test_a_filter_that_is_not_understood_replays_nothing(client: httpx.AsyncClient, body: object) -> None:
    answer = await client.post(f"{LETTERS}/replay", json=body, headers=token(Role.ENGINEER))
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


async def test_many_large_requests_take_turns_with_all_else(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns, looked_at, end, resolve = 0, list[int](), asyncio.Event(), Readings._resolve

    def noted(self: Readings, *arguments: Any) -> Any:
        looked_at.append(turns)
        return resolve(self, *arguments)

    async def all_else() -> None:
        nonlocal turns
        while not end.is_set():
            turns += 1
            await asyncio.sleep(0)

    monkeypatch.setattr(Readings, "_resolve", noted)
    waiting = asyncio.create_task(all_else())
    body = [{"asset": PATH, "values": {"nobody": 1}}]
    posts = (client.post("/api/ingest/v1/readings", json=body, headers=token()) for _ in range(20))
    assert {answer.status_code for answer in await asyncio.gather(*posts)} == {422}
    end.set()
    await waiting
    assert len(set(looked_at)) == 20, "between any two of them all else had its turn"
