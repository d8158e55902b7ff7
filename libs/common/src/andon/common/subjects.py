"""NATS: the one place that spells a subject, a stream, a bucket or a durable name.

TELEMETRY   telemetry.<partition>   packed batches of readings (wire.Batch)
DEADLETTER  deadletter.<reason>     what could not be used (wire.DeadLetter)
EVENTS      events.<noun>.<verb>    plant changes, alarm transitions, devices
RAW         raw.received.<partition>   messages as they came (wire.RawBatch), while there is room
RAW         raw.stored.<partition>  when batches of TELEMETRY were written (wire.Stored)
KV plant    asset.<id>, device.<id>, revoked.<jti>   what others need of the registry
KV intake   session[.<n>.<k>]       the broker session exists, devices may come in once all do
KV intake   dropped                 what a broker that counts had dropped when it last said so
KV derive   progress, gone, begin, pending.<id>  up to when all is rolled up, and which ranges of which machine are not
KV derive   calculated[.<id>.<key>] how far is calculated; an expression, and for which ranges it still is to be
KV derive   order.<subject>.<n>     what somebody asked for by that subject, until it is entered for all that it names
KV ledger   account                 what came from each machine, and what became of it
KV leases   <what>                  which of several instances does what one alone may do
KV exports  <id>                    exports, how far they are, and which process has their files
KV imports  <id>                    imports, the same
KV quarantine  <username>           which device is kept out, and how often it was lately
KV clients  <hash>                  whose an MQTT client id is
registry.<verb>                     what a registry tells the others, not stored
health.<service>                    heartbeats, not stored
ledger.<instance>                   what an ingest has counted, not stored
jobs.<bucket>.<process>             request to the process that has a job: for a piece of its file, or its end
tickets.<process>                   request to the process that gave a ticket for the live feed: for whose it is
derive.rebuild                      request to roll up anew
derive.recalculate                  request to calculate anew
probe                               how long a reading takes, not stored
"""

from zlib import crc32

from andon.common.errors import Reason
from andon.common.topics import SLOTS

TELEMETRY = "TELEMETRY"
TELEMETRY_ALL = "telemetry.*"
DEADLETTER = "DEADLETTER"
DEADLETTER_ALL = "deadletter.*"
EVENTS = "EVENTS"
EVENTS_ALL = "events.>"
RAW = "RAW"
RAW_ALL = "raw.>"
RAW_RECEIVED = "raw.received.*"

PLANT_BUCKET = "plant"
INTAKE_BUCKET = "intake"
INTAKE_SESSION_KEY = "session"
"""Of a single session; those of several add how many there are, and which."""
INTAKE_DROPPED_KEY = "dropped"
"""How many messages a broker that counts that said it had dropped."""

LEDGER_BUCKET = "ledger"
ACCOUNT_KEY = "account"

EXPORTS_BUCKET = "exports"
IMPORTS_BUCKET = "imports"

LEASES_BUCKET = "leases"
DERIVE_LEASE = "derive"
"""Of the one that makes rollups and calculated readings."""

REGISTRY_LEASE = "registry"
"""Of the one that publishes the plant and judges who sends too much."""

QUARANTINE_BUCKET = "quarantine"
CLIENTS_BUCKET = "clients"

DERIVE_BUCKET = "derive"
PROGRESS_KEY = "progress"
CALCULATED_KEY = "calculated"
BEGIN_KEY = "begin"
"""There while all that is stored is still to be put down as not rolled up: a tier's database had to be made."""
GONE_KEY = "gone"
"""Before when values of each tier may be gone, for they were kept no longer once."""

STORE_DURABLE = "store"
EVALUATE_DURABLE = "evaluate"
LEDGER_DURABLE = "ledger"
DERIVE_DURABLE = "derive"
CALCULATE_DURABLE = "calculate"

HEALTH_ALL = "health.*"
REGISTRIES = "registry.*"
LEDGER_ALL = "ledger.*"
PROBE = "probe"
REBUILD = "derive.rebuild"
"""Request to roll up a range of some machines anew."""

RECALCULATE = "derive.recalculate"
"""Request to calculate a range of some calculated sensors anew."""

MQTT_RETAINED = "$MQTT_rmsgs"
MQTT_QOS2 = "$MQTT_qos2in"
"""Streams of nats-server's own, in the account of the devices: what it keeps for MQTT besides messages."""
MQTT_MESSAGES = "$MQTT_msgs"
"""The stream of the messages themselves."""

ADVISORY = "$JS.EVENT.ADVISORY."
GRAVE_ADVISORIES = tuple(
    ADVISORY + what for what in ("STREAM.QUORUM_LOST.>", "CONSUMER.QUORUM_LOST.>", "CONSUMER.MAX_DELIVERIES.>")
)
"""JetStream tells so that a stream or consumer has lost its majority, or that a message is given up."""

AUTH_CALLOUT = "$SYS.REQ.USER.AUTH"
CONNECTIONS = "$SYS.REQ.SERVER.PING.CONNZ"
DISCONNECTS = "$SYS.ACCOUNT.DEVICES.DISCONNECT"
"""Told of each connection of a device that ends, with what came in over it."""


def telemetry(partition: int) -> str:
    """Subject of one partition of the telemetry stream."""
    return f"telemetry.{partition}"


