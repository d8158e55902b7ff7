"""Traffic: what came in over the devices' connections, as nats-server counts it for itself; no message is looked at.

All that a device publishes counts, at every QoS, retained, and outside its scope too. The servers are asked for the
numbers of all connections, and tell by themselves of one that ends, so that what came over short ones counts as well.
"""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from time import monotonic

import msgspec
from nats.aio.client import Client
from nats.aio.msg import Msg

from andon.common import subjects
from andon.registry.admission import ACCOUNT

PAGE = 1000
"""Connections in one answer, of half a kilobyte each."""
FORGOTTEN_ROUNDS = 60
"""A connection not told of, though all were asked for so often, is gone, though nobody said so. A page may leave out
one where another ends meanwhile; forgotten too soon, it would count anew with all it ever sent."""
LATE_SECONDS = 10.0
"""An answer may be so late that it still lists a connection that has ended."""

ANSWER_SECONDS = 0.2
"""So long is waited for an answer; what comes later counts too."""

Key = tuple[str, int]
"""A server's id, and a connection's number there."""


class Row(msgspec.Struct):
    """A connection as a server lists it, with what came in over it so far."""

    cid: int
    authorized_user: str = ""
    in_msgs: int = 0
    in_bytes: int = 0


class _Server(msgspec.Struct):
    id: str


class _Listed(msgspec.Struct):
    total: int = 0
    offset: int = 0
    connections: list[Row] | None = None


class _Answer(msgspec.Struct):
    server: _Server
    data: _Listed


class _Client(msgspec.Struct):
    id: int
    user: str = ""


class _Sums(msgspec.Struct):
    msgs: int
    bytes: int


class _End(msgspec.Struct):
    server: _Server
    client: _Client
    sent: _Sums


_answer = msgspec.json.Decoder(_Answer)
_end = msgspec.json.Decoder(_End)


class Tally:
    """Turns the sums of connections into what is new of each device. Pure."""

    def __init__(self) -> None:
        self.round = 0
        """How often all connections were asked for."""
        self.connections = 0
        self._sums: dict[Key, tuple[Row, int]] = {}
        self._ended: dict[Key, float] = {}
        self._servers: set[str] = set()
        self._new: dict[str, tuple[int, int]] = {}

    def listed(self, server: str, rows: Iterable[Row], *, last: bool) -> None:
        """One page of a server's connections. What came before its first answer is nobody's concern."""
        known = server in self._servers
        for row in rows:
            key = (server, row.cid)
            if row.authorized_user and key not in self._ended:
                self._advance(key, row, known=known)
        if last:
            self._servers.add(server)
            old = [k for k, v in self._sums.items() if k[0] == server and v[1] < self.round - FORGOTTEN_ROUNDS]
            for key in old:
                del self._sums[key]

    def ended(self, server: str, row: Row, now: float) -> None:
        """A connection has ended, and these are its final sums."""
        key = (server, row.cid)
        self._advance(key, row, known=server in self._servers)
        del self._sums[key]
        self._ended[key] = now

    def _advance(self, key: Key, row: Row, *, known: bool) -> None:
        before, _ = self._sums.get(key) or (Row(row.cid) if known else row, 0)
        self._sums[key] = row, self.round
        messages, size = self._new.get(row.authorized_user, (0, 0))
        new = messages + row.in_msgs - before.in_msgs, size + row.in_bytes - before.in_bytes
        self._new[row.authorized_user] = new

    def of(self, username: str) -> list[Key]:
        """The connections of a device."""
        return [key for key, (row, _) in self._sums.items() if row.authorized_user == username]

    def connected(self) -> set[str] | None:
        """User names of all that are connected; None: no server has told of its connections yet."""
        return {row.authorized_user for row, _ in self._sums.values()} if self._servers else None

    def take(self, now: float) -> dict[str, tuple[int, int]]:
        """Messages and bytes of each device that was connected since the last take, by user name."""
        new, self._new = self._new, {}
        self._ended = {key: at for key, at in self._ended.items() if at > now - LATE_SECONDS}
        self.connections = len(self._sums)
        return new


class Traffic:
    """Listens on one system connection; what is asked for fills the tally, from however many servers it comes."""

    def __init__(self, nc: Client) -> None:
        self.tally = Tally()
        self.heard = monotonic()
        """When a server last told of all its connections; first, when we began to ask."""
        self._nc = nc
        self._all, self._some = nc.new_inbox(), nc.new_inbox()
        self._answered = asyncio.Event()

    async def listen(self) -> None:
        """From now on answers and ended connections are counted."""
        await self._nc.subscribe(self._all, cb=self._on_all)
        await self._nc.subscribe(self._some, cb=self._on_some)
        await self._nc.subscribe(subjects.DISCONNECTS, cb=self._on_end)

    async def ask(self) -> None:
        """Ask all servers for all connections; returns when the first has listed them, or is slow."""
        self.tally.round += 1
        await self._ask_and_wait([(self._all, {"offset": 0})])

    async def ask_for(self, usernames: Iterable[str]) -> None:
        """The same for the connections of some devices."""
        await self._ask_and_wait([(self._some, {"user": username}) for username in usernames])

    async def end(self, username: str) -> None:
        """End what a device had open when it was last listed."""
        for server, cid in self.tally.of(username):  # a request that wants no answer is not heard
            kick = msgspec.json.encode({"cid": cid})
            await self._nc.publish(subjects.kick(server), kick, reply=self._nc.new_inbox())

    async def _ask_and_wait(self, questions: list[tuple[str, dict[str, object]]]) -> None:
        self._answered.clear()
        for inbox, wanted in questions:
            await self._publish(subjects.CONNECTIONS, inbox, wanted)
        with suppress(TimeoutError):
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._answered.wait()

    async def _publish(self, subject: str, inbox: str, wanted: dict[str, object]) -> None:
        question = {"auth": True, "acc": ACCOUNT, "limit": PAGE, **wanted}
        await self._nc.publish(subject, msgspec.json.encode(question), reply=inbox)

    async def _on_all(self, message: Msg) -> None:
        answer = _answer.decode(message.data)
        server, listed = answer.server.id, answer.data
        rows = listed.connections or []
        end = listed.offset + len(rows)
        last = not rows or end >= listed.total
        self.tally.listed(server, rows, last=last)
        if last:
            self.heard = monotonic()
            self._answered.set()
        else:
            await self._publish(subjects.connections(server), self._all, {"offset": end})

    async def _on_some(self, message: Msg) -> None:
        answer = _answer.decode(message.data)
        self.tally.listed(answer.server.id, answer.data.connections or [], last=False)
        self._answered.set()

    async def _on_end(self, message: Msg) -> None:
        told = _end.decode(message.data)
        if told.client.user:
            row = Row(told.client.id, told.client.user, told.sent.msgs, told.sent.bytes)
            self.tally.ended(told.server.id, row, monotonic())
