"""A stand-in for InfluxDB that answers writes as a test tells it: for what a real one cannot be made to say."""

import asyncio
from collections.abc import Callable
from contextlib import closing, suppress
from typing import Self

from pydantic import BaseModel

from andon.common import jobs
from andon.common.settings import InfluxSettings
from andon.common.testing.ports import free_port

Answer = Callable[[bytes], tuple[int, str]]


class Write(BaseModel):
    """One write and what was answered."""

    lines: list[bytes]
    status: int


class InfluxSink:
    """Speaks enough HTTP for `/write`. `answer` maps a body to status and text. Use with `async with`."""

    def __init__(self) -> None:
        self.port = free_port()
        self.writes: list[Write] = []
        self.queries = 0
        self._serving: list[asyncio.Future[None]] = []
        self.answer: Answer = lambda _: (204, "")

    @property
    def settings(self) -> InfluxSettings:
        """How the store reaches it."""
        return InfluxSettings(url=f"http://127.0.0.1:{self.port}")

    @property
    def stored(self) -> list[bytes]:
        """Lines answered with 204."""
        return [line for write in self.writes if write.status == 204 for line in write.lines]

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await jobs.end(*self._serving)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._serving.append(asyncio.ensure_future(self._answer(reader, writer)))

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError), closing(writer):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
                size = next((int(h[15:]) for h in head.split("\r\n") if h.startswith("content-length:")), 0)
                body = await reader.readexactly(size)
                status, text = 200, '{"results": []}'
                if head.startswith("post /write"):
                    status, text = self.answer(body)
                    self.writes.append(Write(lines=body.split(b"\n"), status=status))
                elif b"SHOW+FIELD+KEYS" in body:  # there are none
                    text = '{"results": [{}]}'
                elif head.startswith("post /query"):
                    self.queries += 1
                told = "" if status == 204 else f"Content-Length: {len(text)}\r\n"
                writer.write(f"HTTP/1.1 {status} told\r\n{told}\r\n{text}".encode())
