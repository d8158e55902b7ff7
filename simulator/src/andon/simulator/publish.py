"""Publish: an ordinary MQTT device. QoS 1, one connection, patient with a broker that is away, bounded memory."""

import asyncio
import random
from collections import deque
from collections.abc import Sequence

import aiomqtt
import msgspec

from andon.common import logs
from andon.common.topics import machine_topic
from andon.simulator.faults import Report
from andon.simulator.settings import Broker

log = logs.get("simulator.publish")

KEEP = 20_000
"""Messages kept while the broker is away: ten minutes of the demo plant. Then the oldest make room, and are counted."""
_FIRST_WAIT, _LONGEST_WAIT = 0.25, 10.0  # seconds between attempts to connect
_ANSWER_SECONDS = 3.0


class Publisher:
    """Sends reports, oldest first; `run` must be running. `sent` have their PUBACK, `dropped` never left."""

    def __init__(self, broker: Broker, *, keep: int = KEEP) -> None:
        self._broker = broker
        self._keep = keep
        self._waiting: deque[tuple[str, bytes]] = deque()
        self._something = asyncio.Event()
        self.connected = asyncio.Event()
        self.sent = 0
        self.dropped = 0

    @property
    def waiting(self) -> int:
        """Messages that do not have their PUBACK yet."""
        return len(self._waiting)

    def say(self, report: Report) -> None:
        """Send one report, as soon as the broker takes it."""
        self._put(report.path, msgspec.json.encode({"ts": report.ts, "values": report.values}))

    def say_all(self, path: str, reports: Sequence[Report]) -> None:
        """Send reports of one machine in one message."""
        self._put(path, msgspec.json.encode([{"ts": r.ts, "values": r.values} for r in reports]))

    async def run(self) -> None:
        """Connect and send, for ever; back off while the broker is away or does not let us in."""
        wait = _FIRST_WAIT
        told = ""
        while True:
            try:
                async with self._client() as client:
                    log.info("connected", broker=f"{self._broker.host}:{self._broker.port}", waiting=self.waiting)
                    self.connected.set()
                    wait, told = _FIRST_WAIT, ""
                    await self._send(client)
            except aiomqtt.MqttError as error:
                if told != str(error):
                    log.warning("the broker is away or refuses us; trying again", error=str(error))
                told = str(error)
            finally:
                self.connected.clear()
            await asyncio.sleep(wait * random.uniform(0.5, 1))  # noqa: S311 - so that a fleet does not knock in step
            wait = min(2 * wait, _LONGEST_WAIT)

    async def drained(self, timeout: float) -> bool:
        """Wait until all is sent, at most `timeout` seconds; whether it is."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout
        while self._waiting and loop.time() < deadline:
            await asyncio.sleep(0.02)
        return not self._waiting

    def _put(self, path: str, payload: bytes) -> None:
        if len(self._waiting) >= self._keep:
            self._waiting.popleft()
            self.dropped += 1
            if self.dropped % 1000 == 1:
                log.warning("the broker is away for too long; the oldest messages are dropped", dropped=self.dropped)
        self._waiting.append((machine_topic(path), payload))
        self._something.set()

    async def _send(self, client: aiomqtt.Client) -> None:
        while True:
            while self._waiting:
                first = self._waiting[0]
                await client.publish(*first, qos=1, timeout=_ANSWER_SECONDS)
                self.sent += 1
                if self._waiting and self._waiting[0] is first:  # else it made room while it was on its way
                    self._waiting.popleft()
            self._something.clear()
            await self._something.wait()

    def _client(self) -> aiomqtt.Client:
        return aiomqtt.Client(
            self._broker.host,
            self._broker.port,
            username=self._broker.username,
            password=self._broker.password,
            timeout=_ANSWER_SECONDS,
            keepalive=20,
        )
