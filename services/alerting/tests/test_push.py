"""Subscriptions of browsers over HTTP: each person their own, so many and no more, with what they may see."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from andon.alerting.couriers.encryption import decode
from andon.alerting.couriers.vapid import open_vapid
from andon.alerting.database import Database
from andon.alerting.routes import push
from andon.alerting.tables import PushRow
from andon.common.api import Service, create_front
from andon.common.auth import Principal, Role, Tokens

from .push_browser import Browser

Person = Callable[..., httpx.AsyncClient]


@pytest.fixture
async def person(database: Database) -> AsyncIterator[Person]:
    """Somebody who signs in, in front of the routes alone."""
    tokens, clients = Tokens(secret="s" * 48), list[httpx.AsyncClient]()
    vapid = await open_vapid(database, "mailto:andon@example.com")

    @asynccontextmanager
    async def start(app: FastAPI) -> AsyncIterator[None]:
        app.state.database, app.state.vapid = database, vapid
        yield

    front = create_front(Service(name="alerting", title="Push", router=push.router, tokens=tokens, start=start))

    def sign_in(name: str, scope: str = "", role: Role = Role.VIEWER) -> httpx.AsyncClient:
        caller = Principal(id=f"id-{name}", name=name, role=role, scope=scope)
        token = tokens.sign(caller, token_id=f"t-{name}", lifetime=600)
        clients.append(
            httpx.AsyncClient(
                transport=httpx.ASGITransport(front),
                base_url="http://andon.test/api/alerting/v1/push",
                headers={"Authorization": f"Bearer {token}"},
            )
        )
        return clients[-1]

    async with front.router.lifespan_context(front):
        yield sign_in
        for client in clients:
            await client.aclose()


def browser(number: int = 1) -> dict[str, Any]:
    return Browser(f"https://push.example.com/send/{number}").subscription


async def subscribe(client: httpx.AsyncClient, body: dict[str, Any]) -> dict[str, Any]:
    answer = await client.post("/subscriptions", json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def listed(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await client.get("/subscriptions")).json()["items"]
    return found


async def test_the_key_is_the_one_messages_are_signed_with(person: Person) -> None:
    key = (await person("ada").get("/key")).json()["key"]
    assert len(decode(key)) == 65


async def test_a_browser_is_subscribed_and_taken_away(person: Person) -> None:
    ada = person("ada", "berlin")
    made = await subscribe(ada, browser())
    assert made == {
        "id": made["id"], "person": "ada", "service": "push.example.com", "created_at": made["created_at"]
    }  # fmt: skip
    assert await listed(ada) == [made]
    assert (await ada.delete(f"/subscriptions/{made['id']}")).status_code == 204
    assert await listed(ada) == []
    assert (await ada.delete(f"/subscriptions/{made['id']}")).status_code == 404


async def test_a_browser_that_renews_is_still_one_and_sees_what_its_person_sees_now(
    person: Person, database: Database
) -> None:
    first = await subscribe(person("ada", "berlin"), browser())
    again = await subscribe(person("ada", "berlin/painting"), browser())
    assert first["id"] == again["id"]
    taken = await subscribe(person("olav", "oslo"), browser())
    assert (taken["id"], taken["person"]) == (first["id"], "olav")
    async with database.read() as session:
        [row] = await session.scalars(select(PushRow))
    assert (row.person, row.scope) == ("olav", "oslo")


async def test_nobody_sees_or_ends_those_of_others_but_an_admin(person: Person) -> None:
    made = await subscribe(person("ada"), browser())
    for other in (person("olav", role=Role.ENGINEER), person("eve", "berlin", Role.ADMIN)):
        assert await listed(other) == []
        assert (await other.delete(f"/subscriptions/{made['id']}")).status_code == 404
    admin = person("root", role=Role.ADMIN)
    assert await listed(admin) == [made]
    assert (await admin.delete(f"/subscriptions/{made['id']}")).status_code == 204


async def test_a_person_has_twenty_browsers_at_most(person: Person) -> None:
    ada, bodies = person("ada"), [browser(number) for number in range(20)]
    for body in bodies:
        await subscribe(ada, body)
    answer = await ada.post("/subscriptions", json=browser(20))
    assert answer.status_code == 409
    assert "take one away first" in answer.json()["detail"]
    await subscribe(ada, bodies[7])
    await subscribe(person("olav"), browser(20))


@pytest.mark.parametrize(
    "change",
    [
        {"endpoint": "file:///etc/passwd"},
        {"endpoint": "https://push.example.com/\r\nx"},
        {"endpoint": "https://push.example.com/" + "x" * 1000},
        {"keys": {"p256dh": "AAAA", "auth": "BBBB"}},
        {"keys": {"p256dh": "ü", "auth": "ü"}},
        {"keys": {}},
    ],
)
async def test_what_is_no_subscription_is_refused(person: Person, change: dict[str, Any]) -> None:
    ada = person("ada")
    assert (await ada.post("/subscriptions", json=browser() | change)).status_code == 422
    assert await listed(ada) == []


async def test_nobody_subscribes_without_signing_in(person: Person) -> None:
    stranger = person("ada")
    stranger.headers.pop("Authorization")
    for method, path in (("GET", "/key"), ("GET", "/subscriptions"), ("POST", "/subscriptions")):
        assert (await stranger.request(method, path, json={})).status_code == 401
