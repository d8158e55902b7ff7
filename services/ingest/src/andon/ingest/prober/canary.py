"""A connection to the broker that publishes one message and waits until the broker has it: a device in small.

It is closed at once whatever the broker does, so that nobody who stops ingest waits for it.
"""

import asyncio
from dataclasses import replace
from typing import Self

from andon.common.mqtt import Broker, packets
from andon.common.mqtt.packets import ProtocolError, Version
from andon.common.topics import INTAKE_CLIENT

CLIENT_ID = f"{INTAKE_CLIENT}-prober"
KEEPALIVE = 60
"""Seconds; it publishes more often than that, so that it need not ping."""
CONNACK, PUBACK = 2, 4
REFUSED = 0x80
MOST_BYTES = 1024
"""No answer to a publisher is larger."""


class CanaryLink:
    """One connection; open it with `open`. One message at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, version: Version) -> None:
        self._reader = reader
        self._writer = writer
        self._version = version
        self._number = 0

    @classmethod
    async def open(cls, broker: Broker) -> Self:
        """Connected to the first node of the broker that lets us in.

        Raises:
            OSError: none does, or it refuses us. ProtocolError: what answers speaks no MQTT.
        """
        failure: OSError = ConnectionRefusedError("the broker has no address")
        for host, port in broker.addresses:
            try:
                reader, writer = await asyncio.open_connection(
                    host, port, ssl=broker.tls_context(), limit=MOST_BYTES * 2
                )
            except OSError as error:
                failure = error
                continue
            link = cls(reader, writer, broker.version)
            try:
                await link._greet(replace(broker, client_id=CLIENT_ID))
            except BaseException:
                link.close()
                raise
            return link
        raise failure

    @property
    def ended(self) -> bool:
        """The broker has closed it."""
        return self._reader.at_eof() or self._writer.is_closing()

    async def publish(self, topic: str, payload: bytes) -> None:
        """Returns once the broker has it, QoS 1.

        Raises:
            OSError: the connection ended, or the broker refuses the message. ProtocolError: this is no MQTT.
        """
        if self._writer.is_closing():  # uvloop would say so by a RuntimeError
            raise ConnectionResetError("the broker closed the connection")
        self._number = self._number % 0xFFFF + 1
        packet_id = self._number.to_bytes(2, "big")
        self._writer.write(packets.publish(packet_id, topic, payload, version=self._version))
        await self._writer.drain()
        answer = await self._answer(PUBACK)
        if answer[:2] != packet_id:
            raise ProtocolError("the broker acknowledges another message than the one it was sent")
        if len(answer) > 2 and answer[2] >= REFUSED:
            raise ConnectionRefusedError(f"the broker refuses the canary with code {answer[2]:#04x}")

    def close(self) -> None:
        """End the connection now."""
        self._writer.transport.abort()

    async def _greet(self, broker: Broker) -> None:
        self._writer.write(broker.greeting(KEEPALIVE))
        answer = await self._answer(CONNACK)
        if len(answer) < 2 or answer[1]:
            raise ConnectionRefusedError("the broker does not let the prober in")

    async def _answer(self, kind: int) -> bytes:
        try:
            head = (await self._reader.readexactly(1))[0]
            size = shift = 0
            while True:
                digit = (await self._reader.readexactly(1))[0]
                size |= (digit & 0x7F) << shift
                shift += 7
                if digit < REFUSED:
                    break
                if shift > 21:
                    raise ProtocolError("a length of more than four bytes is no MQTT")
            if head >> 4 != kind or size > MOST_BYTES:
                raise ProtocolError(f"the broker answers with a packet of type {head >> 4} and {size} bytes")
            return await self._reader.readexactly(size)
        except asyncio.IncompleteReadError:
            raise ConnectionResetError("the broker closed the connection") from None
