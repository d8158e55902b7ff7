"""Stream: each transition, as it is committed, to every browser that listens (server-sent events).

A client has a bounded queue. One that does not keep up is disconnected; it connects again and reads the list anew,
so it never shows a state that has passed.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Any
from weakref import WeakSet

from andon.alerting.alarm.shape import told_to
from andon.common.auth import Principal
from andon.common.errors import TooManyError, UnavailableError

QUEUE_SIZE = 256
MAX_CLIENTS = 500
MAX_PER_PERSON = 50
RETRY_SECONDS = 30
KEEP_ALIVE_SECONDS = 15.0


class Client:
    """One listener: who, and what waits for them."""

    def __init__(self, caller: Principal) -> None:
        self.caller = caller
        self.queue: asyncio.Queue[str] = asyncio.Queue(QUEUE_SIZE)
        self.over = False


class Stream:
    """All listeners."""

    def __init__(self) -> None:
        self._clients: WeakSet[Client] = WeakSet()  # one that left before its answer began is forgotten by itself

    def __len__(self) -> int:
        return len(self._clients)

    def publish(self, alarm: dict[str, Any]) -> None:
        """Hand an alarm to those who may see it."""
        told = dict[str, str]()  # by scope: a burst of alarms is cut once for all who have the same
        for client in list(self._clients):
            scope = client.caller.scope
            if client.caller.may_see(alarm["asset"]):
                if scope not in told:
                    told[scope] = _event(told_to(alarm, client.caller))
                try:
                    client.queue.put_nowait(told[scope])
                except asyncio.QueueFull:
                    client.over = True
                    self._clients.discard(client)

    def close(self) -> None:
        """End all streams; browsers connect again by themselves."""
        for client in self._clients:
            client.over = True
            with suppress(asyncio.QueueFull):  # one with a full queue is not waiting for it
                client.queue.put_nowait("")

    def join(self, caller: Principal) -> Client:
        """Listen from now on.

        Raises:
            UnavailableError: too many listen. TooManyError: too many of this person's.
        """
        if len(self._clients) >= MAX_CLIENTS:
            raise UnavailableError(f"{MAX_CLIENTS} listeners are connected already; close a page, or try again later")
        if sum(one.caller.id == caller.id for one in self._clients) >= MAX_PER_PERSON:
            raise TooManyError(f"You have {MAX_PER_PERSON} alarm streams already; close a page", RETRY_SECONDS)
        client = Client(caller)
        self._clients.add(client)
        return client

    async def events(
        self, client: Client, admitted: Callable[[], bool], keep_alive: float = KEEP_ALIVE_SECONDS
    ) -> AsyncIterator[str]:
        """Events for one client until it is too slow, or no longer `admitted` (token expired or revoked)."""
        try:
            yield ": connected\n\n"
            while not client.over and admitted():
                try:
                    event = await asyncio.wait_for(client.queue.get(), keep_alive)
                except TimeoutError:
                    event = ": keep-alive\n\n"
                if admitted() and not client.over:
                    yield event
        finally:
            self._clients.discard(client)


def _event(alarm: dict[str, Any]) -> str:
    return f"event: alarm\ndata: {json.dumps(alarm, separators=(',', ':'))}\n\n"
