"""Quarantine: a device that sends too much is kept out for a while, so that its neighbours are served.

nats-server limits no MQTT client, so its counts are read and judged here (`quota`); a verdict ends the device's
connections, and the callout refuses it until its time is over. What was acknowledged is kept; what was not, a good
device still has and sends again, so the time out is back-pressure and no loss. Of several registries all count, and the
one that leads judges: so whoever takes over knows what is owed, and `stays` tells all of them who is out.
"""

import asyncio
from collections.abc import Collection, Mapping
from contextlib import suppress
from time import monotonic, time_ns

import msgspec
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js.errors import APIError

from andon.common import logs
from andon.common.bus import Bus
from andon.common.devices import Device
from andon.common.errors import UnavailableError
from andon.common.lease import Lease
from andon.common.metrics import QUARANTINED, QUARANTINES
from andon.common.reading import NS_PER_S
from andon.registry.connections import Connections
from andon.registry.kick import Kicker
from andon.registry.lastseen import LastSeen
from andon.registry.quota import LineMeter, Meter, Quotas, Verdict, line_of, verdicts
from andon.registry.stays import Stay, Stays
from andon.registry.storage import devices
from andon.registry.storage.database import Database
from andon.registry.traffic import Traffic
from andon.registry.useless import DOUBTED_SECONDS, LATE_SECONDS, Heap, Useless, sender

log = logs.get("registry.quarantine")

SECONDS = 0.5
"""Between two looks at all connections, of up to a thousand; longer, where there are more."""
SUSPECT_SECONDS = 0.02
"""Between two looks at those of devices that may use up their quotas in a moment."""
SUSPECTS = 20
CONNECTIONS_A_SECOND = 2000
SILENT_SECONDS = 30.0


