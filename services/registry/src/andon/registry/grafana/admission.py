"""What may reach Grafana at all: paths below /grafana/ and nothing beside, changes from our own pages alone. Pure."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from andon.common.errors import BadRequestError, ForbiddenError

PREFIX = "/grafana/"
BACK = f"{PREFIX}andon/"
"""Links of dashboards that lead to Andon's own pages begin so: Grafana puts its own path before any link's."""
READS = {"GET", "HEAD", "OPTIONS"}


def is_below(path: str) -> bool:
    """Whether a path, unquoted, lies below /grafana/ for whoever reads it: a browser, us, or a server behind us."""
    steps = path.split("/")
    strange = "\\" in path or any(ord(letter) < 32 or letter == "\x7f" for letter in path)
    return path.startswith(PREFIX) and not (strange or ".." in steps or "." in steps or "" in steps[2:-1])


def leads_back(target: str) -> str:
    """Andon's own page that a link of a dashboard means; '' for what is Grafana's. target: path, below, and query."""
    return f"/{target.removeprefix(BACK)}" if target.startswith(BACK) else ""


def require_below(path: str) -> None:
    """Refuse what may be read as another path.

    Raises:
        BadRequestError: `path`, unquoted, leads elsewhere.
    """
    if not is_below(path):
        raise BadRequestError("This path does not lead to Grafana")


def require_same_origin(method: str, headers: Mapping[str, str]) -> None:
    """Refuse what a page of somebody else makes a browser do in its person's name.

    The cookie is SameSite=Strict, but another port of this host, or another name below its domain, is the same site.

    Raises:
        ForbiddenError: it changes something, and does not come from this origin.
    """
    if method not in READS and not is_same_origin(headers):
        raise ForbiddenError("Only a page of this Andon may change something in Grafana")


def is_same_origin(headers: Mapping[str, str]) -> bool:
    """Whether the browser says that a page of this very origin asks. Names of headers are in lower case."""
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if origin is not None and urlsplit(origin).netloc.lower() != headers.get("host", "").lower():
        return False
    return site == "same-origin" if site is not None else origin is not None


def is_visit(headers: Mapping[str, str]) -> bool:
    """Whether somebody opened the address in a tab, and does not ask from within a page or a frame."""
    return headers.get("sec-fetch-dest") == "document"
