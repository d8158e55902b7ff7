"""E-mail: one message per notification, as text and as HTML, with the trend of the last hour as a picture.

All messages of an alarm are one conversation in a mail program; the same message has the same Message-ID however often
it is sent, so that a copy can be dropped.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, tzinfo
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage, MIMEPart
from email.utils import format_datetime, parseaddr
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

import aiosmtplib
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from andon.alerting.channel import Channel
from andon.alerting.couriers import trend
from andon.alerting.couriers.message import Digest, Single, one_line, tell
from andon.alerting.couriers.tones import TONES
from andon.alerting.settings import AlertingSettings
from andon.common.errors import InvalidError, UnavailableError

TIMEOUT_SECONDS = 20.0
LIGHT, DARK = "trend-light", "trend-dark"
_NO_TLS = (
    " A password is told over TLS alone: write smtps:// in ANDON_ALERTING_SMTP_URL, or leave user and password out"
)
_UNSAFE = re.compile(r"[^A-Za-z0-9-]+")
_pages = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


class Album(Protocol):
    """Pictures of trends; none, and never an error, where there is nothing to draw or nobody to ask."""

    async def pictures(self, alarm: Mapping[str, Any]) -> Mapping[str, bytes]:
        """PNG by LIGHT and DARK, or nothing."""


def no_zone(_path: str) -> tzinfo | None:
    """No place has a clock that is known."""
    return None


class Mail:
    """Sends over the configured mail server. zone_of: the clock of a place, by its path."""

    def __init__(
        self,
        settings: AlertingSettings,
        album: Album | None = None,
        zone_of: Callable[[str], tzinfo | None] = no_zone,
    ) -> None:
        self._url = settings.smtp_url.get_secret_value()
        self._sender = settings.smtp_from
        self._public_url = settings.public_url
        self._album = album
        self._zone_of = zone_of

    async def send(self, channel: Channel, payload: Mapping[str, Any]) -> None:
        """Send one message.

        Raises:
            InvalidError: the mail server refuses the address or the message for good (5xx).
            UnavailableError: no mail server is set, or it did not take the message.
        """
        server = urlsplit(self._url)
        if not server.hostname:
            raise UnavailableError("No mail server is set; set ANDON_ALERTING_SMTP_URL, like smtp://mail.example:25")
        alarm = payload.get("alarm")
        pictures = await self._album.pictures(_drawn(payload)) if self._album and alarm else {}
        told = tell(payload, self._public_url, self._zone_of(alarm["asset"] if alarm else ""))
        tls = server.scheme == "smtps"
        # Who is between here and there could take STARTTLS out of the server's answer, and read the password.
        upgrade = True if server.username and not tls and not _is_here(server.hostname) else None
        try:
            await aiosmtplib.send(
                compose(told, sender=self._sender, target=channel.target, pictures=pictures),
                hostname=server.hostname,
                port=server.port or (465 if tls else 25),
                username=unquote(server.username) if server.username else None,
                password=unquote(server.password) if server.password else None,
                use_tls=tls,
                start_tls=False if tls else upgrade,
                timeout=TIMEOUT_SECONDS,
            )
        except (aiosmtplib.SMTPException, MessageError, OSError, ValueError) as error:
            kind = InvalidError if _is_final(error) else UnavailableError
            hint = _NO_TLS if upgrade and "STARTTLS" in str(error) else ""
            raise kind(f"The mail server {server.hostname} did not take the message: {error}{hint}") from error


def _is_here(host: str) -> bool:
    """Whether a host is this machine, from which a password does not go anywhere."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _drawn(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """The alarm as its trend shows it: a limit that is none of the sensor's own value has no place there."""
    alarm: dict[str, Any] = payload["alarm"]
    return alarm if payload.get("own", True) else alarm | {"limit": None}


def compose(
    told: Single | Digest, *, sender: str, target: str, pictures: Mapping[str, bytes] | None = None
) -> EmailMessage:
    """The mail about a message. Names from the plant are hostile: no line break of theirs reaches a header."""
    message = EmailMessage()
    name, address = parseaddr(sender)
    message["From"] = Address(one_line(name), addr_spec=address)
    message["To"] = Address(addr_spec=target)
    message["Subject"] = told.subject
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = _id(told.key)
    # Nobody ever sent the root of the conversation; mail programs gather what refers to it all the same.
    message["In-Reply-To"] = message["References"] = _id(f"alarm/{told.thread}")
    message["Auto-Submitted"] = "auto-generated"
    facts = {"m": told, "tone": TONES[told.tone], "tones": TONES, "pictures": pictures or {}, "shown": trend.SHOWN}
    page = "digest" if isinstance(told, Digest) else "alarm"
    message.set_content(_pages.get_template(f"{page}.txt").render(facts))
    message.add_alternative(_pages.get_template(f"{page}.html").render(facts), subtype="html")
    html = message.get_payload(1)
    for cid, png in (pictures or {}).items():
        _relate(html, cid, png)
    return message


def _relate(html: Any, cid: str, png: bytes) -> None:
    """Put a picture beside the page that shows it."""
    part: MIMEPart = html
    part.add_related(png, "image", "png", cid=f"<{cid}>", filename=f"{cid}.png", disposition="inline")


def _id(key: str) -> str:
    return f"<{_UNSAFE.sub('.', key).strip('.')}@andon.invalid>"


def _is_final(error: Exception) -> bool:
    """Whether the server will never take this: 5xx about an address or the message, not about signing in."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        return all(_is_final(refused) for refused in error.recipients)
    about = (aiosmtplib.SMTPRecipientRefused, aiosmtplib.SMTPDataError)
    return isinstance(error, about) and 500 <= error.code < 600
