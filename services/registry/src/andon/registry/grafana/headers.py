"""What of a request and of an answer is passed on, and what is not. Pure.

Grafana shares our origin: what it answers must neither reach beyond /grafana/, nor open it to others.
"""

from collections.abc import Iterable, Iterator
from urllib.parse import unquote, urljoin, urlsplit

from andon.common.errors import UnavailableError
from andon.registry.grafana.admission import is_below
from andon.registry.grafana.assertion import HEADER
from andon.registry.grafana.sessions import COOKIE, PATH, without_ours

Header = tuple[str, str]

OF_THE_HOP = {
    "connection",
    "expect",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
}
"""RFC 9110, 7.6.1: for the next one alone; and `Expect`, which has been answered."""
CLAIMS = ("x-jwt-", "x-webauth-", "x-forwarded-", "x-auth-")
"""Beginnings of headers by which a caller could say who they are, or where they come from."""
CLAIM = {"authorization", "forwarded", "x-real-ip", "x-access-token", "x-grafana-id", "x-api-key", "auth-token"}
SAID_BY_US = {"date", "server", "x-content-type-options", "referrer-policy"}
"""The front says these of every answer."""
OF_THE_ORIGIN = {
    "x-frame-options",
    "strict-transport-security",
    "clear-site-data",
    "service-worker-allowed",
    "access-control-allow-origin",
    "access-control-allow-credentials",
}
"""Would hold for all of our origin, or open it to others; who may frame is said by our own policy."""
FRAMED_BY_US = "frame-ancestors 'self'"


def to_grafana(headers: Iterable[Header], *, address: str, scheme: str, assertion: str) -> list[Header]:
    """Headers for Grafana: those of the caller, but what they claim of themselves; and who they are.

    address: the caller's; scheme: `http` or `https`, as the caller sees it. Names are in lower case.
    """
    given = list(headers)
    kept = [(name, value) for name, value in _end_to_end(given) if not _is_claim(name) and name != "content-length"]
    passed = [(name, without_ours(value) if name == "cookie" else value) for name, value in kept]
    return [
        *((name, value) for name, value in passed if value or name != "cookie"),
        ("x-forwarded-for", address),
        ("x-forwarded-host", next((value for name, value in given if name == "host"), "")),
        ("x-forwarded-proto", scheme),
        (HEADER, assertion),
    ]


def to_browser(headers: Iterable[Header], *, asked: str, host: str, behind: str) -> list[Header]:
    """Headers for the browser, with our own policy. asked: the path that was asked for; see `_led` for the others.

    Raises:
        UnavailableError: the answer leads away from Grafana.
    """
    answer: list[Header] = []
    for name, value in _end_to_end(list(headers)):
        if name == "content-security-policy":
            answer.extend((name, policy) for policy in [_without_ancestors(value)] if policy)
        elif name == "set-cookie":
            answer.extend((name, cookie) for cookie in _confined(value))
        elif name == "location":
            answer.append((name, _led(value, asked=asked, host=host, behind=behind)))
        elif name not in SAID_BY_US | OF_THE_ORIGIN:
            answer.append((name, value))
    return [*answer, ("content-security-policy", FRAMED_BY_US)]


def _end_to_end(headers: list[Header]) -> Iterator[Header]:
    """Those that are not for the next hop alone, by their name or because `Connection` names them."""
    named = {one.strip().lower() for name, value in headers if name == "connection" for one in value.split(",")}
    return ((name, value) for name, value in headers if name not in OF_THE_HOP | named)


def _is_claim(name: str) -> bool:
    """Also where `_` stands for `-`, which some servers take for the same."""
    plain = name.replace("_", "-")
    return plain in CLAIM or plain.startswith(CLAIMS)


def _without_ancestors(policy: str) -> str:
    """A policy that says nothing about who may frame; several policies hold together, and ours says that."""
    kept = (one.strip() for one in policy.split(";") if one.strip().partition(" ")[0].lower() != "frame-ancestors")
    return "; ".join(one for one in kept if one)


def _confined(cookie: str) -> Iterator[str]:
    """A cookie of Grafana's, for /grafana/ alone; none if it could be taken for ours."""
    pair, *attributes = (one.strip() for one in cookie.split(";"))
    name, sign, _ = pair.partition("=")
    if sign and name.strip() not in ("", COOKIE):
        kept = (one for one in attributes if one.partition("=")[0].strip().lower() not in ("path", "domain"))
        yield "; ".join([pair, *kept, f"Path={PATH}"])


def _led(location: str, *, asked: str, host: str, behind: str) -> str:
    """Where a redirect leads, as a path of our own.

    host: as the browser names us; behind: as we name Grafana, which may name itself so.

    Raises:
        UnavailableError: it leads to somebody else, or out of /grafana/.
    """
    away = UnavailableError(
        "Grafana leads away from /grafana/. Set root_url and serve_from_sub_path in its grafana.ini, "
        "as docs/how-to/embed-grafana.md says"
    )
    try:
        target = urlsplit(urljoin(f"http://{host}{asked}", location.replace("\\", "/").strip()))
    except ValueError:
        raise away from None
    at_home = target.netloc.lower() in (host.lower(), behind.lower())
    if not at_home or not is_below(f"{unquote(target.path).rstrip('/')}/"):
        raise away
    return (
        target.path + (f"?{target.query}" if target.query else "") + (f"#{target.fragment}" if target.fragment else "")
    )
