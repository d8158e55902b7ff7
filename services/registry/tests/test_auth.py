"""Signing in and out: tokens, wrong passwords, and how long guessing takes."""

import asyncio

import jwt
import pytest
from structlog.testing import capture_logs

from andon.common.errors import TooManyError, UnavailableError
from andon.registry.passwords import WAITING_OF_ONE, Passwords
from andon.registry.throttle import ADDRESS_FREE, FREE, LONGEST_SECONDS, Throttle, address_of

WRONG = "User name or password is wrong"


async def test_a_password_gives_a_token_for_its_person(registry) -> None:
    await registry.person("eva", "engineer", "berlin")
    form = {"username": "eva", "password": "eva-password", "grant_type": "password", "scope": ""}
    answer = (await registry.stranger().post("/auth/token", data=form)).json()
    assert set(answer) == {"access_token", "token_type", "expires_in"}
    assert answer["token_type"] == "bearer"
    eva = registry.stranger()
    eva.headers["Authorization"] = f"Bearer {answer['access_token']}"
    me = (await eva.get("/me")).json()
    assert (me["username"], me["role"], me["scope"]) == ("eva", "engineer", "berlin")


async def test_a_wrong_password_and_an_unknown_name_are_told_alike(registry) -> None:
    for username, password in (("admin", "wrong"), ("nobody", "wrong"), ("admin' --", "\0")):
        form = {"username": username, "password": password}
        answer = await registry.stranger().post("/auth/token", data=form)
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["detail"] == WRONG
    assert (await registry.stranger().post("/auth/token", data={"username": "admin"})).status_code == 422


