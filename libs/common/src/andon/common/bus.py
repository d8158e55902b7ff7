"""The backbone: one NATS connection that starts without its server, says so once, and heals.

bus.ready()        waits until connected and the streams exist
bus.publish()      one JetStream publish, acknowledged by the stream
bus.consume()      durable pull consumer, message by message
bus.hear()         what is said and not stored
bus.follow()       a KV bucket: everything now, then every change, again after each reconnect
"""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager, suppress
from typing import Any

import nats
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import DEFAULT_SUB_PENDING_BYTES_LIMIT, Subscription
from nats.errors import Error as NatsError
from nats.errors import NoRespondersError, SlowConsumerError
from nats.errors import TimeoutError as NatsTimeoutError
from nats.js.api import AckPolicy, ConsumerConfig
from nats.js.client import JetStreamContext
from nats.js.errors import APIError, NotFoundError
from nats.js.kv import KeyValue

from andon.common import buckets, jobs, logs, subjects, tracing, vitals
from andon.common.errors import UnavailableError
from andon.common.settings import NatsSettings
from andon.common.streams import ensure_streams

log = logs.get("bus")

_AWAY = "NATS is not reachable; is nats-server running?"

PUBLISH_TIMEOUT = 5.0
SHORT_TIMEOUT = 2.0
"""What can be asked again without harm is, after this long: a node that fails takes with it what it was asked."""
PULL_EXPIRES = 30.0
PULL_HEARTBEAT = 2.0
MOST_AT_ONCE = 64
"""Messages asked for with one pull: of the largest ones no more fit into what the client holds before it drops some."""
RECONCILE_SECONDS = 60.0
"""A follower asks this often whether it has seen the bucket's last change; if not, it reads all of it anew."""


