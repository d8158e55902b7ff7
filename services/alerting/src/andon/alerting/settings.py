"""Settings of alerting: `ANDON_ALERTING_<FIELD>`."""

from email.utils import parseaddr
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from andon.alerting.alarm.retention import DAY, KEEP_TOLD
from andon.common.errors import InvalidError
from andon.common.settings import InstanceSettings, load
from andon.common.times import parse_duration

Network = IPv4Network | IPv6Network


def _keep(value: Any) -> int:
    """Nanoseconds of a duration that alarms can be kept for."""
    if isinstance(value, int):
        return value
    try:
        keep = parse_duration(str(value))
    except InvalidError as error:
        raise ValueError(str(error)) from error
    if 0 < keep < KEEP_TOLD:
        raise ValueError("alarms are kept for 90d at least, as what was told of them is; write 0 for ever")
    return keep


class AlertingSettings(BaseSettings):
    """Where alerting keeps its state, and how it reaches people."""

    model_config = SettingsConfigDict(env_prefix="ANDON_ALERTING_")

    host: str = Field(default="127.0.0.1", description="Address it listens at, when it runs alone.")
    port: int = Field(default=8004, ge=1, le=65535, description="Port of its HTTP.")
    instance: str = Field(
        default_factory=lambda: load(InstanceSettings).instance[-30:],  # its end tells pods apart
        max_length=30,
        description="Its name among several that share the work; ANDON_INSTANCE, unless it is set.",
    )
    database_url: str = Field(
        default="sqlite+aiosqlite:///.andon/alerting.db",
        description="postgresql://user:password@host/name, or sqlite:////folder/file.db.",
    )
    public_url: str = Field(default="http://127.0.0.1:8000", description="Where people open Andon; links start so.")
    smtp_url: SecretStr = Field(
        default=SecretStr(""), description="smtp://[user:password@]host[:port], or smtps:// for TLS from the start."
    )
    smtp_from: str = Field(default="Andon <andon@localhost>", description="Sender of mail.")
    heartbeat_url: SecretStr = Field(
        default=SecretStr(""), description="Asked for every minute while all is well: somebody outside notices silence."
    )
    retention: Annotated[int, BeforeValidator(_keep)] = Field(
        default=2 * 365 * DAY,
        description="For how long alarms that are over are kept, like 2y or 90d; 0 for ever.",
    )
    webhook_allow: Annotated[list[Network], NoDecode] = Field(
        default=[], description="Private networks webhooks may go to, like 127.0.0.0/8,10.0.0.0/8."
    )

    @field_validator("smtp_url")
    @classmethod
    def _is_mail_server(cls, value: SecretStr) -> SecretStr:
        url = urlsplit(value.get_secret_value())
        try:
            usable = url.scheme in ("smtp", "smtps") and bool(url.hostname) and url.port != 0
        except ValueError:  # it names what it takes for the port, and that may be a part of the password
            usable = False
        if value.get_secret_value() and not usable:
            raise ValueError(
                "write it like smtp://mail.example:25 or smtps://user:password@mail.example; "
                "in user and password write / as %2F, : as %3A, @ as %40"
            ) from None
        return value

    @field_validator("heartbeat_url")
    @classmethod
    def _is_receiver(cls, value: SecretStr) -> SecretStr:
        url = urlsplit(value.get_secret_value())
        if value.get_secret_value() and (url.scheme not in ("http", "https") or not url.hostname):
            raise ValueError("write it like https://hc-ping.com/your-uuid")
        return value

    @field_validator("smtp_from")
    @classmethod
    def _is_sender(cls, value: str) -> str:
        if "@" not in parseaddr(value)[1]:
            raise ValueError("write it like Andon <andon@example.com>")
        return value

    @field_validator("webhook_allow", mode="before")
    @classmethod
    def _split_networks(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return [ip_network(part.strip(), strict=False) for part in value.split(",") if part.strip()]
