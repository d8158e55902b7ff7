"""A bad network: a TCP proxy that holds, slows, cuts short, or breaks what passes.

async with Proxy(broker.port) as wire:
client = connect(wire.port)
wire.cut()          # nothing passes, and nobody is told: as a pulled cable
wire.mend()
wire.reset()        # every connection ends with RST
wire.delay = 0.2    # seconds that each piece is held back
"""

import asyncio
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from typing import Self

from andon.common import jobs
from andon.common.testing.ports import free_port

CHUNK = 16 * 1024
_RST_ON_CLOSE = struct.pack("ii", 1, 0)


class Proxy:
    """Passes bytes between whoever connects to `port` and the server at `target`.

    delay: seconds that each piece is held back, in either direction.
    rate: bytes a second in each direction of each connection; 0 is as fast as they come.
    passes: bytes that a connection may send to the server before it is reset; None is any number.
    deaf: what the server answers is thrown away, so that the other side never learns that it was heard.
    connections: how many have been made.
    """

    def __init__(self, target: int) -> None:
        self.target = target
        self.port = free_port()
        self.delay = self.rate = 0.0
        self.passes: int | None = None
        self.deaf = False
        self.connections = 0
        self._open = asyncio.Event()
        self._open.set()
        self._links: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        self.reset()
        await jobs.end(*self._links)

    def cut(self) -> None:
        """From now on nothing passes. Connections stay, and new ones are made but hear nothing."""
        self._open.clear()

    def mend(self) -> None:
        """Let everything pass again, what was held up too, and take all other faults away."""
        self.delay = self.rate = 0.0
        self.passes, self.deaf = None, False
        self._open.set()

    def reset(self) -> None:
        """End every connection with RST, without a good-bye."""
        for writer in self._writers:
            _reset(writer)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.current_task()
        assert task is not None
        self._links.add(task)
        self._writers.add(writer)
        with suppress(OSError, asyncio.CancelledError):
            await self._open.wait()
            there, back = await asyncio.open_connection("127.0.0.1", self.target)
            self._writers.add(back)
            with suppress(OSError):
                await self._both_ways(reader, writer, there, back)
            self._end(back)
        self._end(writer)
        self._links.discard(task)

    async def _both_ways(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        there: asyncio.StreamReader,
        back: asyncio.StreamWriter,
    ) -> None:
        """Until either side ends."""
        sent = 0

        def to_server(data: bytes) -> bytes:
            nonlocal sent
            sent += len(data)
            if self.passes is None or sent <= self.passes:
                return data
            self.reset()
            return b""

        out = asyncio.create_task(self._pump(reader, back, to_server))
        home = asyncio.create_task(self._pump(there, writer, lambda data: b"" if self.deaf else data))
        try:
            await asyncio.wait({out, home}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await jobs.end(out, home)

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, change: Callable[[bytes], bytes]
    ) -> None:
        while data := await reader.read(CHUNK):
            if self.delay or self.rate:
                await asyncio.sleep(self.delay + (len(data) / self.rate if self.rate else 0))
            await self._open.wait()
            writer.write(change(data))
            await writer.drain()

    def _end(self, writer: asyncio.StreamWriter) -> None:
        self._writers.discard(writer)
        writer.close()


def _reset(writer: asyncio.StreamWriter) -> None:
    end = writer.get_extra_info("socket")
    with suppress(OSError, AttributeError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RST_ON_CLOSE)
    writer.transport.abort()
