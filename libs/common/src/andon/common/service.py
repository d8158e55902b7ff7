"""Running a service: uvicorn around its front, settings errors as sentences, signals in order."""

import asyncio
import gc
import os
import platform
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from typing_extensions import override

from andon.common import jobs, logs, tracing, vitals
from andon.common.errors import AndonError, SetupError
from andon.common.http import HttpProtocol
from andon.common.settings import ProxySettings, load
from andon.common.version import VERSION
from andon.common.websocket import WebSocketProtocol

log = logs.get("service")
_endless: list[Callable[[], None]] = []

YOUNG = 50_000
"""Objects made before Python looks for cycles among them; readings have none, and by default 700 cost a look."""

KEEP_SECONDS = 75
"""For how long a connection may be idle: longer than proxies keep theirs (nginx 60 s), or one would close in the very
moment in which the proxy sends the next request on it, and what is no GET may not be sent again."""


def run(name: str, create: Callable[[], FastAPI], *, host: str, port: int, nice: int = 0) -> None:
    """Serve until SIGTERM or Ctrl-C. Ends with status 2 and a sentence when it cannot start.

    nice: by how much it gives way to other work of the machine, once it has started.
    """
    logs.setup(name)
    tracing.setup(name)
    vitals.BUILD.labels(name, VERSION, platform.python_version()).set(1)
    gc.set_threshold(YOUNG)
    try:
        config = configured(create(), host=host, port=port)
    except SetupError as error:
        sys.exit(f"{name}: {error} {error.hint}".strip())
    Server(config, nice).run()


def configured(app: ASGIApp, *, host: str, port: int) -> uvicorn.Config:
    """How uvicorn runs. From proxies that are not trusted no header says who the caller is."""
    trusted = load(ProxySettings).trusted_proxies
    return uvicorn.Config(
        _plain(app),
        host=host,
        port=port,
        loop="uvloop",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=5,
        timeout_keep_alive=KEEP_SECONDS,
        proxy_headers=bool(trusted),
        forwarded_allow_ips=trusted,
        http=HttpProtocol,
        ws=WebSocketProtocol,
        ws_max_size=2**17,  # above the largest message that any route takes
    )


def _plain(app: ASGIApp) -> ASGIApp:
    """The app; where its start fails for a reason of ours, it says so in a sentence instead of a traceback."""

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        async def tell(message: Message) -> None:
            error = sys.exc_info()[1]
            if message["type"] == "lifespan.startup.failed" and isinstance(error, AndonError):
                message["message"] = f"{error} {getattr(error, 'hint', '')}".strip()
            await send(message)

        await app(scope, receive, tell if scope["type"] == "lifespan" else send)

    return served


class Server(uvicorn.Server):
    """uvicorn that ends endless answers when it stops; else it would wait for every open event stream."""

    def __init__(self, config: uvicorn.Config, nice: int = 0) -> None:
        super().__init__(config)
        self._nice = nice

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        os.nice(self._nice)

    @override
    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for end in _endless:
            end()
        await super().shutdown(sockets)


@contextmanager
def endless(end: Callable[[], None]) -> Iterator[None]:
    """Within this block there are answers that do not end by themselves; `end` ends them."""
    _endless.append(end)
    try:
        yield
    finally:
        _endless.remove(end)


@asynccontextmanager
async def background(*named: tuple[str, Coroutine[Any, Any, None]]) -> AsyncIterator[None]:
    """Run named jobs beside the body; one that dies ends the process, for a service must not live half."""
    tasks = [asyncio.create_task(job, name=name) for name, job in named]
    for task in tasks:
        task.add_done_callback(_on_done)
    try:
        yield
    finally:
        await jobs.end(*tasks)


def _on_done(task: asyncio.Task[None]) -> None:
    if task.cancelled() or task.exception() is None:
        return
    log.critical(
        "a job died; the process ends so that it can be started anew",
        job=task.get_name(),
        exc_info=task.exception(),
    )
    signal_stop()


def signal_stop() -> None:
    """Ask this process to stop, as SIGTERM would."""
    os.kill(os.getpid(), signal.SIGTERM)
