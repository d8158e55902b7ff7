"""Share: what one of several ingests does.

The partitions are dealt to the instances. Each partition has a broker session and a consumer of the stream of its own,
and they stay when the number of instances changes: only who serves them does.
"""

from dataclasses import dataclass, replace

from andon.common import subjects, topics
from andon.common.errors import SetupError
from andon.common.mqtt import Broker
from andon.common.mqtt.session import Address
from andon.ingest.settings import IngestSettings


@dataclass(frozen=True)
class Seat:
    """One broker session: as whom, what it subscribes to, and the key that tells that it is there."""

    broker: Broker
    filters: tuple[str, ...]
    key: str


@dataclass(frozen=True)
class Share:
    """Instance `instance` of `instances`. taking_turns: the broker deals the messages out, not the topic."""

    instance: int = 0
    instances: int = 1
    taking_turns: bool = False

    @classmethod
    def of(cls, settings: IngestSettings, partitions: int) -> "Share":
        """As the settings have it.

        Raises:
            SetupError: there is no such instance, or nothing for it to do.
        """
        if settings.instance >= settings.instances:
            raise SetupError(
                f"ANDON_INGEST_INSTANCE is {settings.instance}, and there are {settings.instances}, numbered from 0.",
                "Set ANDON_INGEST_INSTANCES to how many there are.",
            )
        if settings.instances > partitions and not settings.mqtt_share:
            raise SetupError(
                f"{settings.instances} ingests cannot share {partitions} partition(s).",
                "Set ANDON_NATS_PARTITIONS, for all services and for nats-server; see docs/how-to/run-several.md.",
            )
        return cls(settings.instance, settings.instances, settings.mqtt_share)

    @property
    def name(self) -> str:
        """By which its heartbeat is known."""
        return names(self.instances)[self.instance]

    @property
    def first(self) -> bool:
        """Whether it does what one alone must do."""
        return self.instance == 0

    def partitions(self, of: int) -> list[int]:
        """Those of this instance."""
        return list(range(self.instance, of, self.instances))

    def seats(self, broker: Broker, partitions: int) -> list[Seat]:
        """The broker sessions of this instance; `broker` names the client id of a single one."""
        if self.taking_turns:
            mine = replace(broker, client_id=f"{broker.client_id}-{self.instance}")
            return [Seat(mine, (topics.SHARED_FILTER,), subjects.INTAKE_SESSION_KEY)]
        return [seat(broker, partition, partitions) for partition in self.partitions(partitions)]


def seat(broker: Broker, partition: int, partitions: int) -> Seat:
    """The broker session of one partition."""
    return Seat(
        replace(
            broker,
            client_id=topics.intake_client(broker.client_id, partition, partitions),
            addresses=_turned(broker.addresses, partition),
        ),
        topics.intake_filters(partition, partitions),
        subjects.session_key(partition, partitions),
    )


def _turned(addresses: tuple[Address, ...], by: int) -> tuple[Address, ...]:
    """The same nodes in another order, so that the sessions spread over them."""
    first = by % len(addresses)
    return addresses[first:] + addresses[:first]


def names(instances: int) -> tuple[str, ...]:
    """Names of all ingests."""
    return ("ingest",) if instances == 1 else tuple(f"ingest-{number}" for number in range(instances))
