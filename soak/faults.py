"""Faults: what can happen to an Andon, each as a way to strike and a way to heal. One list for stories and soak.

`lasts` is how long the fault stays, in seconds; `shows` a word that /readyz must bring within 15 s of the strike, ''
for a fault that is over before anybody could notice. Healing takes the cause away and nothing else: what Andon's
processes need to come back is their own affair.
"""

import os
import resource
import shutil
import signal
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from andon.common.testing.proxy import Proxy
from andon.common.testing.waiting import eventually

if TYPE_CHECKING:
    from soak.scene import Scene

Act = Callable[["Scene"], Awaitable[None]]
PROCESSES = ("ingest", "api", "derive", "nats", "influxdb")
SHOWN = {"ingest": "ingest", "api": "api", "derive": "derive", "nats": "nats", "influxdb": "influxdb"}
"""Process -> how /readyz calls it when it is away."""


async def nothing(scene: "Scene") -> None:
    """Heals by itself."""


@dataclass(frozen=True)
class Fault:
    """One fault. `long`: for the soak alone, it takes more than a few seconds.

    victim: the process that may end of it.
    rest_first: what is on its way would be lost by its very nature, so let Andon come to rest before.
    late: what it throws away comes again behind newer data; an excursion that lies wholly in it would be no alarm.
    reports: words by which health and ledger go on telling of it when all is well again.
    """

    name: str
    strike: Act
    heal: Act = nothing
    lasts: float = 0.0
    shows: str = ""
    long: bool = False
    victim: str = ""
    rest_first: bool = False
    late: bool = False
    reports: tuple[str, ...] = ()


def ended(name: str, which: signal.Signals, words: str, shows: str = "") -> Fault:
    """End a process; healed once another is in its place."""
    before = list[int]()

    async def strike(scene: "Scene") -> None:
        before.append(scene.factory.pid(name))
        os.kill(before[-1], which)

    async def heal(scene: "Scene") -> None:
        old = before.pop()
        await eventually(lambda: scene.factory.pid(name) != old, timeout=60, what=f"{name} is started anew")

    return Fault(f"{words} {name}", strike, heal, shows=shows, victim=name)


def kill(name: str) -> Fault:
    """Kill -9: `andon up` starts it anew."""
    return ended(name, signal.SIGKILL, "kill", SHOWN[name])


def stop(name: str) -> Fault:
    """SIGTERM: a stop in good order, as of an upgrade."""
    return ended(name, signal.SIGTERM, "restart")


def freeze(name: str, seconds: float) -> Fault:
    """SIGSTOP and SIGCONT: beyond `ack_wait` others take over what it held, and then it wakes."""
    frozen = list[int]()

    async def strike(scene: "Scene") -> None:
        frozen.append(scene.factory.pid(name))
        os.kill(frozen[-1], signal.SIGSTOP)

    async def heal(_scene: "Scene") -> None:
        with suppress(ProcessLookupError):  # it was taken for dead, and another is there
            os.kill(frozen.pop(), signal.SIGCONT)

    shows = SHOWN[name] if seconds >= 5 else ""
    return Fault(f"freeze {name} {seconds:g} s", strike, heal, seconds, shows, seconds > 5, name)


WIRES = {"devices": "outside", "intake": "inside", "ingest from NATS": "to_nats", "ingest from InfluxDB": "to_influx"}
"""Who is cut off -> the wire of the scene."""


def wire_of(scene: "Scene", name: str) -> Proxy:
    """One wire of the scene."""
    found: Proxy = getattr(scene, WIRES[name])
    return found


def cut(name: str, seconds: float = 0, shows: str = "") -> Fault:
    """A pulled cable: nothing passes, and nobody is told. It must be noticed by the silence."""

    async def strike(scene: "Scene") -> None:
        wire_of(scene, name).cut()

    async def heal(scene: "Scene") -> None:
        wire_of(scene, name).mend()

    return Fault(f"cut {name} off", strike, heal, seconds, shows)


def reset(name: str) -> Fault:
    """Every connection ends with RST."""

    async def strike(scene: "Scene") -> None:
        wire_of(scene, name).reset()

    return Fault(f"reset connections of {name}", strike)


