"""Health: what a service says of itself and its neighbours, beaten over NATS once a second.

`/healthz` says the process lives; `/readyz` names every neighbour that is sick, those of other processes included.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from math import inf
from secrets import token_hex
from time import monotonic

import msgspec
from nats.aio.msg import Msg
from nats.errors import Error as NatsError

from andon.common import subjects, vitals
from andon.common.bus import Bus
from andon.common.errors import UnavailableError
from andon.common.settings import InstanceSettings, load
from andon.common.version import VERSION

BEAT_SECONDS = 1.0
CHECK_SECONDS = 1.5
"""A check may take so long: whoever asks /readyz is to have an answer within 2 s, most of all when something hangs."""
SILENT_SECONDS = 4.0
"""A service that has not beaten for this long is called silent."""

RECENT_SECONDS = 60.0

Check = Callable[[], Awaitable[str] | str]
"""Says what is wrong in a few words, or '' when all is well."""


class Beat(msgspec.Struct):
    """One heartbeat: `checks` maps a neighbour to what is wrong with it ('' is well).

    age: seconds since the process began: one that was killed and started anew within a second is known by its youth.
    process: tells several processes of one service apart; instance: and so it does for people.
    version: which Andon it is.
    """

    service: str
    checks: dict[str, str]
    age: float = inf
    process: str = ""
    instance: str = ""
    version: str = ""

    @property
    def wrong(self) -> dict[str, str]:
        """What is wrong, by neighbour."""
        return {neighbour: why for neighbour, why in self.checks.items() if why}


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Beat)
_BEGUN, _PROCESS = monotonic(), token_hex(4)
"""This process."""


async def run_checks(checks: dict[str, Check]) -> dict[str, str]:
    """Run all checks at once, each at most CHECK_SECONDS."""

    async def one(check: Check) -> str:
        try:
            outcome = check()
            return outcome if isinstance(outcome, str) else await asyncio.wait_for(outcome, CHECK_SECONDS)
        except TimeoutError:
            return f"does not answer within {CHECK_SECONDS:g} s"
        except UnavailableError as error:
            return str(error)

    results = await asyncio.gather(*(one(c) for c in checks.values()))
    return dict(zip(checks, results, strict=True))


async def beat(bus: Bus, service: str, checks: dict[str, Check]) -> None:
    """Publish a heartbeat every second, for ever. A beat that cannot be sent is simply missed."""
    clock, instance = asyncio.get_running_loop().time, load(InstanceSettings).instance
    while True:
        found = await run_checks(checks)
        for neighbour, wrong in found.items():
            vitals.NEIGHBOUR_UP.labels(service, neighbour).set(0 if wrong else 1)
        if bus.connected:
            with suppress(NatsError, UnavailableError):
                told = Beat(service, found, monotonic() - _BEGUN, _PROCESS, instance, VERSION)
                await bus.nc.publish(subjects.health(service), _encoder.encode(told))
        due = clock() + BEAT_SECONDS
        await asyncio.sleep(BEAT_SECONDS)
        vitals.LOOP_LATE.observe(max(clock() - due, 0.0))


class Pulse:
    """Listens to all heartbeats. `sick()` names who is silent or unwell; `expected` must beat.

    Of several processes of one service each is heard; the service is silent once all of them are.
    """

    def __init__(self, bus: Bus, expected: tuple[str, ...] = ()) -> None:
        self._bus = bus
        self._started = monotonic()
        self._beats: dict[str, dict[str, tuple[float, Beat]]] = {}
        self._begun: dict[str, float] = {}
        """Of each service when its youngest process began, if we were there; there may be several of them."""
        self.expected = expected

    async def listen(self) -> None:
        """Listen for ever, again after each reconnect."""
        await self._bus.hear(subjects.HEALTH_ALL, on_message=self._on_beat)

    async def _on_beat(self, message: Msg) -> None:
        with suppress(msgspec.DecodeError):
            found, now = _decoder.decode(message.data), monotonic()
            others = self._beats.get(found.service, {}).items()
            living = {name: one for name, one in others if now - one[0] <= SILENT_SECONDS}
            self._beats[found.service] = {**living, found.process: (now, found)}
            begun = now - found.age
            if begun > self._begun.get(found.service, self._started):
                self._begun[found.service] = begun

    def recent(self) -> dict[str, str]:
        """Service -> that it was started, for a minute: it may be well again before anybody could see it sick."""
        now = monotonic()
        ages = {service: now - begun for service, begun in self._begun.items()}
        return {service: f"started {age:.0f} s ago" for service, age in ages.items() if age < RECENT_SECONDS}

    def heard(self, service: str) -> bool:
        """Whether a service has ever beaten."""
        return service in self._beats

    def living(self) -> list[Beat]:
        """The last heartbeat of each process that beats, by service."""
        found = (beat for processes in self._beats.values() for beat in _fresh(processes))
        return sorted(found, key=lambda b: (b.service, b.process))

    def silent(self, service: str) -> str:
        """'silent' where a service has not beaten for too long, else ''."""
        seen = max((at for at, _ in self._beats.get(service, {}).values()), default=self._started)
        return "silent" if monotonic() - seen > SILENT_SECONDS else ""

    def sick(self) -> dict[str, str]:
        """Neighbour -> what is wrong, for all that is wrong."""
        found = {service: why for service in self.expected if (why := self.silent(service))}
        for service, processes in self._beats.items():
            found.update({f"{service}: {neighbour}": why for neighbour, why in _together(_fresh(processes)).items()})
        return found


def _fresh(processes: dict[str, tuple[float, Beat]]) -> list[Beat]:
    """Beats that are not too old to count."""
    now = monotonic()
    return [beat for at, beat in processes.values() if now - at <= SILENT_SECONDS]


def _together(beats: list[Beat]) -> dict[str, str]:
    """What is wrong with any of several processes, and with which, unless it is the same with all of them."""
    found = dict[str, str]()
    for neighbour in sorted({name for told in beats for name in told.wrong}):
        said = {told.instance: why for told in beats if (why := told.wrong.get(neighbour))}
        alike = len(set(said.values())) == 1 and sum(neighbour in told.wrong for told in beats) == len(beats)
        texts = set(said.values()) if alike else {f"{why} ({who})" if who else why for who, why in said.items()}
        found[neighbour] = "; ".join(sorted(texts))
    return found
