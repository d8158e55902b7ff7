"""uvicorn's WebSocket, except that it cuts off a peer that takes nothing more.

Closing waits until all has been sent. A peer that never reads would so keep its connection, and what is buffered for
it, long after the service has finished with it.
"""

import asyncio

from typing_extensions import override
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

FAREWELL_SECONDS = 3.0
"""Time for the last frames and the peer's good-bye."""


class WebSocketProtocol(WebSocketsSansIOProtocol):
    """For `uvicorn.Config(ws=...)`."""

    @override
    async def run_asgi(self) -> None:
        """Serve the connection, then give it a little time to end in order."""
        try:
            await super().run_asgi()
        finally:
            asyncio.get_running_loop().call_later(FAREWELL_SECONDS, self.transport.abort)
