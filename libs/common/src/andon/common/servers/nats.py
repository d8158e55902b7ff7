"""nats-server: the backbone, and the MQTT 3.1.1 broker of the one-machine edition."""

import os
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from urllib.error import URLError

from andon.common.servers.process import ServerProcess, find_program

CONFIG = Path(__file__).with_name("nats.conf")
PROCESSORS = max(1, (os.cpu_count() or 1) // 2)
"""Half of them. On two, with both, what it costs to share them takes a sixth of the throughput (decision 0008)."""


def nats_server(
    folder: Path,
    secrets: Mapping[str, str],
    *,
    port: int,
    mqtt_port: int,
    monitor_port: int,
    host: str = "127.0.0.1",
    mqtt_host: str = "127.0.0.1",
    disk: str = "16GB",
    devices_disk: str = "4GB",
    sync: str = "100ms",
) -> ServerProcess:
    """A nats-server with its data in `folder`/nats and its log in `folder`/logs/nats-server.log."""
    store = folder / "nats"
    store.mkdir(parents=True, exist_ok=True)

    def ready() -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{monitor_port}/healthz", timeout=1) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    return ServerProcess(
        name="nats-server",
        command=[find_program("nats-server", "ANDON_NATS_SERVER"), "-c", str(CONFIG)],
        log=folder / "logs" / "nats-server.log",
        ready=ready,
        environment={
            **secrets,
            "ANDON_NATS_NAME": "andon",
            "ANDON_NATS_LISTEN": f"{host}:{port}",
            "ANDON_NATS_MONITOR": f"127.0.0.1:{monitor_port}",
            "ANDON_NATS_STORE": str(store),
            "ANDON_NATS_DISK": disk,
            "ANDON_NATS_DEVICES_DISK": devices_disk,
            "ANDON_NATS_SYNC": sync,
            "ANDON_MQTT_LISTEN": f"{mqtt_host}:{mqtt_port}",
            "GOMAXPROCS": str(PROCESSORS),
            "GOGC": "400",  # little lives in its heap, so that by default the collector would run all the time
            "GOMEMLIMIT": "1GiB",
        },
    )
