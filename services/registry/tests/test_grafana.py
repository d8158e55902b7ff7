"""The way to Grafana: who may go it, what is passed on in whose name, and what is kept back on either way."""

import asyncio

import httpx
import jwt
import pytest

from andon.common.testing.waiting import eventually
from andon.registry.grafana import gateway, sessions
from andon.registry.grafana.dashboards import DASHBOARDS

from .grafana_house import House


def said(answer: httpx.Response, name: str) -> list[str]:
    """What Grafana was told by headers of a name."""
    return [value for told, value in answer.json()["headers"] if told == name]


async def test_a_session_leads_to_grafana_as_the_same_person_with_their_role(house: House) -> None:
    for role, there in (("viewer", "Viewer"), ("operator", "Viewer"), ("engineer", "Editor"), ("admin", "Admin")):
        person = await house.registry.person(f"a-{role}", role)
        browser = await house.browser(person)
        answer = await browser.get("/grafana/api/user")
        assert answer.status_code == 200, answer.text
        claims = answer.json()["claims"]
        me = (await person.get("/me")).json()
        assert claims["sub"] == me["id"]
        assert (claims["preferred_username"], claims["role"]) == (f"a-{role}", there)
        assert claims["exp"] - claims["iat"] < 120


async def test_the_cookie_is_for_grafana_alone_and_no_script_reads_it(house: House) -> None:
    bearer = {"Authorization": house.registry.http.headers["Authorization"]}
    browser = await house.browser()
    answer = await browser.post("/api/registry/v1/grafana/session", headers=bearer)
    assert answer.json() == {"expires_in": sessions.SECONDS}
    name, attributes = answer.headers["set-cookie"].split(";", 1)
    assert name.startswith("andon_grafana=")
    assert attributes == f" Path=/grafana/; Max-Age={sessions.SECONDS}; HttpOnly; SameSite=Strict"
    token = name.partition("=")[2]
    as_bearer = await browser.get("/api/registry/v1/me", headers={"Authorization": f"Bearer {token}"})
    assert as_bearer.status_code == 401
    swapped = {"Cookie": f"andon_grafana={bearer['Authorization'].removeprefix('Bearer ')}"}
    stranger = await house.browser()
    assert (await stranger.get("/grafana/api/user", headers=swapped)).status_code == 401


async def test_without_a_session_a_frame_is_told_and_a_visitor_is_led_to_the_door(house: House) -> None:
    stranger = await house.browser()
    answer = await stranger.get("/grafana/d/andon-line", headers={"sec-fetch-dest": "iframe"})
    assert answer.status_code == 401
    assert "open it from a page of Andon" in answer.json()["detail"]
    visit = {"sec-fetch-dest": "document", "sec-fetch-site": "none"}
    answer = await stranger.get("/grafana/d/andon-line?var-line=a%26b&kiosk", headers=visit)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/open-grafana?to=%2Fgrafana%2Fd%2Fandon-line%3Fvar-line%3Da%2526b%26kiosk"
    assert house.grafana.seen == []


async def test_somebody_of_a_part_of_the_plant_does_not_see_grafana(house: House) -> None:
    eva = await house.registry.person("eva", "engineer", "berlin")
    assert (await eva.get("/grafana")).json() == {"enabled": False, "dashboards": DASHBOARDS}
    answer = await eva.post("/grafana/session")
    assert answer.status_code == 403
    assert answer.json()["detail"] == "Grafana shows the whole plant, and you may see 'berlin' alone"
    assert (await house.registry.http.get("/grafana")).json()["enabled"] is True


async def test_signing_out_or_being_revoked_ends_the_session_at_once(house: House) -> None:
    eva, tom = await house.registry.person("eva", "viewer"), await house.registry.person("tom", "viewer")
    hers, his = await house.browser(eva), await house.browser(tom)
    assert (await hers.get("/grafana/api/user")).status_code == 200
    bye = await eva.post("/auth/logout")
    assert bye.headers["set-cookie"].startswith("andon_grafana=; Path=/grafana/; Max-Age=0")
    assert (await hers.get("/grafana/api/user")).status_code == 401
    him = (await tom.get("/me")).json()["id"]
    await house.registry.http.patch(f"/people/{him}", json={"scope": "berlin"})
    assert (await his.get("/grafana/api/user")).status_code == 401


async def test_who_signs_in_does_not_find_the_session_of_the_one_before(house: House) -> None:
    await house.registry.person("eva", "viewer", "berlin")
    tablet = await house.admin()
    form = {"username": "eva", "password": "eva-password"}
    assert (await tablet.post("/api/registry/v1/auth/token", data=form)).status_code == 200
    assert (await tablet.get("/grafana/api/user")).status_code == 401


