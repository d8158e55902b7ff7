"""The processes of the one-machine edition, with the settings each gets."""

import os
import sys
import urllib.request
from collections.abc import Mapping
from urllib.error import HTTPError, URLError

from andon.cli.home import Home, Room
from andon.cli.settings import UpSettings
from andon.common.secrets import known
from andon.common.servers import fault
from andon.common.servers.influx import influx_server
from andon.common.servers.nats import nats_server
from andon.common.servers.process import ServerProcess
from andon.common.settings import NatsSettings, load


def environment(settings: UpSettings, home: Home, secrets: Mapping[str, str], room: Room) -> dict[str, str]:
    """What Andon's own processes read; what the user has set goes before what we would."""
    ours = {
        **known(secrets),
        "ANDON_HOME": str(home.folder),
        "ANDON_NATS_URL": f"nats://127.0.0.1:{settings.nats_port}",
        "ANDON_NATS_TELEMETRY_BYTES": str(room.telemetry),
        "ANDON_NATS_RAW_BYTES": str(room.raw),
        "ANDON_INFLUX_URL": f"http://127.0.0.1:{settings.influx_port}",
        "ANDON_INGEST_MQTT_URL": f"mqtt://127.0.0.1:{settings.mqtt_port}",
        "ANDON_INGEST_PORT": str(settings.ingest_port),
        "ANDON_DERIVE_PORT": str(settings.derive_port),
        "ANDON_INGEST_LIVE_URL": f"ws://127.0.0.1:{settings.port}/api/query/v1/live",
        "ANDON_REGISTRY_DATABASE_URL": f"sqlite+aiosqlite:///{home.folder / 'registry.db'}",
        "ANDON_ALERTING_DATABASE_URL": f"sqlite+aiosqlite:///{home.folder / 'alerting.db'}",
        "ANDON_ALERTING_PUBLIC_URL": f"http://127.0.0.1:{settings.port}",
        "ANDON_REGISTRY_MQTT_PORT": str(settings.mqtt_port),
        "ANDON_REGISTRY_ADMIN_PASSWORD_FILE": str(home.admin_password),
        "ANDON_REGISTRY_NATS_LOG": str(home.logs / "nats-server.log"),
        "ANDON_LOG_FORMAT": "json",
        "PYTHONUNBUFFERED": "1",
    }
    return {**ours, **{name: os.environ[name] for name in ours if os.environ.get(name)}, "ANDON_HOME": str(home.folder)}


def nats(settings: UpSettings, home: Home, secrets: Mapping[str, str], room: Room) -> ServerProcess:
    """The backbone and MQTT broker; devices reach it from the network, the services by loopback."""
    return nats_server(
        home.folder,
        known(secrets),
        port=settings.nats_port,
        mqtt_port=settings.mqtt_port,
        monitor_port=settings.nats_monitor_port,
        mqtt_host=settings.host,
        disk=f"{room.streams // 10**6}MB",
        devices_disk=f"{room.streams // 4 // 10**6}MB",
        partitions=load(NatsSettings, password=secrets["ANDON_NATS_PASSWORD"]).partitions,
    )


def influxdb(settings: UpSettings, home: Home) -> ServerProcess:
    """The time-series store."""
    return influx_server(home.folder, port=settings.influx_port, backup_port=settings.influx_backup_port)


def ingest(settings: UpSettings, home: Home, given: Mapping[str, str]) -> ServerProcess:
    """The process every reading passes through."""
    return _python("ingest", ["andon.ingest"], settings.ingest_port, home, given)


def derive(settings: UpSettings, home: Home, given: Mapping[str, str]) -> ServerProcess:
    """Rollups and calculated sensors."""
    return _python("derive", ["andon.query.derive"], settings.derive_port, home, given)


def api(settings: UpSettings, home: Home, given: Mapping[str, str]) -> ServerProcess:
    """Registry, query, alerting and the web pages."""
    return _python("api", ["andon.cli", "api"], settings.port, home, given)


def _python(name: str, words: list[str], port: int, home: Home, given: Mapping[str, str]) -> ServerProcess:
    return ServerProcess(
        name=name,
        command=[sys.executable, "-m", *words],
        log=home.logs / f"{name}.log",
        ready=lambda: answers(f"http://127.0.0.1:{port}/healthz"),
        fault=lambda: fault.asked(f"http://127.0.0.1:{port}/healthz"),
        environment=given,
        patience=60.0,
    )


def answers(url: str) -> bool:
    """Whether a server answers 200 there."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - our own http address
            return bool(answer.status == 200)
    except (HTTPError, URLError, OSError):
        return False
