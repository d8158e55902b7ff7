"""Addresses that pages lead to: one of our own pages, or a page elsewhere. Nothing that a browser would run. Pure."""

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, StringConstraints

from andon.registry.names import HIDDEN

MAX_LENGTH = 2000

OWN = "write it from the first '/' on, like /assets/berlin or /documents/press.pdf"
_UNSAFE = re.compile(rf"[{HIDDEN} \\]")
"""Browsers drop line breaks and tabs out of an address and take '\\' for '/': it would lead elsewhere than it says."""


def own(address: str) -> str:
    """Refuse what is not a path of our own pages, with what follows it: `/alarms?state=active#top`."""
    path = re.split(r"[?#]", address, maxsplit=1)[0]
    if not path.startswith("/") or "//" in path or _UNSAFE.search(address):
        raise ValueError(f"'{address:.80}' is no address of these pages; {OWN}")
    return address


def reachable(address: str) -> str:
    """Refuse what is neither a path of our own pages nor a page of the web, `https://...` or `http://...`."""
    if address.startswith("/"):
        return own(address)
    try:
        parts = urlsplit(address)
        elsewhere = parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:  # brackets that hold no IPv6 address
        elsewhere = False
    if not elsewhere or _UNSAFE.search(address):
        raise ValueError(f"'{address:.80}' is no address; write https://..., or of these pages, {OWN}")
    return address


Own = Annotated[str, StringConstraints(min_length=1, max_length=MAX_LENGTH), AfterValidator(own)]
Reachable = Annotated[str, StringConstraints(min_length=1, max_length=MAX_LENGTH), AfterValidator(reachable)]
