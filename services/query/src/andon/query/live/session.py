"""One live client: its token, its subscription, its frames. A slow one slows nobody and holds no memory."""

import asyncio
from contextlib import suppress
from typing import Any

import msgspec
import orjson
from fastapi import WebSocket, WebSocketDisconnect

from andon.common import metrics
from andon.common.errors import UnauthorizedError
from andon.common.plant import is_below
from andon.common.reading import NS_PER_MS
from andon.query.live.audience import Listener
from andon.query.live.hall import Hall
from andon.query.live.messages import MAX_MESSAGE, Auth, Subscribe, read_message
from andon.query.live.outbox import Item, Outbox

AUTH_SECONDS = 5.0
GUARD_SECONDS = 2.0
"""A token is looked at again this often."""

HEAR_SECONDS = 0.1
"""Rest after each message heard: what a client says costs work, so it may say ten things a second."""

MAX_COMPLAINTS = 10
SEND_SECONDS = 10.0
CLOSE_SECONDS = 1.0
FRAME_SAMPLES = 5_000
"""Samples in one frame: well below the 1 MiB at which many clients refuse a frame."""

TOO_LARGE, RESTARTS, TRY_LATER, NOT_SIGNED_IN = 1009, 1012, 1013, 4401


class GoodbyeError(Exception):
    """The session ends: WebSocket close code and reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


async def say_goodbye(socket: WebSocket, code: int, reason: str) -> None:
    """Close; a client that takes nothing more is simply dropped."""
    with suppress(TimeoutError, WebSocketDisconnect, RuntimeError):
        async with asyncio.timeout(CLOSE_SECONDS):
            await socket.close(code, reason[:100])  # a close frame has room for 123 bytes


class Session:
    """Three tasks: one hears the client, one sends to it, one guards the door; the first to end ends all."""

    def __init__(self, hall: Hall, socket: WebSocket) -> None:
        self._hall = hall
        self._socket = socket
        self._token = ""
        self._person = ""
        self._interval = 1.0
        self._hurry = asyncio.Event()
        self._outbox = Outbox()
        self._listener = Listener(scope="", names=[], outbox=self._outbox)

    async def run(self) -> None:
        """Serve until either side has had enough."""
        try:
            async with asyncio.TaskGroup() as tasks:
                await self._sign_in()
                tasks.create_task(self._hear(), name="live hear")
                tasks.create_task(self._send(), name="live send")
                tasks.create_task(self._guard(), name="live guard")
        except* GoodbyeError as goodbyes:
            first = goodbyes.exceptions[0]
            if isinstance(first, GoodbyeError):
                await say_goodbye(self._socket, first.code, first.reason)
        except* WebSocketDisconnect:
            pass  # the usual end: the client left
        finally:
            self._hall.audience.remove(self._listener)
            if self._person:
                self._hall.leave(self._person)

    async def _sign_in(self) -> None:
        message = await self._first_message()
        if not isinstance(message, Auth):
            raise GoodbyeError(NOT_SIGNED_IN, 'Send {"op":"auth","token":...} first, within 5 s')
        person = self._authenticate(message.token)
        if why := self._hall.refusal(person):
            raise GoodbyeError(TRY_LATER, why)
        self._hall.enter(person)
        self._person = person

    async def _first_message(self) -> Auth | Subscribe | str:
        """What a stranger says; '' is nothing."""
        address = self._socket.client.host if self._socket.client else ""
        patience = asyncio.timeout(AUTH_SECONDS)
        with self._hall.at_the_door(address, patience) as stranger:
            try:
                async with patience:
                    return await self._receive()
            except TimeoutError:
                if stranger.sent_away:
                    raise GoodbyeError(TRY_LATER, "Too many wait here and do not sign in; try again later") from None
                return ""

    def _authenticate(self, token: str) -> str:
        """Whom the token stands for; from now on the session is theirs."""
        try:
            principal = self._hall.tokens.check(token)
        except UnauthorizedError as error:
            raise GoodbyeError(NOT_SIGNED_IN, str(error)) from None
        self._token, self._listener.scope = token, principal.scope
        return principal.id

    async def _guard(self) -> None:
        """End the session once its token expires or is revoked, or the service restarts."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(GUARD_SECONDS):
                    await self._hall.closing.wait()
                raise GoodbyeError(RESTARTS, "The service restarts; connect again")
            self._authenticate(self._token)

    async def _receive(self) -> Auth | Subscribe | str:
        """The next message, or what is wrong with it."""
        event = await self._socket.receive()
        if event["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(event["code"])
        data: str | bytes = event.get("text") or event.get("bytes") or ""
        if len(data) > MAX_MESSAGE:
            raise GoodbyeError(TOO_LARGE, f"A message may have {MAX_MESSAGE} bytes")
        try:
            return read_message(data)
        except msgspec.DecodeError as error:
            return str(error)
        except RecursionError:
            return "JSON is nested too deeply"

    async def _hear(self) -> None:
        while True:
            message = await self._receive()
            if isinstance(message, Subscribe):
                if wrong := self._subscribe(message):
                    await self._write({"op": "error", "detail": _complaint(wrong)})
            elif isinstance(message, Auth):
                self._authenticate(message.token)
                self._hall.audience.place(self._listener)
            else:
                await self._write({"op": "error", "detail": message})
            await asyncio.sleep(HEAR_SECONDS)

    def _subscribe(self, message: Subscribe) -> list[str]:
        """Begin anew: first the newest of all that is subscribed, then what comes. What is wrong with the names."""
        audience = self._hall.audience
        audience.remove(self._listener)
        self._outbox.clear(every=message.every)
        self._listener.names, self._interval = message.under, message.interval
        wrong = audience.add(self._listener)
        self._outbox.settle(self._hall.table)
        self._hurry.set()
        return wrong

    async def _send(self) -> None:
        """A frame when there is news, and then none for `1 / max_hz` seconds, or until a new subscription."""
        while True:
            await self._outbox.news.wait()
            self._hurry.clear()
            parcel = self._outbox.take(self._hall.table)
            metrics.LIVE_CONFLATED.inc(parcel.conflated)
            metrics.LIVE_LOST.inc(parcel.lost)
            rows = self._rows(parcel.items)
            lost = {"lost": parcel.lost} if parcel.lost else {}
            for first in range(0, max(len(rows), 1), FRAME_SAMPLES):
                await self._write({"samples": rows[first : first + FRAME_SAMPLES], **lost})
                lost = {}
            with suppress(TimeoutError):
                async with asyncio.timeout(self._interval):
                    await self._hurry.wait()

    def _rows(self, items: list[Item]) -> list[tuple[Any, ...]]:
        rows = []
        for machine, key, (time, value, quality) in items:
            asset = self._hall.plant.find(machine)
            if asset is not None and is_below(asset.path, self._listener.scope):  # removed or moved a moment ago
                rows.append((f"{asset.path}/{key}", time // NS_PER_MS, value, quality))
        return rows

    async def _write(self, frame: dict[str, Any]) -> None:
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await self._socket.send_text(orjson.dumps(frame).decode())
        except TimeoutError:
            raise GoodbyeError(TRY_LATER, "The client takes nothing more") from None


def _complaint(wrong: list[str]) -> str:
    more = len(wrong) - MAX_COMPLAINTS
    return "; ".join(wrong[:MAX_COMPLAINTS]) + (f"; and {more} more" if more > 0 else "")
