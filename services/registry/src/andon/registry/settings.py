"""The registry's settings; bad or missing ones end the start with a sentence that names the variable."""

from pathlib import Path

import httpx
from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class RegistrySettings(BaseSettings):
    """The registry's own fields."""

    model_config = SettingsConfigDict(env_prefix="ANDON_REGISTRY_")

    host: str = Field(default="127.0.0.1", description="Address it listens at, when it runs alone.")
    port: int = Field(default=8002, description="Port of its HTTP.")
    database_url: str = Field(
        default="sqlite+aiosqlite:///.andon/registry.db",
        description="postgresql://user:password@host/name, or sqlite:////folder/file.db.",
    )
    admin_password_file: Path = Field(
        default=Path(".andon/admin-password"), description="Where the first admin's password is written, once."
    )
    admin_password: SecretStr = Field(
        default=SecretStr(""), description="Of the first admin, instead of one that is made and written to the file."
    )
    mqtt_port: int = Field(default=1883, ge=1, le=65535, description="Where devices connect; told with a credential.")
    nats_log: Path | None = Field(default=None, description="nats-server's log, read for messages outside a scope.")
    device_messages: int = Field(
        default=2000, ge=1, description="Messages per second the device of one machine may send."
    )
    device_bytes: int = Field(
        default=10 * 2**20, ge=2**10, description="Bytes per second it may send; others in proportion."
    )
    line_messages: int = Field(
        default=10_000, ge=1, description="Messages per second the devices of a line may send together."
    )
    grafana_url: str = Field(default="", description="Where Grafana is, for its dashboards in the pages; '' is none.")

    @field_validator("grafana_url")
    @classmethod
    def _without_path(cls, given: str) -> str:
        """As `http://host:port`; Grafana's own sub path, which is ours, may stand behind it."""
        if not given:
            return ""
        try:
            url = httpx.URL(given)
        except httpx.InvalidURL as error:
            raise ValueError(f"is no address: {error}") from None
        plain = url.scheme in ("http", "https") and url.host and not (url.userinfo or url.query or url.fragment)
        if not plain or url.path not in ("/", "/grafana", "/grafana/"):
            raise ValueError("must be like http://grafana:3000, with nothing behind it")
        return f"{url.scheme}://{url.netloc.decode('ascii')}"


class AuthSettings(BaseSettings):
    """How the registry answers nats-server's question who may come in (account AUTH)."""

    model_config = SettingsConfigDict(env_prefix="ANDON_AUTH_")

    password: SecretStr = Field(description="Of who answers nats-server's question; `up` generates it.")
    seed: SecretStr = Field(description="Account nkey seed whose public key is nats-server's auth_callout issuer.")


class SystemSettings(BaseSettings):
    """How the registry sees and ends connections of nats-server (account SYS)."""

    model_config = SettingsConfigDict(env_prefix="ANDON_SYS_")

    password: SecretStr = Field(description="Of the user of account SYS; `up` generates it.")