class Bus:
    """One connection to NATS. Use `open_bus`.

    fence: called before `publish` stores or `bucket` hands out; raises where a process may not (`andon.common.lease`).
    """

    def __init__(self, settings: NatsSettings, name: str) -> None:
        self.settings = settings
        self.name = name
        self.epoch = 0
        self.dropped = 0
        self.fence: Callable[[], None] = lambda: None
        self._nc: Client | None = None
        self._js: JetStreamContext | None = None
        self._ready = asyncio.Event()
        self._changed = asyncio.Event()
        self._said_lost = False
        self.trouble = "not reachable"

    @property
    def connected(self) -> bool:
        """Whether the server is there just now."""
        return self._nc is not None and self._nc.is_connected and self._ready.is_set()

    @property
    def nc(self) -> Client:
        """The core NATS client.

        Raises:
            UnavailableError: never connected so far.
        """
        if self._nc is None:
            raise UnavailableError(_AWAY)
        return self._nc

    @property
    def js(self) -> JetStreamContext:
        """The JetStream client.

        Raises:
            UnavailableError: never connected so far.
        """
        if self._js is None:
            raise UnavailableError(_AWAY)
        return self._js

    def require(self) -> None:
        """Go on only while there is a connection.

        Raises:
            UnavailableError: there is none just now.
        """
        if not self.connected:
            raise UnavailableError(_AWAY)

    async def ready(self) -> None:
        """Wait until connected and the streams exist."""
        await self._ready.wait()

    async def keep(self) -> None:
        """Connect, and connect again whenever the client has given up. Runs until cancelled."""
        while True:
            closed = asyncio.Event()
            try:
                await self._connect(closed)
                await closed.wait()
            except (NatsError, OSError) as error:
                self._say_lost(error)
                await asyncio.sleep(1)
            finally:
                self._ready.clear()

    async def _connect(self, closed: asyncio.Event) -> None:
        async def on_error(error: Exception) -> None:
            if isinstance(error, SlowConsumerError):
                self.dropped += 1
                vitals.BUS_DROPPED.inc()
            elif not self.connected:
                self._say_lost(error)

        async def on_closed() -> None:
            closed.set()

        async def on_disconnected() -> None:
            self._ready.clear()
            self._say_lost(None)

        async def on_reconnected() -> None:
            await self._announce()

        self._nc = await nats.connect(
            self.settings.servers,
            name=self.name,
            user=self.settings.user,
            password=self.settings.password.get_secret_value(),
            max_reconnect_attempts=-1,
            reconnect_time_wait=0.5,
            connect_timeout=2,
            ping_interval=3,  # a server that stands still is noticed after the third that is not answered
            error_cb=on_error,
            closed_cb=on_closed,
            disconnected_cb=on_disconnected,
            reconnected_cb=on_reconnected,
        )
        self._js = self._nc.jetstream(timeout=PUBLISH_TIMEOUT)
        await self._announce()

    async def _announce(self) -> None:
        """After each (re)connection: streams exist, followers start over."""
        while self._nc is not None and self._nc.is_connected:
            try:
                await ensure_streams(self._nc.jetstream(timeout=SHORT_TIMEOUT), self.settings)
                break
            except APIError as error:
                self._say_lost(error, f"has no streams for us: {error.description or error}")
            except (NatsError, TimeoutError) as error:
                self._say_lost(error)
            await asyncio.sleep(0.2)
        else:
            return
        self.epoch += 1
        self._ready.set()
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()
        log.info("connected to NATS", client=self.name)
        vitals.BUS_CONNECTS.inc()
        self._said_lost, self.trouble = False, ""

    def _say_lost(self, error: Exception | None, trouble: str = "not reachable") -> None:
        self.trouble = trouble
        if not self._said_lost:
            self._said_lost = True
            log.warning(
                "NATS cannot be used; trying again until it can",
                trouble=trouble,
                client=self.name,
                error=str(error or ""),
            )

    async def publish(self, subject: str, data: bytes, *, msg_id: str) -> int:
        """Store one message in its stream; returns its number there, once the stream has it.

        After an error the outcome is unknown: repeat with the same `msg_id`, the stream drops the copy.

        Raises:
            UnavailableError: no acknowledgement came, or the stream is full.
        """
        self.require()
        self.fence()
        headers = {"Nats-Msg-Id": msg_id}
        if traced := tracing.header():
            headers[tracing.HEADER] = traced
        try:
            taken = await self.js.publish(subject, data, timeout=PUBLISH_TIMEOUT, headers=headers)
        except (NatsError, APIError, TimeoutError, OSError) as error:
            raise UnavailableError(f"NATS did not acknowledge '{subject}': {error}") from error
        return taken.seq

    async def announce(self, noun: str, verb: str, payload: dict[str, Any]) -> None:
        """Publish an event; a lost event is logged, not repeated, for events only wake, state decides."""
        try:
            await self.nc.publish(subjects.event(noun, verb), json.dumps(payload).encode())
        except (NatsError, UnavailableError) as error:
            log.warning("event not published", noun=noun, verb=verb, error=str(error))

    async def hear(
        self,
        *names: str,
        on_message: Callable[[Msg], Awaitable[None]],
        pending_bytes: int = DEFAULT_SUB_PENDING_BYTES_LIMIT,
        hearing: asyncio.Event | None = None,
    ) -> None:
        """Hear for ever what is said on these subjects; a client that reconnects subscribes again by itself.

        pending_bytes: what may wait for `on_message`; beyond it messages are dropped, and counted in `dropped`.
        hearing: set once nothing can be missed unnoticed.
        """
        while True:
            await self.ready()
            nc, heard = self.nc, list[Subscription]()
            try:
                for name in names:
                    heard.append(await nc.subscribe(name, cb=on_message, pending_bytes_limit=pending_bytes))
                if hearing is not None:
                    hearing.set()
                while self.nc is nc:
                    await asyncio.sleep(1)
            except NatsError:  # closed meanwhile; until the next client is there, it may still be called ready
                await asyncio.sleep(1)
            finally:
                for one in heard:
                    with suppress(NatsError):  # it went with its client
                        await one.unsubscribe()

    async def consume(
        self,
        stream: str,
        durable: str,
        *,
        filter_subject: str | list[str],
        max_ack_pending: int = 64,
        ack_wait: float = 30,
        in_order: bool = False,
        ack_all: bool = False,
        expires: float = PULL_EXPIRES,
    ) -> AsyncGenerator[Msg, None]:
        """Messages of a durable consumer, for ever. Ack each with `await msg.ack()`.

        Pulls by hand on the core client: half the cost of `fetch`, and no stall when the server restarts.
        in_order: after each (re)start begin right behind the last acknowledged message. Without it, what a killed
        reader held comes back only after `ack_wait`, behind newer messages. For a durable with a single reader.
        ack_all: to acknowledge one message acknowledges all before it.
        expires: how long the server goes on sending to a reader that stands still.
        """
        config = ConsumerConfig(
            durable_name=durable,
            filter_subject=filter_subject if isinstance(filter_subject, str) else None,
            filter_subjects=filter_subject if isinstance(filter_subject, list) else None,
            ack_policy=AckPolicy.ALL if ack_all else AckPolicy.EXPLICIT,
            ack_wait=ack_wait,
            max_ack_pending=max_ack_pending,
        )
        while True:
            await self.ready()
            try:
                await self.js.add_consumer(stream, config)
                if in_order:
                    await self._begin_in_order(stream, durable)
                async with aclosing(self._pull(stream, durable, max_ack_pending, expires)) as messages:
                    async for message in messages:
                        yield message
            except (NatsError, APIError, TimeoutError) as error:
                log.warning("consumer interrupted", durable=durable, error=str(error))
                await asyncio.sleep(0.2)

    async def _begin_in_order(self, stream: str, durable: str) -> None:
        answer = await self.nc.request(f"$JS.API.CONSUMER.RESET.{stream}.{durable}", timeout=PUBLISH_TIMEOUT)
        if error := json.loads(answer.data or b"{}").get("error"):
            raise APIError.from_error(error)

    async def _pull(self, stream: str, durable: str, window: int, expires: float) -> AsyncGenerator[Msg, None]:
        """Yield messages until the connection changed or the server fell silent."""
        epoch, nc = self.epoch, self.nc
        inbox = nc.new_inbox()
        sub = await nc.subscribe(inbox)
        most = min(window, MOST_AT_ONCE)
        request = json.dumps(
            {"batch": most, "expires": int(expires * 1e9), "idle_heartbeat": int(PULL_HEARTBEAT * 1e9)}
        ).encode()
        wanted = 0
        try:
            while self.epoch == epoch and not nc.is_closed:
                if wanted <= 0:
                    await nc.publish(f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{durable}", request, reply=inbox)
                    wanted = most
                try:
                    message = await sub.next_msg(timeout=2.5 * PULL_HEARTBEAT)
                except (TimeoutError, NatsTimeoutError):
                    return
                status = (message.headers or {}).get("Status")
                if status is None:
                    wanted -= 1
                    yield message
                elif status != "100":
                    wanted = 0
                    if status not in ("404", "408"):
                        return
        finally:
            await _give_back(sub)

    async def bucket(self, name: str) -> KeyValue:
        """A KV bucket; created by `ensure_streams`."""
        found = await self.js.key_value(name)
        self.fence()
        return found

    async def follow(
        self,
        bucket: str,
        on_change: Callable[[str, bytes | None], None],
        on_complete: Callable[[set[str]], Awaitable[None] | None],
    ) -> None:
        """Follow a bucket for ever.

        on_change(key, value): value is None when the key was removed.
        on_complete(keys): after every full read, with all keys there are, so that others can be forgotten.
        """
        while True:
            await self.ready()
            try:
                await self._follow_once(bucket, on_change, on_complete)
            except (NatsError, APIError, NotFoundError, TimeoutError) as error:
                log.warning("bucket interrupted", bucket=bucket, error=str(error))
                await asyncio.sleep(0.5)

    async def _follow_once(
        self,
        bucket: str,
        on_change: Callable[[str, bytes | None], None],
        on_complete: Callable[[set[str]], Awaitable[None] | None],
    ) -> None:
        changed, keys = self._changed, set[str]()
        clock = asyncio.get_running_loop().time
        deadline = clock() + RECONCILE_SECONDS
        js = self.nc.jetstream(timeout=SHORT_TIMEOUT)
        async with buckets.watch(js, bucket) as watched:
            while not changed.is_set():
                if clock() > deadline:
                    if await buckets.last_revision(await js.key_value(bucket)) != watched.seen:
                        return
                    deadline = clock() + RECONCILE_SECONDS
                try:
                    entry = await watched.next(1.0)
                except TimeoutError:
                    continue
                if entry is None:
                    told = on_complete(keys)
                    if told is not None:
                        await told
                    continue
                gone = buckets.removed(entry)
                keys.discard(entry.key) if gone else keys.add(entry.key)
                on_change(entry.key, None if gone else entry.value)


async def _give_back(sub: Subscription) -> None:
    """End a pull: what had come and was not taken goes to the next who asks, at once instead of after `ack_wait`."""
    with suppress(NatsError, TimeoutError):
        left = [await sub.next_msg(timeout=1) for _ in range(sub.pending_msgs)]
        await sub.unsubscribe()  # first, or what is given back comes straight to us again
        for message in left:
            if message.reply.startswith("$JS.ACK"):
                await message.nak()


__all__ = ["Bus", "NoRespondersError", "open_bus"]


@asynccontextmanager
async def open_bus(settings: NatsSettings, name: str) -> AsyncIterator[Bus]:
    """A bus that connects in the background; closed in order at the end."""
    bus = Bus(settings, name)
    task = asyncio.create_task(bus.keep(), name=f"bus {name}")
    try:
        yield bus
    finally:
        await jobs.end(task)
        if bus._nc is not None and not bus._nc.is_closed:  # noqa: SLF001 - the bus's own end
            bus._said_lost = True  # noqa: SLF001 - meant
            with suppress(NatsError, OSError):  # a server that has just gone needs no good-bye
                await bus._nc.close()  # noqa: SLF001
