"""nats-server: the backbone, and the MQTT 3.1.1 broker of the one-machine edition."""

import json
import os
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from urllib.error import URLError

from andon.common import topics
from andon.common.servers import fault
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
    name: str = "andon",
    cluster: str = "{}",
    replicas: int = 1,
    partitions: int = 1,
) -> ServerProcess:
    """A nats-server with its data in `folder`/nats and its log in `folder`/logs/nats-server.log.

    cluster: the block of that name in nats-server's configuration, for one node of several.
    partitions: of intake; for more than one the messages of devices are sorted.
    """
    store, log = folder / "nats", folder / "logs" / "nats-server.log"
    for made in (store, log.parent):
        made.mkdir(parents=True, exist_ok=True)

    def ready() -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{monitor_port}/healthz", timeout=1) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    return ServerProcess(
        name="nats-server",
        command=[find_program("nats-server", "ANDON_NATS_SERVER"), "-c", str(CONFIG)],
        log=log,
        ready=ready,
        fault=lambda: "" if fault.is_full(store) else fault.asked(f"http://127.0.0.1:{monitor_port}/healthz"),
        environment={
            **secrets,
            "ANDON_NATS_NAME": name,
            "ANDON_NATS_CLUSTER": cluster,
            "ANDON_NATS_REPLICAS": str(replicas),
            "ANDON_NATS_MAPPINGS": json.dumps(topics.mappings() if partitions > 1 else {}),
            "ANDON_NATS_WINDOW": str(topics.window(partitions)),
            "ANDON_NATS_LOG": json.dumps(str(log)),
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
