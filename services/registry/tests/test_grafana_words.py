"""What passes between a browser and Grafana, word by word: paths, origins, redirects, cookies, policies, signatures."""

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from andon.common.auth import Principal, Role
from andon.common.errors import BadRequestError, ForbiddenError, UnavailableError
from andon.registry.grafana import admission, headers, sessions
from andon.registry.grafana.assertion import Assertions
from andon.registry.settings import RegistrySettings

HOST, BEHIND = "andon.example", "grafana:3000"
EVA = Principal(id="k3f9a1c2", name="eva", role=Role.ENGINEER)


@pytest.mark.parametrize(
    "path",
    [
        "/grafana/../api/registry/v1/people",
        "/grafana/..",
        "/grafana/a/./b",
        "/grafana/a//b",
        "/grafana//evil.example",
        "/grafana/a\\..\\b",
        "/grafana/a\0b",
        "/grafana/\r\nX-Evil: 1",
        "/grafanas/d/x",
        "/metrics",
    ],
)
def test_a_path_that_may_lead_elsewhere_is_refused(path: str) -> None:
    with pytest.raises(BadRequestError):
        admission.require_below(path)


@pytest.mark.parametrize("path", ["/grafana/", "/grafana/d/andon-line/line-1", "/grafana/public/build/a..b.js"])
def test_a_path_of_grafanas_passes(path: str) -> None:
    admission.require_below(path)


@pytest.mark.parametrize(
    ("target", "page"),
    [
        ("/grafana/andon/plant/berlin?from=1&to=2", "/plant/berlin?from=1&to=2"),
        ("/grafana/andon/", "/"),
        ("/grafana/d/andon-line", ""),
        ("/grafana/", ""),
    ],
)
def test_a_link_of_a_dashboard_leads_back_to_andons_own_pages(target: str, page: str) -> None:
    assert admission.leads_back(target) == page


@pytest.mark.parametrize("path", ["/grafana/andon//evil.example", "/grafana/andon/\\evil.example", "/grafana/andon//"])
def test_a_link_back_leads_to_nobody_else(path: str) -> None:
    with pytest.raises(BadRequestError):
        admission.require_below(path)


@pytest.mark.parametrize(
    ("told", "ours"),
    [
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "same-origin", "origin": "https://andon.example"}, True),
        ({"origin": "https://ANDON.example"}, True),
        ({"sec-fetch-site": "same-site", "origin": "https://other.andon.example"}, False),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"sec-fetch-site": "same-origin", "origin": "null"}, False),
        ({"origin": "https://andon.example:8443"}, False),
        ({"origin": "https://andon.example.evil"}, False),
        ({}, False),
    ],
)
def test_a_change_comes_from_a_page_of_this_origin(told: dict[str, str], ours: object) -> None:
    assert admission.is_same_origin({"host": HOST, **told}) is ours
    admission.require_same_origin("GET", {"host": HOST, **told})
    if not ours:
        with pytest.raises(ForbiddenError):
            admission.require_same_origin("POST", {"host": HOST, **told})


def led(location: str) -> str:
    told = headers.to_browser([("location", location)], asked="/grafana/leads", host=HOST, behind=BEHIND)
    return dict(told)["location"]


@pytest.mark.parametrize(
    ("location", "there"),
    [
        ("/grafana/login", "/grafana/login"),
        ("login?next=1#x", "/grafana/login?next=1#x"),
        ("http://grafana:3000/grafana/d/x", "/grafana/d/x"),
        ("https://andon.example/grafana/", "/grafana/"),
        ("/grafana", "/grafana"),
    ],
)
def test_a_redirect_is_a_path_of_our_own(location: str, there: str) -> None:
    assert led(location) == there


@pytest.mark.parametrize(
    "location",
    [
        "https://evil.example/grafana/",
        "//evil.example/grafana/",
        "/\\evil.example/grafana/",
        "\t//evil.example/grafana/",
        "https://andon.example@evil.example/grafana/",
        "/login",
        "/grafana/../login",
        "/grafana/%2e%2e/login",
        "/grafanas/",
        "javascript:alert(1)",
        "http://[/grafana/",
    ],
)
def test_a_redirect_that_leads_away_is_an_error(location: str) -> None:
    with pytest.raises(UnavailableError, match="root_url"):
        led(location)