async def test_a_session_nobody_uses_fades_and_one_that_is_used_is_renewed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = await house.admin()
    assert "set-cookie" not in (await browser.get("/grafana/api/user")).headers
    monkeypatch.setattr(sessions, "SECONDS", 10_000)  # as if more than half of it were over
    renewed = await browser.get("/grafana/api/user")
    assert renewed.headers["set-cookie"].startswith("andon_grafana=")
    monkeypatch.setattr(sessions, "SECONDS", -1)
    old = await house.admin()
    assert (await old.get("/grafana/api/user")).status_code == 401
    until = jwt.decode(browser.cookies["andon_grafana"], options={"verify_signature": False})["until"]
    bearer = house.registry.http.headers["Authorization"].removeprefix("Bearer ")
    assert until == jwt.decode(bearer, options={"verify_signature": False})["exp"]


async def test_the_browser_forgets_the_session_when_asked_to(house: House) -> None:
    browser = await house.admin()
    bearer = {"Authorization": house.registry.http.headers["Authorization"]}
    assert (await browser.delete("/api/registry/v1/grafana/session", headers=bearer)).status_code == 204
    assert (await browser.get("/grafana/api/user")).status_code == 401


async def test_what_a_caller_claims_of_themselves_does_not_reach_grafana(house: House) -> None:
    browser = await house.admin()
    forged = {
        "X-JWT-Assertion": "forged",
        "X_JWT_Assertion": "forged",
        "X-WEBAUTH-USER": "root",
        "X-WEBAUTH-ROLE": "Admin",
        "Authorization": "Basic YWRtaW46YWRtaW4=",
        "X-Forwarded-For": "10.0.0.1",
        "X-Forwarded-Host": "evil.example",
        "Forwarded": "for=10.0.0.1",
        "X-Real-IP": "10.0.0.1",
        "Connection": "X-Hop, keep-alive",
        "X-Hop": "this one alone",
        "X-Grafana-Org-Id": "1",
        "Cookie": "other=1; " + "; ".join(f"{k}={v}" for k, v in browser.cookies.items()),
    }
    answer = await browser.get("/grafana/api/user", headers=forged)
    names = {name for name, _ in answer.json()["headers"]}
    assert not names & {"x_jwt_assertion", "x-webauth-user", "x-webauth-role", "authorization", "forwarded"}
    assert not names & {"x-real-ip", "x-hop"}
    assert said(answer, "x-forwarded-for") == ["127.0.0.1"]
    assert said(answer, "x-forwarded-host") == said(answer, "host") == [house.host]
    assert said(answer, "x-forwarded-proto") == ["http"]
    assert said(answer, "x-grafana-org-id") == ["1"]
    assert said(answer, "cookie") == ["other=1"]
    assert len(said(answer, "x-jwt-assertion")) == 1
    assert answer.json()["claims"]["preferred_username"] == "admin"


async def test_path_query_and_body_come_as_they_were_written(house: House) -> None:
    browser = await house.admin()
    answer = await browser.post("/grafana/api/ds/query?a=%26b&c=1%2F2", content=b'{"q": "\xc3\xa4"}')
    told = answer.json()
    assert (told["method"], told["target"], told["query"]) == ("POST", "/grafana/api/ds/query", "a=%26b&c=1%2F2")
    assert told["body"] == '{"q": "ä"}'
    noted = await browser.get("/grafana/", headers=[(b"x-note", "grün".encode("latin-1"))])
    assert said(noted, "x-note") == ["grün"]
    assert (await browser.head("/grafana/api/user")).status_code == 200
    plain = await browser.get("/grafana/", headers={"Accept-Encoding": "identity"})
    assert said(plain, "accept-encoding") == ["identity"]


async def test_no_path_and_no_redirect_leads_out_of_grafana(house: House) -> None:
    browser = await house.admin()
    cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    for path in ("/grafana/../metrics", "/grafana/%2e%2e/metrics", "/grafana/..%2fmetrics"):
        reader, writer = await asyncio.open_connection("127.0.0.1", int(house.host.rpartition(":")[2]))
        head = f"GET {path} HTTP/1.1\r\nHost: {house.host}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"
        writer.write(head.encode())
        assert (await reader.read()).startswith(b"HTTP/1.1 400"), path
        writer.close()
    assert house.grafana.seen == []
    answer = await browser.get("/grafana/leads", params={"to": f"{house.grafana.url}/grafana/login?next=1"})
    assert (answer.status_code, answer.headers["location"]) == (302, "/grafana/login?next=1")
    answer = await browser.get("/grafana/leads", params={"to": "https://evil.example/grafana/"})
    assert (answer.status_code, answer.headers.get("location")) == (503, None)
    assert "root_url and serve_from_sub_path" in answer.json()["detail"]


