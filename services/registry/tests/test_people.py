"""People: added, promoted, cut down, and gone, and what that means for those signed in."""

import pytest


async def add(client, username: str, **fields: str):
    body = {"username": username, "password": f"{username}-password", **fields}
    return await client.post("/people", json=body)


async def test_a_person_is_added_listed_and_deleted(registry) -> None:
    made = (await add(registry.http, "eva", role="operator", scope="berlin")).json()
    assert made == {
        "id": made["id"],
        "username": "eva",
        "role": "operator",
        "scope": "berlin",
        "created": made["created"],
        "sessions": 0,
    }
    assert (await add(registry.http, "eva")).status_code == 409
    listed = (await registry.http.get("/people", params={"limit": 1})).json()
    assert [p["username"] for p in listed["items"]] == ["admin"]
    rest = (await registry.http.get("/people", params={"cursor": listed["next_cursor"]})).json()
    assert rest == {"items": [made], "next_cursor": None}
    eva = await registry.sign_in("eva", "eva-password")
    assert (await registry.http.delete(f"/people/{made['id']}")).status_code == 204
    assert (await eva.get("/me")).status_code == 401
    assert (await registry.http.delete(f"/people/{made['id']}")).status_code == 404


@pytest.mark.parametrize(
    "change", [{"role": "engineer"}, {"scope": "berlin"}, {"password": "another password"}], ids=lambda c: next(iter(c))
)
async def test_a_change_ends_what_the_person_has_open(registry, change) -> None:
    made = (await add(registry.http, "eva")).json()
    eva = await registry.sign_in("eva", "eva-password")
    assert (await registry.http.patch(f"/people/{made['id']}", json=change)).status_code == 200
    assert (await eva.get("/me")).status_code == 401
    again = await registry.sign_in("eva", change.get("password", "eva-password"))
    me = (await again.get("/me")).json()
    assert (me["role"], me["scope"]) == (change.get("role", "viewer"), change.get("scope", ""))


async def test_somebody_is_signed_out_everywhere_and_signs_in_again(registry) -> None:
    made = (await add(registry.http, "eva")).json()
    tablet, phone = [await registry.sign_in("eva", "eva-password") for _ in range(2)]

    async def sessions() -> dict[str, int]:
        return {p["username"]: p["sessions"] for p in (await registry.http.get("/people")).json()["items"]}

    assert await sessions() == {"admin": 1, "eva": 2}
    await tablet.post("/auth/logout")
    assert await sessions() == {"admin": 1, "eva": 1}
    assert (await registry.http.delete(f"/people/{made['id']}/sessions")).status_code == 204
    assert await sessions() == {"admin": 1, "eva": 0}
    assert (await phone.get("/me")).status_code == 401
    assert (await (await registry.sign_in("eva", "eva-password")).get("/me")).json()["role"] == "viewer"
    assert (await registry.http.delete("/people/nobody/sessions")).status_code == 404


async def test_the_last_admin_of_the_whole_plant_stays(registry) -> None:
    me = (await registry.http.get("/me")).json()["id"]
    await add(registry.http, "berta", role="admin", scope="berlin")
    for change in ({"role": "viewer"}, {"scope": "berlin"}):
        assert (await registry.http.patch(f"/people/{me}", json=change)).status_code == 409
    answer = await registry.http.delete(f"/people/{me}")
    assert answer.status_code == 409
    assert "the last admin of the whole plant" in answer.json()["detail"]
    assert (await registry.http.get("/me")).json()["role"] == "admin"


async def test_an_admin_of_a_part_rules_that_part_alone(registry) -> None:
    paul = (await add(registry.http, "paul", scope="paris")).json()
    berta = await registry.person("berta", "admin", "berlin")
    assert [p["username"] for p in (await berta.get("/people")).json()["items"]] == ["berta"]
    assert (await add(berta, "eva", scope="berlin/painting", role="admin")).status_code == 201
    for scope in ("", "paris", "berlin2"):
        assert (await add(berta, "eve", scope=scope)).status_code == 403
    me = (await berta.get("/me")).json()["id"]
    assert (await berta.patch(f"/people/{me}", json={"scope": ""})).status_code == 403
    for person in (paul["id"], (await registry.http.get("/me")).json()["id"]):
        assert (await berta.patch(f"/people/{person}", json={"role": "viewer"})).status_code == 404
        assert (await berta.delete(f"/people/{person}")).status_code == 404
        assert (await berta.delete(f"/people/{person}/sessions")).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"username": "a b"},
        {"username": ""},
        {"username": "x" * 64},
        {"password": "short"},
        {"password": "x" * 257},
        {"role": "king"},
        {"scope": "Berlin"},
        {"scope": "a/b/c/d/e"},
        {"scope": "a/#"},
        {"id": "mine"},
    ],
)
async def test_bad_fields_are_refused(registry, wrong) -> None:
    body = {"username": "eva", "password": "eva-password", **wrong}
    answer = await registry.http.post("/people", json=body)
    assert answer.status_code == 422
    assert next(iter(wrong)) in answer.json()["detail"]


async def test_no_answer_shows_a_password(registry) -> None:
    await add(registry.http, "eva")
    text = (await registry.http.get("/people")).text
    assert "argon2" not in text
    assert "password" not in text
