"""Settings: environment variables `ANDON_<SERVICE>_<FIELD>`, checked when a program starts.

What is not in the environment may be the content of a file of that name in the folder `ANDON_SECRETS_DIR`, as secrets
are mounted into containers. Each neighbour has one class here; a service's own fields stand in its `settings.py`.
A bad or missing setting ends the program with a sentence that names the variable.
"""

import os
import socket
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network
from pathlib import Path
from typing import Any, TypeVar

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from andon.common import topics
from andon.common.errors import SetupError


class NatsSettings(BaseSettings):
    """The backbone, as Andon's services see it (account ANDON)."""

    model_config = SettingsConfigDict(env_prefix="ANDON_NATS_")

    url: str = Field(default="nats://127.0.0.1:4222", description="Where NATS is; several nodes with commas.")
    user: str = Field(default="andon", description="The services' user there.")
    password: SecretStr = Field(description="Its password; `up` generates it.")
    partitions: int = Field(
        default=1,
        ge=1,
        le=topics.SLOTS,
        description="Of intake and of the telemetry stream: most ingests there can be.",
    )
    replicas: int = Field(default=1, ge=1, le=5, description="Replicas of each stream; 3 in a cluster.")
    telemetry_bytes: int = Field(default=8 * 2**30, description="Most the telemetry stream may hold on disk.")
    raw_bytes: int = Field(default=2**30, description="Most that is kept of messages as they came, for tracing.")

    @property
    def servers(self) -> list[str]:
        """The addresses of the nodes."""
        return addresses(self.url)


def addresses(url: str) -> list[str]:
    """Addresses that were given with commas between them."""
    return [one for part in url.split(",") if (one := part.strip())]


class InfluxSettings(BaseSettings):
    """The time-series store: InfluxDB 1.x, 2.x or 3, by /write and InfluxQL."""

    model_config = SettingsConfigDict(env_prefix="ANDON_INFLUX_")

    url: str = Field(default="http://127.0.0.1:8086", description="Where InfluxDB is: 1.x, 2.x or 3.")
    database: str = Field(default="andon", description="Of the samples; rollups lie in those called so with _1m, _1h.")
    user: str = Field(default="", description="Of 1.x, or of 2.x's own compatibility with it.")
    password: SecretStr = Field(default=SecretStr(""), description="Password of that user.")
    token: SecretStr = Field(default=SecretStr(""), description="Of 2.x and 3; goes before user and password.")
    org: str = Field(default="", description="Organisation of 2.x, name or id; only where the token sees several.")


class ProxySettings(BaseSettings):
    """What stands in front of the services."""

    model_config = SettingsConfigDict(env_prefix="ANDON_")

    trusted_proxies: str = Field(default="", description="Addresses and networks of proxies, like 10.0.0.0/8.")

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, value: str) -> str:
        """Never all of them: who may say where they come from is not slowed down when they guess passwords."""
        named = [ip_network(one.strip(), strict=False) for one in value.split(",")] if value else []
        four = collapse_addresses([one for one in named if isinstance(one, IPv4Network)])
        six = collapse_addresses([one for one in named if isinstance(one, IPv6Network)])
        if any(one.prefixlen == 0 for one in four) or any(one.prefixlen == 0 for one in six):
            raise ValueError(f"'{value}' is everybody; name the addresses or networks of your proxies")
        return value


class InstanceSettings(BaseSettings):
    """Which of several of a kind this process is: to the leases, in heartbeats, and to whoever asks for its files."""

    model_config = SettingsConfigDict(env_prefix="ANDON_")

    instance: str = Field(
        default_factory=socket.gethostname,
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,252}$",
        description="Of each of a kind another; the host's name by default, which on Kubernetes is the pod's.",
    )


class TokenSettings(BaseSettings):
    """The key that signs and checks bearer tokens (HS256); the same for all services."""

    model_config = SettingsConfigDict(env_prefix="ANDON_TOKEN_")

    secret: SecretStr = Field(
        min_length=32, description="Signs bearer tokens; the same for all services. `up` generates it."
    )


_Settings = TypeVar("_Settings", bound=BaseSettings)


def load(cls: type[_Settings], **given: Any) -> _Settings:
    """Read settings from the environment, and from files of their names, but those that are `given`.

    Raises:
        SetupError: a variable is missing or wrong; names the variable.
    """
    folder = os.environ.get("ANDON_SECRETS_DIR", "")
    if folder and not Path(folder).is_dir():
        raise SetupError(f"The folder of secrets {folder} is missing.", "Mount it there, or correct ANDON_SECRETS_DIR.")
    try:
        return cls(_secrets_dir=folder or None, **given)
    except ValidationError as error:
        prefix = str(cls.model_config.get("env_prefix", ""))
        lines = [
            f"{prefix}{'_'.join(map(str, e['loc']))}".upper() + f": {e['msg'].removeprefix('Value error, ')}"
            for e in error.errors()
        ]
        raise SetupError(
            "Settings are missing or wrong: " + "; ".join(lines), "Set these environment variables."
        ) from None
