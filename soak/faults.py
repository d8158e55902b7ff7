"""Faults: what can happen to an Andon, each as a way to strike and a way to heal. One list for stories and soak.

`lasts` is how long the fault stays, in seconds; `shows` a word that /readyz must bring within 15 s of the strike, ''
for a fault that is over before anybody could notice. Healing takes the cause away and nothing else: what Andon's
processes need to come back is their own affair.
"""

import os
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from andon.common.testing.waiting import eventually

if TYPE_CHECKING:
    from soak.scene import Scene

Act = Callable[["Scene"], Awaitable[None]]
PROCESSES = ("ingest", "api", "nats", "influxdb")
SHOWN = {"ingest": "ingest", "api": "api", "nats": "nats", "influxdb": "influxdb"}
"""Process -> how /readyz calls it when it is away."""


async def nothing(scene: "Scene") -> None:
    """Heals by itself."""


@dataclass(frozen=True)
class Fault:
    """One fault. `long`: for the soak alone, it takes more than a few seconds."""

    name: str
    strike: Act
    heal: Act = nothing
    lasts: float = 0.0
    shows: str = ""
    long: bool = False
    hits_api: bool = False


def ended(name: str, which: signal.Signals, words: str, shows: str = "") -> Fault:
    """End a process; healed once another is in its place."""
    before = list[int]()

    async def strike(scene: "Scene") -> None:
        before.append(scene.factory.pid(name))
        os.kill(before[-1], which)

    async def heal(scene: "Scene") -> None:
        old = before.pop()
        await eventually(lambda: scene.factory.pid(name) != old, timeout=60, what=f"{name} is started anew")

    return Fault(f"{words} {name}", strike, heal, shows=shows, hits_api=name == "api")


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
    return Fault(f"freeze {name} {seconds:g} s", strike, heal, seconds, shows, seconds > 5, name == "api")


def cut_devices(seconds: float) -> Fault:
    """The cable between devices and broker: Andon itself is well."""

    async def strike(scene: "Scene") -> None:
        scene.outside.cut()

    async def heal(scene: "Scene") -> None:
        scene.outside.mend()

    return Fault(f"cut devices off {seconds:g} s", strike, heal, seconds)


def cut_intake(seconds: float) -> Fault:
    """The cable between broker and ingest; a dead link is noticed by its silence."""

    async def strike(scene: "Scene") -> None:
        scene.inside.cut()

    async def heal(scene: "Scene") -> None:
        scene.inside.mend()

    return Fault(f"cut intake off {seconds:g} s", strike, heal, seconds, long=seconds > 5)


async def _reset(scene: "Scene") -> None:
    scene.outside.reset()
    scene.inside.reset()


async def _slow(scene: "Scene") -> None:
    scene.outside.delay = scene.inside.delay = 0.05


async def _deaf(scene: "Scene") -> None:
    scene.outside.deaf = True


async def _short(scene: "Scene") -> None:
    scene.outside.passes = 2000


async def _mend(scene: "Scene") -> None:
    scene.outside.mend()
    scene.inside.mend()


RESET = Fault("reset connections", _reset)
SLOW = Fault("slow network", _slow, _mend, 4)
DEAF = Fault("answers of the broker lost", _deaf, _mend, 6)
SHORT = Fault("packets cut short", _short, _mend, 4)

QUICK = [
    *(kill(name) for name in PROCESSES),
    *(stop(name) for name in PROCESSES),
    *(freeze(name, 5) for name in PROCESSES),
    cut_devices(4),
    cut_intake(4),
    RESET,
    SLOW,
    DEAF,
    SHORT,
]
LONG = [freeze("ingest", 35), freeze("api", 35), freeze("nats", 35), freeze("influxdb", 35), cut_intake(40)]
LONGEST = [freeze("ingest", 90), freeze("influxdb", 90)]