async def test_a_link_of_a_dashboard_into_andon_leads_out_of_grafana(house: House) -> None:
    browser = await house.admin()
    answer = await browser.get("/grafana/andon/plant/berlin/painting?from=1&to=2")
    assert (answer.status_code, answer.headers["location"]) == (303, "/plant/berlin/painting?from=1&to=2")
    assert (await browser.get("/grafana/andon/%2Fevil.example")).status_code == 400


async def test_only_our_own_pages_change_something(house: House) -> None:
    browser = await house.admin()
    for site, origin, status in (("same-origin", house.origin, 200), ("same-site", "http://127.0.0.1:1", 403)):
        asked = {"sec-fetch-site": site, "origin": origin}
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            answer = await browser.request(method, "/grafana/api/dashboards/db", headers=asked)
            assert answer.status_code == status, (method, answer.text)
        assert (await browser.get("/grafana/api/user", headers=asked)).status_code == 200


async def test_what_grafana_says_holds_for_grafana_alone(house: House) -> None:
    house.grafana.headers = [
        ("X-Frame-Options", "deny"),
        ("Content-Security-Policy", "script-src 'self'; frame-ancestors *; object-src 'none'"),
        ("Content-Security-Policy", "frame-ancestors https://evil.example"),
        ("Set-Cookie", "grafana_session=1; Path=/; Domain=example; HttpOnly"),
        ("Set-Cookie", "andon_grafana=fixed; Path=/grafana/"),
        ("Set-Cookie", "=andon_grafana=fixed"),
        ("Strict-Transport-Security", "max-age=1"),
        ("Service-Worker-Allowed", "/"),
        ("Clear-Site-Data", '"storage"'),
        ("Access-Control-Allow-Origin", "*"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Grafana", "1"),
    ]
    browser = await house.admin()
    answer = await browser.get("/grafana/api/user")
    told = answer.headers.get_list
    assert told("content-security-policy") == ["script-src 'self'; object-src 'none'", "frame-ancestors 'self'"]
    assert told("set-cookie") == ["grafana_session=1; HttpOnly; Path=/grafana/"]
    assert told("x-content-type-options") == ["nosniff"]
    assert told("x-grafana") == ["1"]
    gone = {"x-frame-options", "strict-transport-security", "service-worker-allowed", "clear-site-data"}
    assert not (gone | {"access-control-allow-origin"}) & set(answer.headers)


async def test_an_answer_is_handed_on_as_it_comes(house: House) -> None:
    browser = await house.admin()
    house.grafana.go_on.clear()
    async with browser.stream("GET", "/grafana/api/stream") as answer:
        lines = answer.aiter_lines()
        assert await anext(lines) == "first"
        house.grafana.go_on.set()
        assert await anext(lines) == "second"


async def test_grafana_is_left_alone_once_nobody_listens(house: House) -> None:
    browser = await house.admin()
    house.grafana.go_on.clear()
    async with browser.stream("GET", "/grafana/api/stream") as answer:
        assert await anext(answer.aiter_lines()) == "first"
        assert house.grafana.listeners == 1
    await eventually(lambda: house.grafana.listeners == 0, what="the gateway has hung up")


async def test_what_grafana_breaks_off_does_not_look_whole(house: House) -> None:
    browser = await house.admin()
    with pytest.raises(httpx.RemoteProtocolError):
        await browser.get("/grafana/api/broken")
    assert (await browser.get("/grafana/api/user")).status_code == 200


async def test_while_grafana_is_away_its_pages_say_so_and_it_heals(house: House) -> None:
    browser = await house.admin()
    await house.grafana.stop()
    answer = await browser.get("/grafana/d/andon-line")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == "Grafana does not answer; try again, or ask who runs it"
    assert (await house.registry.http.get("/me")).status_code == 200
    await house.grafana.start()
    assert (await browser.get("/grafana/api/user")).status_code == 200


async def test_a_grafana_that_stands_still_is_not_waited_for_for_ever(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = await house.admin()
    monkeypatch.setitem(gateway.PATIENCE, "read", 0.05)
    house.grafana.go_on.clear()
    assert (await browser.get("/grafana/api/user")).status_code == 503


async def test_a_body_has_an_end(house: House) -> None:
    browser = await house.admin()
    for size, status in ((4 * 2**20, 200), (4 * 2**20 + 1, 413)):
        answer = await browser.post("/grafana/api/dashboards/db", content=b"x" * size)
        assert answer.status_code == status
    assert len(house.grafana.seen) == 1


async def test_where_there_is_no_grafana_nothing_is_there(registry) -> None:
    assert (await registry.http.get("/grafana")).json() == {"enabled": False, "dashboards": DASHBOARDS}
    answer = await registry.http.post("/grafana/session")
    assert answer.status_code == 404
    assert "ANDON_REGISTRY_GRAFANA_URL" in answer.json()["detail"]
    assert (await registry.http.get("http://registry/grafana/d/x")).status_code == 404
    assert len((await registry.stranger().get("/grafana/jwks.json")).json()["keys"]) == 1
