"""Channels as people write them, checked: ways to reach people. Pure."""

import re
from typing import Literal
from urllib.parse import urlsplit

import httpx
from pydantic import Field

from andon.alerting.couriers.services import open_service
from andon.alerting.draft import Draft, Name
from andon.common.errors import InvalidError

Kind = Literal["email", "webhook", "apprise", "push"]
MAX_PERSON = 200
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")


class ChannelDraft(Draft):
    """A channel as it is written. fallback: the name of the channel that is used when this one does not deliver."""

    name: Name
    kind: Kind
    target: str = Field(min_length=1, max_length=2000)
    fallback: Name | None = None


class ChannelPatch(Draft):
    """Fields of a channel to change."""

    name: Name | None = None
    kind: Kind | None = None
    target: str | None = Field(default=None, min_length=1, max_length=2000)
    fallback: Name | None = None


class Channel(ChannelDraft):
    """A channel with its id. secret: what its messages are signed with; told once, when it is made."""

    id: str
    secret: str | None = None


def check_channel(draft: ChannelDraft) -> None:
    """Refuse a target nothing could be sent to.

    Raises:
        InvalidError: no e-mail address, no http(s) URL, no apprise URL that may be used, or nobody's name.
    """
    match draft.kind:
        case "email":
            if not _ADDRESS.fullmatch(draft.target):
                raise InvalidError(f"'{draft.target}' is no e-mail address; write one, like team@example.com")
        case "webhook":
            check_url(draft.target)
        case "apprise":
            open_service(draft.target)
        case "push":
            if not draft.target.isprintable() or len(draft.target) > MAX_PERSON:
                raise InvalidError("The target is nobody's name; write the user name of a person, or * for everybody")


def check_url(target: str) -> None:
    """Refuse what nothing could be posted to.

    Raises:
        InvalidError: it is no http(s) URL.
    """
    try:
        url = httpx.URL(target)  # as the courier reads it, so that nothing is checked that is not used
        usable = url.scheme in ("http", "https") and bool(url.host) and (url.port is None or 0 < url.port < 65536)
    except (httpx.InvalidURL, ValueError):
        usable = False
    if not usable or not target.isprintable() or " " in target:
        raise InvalidError(f"'{target}' is no webhook; write a URL, like https://example.com/hooks/andon")


def masked(kind: str, target: str) -> str:
    """A target for those who may not know its secrets: of a URL the scheme, and of a webhook the host."""
    if kind == "webhook":
        url = urlsplit(target)
        return f"{url.scheme}://{url.hostname}/…"
    return target if kind in ("email", "push") else target.partition("://")[0] + "://…"
