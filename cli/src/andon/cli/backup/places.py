"""Where everything is: that of `andon up` in its home folder, or servers that the environment names."""

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from andon.alerting.settings import AlertingSettings
from andon.cli import children, lock, ports
from andon.cli.backup.relational import Store
from andon.cli.home import MOST_RAW_BYTES, MOST_STREAM_BYTES, MOST_TELEMETRY_BYTES, Home, Room
from andon.cli.progress import say
from andon.cli.secrets import ADMIN, JWKS, WORDS
from andon.cli.settings import UpSettings
from andon.cli.supervisor import Supervisor
from andon.common import secrets
from andon.common.errors import SetupError
from andon.common.settings import InfluxSettings, NatsSettings, load
from andon.registry.settings import RegistrySettings, SystemSettings

PORTS = tuple(f"ANDON_{name}_PORT" for name in ("MQTT", "NATS", "NATS_MONITOR", "INFLUX", "INFLUX_BACKUP"))
"""Those of the servers: Andon's own processes do not run."""
SECRETS = (*secrets.ALL, *WORDS, ADMIN, JWKS)
"""What a backup may hold: of Andon, and of the servers beside it."""


@dataclass(frozen=True)
class Places:
    """What is to be backed up, or to be filled. secrets: all that are known here."""

    nats: NatsSettings
    system: SystemSettings
    influx: InfluxSettings
    stores: tuple[Store, Store]
    secrets: Mapping[str, str]


def is_elsewhere(home: Home) -> bool:
    """Whether the environment names servers, instead of a home folder that holds everything."""
    return not home.secrets.exists() and "ANDON_NATS_PASSWORD" in _given()


def _given() -> dict[str, str]:
    """Secrets that the environment has, or the folder of secrets."""
    named = os.environ.get("ANDON_SECRETS_DIR")
    folder = Path(named) if named and Path(named).is_dir() else None  # one that is missing, `load` complains of
    files = {file.name: file for file in folder.iterdir() if file.is_file()} if folder else {}
    found = {name: files[name].read_text().strip() for name in SECRETS if name in files}
    return found | {name: os.environ[name] for name in SECRETS if os.environ.get(name)}


def elsewhere() -> Places:
    """Servers that the environment names.

    Raises:
        SetupError: a setting is missing or wrong.
    """
    services = {"REGISTRY": load(RegistrySettings), "ALERTING": load(AlertingSettings)}
    unnamed = [name for name, of in services.items() if "database_url" not in of.model_fields_set]
    if unnamed:  # the default is a file that `andon up` has: here it would be an empty one, backed up without a word
        wanted = ", ".join(f"ANDON_{name}_DATABASE_URL" for name in unnamed)
        raise SetupError(f"Settings are missing: {wanted}.", "Set them as the services have them.")
    return _places(_given())


def any_room(home: Home) -> Room:
    """How much disk JetStream may use; as much as ever where too little is left: a backup adds nothing there.

    It is on a disk that is nearly full that one wants it.
    """
    try:
        return home.room()
    except SetupError:
        return Room(MOST_STREAM_BYTES, MOST_TELEMETRY_BYTES, MOST_RAW_BYTES)


def of_home(settings: UpSettings, home: Home, room: Room) -> Places:
    """What `andon up` runs, or would run, with this home folder. Settings of the environment go before.

    Raises:
        SetupError: a setting is wrong.
    """
    known = secrets.known(secrets.read(home.secrets))
    os.environ.update(children.environment(settings, home, known, room))
    return _places(known)


def _places(known: Mapping[str, str]) -> Places:
    registry, alerting = load(RegistrySettings), load(AlertingSettings)
    stores = (
        Store("registry", registry.database_url, "ANDON_REGISTRY_DATABASE_URL", "andon.registry:migrations"),
        Store("alerting", alerting.database_url, "ANDON_ALERTING_DATABASE_URL", "andon.alerting:migrations"),
    )
    return Places(load(NatsSettings), load(SystemSettings), load(InfluxSettings), stores, known)


@asynccontextmanager
async def servers(settings: UpSettings, home: Home, room: Room) -> AsyncIterator[None]:
    """nats-server and InfluxDB of a home folder where no Andon runs, while the body does. Its lock must be held.

    Raises:
        SetupError: one does not start, or has no port.
    """
    ports.require_free([port for port in ports.wanted(settings) if port.setting in PORTS])
    supervisor = Supervisor(say)
    try:
        if not settings.nats_url:
            await supervisor.start(children.nats(settings, home, secrets.read(home.secrets), room))
        if not settings.influx_url:
            await supervisor.start(children.influxdb(settings, home))
        yield
    finally:
        await supervisor.stop()


def runs(home: Home) -> bool:
    """Whether an `andon up` uses this home folder."""
    return bool(lock.holder(home.lock))
