"""One subscriber's session with a broker: connects, subscribes, hands messages over, acknowledges by hand, heals."""

import asyncio
import random
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import monotonic
from typing import Self, TypeAlias, cast
from urllib.parse import urlsplit

from typing_extensions import override

from andon.common import logs
from andon.common.errors import SetupError
from andon.common.mqtt import packets
from andon.common.mqtt.packets import (
    Connack,
    Control,
    Disconnect,
    PacketReader,
    ProtocolError,
    Publish,
    Suback,
    Version,
)

log = logs.get("mqtt")

KEEPALIVE = 15
"""Seconds after which a broker may take us for gone."""
PING_SECONDS = 4.0
SILENCES = 4
"""A ping that is not answered before the next is told as trouble; after so many the connection is given up."""
CONNECT_TIMEOUT = 5.0
LONGEST_BACKOFF = 5.0
STEADY = 5.0
"""Seconds after which a connection counts as a good one, and the next is tried at once."""
MAX_PACKET = 2 * 2**20
"""Packets above this are cut short; their message is refused as too large."""

_MAIN, _ASIDE = 1, 2
"""Packet ids of the two subscriptions."""

_REFUSALS = {
    1: "it does not speak this version of MQTT",
    2: "it refuses the client id",
    3: "it is not available",
    4: "it refuses the user name or password",
    5: "it does not authorise this user",
    0x84: "it does not speak this version of MQTT",
    0x86: "it refuses the user name or password",
    0x87: "it does not authorise this user",
    0x88: "it is not available",
    0x8E: "another client took over the session: two intakes use one client id",
}


Address: TypeAlias = tuple[str, int]
"""Host and port."""


@dataclass(frozen=True, kw_only=True)
class Broker:
    """Where and as whom to connect: `addresses` are those of one broker, or of the nodes of its cluster.

    `window` bounds the messages taken and not yet acknowledged (MQTT 5).
    """

    addresses: tuple[Address, ...]
    client_id: str
    tls: bool = False
    username: str = ""
    password: str = ""
    version: Version = 4
    window: int = 2000

    @classmethod
    def at(cls, url: str, *, client_id: str, username: str, password: str, version: Version = 4) -> Self:
        """From `mqtt://host:port` or `mqtts://host:port`, or several of one kind with commas between.

        Raises:
            SetupError: the URL is neither.
        """
        found = [_address(part.strip()) for part in url.split(",")]
        schemes = {scheme for scheme, _ in found}
        if len(schemes) > 1:
            raise SetupError(f"'{url}' mixes plain and TLS.", "Write mqtt:// for all nodes, or mqtts:// for all.")
        return cls(
            addresses=tuple(address for _, address in found),
            tls=schemes == {"mqtts"},
            client_id=client_id,
            username=username,
            password=password,
            version=version,
        )

    def tls_context(self) -> ssl.SSLContext | None:
        """What a connection needs for TLS; None without."""
        return ssl.create_default_context() if self.tls else None

    def greeting(self, keepalive: int, *, clean: bool = False) -> bytes:
        """CONNECT, for a session that is kept; `clean` ends it instead, and what it holds."""
        return packets.connect(
            client_id=self.client_id,
            username=self.username,
            password=self.password,
            keepalive=keepalive,
            version=self.version,
            window=self.window,
            clean=clean,
        )


def _address(url: str) -> tuple[str, Address]:
    parts = urlsplit(url)
    if parts.scheme not in ("mqtt", "mqtts") or not parts.hostname:
        raise SetupError(f"'{url}' is no broker address.", "Write mqtt://host:1883, or mqtts://host:8883 for TLS.")
    return parts.scheme, (parts.hostname, parts.port or (8883 if parts.scheme == "mqtts" else 1883))


class Session:
    """A persistent session. Run `keep` as a task.

    on_messages(epoch, messages): called with what came in, from the event loop, and must not block. Acknowledge with
    `acknowledge(epoch, packet_ids)`; an epoch that is over is ignored, for its messages come again.
    aside: filters below $SYS, and who takes what the broker says of itself there; one that refuses them has none.
    before: awaited before each attempt to connect; must not raise, nor take long.
    known: whether the broker has had the session before; whoever remembers that across processes may set it.
    forgotten: connects at which a known session was gone, and with it what the broker kept for us.
    """

    def __init__(
        self,
        broker: Broker,
        filters: tuple[str, ...],
        on_messages: Callable[[int, list[Publish]], None],
        aside: tuple[tuple[str, ...], Callable[[list[Publish]], None]] | None = None,
    ) -> None:
        self.broker = broker
        self.filters = filters
        self.on_messages = on_messages
        self.aside = aside
        self.before: Callable[[], Awaitable[None]] | None = None
        self.epoch = 0
        self.known = False
        self.forgotten = 0
        self.subscribed = asyncio.Event()
        self.trouble = "not connected yet"
        self._link: _Link | None = None
        self._said_lost = ""
        self._room = asyncio.Event()
        self._room.set()

    @property
    def address(self) -> Address:
        """Which of the broker's addresses this connection, or the attempt at one, goes to."""
        return self.broker.addresses[(self.epoch - 1) % len(self.broker.addresses)]

    @property
    def place(self) -> str:
        """That address as people write it."""
        host, port = self.address
        return f"{host}:{port}"

    async def keep(self) -> None:
        """Connect, and connect again whenever the connection ends. Runs until cancelled."""
        pause = 0.1
        while True:
            await self._room.wait()
            if self.before is not None:
                await self.before()
            begun = monotonic()
            try:
                await self._connect_once()
            except (OSError, TimeoutError, ProtocolError) as error:
                self._say_lost(str(error) or f"it does not answer within {CONNECT_TIMEOUT:.0f} s")
            finally:
                self.subscribed.clear()
            if monotonic() - begun > STEADY:
                pause = 0.1
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 - spreads clients, guards nothing
            pause = min(pause * 2, LONGEST_BACKOFF)

    async def renewed(self, epoch: int) -> int:
        """Wait until the broker keeps the session on another connection than `epoch` (0: on any); that one's number."""
        while True:
            await self.subscribed.wait()
            if self.epoch != epoch:
                return self.epoch
            await asyncio.sleep(1)

    def acknowledge(self, epoch: int, packet_ids: list[bytes]) -> None:
        """Tell the broker that these are safe."""
        if self._link is not None and epoch == self.epoch and packet_ids:
            self._link.write(packets.pubacks(packet_ids))

    def pause(self) -> None:
        """Take nothing more for now, on no new connection either: back-pressure reaches the broker."""
        self._room.clear()
        if self._link is not None:
            self._link.pause()

    def resume(self) -> None:
        """Take messages again."""
        self._room.set()
        if self._link is not None:
            self._link.resume()

    async def _connect_once(self) -> None:
        loop = asyncio.get_running_loop()
        self.epoch += 1
        link = _Link(self, self.epoch)
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT):
                await loop.create_connection(lambda: link, *self.address, ssl=self.broker.tls_context())
                self._link = link  # before it is admitted: a kept session sends its backlog ahead of the SUBACK
                await link.admitted()
            self.trouble = self._said_lost = ""
            self.known = True
            self.subscribed.set()
            log.info("connected to the broker", broker=self.place)
            await link.ended()
        finally:
            self._link = None
            link.close()

    def _say_lost(self, why: str) -> None:
        self.trouble = why
        if self._said_lost != why:
            self._said_lost = why
            log.warning("the broker is not reachable; trying again until it is", broker=self.place, error=why)


