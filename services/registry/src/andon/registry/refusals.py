"""What devices publish outside their part of the plant, made visible.

nats-server drops such messages, though MQTT 3.1.1 makes it acknowledge them, and only writes a line into its log.
Each such line counts; a device's lines become one dead letter at once, and then one every ten seconds.
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

log = logs.get("registry.refusals")

SPARING_SECONDS = 10.0
MOST_DEVICES = 10_000
_LINE = re.compile(
    r"\[ERR\] (?P<address>\S+) - mid:(?P<cid>\d+) - .* - Publish Violation - .*Subject \"(?P<subject>[^\"]*)\""
)


@dataclass(frozen=True)
class Violation:
    """One message that was dropped: on which connection, for which topic."""

    cid: int
    address: str
    topic: str


def read_line(line: str) -> Violation | None:
    """The violation a line of nats-server's log tells of, if it does."""
    found = _LINE.search(line)
    if found is None:
        return None
    return Violation(int(found["cid"]), found["address"], topic_of(found["subject"]))


class Refusals:
    """Run `keep` as a task."""

    def __init__(self, bus: Bus, database: Database, connections: Connections) -> None:
        self._bus = bus
        self._database = database
        self._connections = connections
        self._usernames: OrderedDict[tuple[int, str], str] = OrderedDict()
        self._counts: Counter[str] = Counter()
        self._topics: dict[str, str] = {}
        self._next: dict[str, float] = {}

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
            username = await self._username(violation)
            self._counts[username] += 1
            self._topics[username] = violation.topic
            DEADLETTERS.labels(Reason.FORBIDDEN).inc()

    async def _username(self, violation: Violation) -> str:
        """Who has, or had, the connection; '' when that can no longer be told."""
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
        self._next = {username: at for username, at in self._next.items() if at > now}
        for username in [u for u in self._counts if u not in self._next]:
            letter = await self._letter(username)
            subject = subjects.deadletter(Reason.FORBIDDEN)
            await self._bus.publish(subject, encode_deadletter(letter), msg_id=secrets.token_hex(16))
            log.warning("published outside its part of the plant", device=username, topic=letter.source)
            self._next[username] = now + SPARING_SECONDS
            del self._counts[username], self._topics[username]

    async def _letter(self, username: str) -> DeadLetter:
        count, topic = self._counts[username], self._topics[username]
        async with self._database.read() as session:
            device = await devices.by_username(session, username)
        who = f"'{device.name}', which may publish for '{device.scope}' alone" if device else "a device that is gone"
        return DeadLetter(
            reason=Reason.FORBIDDEN,
            detail=f"{count} message(s) of {who}, were dropped; the last one's topic is given. Correct the topic in "
            "the device, or create a device with a wider scope.",
            source=topic,
            payload=b"",
            size=0,
            at=time_ns(),
            device=username,
        )