def store_durable(partition: int, partitions: int) -> str:
    """Durable of the store of one partition: one for each, so that an asset's readings keep their order.

    It names how many there are: those of another number begin anew and pass by nothing.
    """
    return STORE_DURABLE if partitions == 1 else f"{STORE_DURABLE}-{partitions}-{partition}"


def store_filter(partition: int, partitions: int) -> list[str]:
    """Subjects of the store of one partition; those that are left from when there were more are shared out."""
    if partitions == 1:
        return [TELEMETRY_ALL]
    return [telemetry(slot) for slot in range(partition, SLOTS, partitions)]


def store_durables(partitions: int) -> list[str]:
    """Durables of all stores."""
    return [store_durable(partition, partitions) for partition in range(partitions)]


def evaluate_durable(partition: int, partitions: int) -> str:
    """Durable of the evaluation of one partition, as `store_durable`."""
    return EVALUATE_DURABLE if partitions == 1 else f"{EVALUATE_DURABLE}-{partitions}-{partition}"


def evaluate_durables(partitions: int) -> list[str]:
    """Durables of the evaluation of all partitions."""
    return [evaluate_durable(partition, partitions) for partition in range(partitions)]


def telemetry_durables(partitions: int) -> list[str]:
    """Durables of all who read TELEMETRY."""
    return [
        *store_durables(partitions),
        *evaluate_durables(partitions),
        LEDGER_DURABLE,
        DERIVE_DURABLE,
        CALCULATE_DURABLE,
    ]


def session_key(partition: int, partitions: int) -> str:
    """Key in the intake bucket that tells of the broker session of one partition."""
    return INTAKE_SESSION_KEY if partitions == 1 else f"{INTAKE_SESSION_KEY}.{partitions}.{partition}"


def partition_in(key: str) -> tuple[int, int]:
    """Partition, and number of partitions, of a key that `session_key` made."""
    _, partitions, partition = key.split(".") if "." in key else (key, "1", "0")
    return int(partition), int(partitions)


def session_keys(partitions: int) -> set[str]:
    """Keys in the intake bucket that must be there before a device comes in."""
    return {session_key(partition, partitions) for partition in range(partitions)}


def partition_of(asset: str, partitions: int) -> int:
    """Partition of an asset: a stable hash of its id, so that its readings keep their order."""
    return crc32(asset.encode()) % partitions


def deadletter(reason: Reason) -> str:
    """Subject of dead letters of one reason."""
    return f"deadletter.{reason}"


def raw_received(partition: int) -> str:
    """Subject of the messages that became readings of one partition."""
    return f"raw.received.{partition}"


def raw_stored(partition: int) -> str:
    """Subject of what tells when batches of one partition were written."""
    return f"raw.stored.{partition}"


def partition_named(subject: str) -> int:
    """Partition in a subject that ends with it."""
    return int(subject.rpartition(".")[2])


def event(noun: str, verb: str) -> str:
    """Subject of an event, like `events.alarm.raised`."""
    return f"events.{noun}.{verb}"


def health(service: str) -> str:
    """Subject of one service's heartbeat."""
    return f"health.{service}"


def registries(verb: str) -> str:
    """Subject of one kind of thing that a registry tells the others."""
    return f"registry.{verb}"


def jobs(bucket: str, process: str) -> str:
    """Subject of requests to the process that has some of the jobs in a bucket."""
    return f"jobs.{bucket}.{process}"


def tickets(process: str) -> str:
    """Subject of requests to the process that gave a ticket for the live feed."""
    return f"tickets.{process}"


def ledger(instance: str) -> str:
    """Subject of what one ingest has counted."""
    return f"ledger.{instance}"


def asset_key(asset_id: str) -> str:
    """Key of an asset in the plant bucket."""
    return f"asset.{asset_id}"


def device_key(device_id: str) -> str:
    """Key of a device in the plant bucket."""
    return f"device.{device_id}"


def revoked_key(token_id: str) -> str:
    """Key of a revoked token in the plant bucket."""
    return f"revoked.{token_id}"


def pending_key(asset_id: str) -> str:
    """Key of what of an asset's history is still to be rolled up, in the derive bucket."""
    return f"pending.{asset_id}"


def pending_asset(key: str) -> str:
    """Asset id in a key that `pending_key` made; '' for other keys."""
    kind, _, asset = key.partition(".")
    return asset if kind == "pending" else ""


def order_key(subject: str, number: int) -> str:
    """Key of what somebody asked to have made anew, in the derive bucket; `subject` is that of the request."""
    return f"order.{subject}.{number}"


def is_order(key: str, subject: str) -> bool:
    """Whether `order_key` made a key for that subject."""
    return key.startswith(f"order.{subject}.")


def calculated_key(asset_id: str, key: str) -> str:
    """Key of a calculated sensor in the derive bucket."""
    return f"{CALCULATED_KEY}.{asset_id}.{key}"


def calculated_sensor(key: str) -> tuple[str, str] | None:
    """Machine id and key of the sensor in a key that `calculated_key` made; None for other keys."""
    kind, asset_id, sensor = (*key.split("."), "", "")[:3]
    return (asset_id, sensor) if kind == CALCULATED_KEY and sensor else None


def connections(server_id: str) -> str:
    """Request for the connections of one nats-server."""
    return f"$SYS.REQ.SERVER.{server_id}.CONNZ"


def kick(server_id: str) -> str:
    """Request that ends one connection of one nats-server."""
    return f"$SYS.REQ.SERVER.{server_id}.KICK"
