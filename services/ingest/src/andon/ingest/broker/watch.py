"""What the broker itself loses or can hardly keep: what never reaches intake leaves no other trace.

- A session that the broker has forgotten (`Session.forgotten`), with what waited in it.
- nats-server: what waits for intake, the room for it, messages that are gone with their consumer (`mqtt_store.py`);
  and JetStream's advisories that a stream of ours is in danger.
- Mosquitto: its own count of dropped messages, below $SYS. It has acknowledged to the device what it drops.
"""

import asyncio
import json
from dataclasses import dataclass, field
from functools import partial
from time import monotonic
from typing import Any

from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js.errors import APIError, KeyNotFoundError
from nats.js.kv import KeyValue

from andon.common import logs, metrics, subjects
from andon.common.bus import Bus
from andon.common.errors import UnavailableError
from andon.common.mqtt import Broker, Publish, Session
from andon.common.visit import visit
from andon.ingest.broker import mqtt_store
from andon.ingest.broker.mqtt_store import Kept
from andon.ingest.ledger.tally import Tally

log = logs.get("ingest.broker")

LOOK_SECONDS = 5.0
SELDOM_SECONDS = 60.0
"""Between looks at a nats-server that is not the broker."""
REWIND_SECONDS = 2.0
NAMED_SECONDS = 60.0
"""Health names a loss or an advisory so long; the ledger goes on naming the loss."""
FULL = 0.8
DROPPED = "$SYS/broker/publish/messages/dropped"
HELD = "$SYS/broker/store/messages/count"
RETAINED, COUNTS = "$SYS/broker/retained messages/count", "$SYS/broker/+/count"
"""Of what Mosquitto holds, these wait for nobody: its own words below $SYS, above all. Asked for by COUNTS, for
not every broker takes a topic with a space."""


