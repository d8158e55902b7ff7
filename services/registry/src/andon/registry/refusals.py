"""What the broker refuses of devices, made visible: messages outside their part of the plant, and what it cannot take.

Those are far too large messages, and topics and client ids with characters that NATS does not have. nats-server drops
the first, though MQTT 3.1.1 makes it acknowledge them, and ends the connection at the others; of all it only
writes a line into its log. Each such line counts; a device's lines of one reason become one dead letter at once, and
then one every ten seconds. Who came with a bad client id was not asked for its name yet.
"""

import asyncio
import re
import secrets
from collections import Counter, OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from time import time_ns

from nats.errors import Error as NatsError

from andon.common import logs, subjects
from andon.common.bus import Bus
from andon.common.errors import Reason, UnavailableError
from andon.common.metrics import DEADLETTERS
from andon.common.topics import topic_of
from andon.common.wire import DeadLetter, encode_deadletter
from andon.registry.connections import Connections
from andon.registry.logfile import follow
from andon.registry.storage import devices
from andon.registry.storage.database import Database
from andon.registry.storage.tables import DeviceRow

log = logs.get("registry.refusals")

SPARING_SECONDS = 10.0
MOST_DEVICES = 10_000
MOST_SHOWN = 200
_START = r"\[ERR\] (?P<address>\S+) - mid:(?P<cid>\d+) - .* - "
_OUTSIDE = re.compile(_START + r"Publish Violation - .*Subject \"(?P<subject>[^\"]*)\"")
_TOO_LARGE = re.compile(_START + r"maximum payload exceeded: (?P<size>\d+) vs \d+")
_BAD_TOPIC = re.compile(_START + r"character not supported for MQTT topics$")
_BAD_CLIENT_ID = re.compile(_START + r"invalid character in client ID (?P<id>\".*\")$")


@dataclass(frozen=True)
class Violation:
    """One message or connection that was refused, and why; its topic, size in bytes or client id, if the log has it."""

    cid: int
    address: str
    reason: Reason
    topic: str = ""
    size: int = 0
    client_id: str = ""


Culprit = tuple[str, Reason, bool]
"""A device's user name, what it did, and whether with a client id; such a one has no name yet."""


def read_line(line: str) -> Violation | None:
    """The violation a line of nats-server's log tells of, if it does."""
    line = line.rstrip()
    if found := _BAD_CLIENT_ID.search(line):  # first, for it quotes what the client chose to say
        return Violation(int(found["cid"]), found["address"], Reason.FORBIDDEN, client_id=found["id"][:MOST_SHOWN])
    if found := _BAD_TOPIC.search(line):
        return Violation(int(found["cid"]), found["address"], Reason.BAD_TOPIC)
    if found := _OUTSIDE.search(line):
        return Violation(int(found["cid"]), found["address"], Reason.FORBIDDEN, topic=topic_of(found["subject"]))
    if found := _TOO_LARGE.search(line):
        return Violation(int(found["cid"]), found["address"], Reason.TOO_LARGE, size=int(found["size"]))
    return None


class Refusals:
    """Run `keep` as a task."""

    def __init__(self, bus: Bus, database: Database, connections: Connections) -> None:
        self._bus = bus
        self._database = database
        self._connections = connections
        self._usernames: OrderedDict[tuple[int, str], str] = OrderedDict()
        self._counts: Counter[Culprit] = Counter()
        self._newest: dict[Culprit, Violation] = {}
        self._next: dict[Culprit, float] = {}

    async def keep(self, path: Path) -> None:
        """Follow nats-server's log for ever."""
        async for lines in follow(path):
            await self._count(v for v in map(read_line, lines) if v is not None)
            try:
                await self._send_due()
            except UnavailableError as error:
                log.debug("refusals wait", error=str(error))

    async def _count(self, violations: Iterable[Violation]) -> None:
        for violation in violations:
            culprit = (await self._username(violation), violation.reason, bool(violation.client_id))
            self._counts[culprit] += 1
            self._newest[culprit] = violation
            DEADLETTERS.labels(violation.reason).inc()

    async def _username(self, violation: Violation) -> str:
        """Who has, or had, the connection; '' when that can no longer be told."""
        if violation.client_id:
            return ""
        key = (violation.cid, violation.address)
        if key not in self._usernames:
            try:
                found = await self._connections.find(cid=violation.cid, state=2)
            except (NatsError, OSError, TimeoutError) as error:
                log.debug("connection not found", error=str(error))
                found = []
            self._usernames[key] = next((c.username for c in found if c.address == violation.address), "")
            if len(self._usernames) > MOST_DEVICES:
                self._usernames.popitem(last=False)
        return self._usernames[key]

    async def _send_due(self) -> None:
        now = asyncio.get_running_loop().time()
        self._next = {culprit: at for culprit, at in self._next.items() if at > now}
        for culprit in [c for c in self._counts if c not in self._next]:
            username, reason, _ = culprit
            letter = await self._letter(username, self._counts[culprit], self._newest[culprit])
            await self._bus.publish(
                subjects.deadletter(reason), encode_deadletter(letter), msg_id=secrets.token_hex(16)
            )
            log.warning("the broker refused messages", device=username, reason=reason, topic=letter.source)
            self._next[culprit] = now + SPARING_SECONDS
            del self._counts[culprit], self._newest[culprit]

    async def _letter(self, username: str, count: int, newest: Violation) -> DeadLetter:
        async with self._database.read() as session:
            device = await devices.by_username(session, username)
        return DeadLetter(
            reason=newest.reason,
            detail=_detail(device, count, newest),
            source=newest.topic or "mqtt",
            payload=b"",
            size=newest.size,
            at=time_ns(),
            device=username,
        )


def _detail(device: DeviceRow | None, count: int, newest: Violation) -> str:
    who = f"'{device.name}'" if device else "a device that is gone"
    if newest.client_id:
        return (
            f"{count} connection(s) were refused, the last one from {newest.address} with the client id "
            f"{newest.client_id}. Give the device one of letters, digits, - and _."
        )
    if newest.reason is Reason.BAD_TOPIC:
        return (
            f"{count} message(s) of {who} had a topic with a space or a character nobody sees, and each ended its "
            "connection. Correct the topic in the device."
        )
    if newest.size:
        return (
            f"{count} message(s) of {who} were too large, and each ended its connection; the last one's size is given. "
            "Send fewer values in one message; at most 1 MB are taken."
        )
    scope = f", which may publish for '{device.scope}' alone," if device else ","
    return (
        f"{count} message(s) of {who}{scope} were dropped; the last one's topic is given. "
        "Correct the topic in the device, or create a device with a wider scope."
    )
