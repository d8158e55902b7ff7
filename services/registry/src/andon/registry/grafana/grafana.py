"""One Grafana, or none: what the registry puts together at its start."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.types import ASGIApp

from andon.common.auth import Tokens
from andon.registry.grafana.assertion import Assertions
from andon.registry.grafana.gateway import Gateway
from andon.registry.grafana.sessions import Sessions


class Grafana:
    """Its sessions, and how Andon signs for it. url: where it is, without a path; '' where there is none."""

    def __init__(self, url: str, tokens: Tokens) -> None:
        self.sessions = Sessions(tokens)
        self.assertions = Assertions(tokens.secret)
        self._gateway = Gateway(url, self.sessions, self.assertions) if url else None

    @property
    def enabled(self) -> bool:
        """Whether there is one."""
        return self._gateway is not None

    @property
    def beside(self) -> dict[str, ASGIApp]:
        """What stands beside the API, by path."""
        return {} if self._gateway is None else {"/grafana": self._gateway}

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Pass things on within this block."""
        if self._gateway is None:
            yield
            return
        async with self._gateway.open():
            yield