@dataclass
class BrokerWatch:
    """Watches the broker of some sessions, each known by its key in the intake bucket.

    tally: what it counts goes there: messages the broker is known to have lost since our start, or at least so many,
    how, and messages that wait there for intake.
    first: whether what concerns the broker as a whole is ours to count, or another ingest's.
    """

    bus: Bus
    sessions: dict[str, Session]
    tally: Tally
    first: bool = True
    _kept: Kept | None = None
    _forgotten: int = 0
    _dropped: int | None = None
    _holds: dict[str, int] = field(default_factory=dict)
    _said: str = ""
    _named: str = ""
    _named_at: float = 0.0
    _notes: set[asyncio.Task[None]] = field(default_factory=set)

    def __post_init__(self) -> None:
        for session in self.sessions.values():
            if session.broker.username:  # a broker open to everybody is not our nats-server
                session.before = partial(self.rewind, session.broker)
        if self.first:
            next(iter(self.sessions.values())).aside = ((DROPPED, HELD, COUNTS), self.hear)

    async def rewind(self, broker: Broker) -> None:
        """Before a session connects: what its last connection left behind comes first, as other brokers do it."""
        try:
            async with (
                asyncio.timeout(REWIND_SECONDS),
                visit(
                    self.bus.settings.url, name="ingest rewind", user=broker.username, password=broker.password
                ) as nc,
            ):
                await mqtt_store.rewind(nc, broker.client_id)
        except (NatsError, APIError, OSError, TimeoutError) as error:
            log.debug("what waits at the broker may come out of order", error=str(error) or type(error).__name__)

    def check(self) -> str:
        """What is wrong with the broker that its sessions do not see; '' when nothing is."""
        kept = self._kept
        if kept is not None and kept.limit and kept.used > FULL * kept.limit:
            return (
                f"{kept.used / kept.limit:.0%} of its {kept.limit / 10**6:.0f} MB for messages are used, "
                f"{kept.waiting} messages wait for ingest; at 100 % it turns devices away"
            )
        return self._named if monotonic() - self._named_at < NAMED_SECONDS else ""

    async def recall(self) -> None:
        """Learn what the broker had of us when we ran last; before the sessions connect."""
        try:
            bucket = await self.bus.bucket(subjects.INTAKE_BUCKET)
            for key, session in self.sessions.items():
                told = await _entry(bucket, key)
                places = {f"{host}:{port}" for host, port in session.broker.addresses}
                session.known |= told.get("broker") in places and told.get("client_id") == session.broker.client_id
            self._dropped = (await _entry(bucket, subjects.INTAKE_DROPPED_KEY)).get("dropped", self._dropped)
        except (NatsError, APIError, TimeoutError, UnavailableError) as error:
            log.warning("what the broker kept last time is not known", error=str(error) or type(error).__name__)

    async def watch(self) -> None:
        """Look every few seconds, for ever."""
        session, due = next(iter(self.sessions.values())), 0.0
        while True:
            await session.renewed(0)
            self._count_forgotten()
            if monotonic() >= due:
                await self._try_to_look()
                due = monotonic() + (SELDOM_SECONDS if self._kept is None else 0)
            await asyncio.sleep(LOOK_SECONDS)

    async def _try_to_look(self) -> None:
        try:
            await self._look()
            self._said = ""
        except (NatsError, APIError, OSError, TimeoutError) as error:
            why = str(error) or type(error).__name__
            if self._kept is not None and self._said != why:
                log.warning("nats-server does not tell what waits in it; trying again", error=why)
            self._said = why

    async def _look(self) -> None:
        brokers = [session.broker for session in self.sessions.values()]
        url, user, password = self.bus.settings.url, brokers[0].username, brokers[0].password
        async with visit(url, name="ingest broker", user=user, password=password) as nc:
            kept = await mqtt_store.look(nc, [broker.client_id for broker in brokers])
        if kept is None:
            return  # another broker; or one that has lost all, which the sessions find when they come to it
        self._count_forgotten()  # first, or what waited there would be counted once more as gone
        gone = kept.lost_since(self._kept) if self._kept is not None else 0
        self._kept = kept
        self._set_waiting(kept.waiting)
        if gone:
            self._lose(gone, "what waited for ingest is gone from nats-server")

    def _count_forgotten(self) -> None:
        forgotten = sum(session.forgotten for session in self.sessions.values())
        new, self._forgotten = forgotten - self._forgotten, forgotten
        if new:
            self._kept = None if self._kept is None else Kept()
            self._lose(
                max(new, self.tally.broker_waiting), "it forgot ingest's session: at least what waited in it is lost"
            )

    def hear(self, messages: list[Publish]) -> None:
        """Take what Mosquitto says of itself. It counts from its own start: a smaller number is a new start."""
        for message in messages:
            if not message.payload.isdigit():
                continue
            number, topic = int(message.payload), message.topic.decode(errors="replace")
            if topic in (HELD, RETAINED):
                self._holds[topic] = number
                self._set_waiting(max(0, self._holds.get(HELD, 0) - self._holds.get(RETAINED, 0)))
            elif topic == DROPPED:
                self._hear_dropped(number)

    def _hear_dropped(self, number: int) -> None:
        before, self._dropped = self._dropped, number
        if before == number:
            return
        if before is not None:
            more = number - before if number > before else number
            self._lose(more, "it dropped messages it had acknowledged to devices, for its queue was full")
        task = asyncio.get_running_loop().create_task(self._note_dropped(number))
        self._notes.add(task)
        task.add_done_callback(self._notes.discard)

    async def _note_dropped(self, number: int) -> None:
        try:
            bucket = await self.bus.bucket(subjects.INTAKE_BUCKET)
            await bucket.put(subjects.INTAKE_DROPPED_KEY, json.dumps({"dropped": number}).encode())
        except (NatsError, APIError, TimeoutError, UnavailableError) as error:
            log.warning("how many messages the broker dropped could not be noted", error=str(error))

    async def hear_advisories(self) -> None:
        """Hear for ever that JetStream has lost the majority of a stream or consumer, or its disk."""
        if self.first:
            await self.bus.hear(*subjects.GRAVE_ADVISORIES, on_message=self._on_grave)

    async def _on_grave(self, message: Msg) -> None:
        self._name(f"JetStream warns: {message.subject.removeprefix(subjects.ADVISORY)}")

    def _lose(self, count: int, how: str) -> None:
        self.tally.broker_lost += count
        self.tally.broker_detail = how
        metrics.BROKER_LOST.inc(count)
        log.error("the broker has lost messages", count=count, how=how)
        self._name(f"{count} messages lost: {how}")

    def _name(self, text: str) -> None:
        self._named, self._named_at = text, monotonic()

    def _set_waiting(self, waiting: int) -> None:
        self.tally.broker_waiting = waiting
        metrics.BROKER_WAITING.set(waiting)


async def _entry(bucket: KeyValue, key: str) -> dict[str, Any]:
    try:
        found = json.loads((await bucket.get(key)).value or b"{}")
    except (KeyNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
