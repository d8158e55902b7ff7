"""Three nodes of nats-server as one cluster, on free ports, for tests: any of them can be killed and started again."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from andon.common import secrets
from andon.common.servers.nats import nats_server
from andon.common.servers.process import ServerProcess
from andon.common.settings import NatsSettings
from andon.common.testing.ports import free_port
from andon.common.testing.waiting import eventually

NODES = 3
_CLUSTER = '{{ name: andon, listen: "127.0.0.1:{port}", routes: [{routes}] }}'


@dataclass
class ClusterForTest:
    """Its nodes, with the port of each for services and for devices."""

    nodes: list[ServerProcess]
    ports: list[int]
    mqtt_ports: list[int]
    secrets: dict[str, str]
    partitions: int

    @property
    def settings(self) -> NatsSettings:
        """How services reach it."""
        return NatsSettings(
            url=",".join(f"nats://127.0.0.1:{port}" for port in self.ports),
            password=SecretStr(self.secrets["ANDON_NATS_PASSWORD"]),
            telemetry_bytes=256 * 2**20,
            replicas=NODES,
            partitions=self.partitions,
        )

    @property
    def mqtt_url(self) -> str:
        """How MQTT clients reach it."""
        return ",".join(f"mqtt://127.0.0.1:{port}" for port in self.mqtt_ports)

    async def is_whole(self, timeout: float = 60) -> None:
        """Wait until every node takes part."""

        async def whole() -> bool:
            return all(await asyncio.gather(*(asyncio.to_thread(node.ready) for node in self.nodes)))

        await eventually(whole, timeout=timeout, what="all nodes are there")

    def story(self) -> str:
        """What the nodes wrote last, for a failed test."""
        return "\n".join(f"{node.name}: {node.log_end()}" for node in self.nodes)


@contextmanager
def running_cluster(folder: Path, *, partitions: int = 1) -> Iterator[ClusterForTest]:
    """A cluster with its data in `folder`, not yet ready: `await is_whole()`."""
    made = secrets.generate()
    ports, mqtt_ports, routes = ([free_port() for _ in range(NODES)] for _ in range(3))
    nodes = [
        nats_server(
            folder / f"node-{number}",
            made,
            name=f"node-{number}",
            port=ports[number],
            mqtt_port=mqtt_ports[number],
            monitor_port=free_port(),
            cluster=_CLUSTER.format(
                port=routes[number], routes=", ".join(f'"nats://127.0.0.1:{port}"' for port in routes)
            ),
            replicas=NODES,
            partitions=partitions,
        )
        for number in range(NODES)
    ]
    try:
        for node in nodes:
            node.spawn()
        yield ClusterForTest(nodes, ports, mqtt_ports, made, partitions)
    finally:
        for node in nodes:
            node.stop()
