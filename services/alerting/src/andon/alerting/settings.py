"""Settings of alerting: `ANDON_ALERTING_<FIELD>`."""

from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

Network = IPv4Network | IPv6Network


class AlertingSettings(BaseSettings):
    """Where alerting keeps its state, and how it reaches people."""

    model_config = SettingsConfigDict(env_prefix="ANDON_ALERTING_")

    host: str = "127.0.0.1"
    port: int = Field(default=8004, ge=1, le=65535)
    database_url: str = "sqlite+aiosqlite:///.andon/alerting.db"
    public_url: str = Field(default="http://127.0.0.1:8000", description="Where people open Andon; links start so.")
    smtp_url: SecretStr = Field(
        default=SecretStr(""), description="smtp://[user:password@]host[:port], or smtps:// for TLS from the start."
    )
    smtp_from: str = "Andon <andon@localhost>"
    webhook_allow: Annotated[list[Network], NoDecode] = Field(
        default=[], description="Private networks webhooks may go to, like 127.0.0.0/8,10.0.0.0/8."
    )

    @field_validator("webhook_allow", mode="before")
    @classmethod
    def _split_networks(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return [ip_network(part.strip(), strict=False) for part in value.split(",") if part.strip()]
