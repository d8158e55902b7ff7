"""One live client by WebSocket: its first message or ticket, and what it says later."""

import asyncio
from contextlib import suppress

import msgspec
import orjson
from fastapi import WebSocket, WebSocketDisconnect

from andon.common.errors import UnauthorizedError, UnavailableError
from andon.query.live.client import Client, Frame
from andon.query.live.guest import NOT_SIGNED_IN, TRY_LATER, GoodbyeError
from andon.query.live.hall import Hall
from andon.query.live.messages import MAX_MESSAGE, Auth, Message, Subscribe, read_message

AUTH_SECONDS = 5.0
HEAR_SECONDS = 0.1
"""Rest after each message heard: what a client says costs work, so it may say ten things a second."""
CLOSE_SECONDS = 1.0

TOO_LARGE = 1009


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
        self._client = Client(hall, self._write)

    async def run(self, ticket: str = "") -> None:
        """Serve until either side has had enough. With a ticket there is no first message to wait for."""
        try:
            async with asyncio.TaskGroup() as tasks:
                self._client.guest.enter(await self._redeem(ticket) if ticket else await self._first_token())
                tasks.create_task(self._hear(), name="live hear")
                tasks.create_task(self._client.send(), name="live send")
                tasks.create_task(self._client.guest.guard(), name="live guard")
        except* GoodbyeError as goodbyes:
            first = goodbyes.exceptions[0]
            if isinstance(first, GoodbyeError):
                await say_goodbye(self._socket, first.code, first.reason)
        except* WebSocketDisconnect:
            pass  # the usual end: the client left
        finally:
            self._client.guest.leave()

    async def _redeem(self, ticket: str) -> str:
        try:
            return await self._hall.tickets.redeem(ticket)
        except UnauthorizedError as error:
            raise GoodbyeError(NOT_SIGNED_IN, str(error)) from None
        except UnavailableError as error:
            raise GoodbyeError(TRY_LATER, str(error)) from None

    async def _first_token(self) -> str:
        message = await self._first_message()
        if not isinstance(message, Auth):
            raise GoodbyeError(NOT_SIGNED_IN, 'Send {"op":"auth","token":...} first, within 5 s')
        return message.token

    async def _first_message(self) -> Message | str:
        """What a stranger says, or what is wrong with it."""
        address = self._socket.client.host if self._socket.client else ""
        patience = asyncio.timeout(AUTH_SECONDS)
        with self._hall.at_the_door(address, patience) as stranger:
            try:
                async with patience:
                    return await self._receive()
            except TimeoutError:
                if stranger.sent_away:
                    raise GoodbyeError(TRY_LATER, "Too many wait here and do not sign in; try again later") from None
                # No word against the token: whoever has a slow network, or slept, comes again with the same one.
                raise GoodbyeError(TRY_LATER, f"Nothing came within {AUTH_SECONDS:g} s; connect again") from None

    async def _receive(self) -> Message | str:
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
            async with self._hall.effort.turn(self._client.guest.person):
                wrong = self._obey(message)
            if wrong:
                await self._client.write({"op": "error", "detail": wrong})
            await asyncio.sleep(HEAR_SECONDS)

    def _obey(self, message: Message | str) -> str:
        """Do what a client says; what is wrong with it, or ''."""
        if isinstance(message, str):
            return message
        if isinstance(message, Auth):
            self._client.guest.authenticate(message.token)
            return ""
        if isinstance(message, Subscribe):
            return self._client.subscribe(message)
        return self._client.unsubscribe(message)

    async def _write(self, frame: Frame) -> None:
        await self._socket.send_text(orjson.dumps(frame).decode())
