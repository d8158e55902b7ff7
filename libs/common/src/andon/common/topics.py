"""MQTT topics: `factory/{site}/{area}/{line}/{machine}[/{sensor}]`.

Only this file spells a topic. A nats-server that serves several intakes sorts messages by machine into `SLOTS` slots
and delivers them below `intake/{slot}/`; `plain` takes that off again. Each partition of intake has its share of them.
"""

import re

ROOT = "factory"
INTAKE_FILTER = f"{ROOT}/#"
INTAKE_CLIENT = "andon-intake"
"""Intake's MQTT client ids begin so, and no device's may: whoever takes the id takes the session and what it holds."""
SHARED_FILTER = f"$share/andon/{INTAKE_FILTER}"
"""Several subscribers take turns, at a broker that has shared subscriptions."""

SORTED = "intake"
SLOTS = 12
"""Most partitions there can be. The number is fixed, so that broker and intake cannot disagree about it."""

MACHINE_DEPTH = 4
SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
SENSOR_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_SORTED_TOPIC = re.compile(rb"intake/\d+/")


def machine_topic(path: str) -> str:
    """Topic on which the machine at `path` publishes JSON objects."""
    return f"{ROOT}/{path}"


def sensor_topic(path: str, key: str) -> str:
    """Topic on which one sensor of the machine at `path` publishes bare values."""
    return f"{ROOT}/{path}/{key}"


def plain(topic: bytes) -> bytes:
    """The topic the device named: that under which the message came, without its slot."""
    found = _SORTED_TOPIC.match(topic)
    return topic[found.end() :] if found else topic


def intake_client(name: str, partition: int, partitions: int) -> str:
    """Client id of the session of one partition of the intake called `name`."""
    return name if partitions == 1 else f"{name}-{partitions}-{partition}"


def intake_filters(partition: int, partitions: int) -> tuple[str, ...]:
    """What one partition of intake subscribes to.

    The first also takes what a broker has not sorted: nothing may be without a taker.
    """
    if partitions == 1:
        return (INTAKE_FILTER,)
    unsorted = (INTAKE_FILTER,) if partition == 0 else ()
    return (*unsorted, *(f"{SORTED}/{slot}/#" for slot in range(partition, SLOTS, partitions)))


def window(partitions: int) -> int:
    """Messages of one filter that nats-server may have on the way to intake.

    A session's filters share 65535, and one that ends with # counts twice; the server refuses what is beyond. A single
    intake with fewer than 8192 loses a third of its throughput (decision 0009).
    """
    filters = len(intake_filters(0, partitions))
    return min(8192, 65535 // (2 * filters))


def mappings() -> dict[str, str]:
    """How nats-server sorts what devices publish, for `mappings` of the account DEVICES in nats.conf.

    What belongs to no machine goes to slot 0. What a device publishes below `intake` itself comes to lie where no
    device may publish, so that the server refuses it instead of dropping it for want of a taker.
    """
    level = [f"{{{{wildcard({number})}}}}" for number in range(1, MACHINE_DEPTH + 1)]
    machine = f"{{{{partition({SLOTS},{','.join(map(str, range(1, MACHINE_DEPTH + 1)))})}}}}"

    def rule(depth: int, slot: str, rest: str = "") -> tuple[str, str]:
        return ".".join([ROOT, *["*"] * depth]) + rest, ".".join([SORTED, slot, ROOT, *level[:depth]]) + rest

    shallow = [rule(depth, "0") for depth in range(MACHINE_DEPTH)]
    return dict(
        [
            *shallow,
            rule(MACHINE_DEPTH, machine),
            rule(MACHINE_DEPTH, machine, ".>"),
            (f"{SORTED}.>", f"{SORTED}.0.{SORTED}.>"),
        ]
    )


def nats_subjects(scope: str, partitions: int = 1) -> list[str]:
    """NATS subjects a device with `scope` (a plant path, or '' for the whole plant) may publish on.

    nats-server maps the MQTT topic `a/b` to the subject `a.b`, sorts it if it is told to, and then looks whether that
    is allowed. For a single partition nothing sorted is: nobody would take it, and a refusal is seen.
    """
    subject = ".".join([ROOT, *[s for s in scope.split("/") if s]])
    starts = (subject,) if partitions == 1 else (subject, f"{SORTED}.*.{subject}")
    return [name for start in starts for name in (start, f"{start}.>")]


def topic_of(subject: str) -> str:
    """MQTT topic of a NATS subject, without its slot: nats-server writes `/` as `.`, and `.` as `//`."""
    return plain(subject.replace("//", "\0").replace(".", "/").replace("\0", ".").encode()).decode()
