"""Settings of the simulator: `ANDON_SIMULATOR_<FIELD>`, and ANDON_HOME as for all of Andon."""

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from andon.common.errors import SetupError
from andon.common.settings import load

DEFAULT_PORT = 1883


class SimulatorSettings(BaseSettings):
    """How the simulator reaches the broker; options of the command line come first."""

    model_config = SettingsConfigDict(env_prefix="ANDON_SIMULATOR_")

    broker: str = Field(default="mqtt://127.0.0.1:1883", description="Where it publishes.")
    username: str = Field(default="", description="Its device there.")
    password: SecretStr = Field(default=SecretStr(""), description="The device's password.")
    password_file: Path | None = Field(default=None, description="A file with it.")


@dataclass(frozen=True)
class Broker:
    """An MQTT broker and who we are there."""

    host: str
    port: int
    username: str | None = None
    password: str | None = None


def home() -> Path:
    """Andon's folder of state."""
    return Path(os.environ.get("ANDON_HOME", ".andon"))


def find_broker(url: str | None, username: str | None, password_file: Path | None) -> Broker:
    """The broker: options first, then the environment.

    Raises:
        SetupError: a setting is wrong.
    """
    known = load(SimulatorSettings)
    password = "" if password_file else known.password.get_secret_value()
    file = password_file or (None if password else known.password_file)
    return broker_of(url or known.broker, username or known.username, password, file)


def broker_of(url: str, username: str = "", password: str = "", password_file: Path | None = None) -> Broker:
    """Broker from `mqtt://[user:password@]host[:port]`; what is said apart from the URL comes first.

    Raises:
        SetupError: the URL is no MQTT address, or the password file cannot be read.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or DEFAULT_PORT
    except ValueError as error:
        raise SetupError(f"'{url}' is no broker's address: {error}.", "Write mqtt://host:port.") from None
    if parts.scheme != "mqtt" or not host:
        raise SetupError(f"'{url}' is no broker's address.", "Write mqtt://host:port.")
    if password_file is not None:
        password = _read_password(password_file)
    name = username or unquote(parts.username or "")
    return Broker(host, port, name or None, password or unquote(parts.password or "") or None)


def _read_password(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError(f"The password file {file} cannot be read: {error}.", "Name a readable file.") from None
