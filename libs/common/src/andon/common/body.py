"""The largest body a request may have, whoever sends it: it is counted as it comes, before anything is made of it."""

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY = 4 * 2**20
"""Bytes; above the largest that any route takes but those that say so. Routes have limits of their own below it."""


class BodyLimit:
    """ASGI middleware: a body beyond `MAX_BODY` ends in 413, declared or not.

    files: routes that take files, which they do not keep in memory, and the most bytes of each.
    """

    def __init__(self, app: ASGIApp, files: dict[str, int] | None = None) -> None:
        self._app = app
        self._files = files or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, counting."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        taken, most = 0, self._files.get(path, MAX_BODY)

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > most:
                raise HTTPException(413, f"The body has more than {most // 2**20} MiB")
            return message

        await self._app(scope, counted, send)
