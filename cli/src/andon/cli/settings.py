"""What `andon` reads from the environment: where it lives, and its ports."""

import os
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from andon.cli import lock
from andon.cli.home import Home
from andon.common.settings import load

ROOT = Path(__file__).resolve().parents[4]
"""The checkout this package is run from; the web pages and unpacked programs are below it."""


class UpSettings(BaseSettings):
    """Settings of `andon up`, and of the commands that talk to it: `ANDON_<FIELD>`."""

    model_config = SettingsConfigDict(env_prefix="ANDON_")

    home: Path = Field(default=Path(".andon"), description="Data, logs and secrets.")
    host: str = Field(default="0.0.0.0", description="Address of the web pages, the API and MQTT.")
    port: int = Field(default=8000, ge=1, le=65535, description="Web pages and API.")
    mqtt_port: int = Field(default=1883, ge=1, le=65535, description="MQTT for devices.")
    ingest_port: int = Field(default=8001, ge=1, le=65535, description="Ingest's own HTTP; loopback only.")
    derive_port: int = Field(default=8005, ge=1, le=65535, description="Derive's health; loopback only.")
    nats_port: int = Field(default=4222, ge=1, le=65535, description="NATS; loopback only.")
    nats_monitor_port: int = Field(default=8222, ge=1, le=65535, description="NATS's monitor; loopback only.")
    influx_port: int = Field(default=8086, ge=1, le=65535, description="InfluxDB; loopback only.")
    influx_backup_port: int = Field(default=8088, ge=1, le=65535, description="InfluxDB's backups; loopback only.")
    nats_url: str = Field(default="", description="A NATS that runs already, instead of our own.")
    influx_url: str = Field(default="", description="An InfluxDB that runs already, instead of our own.")
    url: str = Field(default="", description="The Andon to talk to; the one on this machine when empty.")
    token: str = Field(default="", description="Bearer token for it; the first admin's password is used when empty.")
    admin_password: SecretStr = Field(
        default=SecretStr(""), description="Of the first admin, instead of the one in the folder."
    )

    @property
    def ports(self) -> dict[str, int]:
        """All ports by the name of their setting."""
        return {name: value for name, value in self if name == "port" or name.endswith("_port")}

    @property
    def api_url(self) -> str:
        """Where the web pages and the API answer."""
        return self.url.rstrip("/") or f"http://127.0.0.1:{self.port}"


def load_running() -> UpSettings:
    """The settings; ports that the environment does not name are those of the `andon up` that runs here."""
    settings = load(UpSettings)
    found = lock.ports(Home(settings.home).lock)
    return settings.model_copy(update={k: v for k, v in found.items() if k not in settings.model_fields_set})


def use_unpacked_programs() -> None:
    """Let programs that set-up unpacked into .tools be found, as `./justw` does."""
    tools = ROOT / ".tools" / "bin"
    if tools.is_dir():
        os.environ["PATH"] = f"{tools}{os.pathsep}{os.environ.get('PATH', '')}"
