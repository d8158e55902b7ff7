"""uvicorn's WebSocket, except that no peer can make it work, or keep, more than a bounded amount.

Whoever sends more frames than any page needs is cut off: each costs work, those that never reach the application
(pings, empty continuations) too. Whoever does not read is not read from either, and cut off when that lasts. Closing
waits until all has been sent, and so is cut short as well: a peer that never reads would keep its connection, and what
is buffered for it, long after the service has finished with it.
"""

import asyncio
from typing import TYPE_CHECKING

from typing_extensions import override
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode, Frame
from websockets.protocol import State

from andon.common import logs

if TYPE_CHECKING:
    from uvicorn._types import ASGIReceiveEvent

log = logs.get("websocket")

FAREWELL_SECONDS = 3.0
"""Time for the last frames and the peer's good-bye."""

STUCK_SECONDS = 15.0
"""A peer that takes nothing from a full buffer for so long is cut off; less than the ping's patience."""

BURST = 300.0
PER_SECOND = 50.0
"""What a peer may send: a frame costs 1, and 1 for each KiB it holds once it is unpacked."""

MAX_FRAGMENTS = 256
"""Frames of one message."""

SLICE = 4096
"""Bytes looked at before it is counted again."""


class WebSocketProtocol(WebSocketsSansIOProtocol):
    """For `uvicorn.Config(ws=...)`."""

    _left = BURST
    _counted = 0.0
    _stuck: asyncio.TimerHandle | None = None

    @override
    def data_received(self, data: bytes) -> None:
        """Take bytes, in small slices so that a flood is noticed before it is worked through."""
        for start in range(0, len(data), SLICE):
            if self.transport.is_closing():
                return
            super().data_received(data[start : start + SLICE])

    @override
    def handle_events(self) -> None:
        """Count what came, then hand it on."""
        now = self.loop.time()
        self._left = min(BURST, self._left + (now - self._counted) * PER_SECOND)
        self._counted = now
        self._left -= sum(_cost(event) for event in self.conn.events)
        if self._left < 0:
            self._cut_off("Too many frames; send fewer")
            return
        super().handle_events()
        if len(self.frames) > MAX_FRAGMENTS:
            self._cut_off(f"A message may have {MAX_FRAGMENTS} frames")

    def _cut_off(self, why: str) -> None:
        log.warning("a WebSocket client is cut off", client=self.client, why=why)
        while not self.queue.empty():  # else the application would work through it before it hears of the end
            self.queue.get_nowait()
        if self.conn.state is State.OPEN:
            self.conn.fail(CloseCode.POLICY_VIOLATION, why)
            self.handle_parser_exception()
        else:
            self.transport.abort()

    @override
    def pause_writing(self) -> None:
        """The peer does not take what it is sent: hear nothing from it meanwhile, and not for ever."""
        super().pause_writing()
        self.transport.pause_reading()
        self._stuck = self.loop.call_later(STUCK_SECONDS, self.transport.abort)

    @override
    def resume_writing(self) -> None:
        """The peer takes it again."""
        super().resume_writing()
        self._unstick()
        if not self.read_paused:
            self.transport.resume_reading()

    @override
    async def receive(self) -> "ASGIReceiveEvent":
        """The next event; reading begins again by it, though not from a peer that does not read."""
        event = await super().receive()
        if not self.writable.is_set():
            self.transport.pause_reading()
        return event

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is left to cut off."""
        self._unstick()
        super().connection_lost(exc)

    def _unstick(self) -> None:
        if self._stuck is not None:
            self._stuck.cancel()
            self._stuck = None

    @override
    async def run_asgi(self) -> None:
        """Serve the connection, then give it a little time to end in order."""
        try:
            await super().run_asgi()
        finally:
            asyncio.get_running_loop().call_later(FAREWELL_SECONDS, self.transport.abort)


def _cost(event: object) -> float:
    return 1 + len(event.data) / 1024 if isinstance(event, Frame) else 1
