"""uvicorn's HTTP, except that who connects and says nothing, or takes nothing, takes no place from who does.

A connection needs no token, and a process has a bounded number of them: whoever held all of them open kept everybody
out, /healthz too, and so the supervisor killed a process that was well.
"""

import asyncio
from typing import ClassVar

import h11
from typing_extensions import override
from uvicorn.protocols.http.h11_impl import H11Protocol

MOST_OPEN = 512
"""Connections beyond which the oldest one that keeps us waiting makes room; below the 1024 files many systems allow."""
HEAD_SECONDS = 20.0
"""Time for the first request's head."""
STUCK_SECONDS = 60.0
"""A peer that takes nothing of its answer for so long is cut off: an event stream, or a large export, holds memory."""


class HttpProtocol(H11Protocol):
    """For `uvicorn.Config(http=...)`."""

    _stuck: asyncio.TimerHandle | None = None
    _open: ClassVar[dict["HttpProtocol", None]] = {}
    """Oldest first; those that became WebSockets are no longer among them."""

    @override
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A new connection; who has waited longest for nothing goes for it."""
        super().connection_made(transport)
        if len(self._open) >= MOST_OPEN:
            idle = next((one for one in self._open if one.waits), None)
            if idle is not None:
                idle.transport.abort()
                self._open.pop(idle)
        self._open[self] = None
        self.loop.call_later(HEAD_SECONDS, self._expect_head)

    @property
    def waits(self) -> bool:
        """Whether it is the peer's turn: to ask, to send the rest of its request, or to take our answer."""
        cycle = self.cycle
        return cycle is None or cycle.response_complete or cycle.more_body or self.flow.write_paused

    def _expect_head(self) -> None:
        if self in self._open and self.cycle is None:
            self.transport.abort()

    @override
    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """It is another's from now on."""
        self._open.pop(self, None)
        super().handle_websocket_upgrade(event)

    @override
    def pause_writing(self) -> None:
        """The peer does not take what it is sent; not for ever."""
        super().pause_writing()
        self._stuck = self.loop.call_later(STUCK_SECONDS, self.transport.abort)

    @override
    def resume_writing(self) -> None:
        """The peer takes it again."""
        super().resume_writing()
        self._unstick()

    def _unstick(self) -> None:
        if self._stuck is not None:
            self._stuck.cancel()
            self._stuck = None

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        """It takes no place any more."""
        self._unstick()
        self._open.pop(self, None)
        super().connection_lost(exc)
