"""The platform as a site of the plant: what Andon tells of itself is stored, shown and watched like any reading.

The registry makes these nodes, and nobody else changes them. Lists of the whole plant leave them out; who names them
by path or id, or asks for `under=andon`, gets them.
"""

from dataclasses import dataclass

from andon.common.plant import KINDS, Datatype, Kind, is_below

SITE = "andon"
LEDGER = f"{SITE}/platform/pipeline/ledger"
PROBER = f"{SITE}/platform/pipeline/prober"

UNEXPLAINED, LOST, MISSING, WAITING = "unexplained", "lost", "missing", "waiting"
"""Sensors of the ledger: messages that are nowhere; what was lost, and numbers of devices that did not come, within the
last hour; and batches on their way to the store."""
BROKER, STORED, LIVE, NUMBER = "broker", "stored", "live", "number"
"""Sensors of the prober: seconds from publishing a canary until the broker has it, until it is in InfluxDB, and until
it comes by the live feed; and which one since the prober's start it is."""


@dataclass(frozen=True)
class PlatformSensor:
    """One sensor of the platform, as the registry keeps it."""

    key: str
    name: str
    unit: str
    decimals: int
    datatype: Datatype = "float"


@dataclass(frozen=True)
class PlatformNode:
    """One node of the platform's site."""

    path: str
    name: str
    sensors: tuple[PlatformSensor, ...] = ()

    @property
    def kind(self) -> Kind:
        """Site, area, line or machine, by its depth."""
        return KINDS[self.path.count("/")]


NODES = (
    PlatformNode(SITE, "Andon"),
    PlatformNode(f"{SITE}/platform", "Platform"),
    PlatformNode(f"{SITE}/platform/pipeline", "Pipeline"),
    PlatformNode(
        LEDGER,
        "Ledger",
        (
            PlatformSensor(UNEXPLAINED, "Unexplained messages", "1", 0),
            PlatformSensor(LOST, "Lost within the hour", "1", 0),
            PlatformSensor(MISSING, "Device numbers missing within the hour", "1", 0),
            PlatformSensor(WAITING, "Batches waiting", "1", 0),
        ),
    ),
    PlatformNode(
        PROBER,
        "Prober",
        (
            PlatformSensor(BROKER, "Time to the broker", "s", 3),
            PlatformSensor(STORED, "Time to the store", "s", 3),
            PlatformSensor(LIVE, "Time to the live feed", "s", 3),
            PlatformSensor(NUMBER, "Canary", "1", 0),
        ),
    ),
)
"""Parents before their children."""


def is_platform(path: str) -> bool:
    """Whether a path, of a node or a sensor, is the platform's own."""
    return is_below(path, SITE)


def is_listed(path: str, under: str) -> bool:
    """Whether `path` belongs in a list of what is below `under`: the platform only where it is named."""
    return is_platform(under) or not is_platform(path)
