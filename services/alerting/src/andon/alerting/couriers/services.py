"""Services: which of apprise's ways out may be used, and why some may not.

Apprise knows some 130 services. Used may be whatever speaks HTTP through `requests`, for those connections can be
guarded. Refused is what reaches this very machine, what connects in ways of its own, and what Andon does better itself.
A test reads the source of every plugin, so that a new release of apprise brings no way out that nobody looked at.
"""

from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from warnings import catch_warnings, simplefilter

import apprise
from apprise import AppriseAsset, NotifyBase, PersistentStoreMode
from apprise.manager_plugins import NotificationManager

from andon.common.errors import InvalidError

_LOCAL = "it reaches the machine Andon runs on"
_OWN_WAY = "its connections cannot be kept from private networks"
_FILES = "it reads keys from files of this machine"
_WEBHOOK = "use a channel of the kind webhook, which is signed"

REFUSED = {
    **dict.fromkeys(("blink1", "dbus", "glib", "gnome", "macosx", "syslog", "windows"), _LOCAL),
    **dict.fromkeys(("amqp", "aprs", "growl", "irc", "mqtt", "nostr", "rsyslog", "smpp", "xmpp"), _OWN_WAY),
    "fcm": _FILES,
    **dict.fromkeys(("custom_form", "custom_json", "custom_xml"), _WEBHOOK),
    **dict.fromkeys(("email", "deltachat"), "use a channel of the kind email"),
    "vapid": "use a channel of the kind push",
}
"""Plugins of apprise by module, and why each is refused."""

_NO_FILES = "it reads files"
_TRIES = "Andon tries again by itself"

REFUSED_OPTIONS = {
    **dict.fromkeys(("attach", "keyfile", "subfile", "template"), _NO_FILES),
    **dict.fromkeys(("retry", "wait"), _TRIES),
}
"""Options of apprise URLs, and why each is refused."""

_plugins: Any = NotificationManager()  # type: ignore[no-untyped-call]
_asset = AppriseAsset(
    app_id="Andon",
    app_desc="Andon",
    app_url="",
    async_mode=False,
    http_redirects=False,
    secure_logging=True,
    storage_mode=PersistentStoreMode.MEMORY,
    allow_templates=False,
)


@cache
def load() -> None:
    """Read all plugins, once: half a second and some 40 MB, so not before the first channel needs it."""
    with catch_warnings():  # of what apprise imports; nothing that we could change
        simplefilter("ignore", DeprecationWarning)
        _plugins.load_modules()


def open_service(target: str) -> NotifyBase:
    """The service an apprise URL names. Errors name its scheme alone, for such URLs hold secrets.

    Raises:
        InvalidError: there is none, it may not be used, or the URL does not say all it needs.
    """
    scheme = target.partition("://")[0].lower()
    if "://" not in target or not scheme or not target.isprintable():
        raise InvalidError("That is no apprise URL; write one, like ntfy://topic or slack://token-a/token-b/token-c")
    try:
        query = urlsplit(target).query
    except ValueError:  # half an IPv6 address
        raise InvalidError(
            f"That '{scheme}://' URL cannot be read; write its host as https://appriseit.com does"
        ) from None
    options = {name.lower().lstrip("+-:") for name, _ in parse_qsl(query, keep_blank_values=True)}
    for option, reason in REFUSED_OPTIONS.items():
        if option in options:
            raise InvalidError(f"The option '{option}' is refused: {reason}")
    load()
    refused = REFUSED.get(plugin_of(_plugins[scheme])) if scheme in _plugins else None
    if refused:
        raise InvalidError(f"'{scheme}://' may not be used: {refused}")
    service = apprise.Apprise.instantiate(target, asset=_asset, suppress_exceptions=True)
    if not isinstance(service, NotifyBase):
        raise InvalidError(
            f"'{scheme}://' is no service of apprise, or its URL is not complete; see https://appriseit.com/services"
        )
    return service


def plugin_of(service: type) -> str:
    """The plugin a service is in: the module's name below `apprise.plugins`."""
    return service.__module__.removeprefix("apprise.plugins.").partition(".")[0]