async def test_a_forged_unsigned_or_broken_token_is_refused(registry) -> None:
    good = registry.http.headers["Authorization"].removeprefix("Bearer ")
    claims = jwt.decode(good, options={"verify_signature": False})
    tokens = [
        jwt.encode(claims, "another secret, as long as the one that is right", algorithm="HS256"),
        jwt.encode(claims, None, algorithm="none"),
        good.rsplit(".", 1)[0] + ".",
        good[:-4],
        "x",
    ]
    for token in tokens:
        answer = await registry.stranger().get("/me", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 401, token
        assert answer.headers["www-authenticate"] == "Bearer"
    assert (await registry.stranger().get("/me", headers={"Authorization": f"Bearer {good}"})).status_code == 200


async def test_a_token_ends_with_its_time(registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("andon.registry.routes.auth.TOKEN_SECONDS", -1)
    registry.http = await registry.sign_in("admin", (registry.folder / "admin-password").read_text().strip())
    answer = await registry.http.get("/me")
    assert answer.status_code == 401
    assert "expired; sign in again" in answer.json()["detail"]


async def test_a_good_token_gives_a_new_one_that_says_what_its_person_may_do_now(registry) -> None:
    board = await registry.person("board", "viewer", "berlin")
    answer = (await board.post("/auth/token/renew")).json()
    assert (answer["token_type"], answer["expires_in"]) == ("bearer", 12 * 3600)
    renewed = registry.stranger()
    renewed.headers["Authorization"] = f"Bearer {answer['access_token']}"
    me = (await renewed.get("/me")).json()
    assert (me["username"], me["role"], me["scope"]) == ("board", "viewer", "berlin")
    assert (await board.get("/me")).status_code == 200  # other pages of the same browser still use it

    assert (await renewed.post("/auth/token/renew")).status_code == 200
    assert (await registry.http.delete(f"/people/{me['id']}")).status_code == 204
    assert (await renewed.post("/auth/token/renew")).status_code == 401


async def test_signing_out_ends_whatever_a_token_was_renewed_to(registry) -> None:
    eva, thief = await registry.person("eva", "viewer"), registry.stranger()
    at_home = await registry.sign_in("eva", "eva-password")
    thief.headers["Authorization"] = eva.headers["Authorization"]
    for _ in range(3):
        answer = (await thief.post("/auth/token/renew")).json()
        thief.headers["Authorization"] = f"Bearer {answer['access_token']}"
    people = (await registry.http.get("/people")).json()["items"]
    assert next(one["sessions"] for one in people if one["username"] == "eva") == 2  # signed in twice, however renewed

    assert (await eva.post("/auth/logout")).status_code == 204
    assert (await thief.get("/me")).status_code == 401
    assert (await thief.post("/auth/token/renew")).status_code == 401
    assert (await at_home.get("/me")).status_code == 200


async def test_signing_out_ends_one_token_for_good(start) -> None:
    registry = await start()
    eva, also_eva = await registry.person("eva", "viewer"), await registry.sign_in("eva", "eva-password")
    assert (await eva.post("/auth/logout")).status_code == 204
    assert (await eva.get("/me")).status_code == 401
    assert (await also_eva.get("/me")).status_code == 200
    bearer = eva.headers["Authorization"]
    await registry.stop()
    again = await start()
    assert (await again.stranger().get("/me", headers={"Authorization": bearer})).status_code == 401


async def test_a_new_password_of_ones_own_ends_all_other_tokens(registry) -> None:
    eva, elsewhere = await registry.person("eva", "viewer"), await registry.sign_in("eva", "eva-password")
    new = "correct horse battery"
    wrong = await eva.post("/me/password", json={"current": "wrong", "new": new})
    assert (wrong.status_code, "current password" in wrong.json()["detail"]) == (403, True)  # 401: signed out
    assert (await eva.post("/me/password", json={"current": "eva-password", "new": "short"})).status_code == 422
    assert (await eva.post("/me/password", json={"current": "eva-password", "new": new})).status_code == 204
    assert (await eva.get("/me")).status_code == 200
    assert (await elsewhere.get("/me")).status_code == 401
    await registry.sign_in("eva", new)
    old = {"username": "eva", "password": "eva-password"}
    assert (await registry.stranger().post("/auth/token", data=old)).status_code == 401


async def test_guessing_is_slowed_down_for_the_guessed_name_alone(registry) -> None:
    eva = await registry.person("eva", "viewer")
    guess = {"username": "admin", "password": "wrong"}
    answers = [await registry.stranger().post("/auth/token", data=guess) for _ in range(FREE + 1)]
    assert [a.status_code for a in answers] == [401] * FREE + [429]
    assert "Too many wrong passwords; try again in" in answers[-1].json()["detail"]
    assert answers[-1].headers["Retry-After"] == "1"
    assert (await eva.get("/me")).status_code == 200
    await registry.sign_in("eva", "eva-password")


def test_each_further_try_waits_twice_as_long_up_to_a_quarter_of_an_hour() -> None:
    now, waits = [0.0], []
    throttle = Throttle(lambda: now[0])
    for _ in range(FREE):
        throttle.enter("eva", "1.2.3.4")
    for _ in range(12):
        before = now[0]
        while True:
            try:
                throttle.enter("eva", "1.2.3.4")
                break
            except TooManyError:
                now[0] += 1
        waits.append(now[0] - before)
    assert waits == [min(2.0**n, LONGEST_SECONDS) for n in range(12)]
    throttle.enter("eva", "5.6.7.8")
    throttle.succeeded("eva", "1.2.3.4")
    throttle.enter("eva", "1.2.3.4")


def held_up(throttle: Throttle, name: str, address: str) -> bool:
    try:
        throttle.enter(name, address)
    except TooManyError:
        return True
    return False


def test_an_address_with_ever_new_names_is_slowed_down_but_not_who_signed_in_from_there_before() -> None:
    now = [0.0]
    throttle = Throttle(lambda: now[0])
    throttle.enter("admin", "1.2.3.4")
    throttle.succeeded("admin", "1.2.3.4")
    assert sum(not held_up(throttle, f"name {n}", "1.2.3.4") for n in range(1000)) == ADDRESS_FREE
    assert not held_up(throttle, "somebody", "5.6.7.8")
    for _ in range(3):
        assert not held_up(throttle, "admin", "1.2.3.4")
        throttle.succeeded("admin", "1.2.3.4")
        assert held_up(throttle, "one more", "1.2.3.4")  # a right password frees nobody else
    admitted = 0
    for n in range(3600):
        now[0] += 1
        admitted += not held_up(throttle, f"later {n}", "1.2.3.4")
    assert 60 <= admitted <= 70
    now[0] += 3600
    assert not held_up(throttle, "tomorrow", "1.2.3.4")


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::9", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_one_who_has_many_ipv6_addresses_counts_as_one(host: str, address: str) -> None:
    assert address_of(host) == address


async def test_a_try_that_nobody_looked_at_does_not_count(registry, monkeypatch: pytest.MonkeyPatch) -> None:
    await registry.person("eva", "viewer")
    form = {"username": "eva", "password": "eva-password"}
    with monkeypatch.context() as flood:
        flood.setattr("andon.registry.passwords.WAITING", 0)
        for _ in range(FREE + 5):
            assert (await registry.stranger().post("/auth/token", data=form)).status_code == 503
    await registry.sign_in("eva", "eva-password")


async def test_one_address_does_not_take_all_the_room() -> None:
    passwords = Passwords()
    flood = [asyncio.create_task(passwords.check("x", None, address="1.2.3.4")) for _ in range(100)]
    kept = await passwords.hash("the right password")
    assert await passwords.check("the right password", kept, address="5.6.7.8")
    done = await asyncio.gather(*flood, return_exceptions=True)
    assert sum(isinstance(one, UnavailableError) for one in done) == 100 - WAITING_OF_ONE


async def test_a_wrong_password_is_logged_once_with_name_and_address(registry) -> None:
    with capture_logs() as logged:
        await registry.stranger().post("/auth/token", data={"username": "eva\nadmin", "password": "wrong"})
        await registry.sign_in("admin", (registry.folder / "admin-password").read_text().strip())
    found = [line for line in logged if line["event"] == "wrong password"]
    assert found == [
        {"event": "wrong password", "username": r"'eva\nadmin'", "address": "127.0.0.1", "log_level": "warning"}
    ]


async def test_a_password_is_kept_as_a_salted_slow_hash() -> None:
    passwords = Passwords()
    one, two = await passwords.hash("the same password"), await passwords.hash("the same password")
    assert one != two
    assert one.startswith("$argon2id$v=19$m=65536,t=3,")
    assert await passwords.check("the same password", one)
    assert not await passwords.check("the same passwore", one)
    assert not await passwords.check("the password of nobody", None)
    assert not await passwords.check("anything", "no hash at all")
