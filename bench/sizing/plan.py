"""Plan: what a plant of so many sensors needs, and what ends first. Pure arithmetic on figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

from andon.common.topics import machine_topic
from bench.sizing.figures import Figure, stream_bytes

MARGIN = 2.0
"""Twice what it takes on the average: for bursts, for what is caught up after an outage, for what was not measured."""
PARTITIONS = 12
"""The most ingests and alertings that share the work."""
REPLICAS = 3
YEAR = 365 * 86_400
MINUTES, HOURS = YEAR // 60, YEAR // 3600
DISK_MARGIN = 1.3
"""Room for InfluxDB to pack files anew, and for a fifth that should stay free."""
SENSORS_A_BROWSER = 500
FEWEST_BROWSERS, MOST_BROWSERS = 4, 200
MQTT_OVERHEAD = 60
"""Bytes of headers around a message, on the wire and in the broker's store."""
VALUE_TEXT = 20
"""Bytes of a value in a device's JSON, with its key."""
LINE_TEXT = 90
"""Bytes of a line of InfluxDB's protocol without its values."""


@dataclass(frozen=True)
class Plant:
    """Sensors, samples of each per second, values that travel in one message."""

    sensors: int
    hz: float = 1.0
    values: int = 10

    @property
    def samples(self) -> float:
        """Per second."""
        return self.sensors * self.hz

    @property
    def messages(self) -> float:
        """Per second."""
        return self.samples / self.values

    @property
    def browsers(self) -> int:
        """Pages that look on: assumed."""
        return min(MOST_BROWSERS, max(FEWEST_BROWSERS, ceil(self.sensors / SENSORS_A_BROWSER)))


@dataclass(frozen=True)
class Service:
    """What a kind of process needs: how many, and of each the cores and the MB of memory, margin included."""

    instances: int
    cores: float
    memory: float


@dataclass(frozen=True)
class Plan:
    """What a plant needs.

    services: by name. used: how much of each bound is used (1 is all of it), margin included. stream, devices: bytes
    per second of outage on each node of nats-server, while InfluxDB, or ingest, is away. raw, minutes, hours: bytes on
    InfluxDB's disk a year. to_broker, between (servers): bits per second.
    """

    services: dict[str, Service]
    used: dict[str, float]
    stream: float
    devices: float
    raw: float
    minutes: float
    hours: float
    to_broker: float
    between: float

    @property
    def first(self) -> str:
        """The bound that is nearest."""
        return max(self.used, key=lambda name: self.used[name])


def plan(plant: Plant, figures: Mapping[str, Figure]) -> Plan:
    """What it needs."""
    cores = {name: _cores(plant, figures, name) for name in ("nats-server", "InfluxDB", "ingest", "derive", "api")}
    sent, packed = message_bytes(plant.values), stream_bytes(plant.values)
    per_minute = min(1.0, plant.hz * 60)
    row = figures["a row of a minute or hour on disk"].value * DISK_MARGIN * plant.sensors
    readers = 2 + REPLICAS - 1 + _queries(plant, figures, cores["api"])  # store, alerting, other nodes; each query
    lines = plant.messages * LINE_TEXT + plant.samples * VALUE_TEXT
    return Plan(
        services=_services(plant, figures, cores),
        used=_used(plant, figures, cores),
        stream=plant.messages * packed,
        devices=plant.messages * sent,
        raw=plant.samples * YEAR * figures["a value on disk"].value * DISK_MARGIN,
        minutes=row * MINUTES * per_minute,
        hours=row * HOURS * min(1.0, plant.hz * 3600),
        to_broker=plant.messages * sent * 8,
        between=(plant.messages * (sent * REPLICAS + packed * readers) + lines) * 8,
    )


def message_bytes(values: int) -> int:
    """Bytes of a device's message, with what the broker keeps around it."""
    return len(machine_topic("berlin/pressing/line-1/press-1")) + MQTT_OVERHEAD + 35 + VALUE_TEXT * values


def _cores(plant: Plant, figures: Mapping[str, Figure], name: str) -> float:
    """Cores with the margin, of all processes of this kind together, as the bench measures them."""
    message, value = figures[f"{name}, a message"].value, figures[f"{name}, a value"].value
    return MARGIN * (plant.messages * message + plant.samples * value) / 1e6


def _queries(plant: Plant, figures: Mapping[str, Figure], feed: float) -> int:
    """Each reads the whole stream, and has what is left of a core for its browsers."""
    browsers = _watching(plant, figures)
    return max(1, ceil(browsers / max(0.1, 1 - feed)))


def _watching(plant: Plant, figures: Mapping[str, Figure]) -> float:
    """Cores of all pages together."""
    return MARGIN * plant.browsers * figures["a browser"].value / 1000


def _services(plant: Plant, figures: Mapping[str, Figure], cores: Mapping[str, float]) -> dict[str, Service]:
    """Python computes on one core per process, so a kind that needs more needs more of them."""
    memory = {name: MARGIN * figures[f"{name}, memory"].value for name in cores}
    known = MARGIN * plant.sensors * figures["a sensor"].value / 1000
    ingests, alertings = max(1, ceil(cores["ingest"])), max(1, ceil(cores["api"]))
    queries = _queries(plant, figures, cores["api"])
    watching = _watching(plant, figures) / queries
    return {
        "nats-server": Service(REPLICAS, cores["nats-server"], memory["nats-server"]),
        "InfluxDB": Service(1, cores["InfluxDB"], memory["InfluxDB"]),
        "ingest": Service(ingests, cores["ingest"] / ingests, memory["ingest"] + known / 2),
        "alerting": Service(alertings, cores["api"] / alertings, memory["api"] / 2 + known / alertings),
        "query": Service(queries, cores["api"] + watching, memory["api"] / 2 + known),
        "derive": Service(1, cores["derive"], memory["derive"] + known / 2),
    }


def _used(plant: Plant, figures: Mapping[str, Figure], cores: Mapping[str, float]) -> dict[str, float]:
    """How much of what cannot be had twice is used."""
    one, fifty = (1 / figures[f"InfluxDB alone, {name}"].value for name in ("1 field", "50 fields"))
    per_value = max(0.0, (50 * fifty - one) / 49)
    busy = plant.messages * max(0.0, one - per_value) + plant.samples * per_value
    return {
        "broker": MARGIN * plant.messages / figures["the broker alone"].value,
        "InfluxDB's writes": MARGIN * busy,
        "ingest's partitions": cores["ingest"] / PARTITIONS,
        "alerting's partitions": cores["api"] / PARTITIONS,
        "query's feed": cores["api"],
        "derive's core": cores["derive"],
    }