class _Link(asyncio.Protocol):
    """One connection of a session."""

    def __init__(self, session: Session, epoch: int) -> None:
        self._session = session
        self._epoch = epoch
        self._reader = PacketReader(session.broker.version, MAX_PACKET)
        self._transport: asyncio.Transport | None = None
        self._admitted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._heard = self._paused = False

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport = cast("asyncio.Transport", transport)
        transport.write(self._session.broker.greeting(KEEPALIVE))

    @override
    def data_received(self, data: bytes) -> None:
        self._heard = True
        reader = self._reader
        try:
            reader.feed(data)
            while reader.controls:
                self._on_control(reader.controls.pop(0))
        except (ProtocolError, IndexError) as error:
            self._end(ProtocolError(str(error)))
            return
        if reader.asides and self._session.aside is not None:
            asides, reader.asides = reader.asides, []
            self._session.aside[1](asides)
        if reader.publishes:
            messages, reader.publishes = reader.publishes, []
            self._session.on_messages(self._epoch, messages)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._end(exc if isinstance(exc, OSError) else ConnectionResetError("the broker closed the connection"))

    async def admitted(self) -> None:
        """Wait until connected and subscribed. Raises OSError or ProtocolError when the broker refuses."""
        await self._admitted

    async def ended(self) -> None:
        """Ping until the connection ends; raises why. Of a silent broker the session's trouble tells first."""
        silent = 0
        while silent < SILENCES:
            self._heard = False
            self.write(packets.PINGREQ)
            await asyncio.wait((self._over,), timeout=PING_SECONDS)
            if self._over.done():
                return self._over.result()
            silent = 0 if self._heard or self._paused else silent + 1
            self._session.trouble = f"it has not answered for {silent * PING_SECONDS:.0f} s" if silent else ""
        raise TimeoutError("the broker has fallen silent")

    def write(self, data: bytes) -> None:
        """Send bytes."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    def pause(self) -> None:
        """Stop reading."""
        if self._transport is not None and not self._paused and not self._transport.is_closing():
            self._paused = True
            self._transport.pause_reading()

    def resume(self) -> None:
        """Read again."""
        if self._transport is not None and self._paused and not self._transport.is_closing():
            self._paused = False
            self._transport.resume_reading()

    def close(self) -> None:
        """Say good-bye; the broker keeps the session."""
        self.write(packets.DISCONNECT)
        if self._transport is not None:
            self._transport.close()
        for future in (self._admitted, self._over):
            if future.done() and not future.cancelled():
                future.exception()  # taken note of: whoever waited has it, or nobody waits any more
            future.cancel()

    def _on_control(self, control: Control) -> None:
        if isinstance(control, Connack):
            self._on_connack(control)
        elif isinstance(control, Suback):
            if control.packet_id == _ASIDE:
                return
            if any(code >= 0x80 for code in control.codes):
                self._end(ConnectionRefusedError(f"it refuses the subscription to {', '.join(self._session.filters)}"))
            elif not self._admitted.done():
                self._admitted.set_result(None)
        elif isinstance(control, Disconnect):
            self._end(ConnectionResetError(_said(control.code)))

    def _on_connack(self, connack: Connack) -> None:
        session = self._session
        if connack.code:
            self._end(ConnectionRefusedError(_said(connack.code)))
            return
        if session.known and not connack.session_present:
            session.forgotten += 1
            log.error("the broker has forgotten our session; what it kept for us is lost", broker=session.place)
        self.write(packets.subscribe(_MAIN, session.filters, version=session.broker.version))
        if session.aside is not None:
            self.write(packets.subscribe_aside(_ASIDE, session.aside[0], version=session.broker.version))

    def _end(self, error: Exception) -> None:
        for future in (self._admitted, self._over):
            if not future.done():
                future.set_exception(error)
        if self._transport is not None:
            self._transport.close()


def _said(code: int) -> str:
    return _REFUSALS.get(code, f"it ended the connection with code {code:#04x}")