def bend(name: str, what: str, seconds: float, shows: str = "", **bent: float) -> Fault:
    """Set attributes of a wire for a while; at the end its connections are reset, for what was lost stays lost."""

    async def strike(scene: "Scene") -> None:
        for attribute, value in bent.items():
            setattr(wire_of(scene, name), attribute, value)

    async def heal(scene: "Scene") -> None:
        wire_of(scene, name).mend()
        wire_of(scene, name).reset()

    return Fault(f"{what} of {name}", strike, heal, seconds, shows, late=name == "intake")


def network() -> list[Fault]:
    """What a network can do, to each wire."""
    found = [cut("devices", 4), cut("intake", shows="broker")]
    found += [cut("ingest from NATS", shows="jetstream"), cut("ingest from InfluxDB", shows="influxdb")]
    found += [reset(name) for name in WIRES]
    found += [bend(name, "slow network", 3, delay=0.05) for name in ("devices", "ingest from NATS")]
    found += [bend(name, "answers lost", 3, deaf=True) for name in WIRES]
    found += [bend(name, "packets cut short", 3, passes=3000) for name in ("intake", "ingest from InfluxDB")]
    return found


async def _wipe(scene: "Scene") -> None:
    """While `andon up` cannot see it, or nats-server would be back before its store is gone."""
    before = scene.factory.pid("nats")
    supervisor = int(Path(f"/proc/{before}/stat").read_text().rsplit(")", 1)[1].split()[1])
    os.kill(supervisor, signal.SIGSTOP)
    os.kill(before, signal.SIGKILL)
    shutil.rmtree(scene.factory.folder / "nats")
    os.kill(supervisor, signal.SIGCONT)
    await eventually(lambda: scene.factory.pid("nats") != before, timeout=60, what="nats-server is started anew")


NATS_WIPED = Fault(
    "NATS's data deleted",
    _wipe,
    shows="nats",
    victim="nats",
    rest_first=True,
    late=True,
    reports=("forgot", "lost in the stream"),
)


def disk_full(name: str) -> Fault:
    """No file of a server may grow any more, as on a full disk; it stays sick when there is room again."""
    victims = list[int]()

    def limit(pid: int, most: int) -> None:
        with suppress(ProcessLookupError):  # another is there already
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))

    async def strike(scene: "Scene") -> None:
        victims.append(scene.factory.pid(name))
        limit(victims[-1], 20_000)

    async def heal(_scene: "Scene") -> None:
        limit(victims.pop(), resource.RLIM_INFINITY)

    # nats-server is there and takes nothing: ingest says so of JetStream, and need not wait until it is killed for it
    shows = "jetstream" if name == "nats" else SHOWN[name]
    return Fault(f"disk full under {name}", strike, heal, 3, shows, victim=name)


def locked(name: str) -> Fault:
    """Somebody holds the lock of a SQLite file, as a backup does that was forgotten."""
    held = list[sqlite3.Connection]()

    async def strike(scene: "Scene") -> None:
        held.append(sqlite3.connect(scene.factory.folder / f"{name}.db", isolation_level=None))
        held[-1].execute("BEGIN EXCLUSIVE")

    async def heal(_scene: "Scene") -> None:
        held.pop().close()

    return Fault(f"{name}'s database locked", strike, heal, 6, {"registry": "database", "alerting": "evaluate"}[name])


async def _refuse(scene: "Scene") -> None:
    scene.hook.status = 503


async def _accept(scene: "Scene") -> None:
    scene.hook.status = 200


REFUSING_HOOK = Fault("webhook answers 503", _refuse, _accept, 3)

QUICK = [
    *(kill(name) for name in PROCESSES),
    *(stop(name) for name in PROCESSES),
    *(freeze(name, 5) for name in PROCESSES),
    *network(),
    *(disk_full(name) for name in ("nats", "influxdb")),
    *(locked(name) for name in ("registry", "alerting")),
    NATS_WIPED,
    REFUSING_HOOK,
]
LONG = [*(freeze(name, 35) for name in PROCESSES), freeze("ingest", 90)]
ALL = [*QUICK, *LONG]
