"""People: who looks at Andon while its parts come and go, by the proxy alone."""

import asyncio
import json
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

import httpx
import websockets

from andon.common.testing.waiting import ANSWER_SECONDS
from soak.journal import Journal

RENEW = "/api/registry/v1/auth/token/renew"
ASKED = (
    "/",
    "/api/registry/v1/assets?under=berlin",
    "/api/query/v1/latest?under=berlin",
    "/api/query/v1/series?sensor=berlin/pressing/line-1/press-1/oil_temperature&from=-5m",
    "/api/alerting/v1/alarms",
    "/api/ingest/v1/ledger",
)
PAUSE = 0.1
"""Seconds between two questions of one person."""


@dataclass(frozen=True)
class Failure:
    """A question that was not answered as it should be. status: 0 where there was no answer at all."""

    what: str
    status: int
    why: str


@dataclass
class Reader:
    """Somebody who signed in once, and goes on asking: every page of the API in turn, and for a fresh token.

    With a fresh token the first one goes on being good: it is asked with in turn.
    """

    url: str
    tokens: list[str]
    answered: Counter[str] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)

    async def run(self) -> None:
        """Ask until cancelled."""
        questions = cycle([*(("GET", path) for path in ASKED), ("POST", RENEW)])
        async with httpx.AsyncClient(base_url=self.url, timeout=ANSWER_SECONDS) as http:
            for number, (method, path) in enumerate(questions):
                await self._ask(http, method, path, self.tokens[-(number % 2)])
                await asyncio.sleep(PAUSE)

    async def _ask(self, http: httpx.AsyncClient, method: str, path: str, token: str) -> None:
        what = f"{method} {path.split('?', maxsplit=1)[0]}"
        try:
            answer = await http.request(method, path, headers={"Authorization": f"Bearer {token}"})
        except httpx.HTTPError as error:
            self.failures.append(Failure(what, 0, repr(error)))
            return
        if answer.status_code >= 300:
            self.failures.append(Failure(what, answer.status_code, answer.text[:200]))
            return
        self.answered[what] += 1
        if path == RENEW:
            self.tokens[1:] = [answer.json()["access_token"]]


@dataclass
class Screen:
    """A page that shows every sample of a part of the plant live; it comes again by itself, and goes on where it was.

    seen: sensor -> time -> value. gaps: what it was told that it does not know. closed: how its connections ended.
    """

    url: str
    token: str
    under: str
    seen: dict[str, dict[int, Any]] = field(default_factory=dict)
    gaps: list[Any] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    _newest: int = 0

    @property
    def shown(self) -> int:
        """How many samples it has shown."""
        return sum(map(len, self.seen.values()))

    def shows_all(self, journal: Journal) -> bool:
        """Whether it has shown all that its machine was told is safe since the page was opened.

        Raises:
            AssertionError: some of it is missing, or not as it was sent.
        """
        seen = self.seen[f"{self.under}/oil_temperature"]
        wanted = [sample for at, sample in journal.safe[self.under].items() if at >= min(seen)]
        missing = [sample for sample in wanted if seen.get(sample.ts) != sample.value]
        assert missing == [], f"{len(missing)} were not shown, like {missing[:3]}"
        return True

    async def run(self) -> None:
        """Watch until cancelled."""
        address = f"ws{self.url.removeprefix('http')}/api/query/v1/live"
        while True:
            with suppress(OSError, websockets.InvalidHandshake, websockets.ConnectionClosed, TimeoutError):
                async with websockets.connect(address, origin=self.url, open_timeout=ANSWER_SECONDS) as socket:  # type: ignore[arg-type]
                    await self._watch(socket)
            await asyncio.sleep(PAUSE)

    async def _watch(self, socket: websockets.ClientConnection) -> None:
        wanted = {"op": "subscribe", "under": [self.under], "every": True}
        await socket.send(json.dumps({"op": "auth", "token": self.token}))
        await socket.send(json.dumps({**wanted, "since": self._newest} if self._newest else wanted))
        try:
            async for text in socket:
                self._show(json.loads(text))
        finally:
            self.closed.append(f"{socket.close_code} {socket.close_reason or ''}".strip())

    def _show(self, frame: dict[str, Any]) -> None:
        for sensor, at, value, _ in frame.get("samples", ()):
            self.seen.setdefault(sensor, {})[at] = value
            self._newest = max(self._newest, at)
        self.gaps += [frame[word] for word in ("gap", "lost") if word in frame]
