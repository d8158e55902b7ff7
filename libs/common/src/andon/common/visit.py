"""A short connection to NATS for one errand, as a user of its own; for all else there is the bus."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from nats.aio.client import Client

from andon.common.settings import addresses

CONNECT_SECONDS = 2


@asynccontextmanager
async def visit(url: str, *, name: str, user: str, password: str) -> AsyncIterator[Client]:
    """Connected within the block; what goes wrong is raised, not tried again.

    Raises:
        NatsError, OSError, TimeoutError: no server answers, or it refuses.
    """
    nc = Client()
    try:
        await nc.connect(
            addresses(url),
            name=name,
            user=user,
            password=password,
            allow_reconnect=False,
            connect_timeout=CONNECT_SECONDS,
            error_cb=_on_error,
        )
        yield nc
    finally:  # after a failed connect too, for nats-py leaves its socket open then
        with suppress(OSError):
            await nc.close()


async def _on_error(_: Exception) -> None:
    """Errors reach whoever asks; nats-py's own handler would print them."""