@given(st.text(max_size=60))
def test_no_redirect_leads_out_whatever_is_written(location: str) -> None:
    try:
        there = led(location)
    except UnavailableError:
        return
    assert there == "/grafana" or there.startswith(("/grafana/", "/grafana?", "/grafana#"))
    assert "\\" not in there


@pytest.mark.parametrize(
    ("cookie", "kept"),
    [
        ("grafana_session=1; Path=/; Domain=example; HttpOnly", ["grafana_session=1; HttpOnly; Path=/grafana/"]),
        ("a=b; path = /api", ["a=b; Path=/grafana/"]),
        ("andon_grafana=fixed", []),
        (" andon_grafana =fixed", []),
        ("=andon_grafana=fixed", []),
        ("andon_grafana", []),
    ],
)
def test_a_cookie_of_grafanas_stays_there_and_is_not_taken_for_ours(cookie: str, kept: list[str]) -> None:
    told = headers.to_browser([("set-cookie", cookie)], asked="/grafana/", host=HOST, behind=BEHIND)
    assert [value for name, value in told if name == "set-cookie"] == kept


def test_our_cookie_is_found_among_others_and_goes_no_further() -> None:
    cookie = "a=1; andon_grafana=x.y.z;b=2=2; c"
    assert sessions.value_of(cookie) == "x.y.z"
    assert sessions.without_ours(cookie) == "a=1; b=2=2"
    assert sessions.value_of("xandon_grafana=1") == ""


def test_a_cookie_is_secure_where_the_page_is() -> None:
    assert sessions.set_cookie("x", secure=True).endswith("; HttpOnly; SameSite=Strict; Secure")
    assert "Max-Age=0" in sessions.set_cookie("", secure=False)


def test_whatever_is_said_of_framing_ours_holds() -> None:
    said = [
        ("content-security-policy", "script-src 'self'; Frame-Ancestors *; object-src 'none'"),
        ("content-security-policy", "frame-ancestors https://evil.example"),
        ("x-frame-options", "deny"),
    ]
    told = headers.to_browser(said, asked="/grafana/", host=HOST, behind=BEHIND)
    assert told == [
        ("content-security-policy", "script-src 'self'; object-src 'none'"),
        ("content-security-policy", "frame-ancestors 'self'"),
    ]


def test_the_key_follows_from_the_secret_and_nothing_of_it_is_told() -> None:
    one, same, other = Assertions("a" * 40), Assertions("a" * 40), Assertions("b" * 40)
    assert one.jwks == same.jwks != other.jwks
    (key,) = one.jwks["keys"]
    assert set(key) == {"kty", "crv", "x", "y", "kid", "use", "alg"}
    public = jwt.PyJWK.from_dict(key)
    claims = jwt.decode(same.sign(EVA), public, algorithms=["ES256"], issuer="andon", audience="grafana")
    assert {claims[name] for name in ("sub", "preferred_username", "role")} == {"k3f9a1c2", "eva", "Editor"}
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(other.sign(EVA), public, algorithms=["ES256"], issuer="andon", audience="grafana")


@pytest.mark.parametrize("url", ["http://grafana:3000", "http://grafana:3000/", "http://grafana:3000/grafana/"])
def test_the_address_of_grafana_may_name_the_sub_path(url: str) -> None:
    assert RegistrySettings(grafana_url=url).grafana_url == "http://grafana:3000"


@pytest.mark.parametrize(
    "url",
    ["grafana:3000", "ftp://grafana", "http://", "http://u:p@grafana", "http://grafana/d/x", "http://grafana?x=1"],
)
def test_another_address_of_grafana_is_refused(url: str) -> None:
    with pytest.raises(ValidationError, match="must be like"):
        RegistrySettings(grafana_url=url)
