"""Session: a publisher with a window, on a plain socket. It survives the broker's death.

What has no PUBACK is kept and sent again, marked as a duplicate, after a reconnect. One thread, no task and no
callback per message: this is what 60,000 messages a second from one process take.
"""

import select
import socket
import time
from collections.abc import Callable
from random import uniform

from andon.common import logs
from andon.common.errors import UnavailableError
from andon.simulator import packets
from andon.simulator.settings import Broker

log = logs.get("simulator.session")

MAX_WINDOW = 65_535 // 2
"""Half of all packet ids, so that an id is never taken again while it is out."""
_READ_BYTES = 256 * 1024
_ANSWER_SECONDS = 5.0
_LONGEST_WAIT = 1.0
_KEEPALIVE = 60
_PING_SECONDS = 20.0


class Session:
    """One connection to a broker, renewed when it breaks. `acknowledged(tag)` is called for each PUBACK, once.

    `patience` is how many seconds in a row the broker may be away.
    """

    def __init__(
        self, broker: Broker, client: str, acknowledged: Callable[[tuple[int, int, int]], None], *, patience: float
    ) -> None:
        self._broker = broker
        self._client = client
        self._acknowledged = acknowledged
        self._patience = patience
        self._out: dict[int, tuple[bytes, tuple[int, int, int]]] = {}
        self._id = 0
        self._outgoing = bytearray()
        self._incoming = bytearray()
        self._spoke = 0.0
        self._link = self._connect()
        self.reconnects = 0

    @property
    def pending(self) -> int:
        """Messages without a PUBACK."""
        return len(self._out)

    @property
    def unsent(self) -> int:
        """Bytes that the socket did not take yet."""
        return len(self._outgoing)

    def publish(self, topic: bytes, payload: bytes, tag: tuple[int, int, int]) -> None:
        """Send with QoS 1; `tag` comes back with the PUBACK. The caller keeps `pending` below MAX_WINDOW."""
        self._id = self._id % 65_535 + 1
        while self._id in self._out:
            self._id = self._id % 65_535 + 1
        packet = packets.publish(topic, self._id, payload)
        self._out[self._id] = packet, tag
        self._outgoing += packet

    def publish_unsure(self, topic: bytes, payload: bytes) -> None:
        """Send with QoS 0: what the broker's death takes is gone."""
        self._outgoing += packets.publish(topic, 0, payload)

    def turn(self, wait: float) -> None:
        """Write and read what is possible now; wait at most `wait` seconds for it.

        Raises:
            UnavailableError: the broker was away for longer than `patience`.
        """
        try:
            self._exchange(wait)
        except (OSError, ValueError) as error:
            self._link.close()
            log.warning("the broker is lost; connecting anew", error=str(error), pending=self.pending)
            self._link = self._connect()
            self.reconnects += 1
            self._incoming.clear()
            self._outgoing = bytearray(b"".join(packets.again(packet) for packet, _ in self._out.values()))

    def close(self) -> None:
        """Say goodbye; what is pending stays unacknowledged."""
        try:
            self._link.sendall(packets.DISCONNECT)
        except OSError as error:
            log.info("the broker was gone before the goodbye", error=str(error))
        self._link.close()

    def _exchange(self, wait: float) -> None:
        writing = [self._link] if self._outgoing else []
        readable, writable, _ = select.select([self._link], writing, [], wait)
        if writable:
            sent = self._link.send(self._outgoing)
            del self._outgoing[:sent]
            self._spoke = time.monotonic()
        if readable:
            self._read()
        if time.monotonic() - self._spoke > _PING_SECONDS:
            self._outgoing += packets.PINGREQ
            self._spoke = time.monotonic()

    def _read(self) -> None:
        data = self._link.recv(_READ_BYTES)
        if not data:
            raise ConnectionResetError("the broker closed the connection")
        self._incoming += data
        out, acknowledged = self._out, self._acknowledged
        for kind, body in packets.answers(self._incoming):
            if kind == packets.PUBACK:
                found = out.pop(body[0] << 8 | body[1], None)
                if found is not None:  # a second PUBACK for one message is possible after a reconnect
                    acknowledged(found[1])

    def _connect(self) -> socket.socket:
        deadline = time.monotonic() + self._patience
        wait, told = 0.05, ""
        while True:
            try:
                return self._open()
            except (OSError, ValueError) as error:
                if time.monotonic() > deadline:
                    place = f"{self._broker.host}:{self._broker.port}"
                    raise UnavailableError(f"no broker at {place} for {self._patience:.0f} s: {error}") from None
                if told != str(error):
                    log.info("waiting for the broker", error=str(error))
                told = str(error)
            time.sleep(uniform(wait / 2, wait))  # noqa: S311 - so that many do not knock in step
            wait = min(2 * wait, _LONGEST_WAIT)

    def _open(self) -> socket.socket:
        broker = self._broker
        link = socket.create_connection((broker.host, broker.port), timeout=_ANSWER_SECONDS)
        try:
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            link.sendall(packets.connect(self._client, broker.username, broker.password, _KEEPALIVE))
            answer = link.recv(4, socket.MSG_WAITALL)
            if len(answer) < 4 or answer[0] != packets.CONNACK:
                raise ConnectionRefusedError("the broker answered CONNECT with something else")
            if answer[3]:
                raise ConnectionRefusedError(packets.REFUSALS.get(answer[3], f"it refuses us with {answer[3]}"))
        except OSError:
            link.close()
            raise
        link.setblocking(False)
        self._spoke = time.monotonic()
        return link
