"""Saved views: one's own, and those that others share, as far as what they tell of is no secret."""

import pytest

from andon.registry.storage import views

ALARMS = {"name": "Alarms of today", "address": "/alarms?from=-1d"}


async def save(client, **fields):
    answer = await client.post("/views", json={**ALARMS, **fields})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def names(client) -> list[str]:
    answer = await client.get("/views")
    assert answer.status_code == 200, answer.text
    return [view["name"] for view in answer.json()["items"]]


async def test_a_view_is_saved_found_changed_and_deleted(registry) -> None:
    otto = await registry.person("otto", "viewer", "berlin")
    made = await save(otto)
    assert made == {**ALARMS, "id": made["id"], "shared": False, "scope": "berlin", "owner": "otto", "mine": True}
    assert (await otto.get("/views")).json() == {"items": [made], "next_cursor": None}
    changed = await otto.patch(f"/views/{made['id']}", json={"address": "/alarms?from=-7d", "name": "Of the week"})
    assert changed.json() == {**made, "address": "/alarms?from=-7d", "name": "Of the week"}
    assert await names(registry.http) == []
    for method in ("PATCH", "DELETE"):
        hidden = await registry.http.request(method, f"/views/{made['id']}", json={})
        assert (hidden.status_code, hidden.json()["detail"]) == (404, f"There is no view '{made['id']}'")
    assert (await otto.delete(f"/views/{made['id']}")).status_code == 204
    assert (await otto.delete(f"/views/{made['id']}")).status_code == 404


async def test_a_shared_view_is_seen_by_all_and_changed_by_its_owner_and_admins(registry) -> None:
    anna, otto = await registry.person("anna", "operator"), await registry.person("otto", "engineer")
    made = await save(anna, shared=True)
    seen = (await otto.get("/views")).json()["items"]
    assert seen == [{**made, "mine": False}]
    for method in ("PATCH", "DELETE"):
        refused = await otto.request(method, f"/views/{made['id']}", json={"name": "Mine"})
        assert refused.status_code == 403
        assert refused.json()["detail"] == "A shared view is changed by its owner or an admin; save one of your own"
    renamed = await registry.http.patch(f"/views/{made['id']}", json={"name": "Alarms, today"})
    assert (renamed.json()["owner"], renamed.json()["mine"]) == ("anna", False)
    assert await names(anna) == ["Alarms, today"]
    assert (await anna.patch(f"/views/{made['id']}", json={"shared": False})).json()["shared"] is False
    assert await names(otto) == []


async def test_who_only_looks_keeps_views_to_themselves(registry) -> None:
    otto = await registry.person("otto", "viewer")
    made = await save(otto)
    for method, path in (("POST", "/views"), ("PATCH", f"/views/{made['id']}")):
        refused = await otto.request(method, path, json={**ALARMS, "shared": True})
        assert (refused.status_code, refused.json()["detail"]) == (403, "This needs the role operator; you have viewer")
    assert await names(registry.http) == []


async def test_what_a_view_tells_of_is_told_to_those_who_see_all_of_it(registry) -> None:
    whole = registry.http
    berlin = await registry.person("berta", "operator", "berlin")
    painting = await registry.person("pia", "operator", "berlin/painting")
    paris = await registry.person("paul", "operator", "paris")
    await save(whole, name="Whole plant", shared=True)
    await save(berlin, name="Berlin", shared=True)
    await save(painting, name="Painting", shared=True)
    await save(whole, name="For painting", shared=True, scope="berlin/painting")
    assert await names(whole) == ["Berlin", "For painting", "Painting", "Whole plant"]
    assert await names(berlin) == ["Berlin", "For painting", "Painting"]
    assert await names(painting) == ["For painting", "Painting"]
    assert await names(paris) == []
    refused = await painting.post("/views", json={**ALARMS, "shared": True, "scope": "berlin"})
    assert refused.status_code == 403
    assert "outside your part of the plant" in refused.json()["detail"]


async def test_a_view_stays_what_it_was_told_of_when_its_writer_has_another_part_of_the_plant(registry) -> None:
    anna = await registry.person("anna", "operator")
    made = await save(anna, name="Secret of Paris", shared=True)
    me = (await anna.get("/me")).json()["id"]
    assert (await registry.http.patch(f"/people/{me}", json={"scope": "berlin"})).status_code == 200
    otto = await registry.person("otto", "operator", "berlin")
    assert await names(otto) == []
    anna = await registry.sign_in("anna", "anna-password")
    assert await names(anna) == ["Secret of Paris"]  # it is her own
    narrowed = await anna.patch(f"/views/{made['id']}", json={"scope": "berlin", "name": "Berlin"})
    assert narrowed.status_code == 200
    assert await names(otto) == ["Berlin"]


async def test_when_somebody_goes_what_they_shared_stays_with_the_admin(registry) -> None:
    anna = await registry.person("anna", "operator", "berlin")
    await save(anna, name="Shared", shared=True)
    await save(anna, name="Own")
    me = (await anna.get("/me")).json()["id"]
    assert (await registry.http.delete(f"/people/{me}")).status_code == 204
    (left,) = (await registry.http.get("/views")).json()["items"]
    assert (left["name"], left["owner"], left["mine"], left["scope"]) == ("Shared", "admin", True, "berlin")


async def test_an_admin_who_deletes_themself_takes_all_views_along(registry) -> None:
    berta = await registry.person("berta", "admin")
    await save(berta, shared=True)
    me = (await berta.get("/me")).json()["id"]
    assert (await berta.delete(f"/people/{me}")).status_code == 204
    assert await names(registry.http) == []


async def test_views_come_in_pages_by_name_without_gap_or_double(registry) -> None:
    wanted = ["A", "B b", "B b", "B b", "C"]
    for name in reversed(wanted):
        await save(registry.http, name=name)
    found, cursor = [], ""
    while cursor is not None:
        page = (await registry.http.get("/views", params={"limit": 2, "cursor": cursor})).json()
        found += page["items"]
        cursor = page["next_cursor"]
    assert [view["name"] for view in found] == wanted
    assert len({view["id"] for view in found}) == len(wanted)


async def test_nobody_has_more_views_than_anybody_finds_again(registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "MAX_PER_PERSON", 2)
    for _ in range(2):
        await save(registry.http)
    refused = await registry.http.post("/views", json=ALARMS)
    assert (refused.status_code, refused.json()["detail"]) == (409, "You have 2 views already; delete one first")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"address": "alarms"}, "'alarms' is no address of these pages; write it from the first '/' on"),
        ({"address": "https://elsewhere.example/"}, "is no address of these pages"),
        ({"address": "//elsewhere.example/"}, "is no address of these pages"),
        ({"address": "javascript:alert(1)"}, "is no address of these pages"),
        ({"address": "/" + "x" * 2000}, "address"),
        ({"shared": "yes"}, "shared"),
        ({"scope": "Berlin"}, "scope"),
        ({"owner": "anna"}, "owner"),
    ],
)
async def test_what_is_no_view_is_refused(registry, wrong, says: str) -> None:
    made = await save(registry.http)
    for method, path in (("POST", "/views"), ("PATCH", f"/views/{made['id']}")):
        answer = await registry.http.request(method, path, json={**ALARMS, **wrong})
        assert answer.status_code == 422
        assert says in answer.json()["detail"]
    assert (await registry.http.get("/views")).json()["items"] == [made]
