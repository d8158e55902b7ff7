"""A device that keeps to no rules: bytes of MQTT as a story wants them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from secrets import token_hex

from andon.common.mqtt import packets
from andon.common.testing.factory import Credential, Factory
from andon.common.testing.waiting import STATE_SECONDS

DUP = 0x08


@dataclass
class RawDevice:
    """A connection that the broker has let in."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def publish(self, topic: bytes, payload: bytes, *, number: int, flags: int = 0) -> bool:
        """One PUBLISH of QoS 1; whether the broker acknowledged it, and did not end the connection."""
        rest = len(topic).to_bytes(2) + topic + number.to_bytes(2) + payload
        with suppress(ConnectionError):
            self.writer.write(packets.packet(0x32 | flags, rest))
            await self.writer.drain()
            return await asyncio.wait_for(self.reader.read(4), STATE_SECONDS) == b"\x40\x02" + number.to_bytes(2)
        return False


@asynccontextmanager
async def raw_device(factory: Factory, known: Credential) -> AsyncIterator[RawDevice]:
    """Connect as `known`, with a client id that was never used before."""
    name = f"raw-{token_hex(4)}"
    reader, writer = await asyncio.open_connection("127.0.0.1", factory.mqtt_port)
    try:
        writer.write(
            packets.connect(
                client_id=name, username=known.username, password=known.password, keepalive=60, version=4, window=0
            )
        )
        assert await reader.readexactly(4) == b"\x20\x02\x00\x00"
        yield RawDevice(reader, writer)
    finally:
        writer.close()
