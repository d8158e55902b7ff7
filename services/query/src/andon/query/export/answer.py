"""Answer: an HTTP answer that is made while it is sent, no faster than the client reads.

Once it has begun there is no status left to tell of a failure: the transfer is broken off, so that no client can take
what it has for the whole.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from typing_extensions import override

from andon.common import jobs, logs
from andon.common.errors import AndonError

log = logs.get("export")

CHUNK = 2**16
"""Bytes handed to the server at once: what a client that stops reading can hold."""
PATIENCE_SECONDS = 120.0
"""For a client to take one chunk."""


class Answer(Response):
    """Sends `pieces`. What fails before the first of them is an ordinary problem."""

    def __init__(self, pieces: AsyncGenerator[bytes], media_type: str, headers: dict[str, str]) -> None:
        super().__init__(media_type=media_type, headers=headers)
        del self.headers["content-length"]
        self._pieces = pieces

    @override
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until all is sent, or until nobody listens any more."""
        sending, gone = asyncio.ensure_future(self._send(send)), asyncio.ensure_future(_gone(receive))
        try:
            await asyncio.wait((sending, gone), return_when=asyncio.FIRST_COMPLETED)
        finally:
            finished = sending.done()
            await jobs.end(sending, gone)
        if finished and not sending.cancelled():  # when the service stops; the server closes the connection
            sending.result()

    async def _send(self, send: Send) -> None:
        began = False
        try:
            async with aclosing(self._pieces) as pieces:
                async for piece in pieces:
                    if not began:
                        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
                        began = True
                    await _send_piece(send, piece)
        except (AndonError, TimeoutError) as error:
            if not began:
                raise
            why = str(error) or f"the client took nothing for {PATIENCE_SECONDS:g} s"
            log.warning("an export broke off", why=why)
            return  # without an end: the server closes the connection
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _send_piece(send: Send, piece: bytes) -> None:
    for at in range(0, len(piece), CHUNK):
        async with asyncio.timeout(PATIENCE_SECONDS):
            await send({"type": "http.response.body", "body": piece[at : at + CHUNK], "more_body": True})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