class Quarantine:
    """Run `keep`, `follow_useless` and `stays.follow` as tasks; `wake` when devices have changed."""

    def __init__(
        self,
        bus: Bus,
        database: Database,
        connections: Connections,
        kicker: Kicker,
        quotas: Quotas,
        *,
        lease: Lease,
    ) -> None:
        self.last_seen = LastSeen(database)
        self.stays = Stays(bus, self._on_stay)
        self._lease = lease
        self._bus = bus
        self._database = database
        self._connections = connections
        self._kicker = kicker
        self._quotas = quotas
        self._useless = Useless(bus)
        self._changed = True
        self._traffic: Traffic | None = None
        self._devices: dict[str, Device] = {}
        self._meters: dict[str, Meter] = {}
        self._lines: dict[str, LineMeter] = {}
        self._doubted: dict[str, float] = {}
        """Who was kept out for what went on without it, and until when that is remembered."""

    def wake(self) -> None:
        """Devices, or their quotas, have changed."""
        self._changed = True

    def refusal(self, username: str) -> str:
        """Why a device may not come in now; '' when it may."""
        stay, left = self.stays.of(username), self.stays.left(username)
        if stay is None or left is None:
            return ""
        return f"it is in quarantine for {left:.0f} s more: it {stay.reason}"

    def standing(self, username: str) -> tuple[float, float, int]:
        """Messages and bytes it sends in a second, now, and how often it was kept out lately."""
        meter = self._meters.get(username)
        return (meter.rate, meter.bytes_rate, meter.offences(monotonic())) if meter else (0.0, 0.0, 0)

    def connected(self) -> set[str] | None:
        """User names of the devices that are connected to nats-server; None where it does not tell."""
        return None if self._traffic is None else self._traffic.tally.connected()

    def check(self) -> str:
        """Why nobody is held to a quota, or ''."""
        if self._traffic is not None and monotonic() - self._traffic.heard < SILENT_SECONDS:
            return ""
        return "nats-server does not tell of its connections: devices may send what they like"

    async def lift(self, username: str) -> None:
        """Let a device in again at once, with a clean record."""
        if (stay := self.stays.record(username)) is not None:
            await self._end(username, msgspec.structs.replace(stay, times=0, useless=0))

    async def keep(self) -> None:
        """Look for ever; while nats-server is away, time goes on."""
        while True:
            with suppress(NatsError, APIError, UnavailableError, OSError, TimeoutError):
                async with self._connections.system() as nc:
                    await self._watch(nc)
            self._traffic = None
            with suppress(UnavailableError):
                await self._judge({}, self._meters)
            await asyncio.sleep(SECONDS)

    async def follow_useless(self) -> None:
        """Count what cannot be used, for ever, as far as NATS answers."""
        while True:
            await self._bus.ready()
            with suppress(NatsError, APIError, UnavailableError, TimeoutError):
                if self._lease.held:
                    for heap in await self._useless.look():
                        self._blame(heap, monotonic())
                else:
                    self._useless = Useless(self._bus)  # whoever takes over begins with what comes then
            await asyncio.sleep(SECONDS)

    def _blame(self, heap: Heap, now: float) -> None:
        """Count what cannot be used for the device that sent it; who is out for long enough did not."""
        self._doubted = {username: end for username, end in self._doubted.items() if end > now}
        scopes = [(username, device.scope) for username, device in self._devices.items()]
        username = sender(heap, self._meters, scopes, self._doubted)
        stay = self.stays.of(username or "")
        if username is not None and stay is not None and time_ns() - stay.since > LATE_SECONDS * NS_PER_S:
            self._doubted[username] = now + DOUBTED_SECONDS
            username = sender(heap, self._meters, scopes, self._doubted)
        if username is not None:
            self._meters[username].refuse(heap.messages, heap.size, now)

    async def _watch(self, nc: Client) -> None:
        traffic = self._traffic = Traffic(nc)
        await traffic.listen()
        while nc.is_connected:
            await traffic.ask()
            await self._judge(traffic.tally.take(monotonic()), self._meters)
            end = monotonic() + max(SECONDS, traffic.tally.connections / CONNECTIONS_A_SECOND)
            while (left := end - monotonic()) > 0:
                suspects = self._suspects() if self._lease.held else []
                await asyncio.sleep(min(left, SUSPECT_SECONDS) if suspects else left)
                if suspects:
                    await traffic.ask_for(suspects)
                    await self._judge(traffic.tally.take(monotonic()), suspects)

    def _suspects(self) -> list[str]:
        now = monotonic()
        return [u for u, meter in self._meters.items() if meter.is_suspect(now) and u not in self.stays][:SUSPECTS]

    async def _judge(self, sent: Mapping[str, tuple[int, int]], looked_at: Collection[str]) -> None:
        """Count what was sent; and where this registry leads, keep out who sends too much."""
        if self._changed:
            await self._read()
        now = monotonic()
        for username in (sent.keys() | looked_at) & self._meters.keys():
            messages, size = sent.get(username, (0, 0))
            self._meters[username].count(messages, size, now)
            if messages:
                self.last_seen.note(username)
            line = self._lines.get(line_of(self._devices[username].scope))
            if line is not None and username not in self.stays:  # its neighbours do not owe what it sent
                line.count(messages, now)
        await self.stays.write()
        if self._lease.held:
            await self._decide(now)
            for username in self.stays.out() & sent.keys():
                self._kicker.kick(username, thorough=False)  # whoever came in while it was judged

    async def _decide(self, now: float) -> None:
        """What one registry alone does: let in whose time is over, and keep out who sends too much."""
        for username in self.stays.due(now):
            if (stay := self.stays.of(username)) is not None:
                await self._end(username, stay)
        for username, verdict in verdicts(self._meters, self._lines.values(), self.stays, now).items():
            await self._begin(username, verdict)

    async def _read(self) -> None:
        """The devices and their quotas, from the database."""
        self._changed = False
        try:
            async with self._database.read() as session:
                rows = await devices.admitted(session)
        except UnavailableError:
            self._changed = True
            raise
        now, known, meters = monotonic(), self._meters, dict[str, Meter]()
        for row in rows:
            quota, old = self._quotas.of_device(row.quota, row.scope), known.get(row.username)
            meters[row.username] = old if old and old.quota == quota else Meter(quota, now)
        self._devices, self._meters = {row.username: devices.to_device(row) for row in rows}, meters
        self.stays.forget(list(self.stays.out() - meters.keys()))
        for username, meter in meters.items():
            if meter is not known.get(username) and (stay := self.stays.record(username)) is not None:
                self._remember(username, stay)
        QUARANTINED.set(len(self.stays))
        self._group()

    def _group(self) -> None:
        """Sort the meters by line anew; a line keeps what it owes."""
        lines: dict[str, dict[str, Meter]] = {}
        for username, device in self._devices.items():
            if line := line_of(device.scope):
                lines.setdefault(line, {})[username] = self._meters[username]
        now = monotonic()
        self._lines = {p: self._quotas.line_meter(p, meters, self._lines.get(p), now) for p, meters in lines.items()}

    async def _begin(self, username: str, verdict: Verdict) -> None:
        since, meter = time_ns(), self._meters[username]
        until = since + int(verdict.seconds * NS_PER_S)
        stay = Stay(since, until, verdict.reason, meter.times, meter.useless_times)
        self.stays.put(username, stay)
        if self._traffic is not None:
            await self._traffic.end(username)  # at once; and thoroughly, when no registry lets it in any more:
        await self.stays.write()
        self._kicker.kick(username, thorough=False)
        QUARANTINES.inc()
        say = log.warning if stay.times == 1 else log.info
        say("device quarantined", username=username, seconds=round(verdict.seconds), why=stay.reason, times=stay.times)
        told = {"reason": stay.reason, "seconds": round(verdict.seconds), "times": stay.times}
        await self._announce(username, "quarantined", told)

    async def _end(self, username: str, stay: Stay) -> None:
        """Let it in; whoever lets it in while this waits for another's is first, and that is no error."""
        was_out = username in self.stays
        self.stays.put(username, msgspec.structs.replace(stay, out=False))
        await self.stays.write()
        if was_out:
            log.info("device released", username=username)
            await self._announce(username, "released", {})

    def _on_stay(self, username: str, stay: Stay) -> None:
        """There is a new record, of this registry's or another's."""
        QUARANTINED.set(len(self.stays))
        meter, now = self._meters.get(username), monotonic()
        if meter is None:
            return
        if not stay.times:  # somebody has let it in
            self._meters[username] = Meter(meter.quota, now)
            self._group()
            return
        self._remember(username, stay)
        if stay.out:
            if (line := self._lines.get(line_of(self._devices[username].scope))) is not None:
                line.pardon()
        else:
            meter.release(now)

    def _remember(self, username: str, stay: Stay) -> None:
        """Its meter knows how often it was kept out, whoever did that."""
        good_from = monotonic() + (stay.until - time_ns()) / NS_PER_S
        self._meters[username].remember(stay.times, stay.useless, good_from)

    async def _announce(self, username: str, verb: str, told: dict[str, object]) -> None:
        if (device := self._devices.get(username)) is None:
            return
        await self._bus.announce("device", verb, {"id": device.id, "name": device.name, "scope": device.scope, **told})
