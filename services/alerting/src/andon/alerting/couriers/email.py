"""Notify by e-mail: one message per transition, as text and as HTML, with a link to the machine's page."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import aiosmtplib
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from andon.alerting.settings import AlertingSettings
from andon.common.errors import UnavailableError

TIMEOUT_SECONDS = 20.0
COLOURS = {"low": "#0369a1", "medium": "#a16207", "high": "#c2410c", "critical": "#b91c1c", "good": "#15803d"}
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]+")
_pages = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined
)


class Mail:
    """Sends over the configured mail server."""

    def __init__(self, settings: AlertingSettings) -> None:
        self._url = settings.smtp_url.get_secret_value()
        self._sender = settings.smtp_from
        self._public_url = settings.public_url

    async def send(self, target: str, payload: Mapping[str, Any]) -> None:
        """Send one notification.

        Raises:
            UnavailableError: no mail server is set, or it did not take the message.
        """
        server = urlsplit(self._url)
        if not server.hostname:
            raise UnavailableError("No mail server is set; set ANDON_ALERTING_SMTP_URL, like smtp://mail.example:25")
        tls = server.scheme == "smtps"
        try:
            await aiosmtplib.send(
                compose(payload, sender=self._sender, target=target, public_url=self._public_url),
                hostname=server.hostname,
                port=server.port or (465 if tls else 25),
                username=unquote(server.username) if server.username else None,
                password=unquote(server.password) if server.password else None,
                use_tls=tls,
                timeout=TIMEOUT_SECONDS,
            )
        except (aiosmtplib.SMTPException, MessageError, OSError, ValueError) as error:
            raise UnavailableError(f"The mail server {server.hostname} did not take the message: {error}") from error


def compose(payload: Mapping[str, Any], *, sender: str, target: str, public_url: str) -> EmailMessage:
    """The message about one transition. Names from the plant are hostile: no line break reaches a header."""
    facts = _facts(payload, public_url)
    message = EmailMessage()
    name, address = parseaddr(sender)
    message["From"] = Address(_one_line(name), addr_spec=address)
    message["To"] = Address(addr_spec=target)
    message["Subject"] = facts["subject"]
    message["Date"] = format_datetime(datetime.now(UTC))
    # The same transition has the same id however often it is sent, so mail programs can drop a copy.
    message["Message-ID"] = f"<{payload['key'].replace('/', '.')}@andon.invalid>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_pages.get_template("alarm.txt").render(facts))
    message.add_alternative(_pages.get_template("alarm.html").render(facts), subtype="html")
    return message


def _facts(payload: Mapping[str, Any], public_url: str) -> dict[str, str]:
    alarm, transition, text = payload["alarm"], payload["transition"], payload["text"]
    cleared = not alarm["active"]
    machine, line = alarm["asset_name"], alarm["asset"].rpartition("/")[0]
    mark = "cleared" if cleared else alarm["severity"]
    since, until = _moment(alarm["since"]), _moment(transition["at"])
    back = f"{text['sensor_name']} is back to {text['value']}"
    facts = {
        "subject": f"[{mark}] {alarm['rule_name']} — {machine} ({line})"[:250],
        "mark": mark,
        "colour": COLOURS["good" if cleared else alarm["severity"]],
        "rule": alarm["rule_name"],
        "machine": machine,
        "line": " / ".join(line.split("/")),
        "message": back if cleared else alarm["message"],
        "sensor": text["sensor_name"],
        "value": text["value"],
        "limit": text["limit"],
        "since": f"{since:%Y-%m-%d %H:%M:%S} UTC",
        "cleared": f"{until:%Y-%m-%d %H:%M:%S} UTC, after {_length(until - since)}" if cleared else "",
        "severity": alarm["severity"],
        "link": f"{public_url.rstrip('/')}/plant/{quote(alarm['sensor'])}",
    }
    return {name: _one_line(fact) for name, fact in facts.items()}


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _length(duration: timedelta) -> str:
    """A duration as people say it: `2 h 5 min`, `41 s`."""
    minutes, seconds = divmod(max(0, round(duration.total_seconds())), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"


def _one_line(text: str) -> str:
    return _CONTROL.sub(" ", text).strip()
