"""Downloads one wheel from a package index with the standard library alone, for machines without pip.

The index is PIP_INDEX_URL, else `index-url` of pip's configuration files, else PyPI. A file is kept only when its
SHA-256 is the one the index names.
"""

import configparser
import hashlib
import os
import platform
import re
import sys
import urllib.request
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urldefrag, urljoin

from steps import TroubleError

PYPI = "https://pypi.org/simple"
HINT = "Is the network up? Behind a mirror or proxy, set PIP_INDEX_URL or HTTPS_PROXY."


@dataclass(frozen=True)
class Link:
    """One file of an index page."""

    name: str
    url: str
    sha256: str


class Page(HTMLParser):
    """A project's page of a package index (PEP 503): `links` are its files."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self.links: list[Link] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take the file an anchor points to."""
        href = dict(attrs).get("href") if tag == "a" else None
        if href:
            url, fragment = urldefrag(urljoin(self.url, href))
            self.links.append(Link(url.rsplit("/", 1)[-1], url, fragment.removeprefix("sha256=")))


def download(name: str, version: str, folder: Path) -> Path:
    """Fetch the wheel of `name` `version` that runs on this machine.

    Raises:
        TroubleError: no network, no such file, or not the file the index promised.
    """
    page = Page(f"{index_url().rstrip('/')}/{name}/")
    page.feed(_get(page.url).decode())
    stem = f"{name.replace('-', '_')}-{version}-"
    fitting = [link for link in page.links if link.name.startswith(stem) and fits(link.name)]
    if not fitting:
        machine = f"{sys.platform} on {platform.machine()}"
        raise TroubleError(f"{page.url} has no {name} {version} for {machine}.", f"Install {name} yourself.")
    content = _get(fitting[0].url)
    if hashlib.sha256(content).hexdigest() != fitting[0].sha256:
        raise TroubleError(f"{fitting[0].url} is not the file its index names.", "Try again; ask who runs the index.")
    target = folder / fitting[0].name
    target.write_bytes(content)
    return target


def fits(wheel: str) -> bool:
    """Whether a wheel's platform tag names this machine."""
    tags = wheel.removesuffix(".whl").rsplit("-", 1)[-1].split(".")
    if sys.platform == "darwin":
        return any(t.startswith("macosx") and t.endswith(("universal2", platform.machine())) for t in tags)
    system = "manylinux" if platform.libc_ver()[0] == "glibc" else "musllinux"
    return any(t.startswith(system) and t.endswith(f"_{platform.machine()}") for t in tags)


def index_url() -> str:
    """The package index to ask, found as pip would."""
    home = Path.home()
    named = os.environ.get("PIP_CONFIG_FILE")
    places = [named] if named else ["/etc/pip.conf", home / ".pip/pip.conf", home / ".config/pip/pip.conf"]
    settings = configparser.RawConfigParser()
    settings.read(places)
    return os.environ.get("PIP_INDEX_URL") or settings.get("global", "index-url", fallback=PYPI)


def _get(url: str) -> bytes:
    if not re.match(r"(https?|file)://", url):
        raise TroubleError(f"The package index {url} is no http(s) address.", "Correct PIP_INDEX_URL.")
    request = urllib.request.Request(url, headers={"Accept": "text/html, */*"})  # noqa: S310 - checked above
    try:
        with urllib.request.urlopen(request, timeout=60) as got:  # noqa: S310 - checked above
            return bytes(got.read())
    except HTTPError as error:
        raise TroubleError(f"{url} answered {error.code}.", HINT) from None
    except URLError as error:
        raise TroubleError(f"{url} cannot be reached: {error.reason}.", HINT) from None
    except TimeoutError:
        raise TroubleError(f"{url} does not answer.", HINT) from None
