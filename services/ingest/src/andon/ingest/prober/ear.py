"""Listens on the live feed for the prober's canaries, as a page in a browser would."""

import asyncio
import json
from collections.abc import Callable
from secrets import token_hex
from typing import Any

import msgspec
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from andon.common import logs
from andon.common.auth import Principal, Role, Tokens
from andon.common.platform import NUMBER, PROBER, SITE
from andon.common.reading import NS_PER_MS

log = logs.get("ingest.prober")

WATCHER = Principal(id="andon-prober", name="Andon's prober", role=Role.VIEWER, scope=SITE)
TOKEN_SECONDS = 3600.0
AGAIN_SECONDS = 1.0
CLOSE_SECONDS = 0.2
"""The query service may be frozen: who stops ingest does not wait for its good-bye."""
CANARY = f"{PROBER}/{NUMBER}"

_decoder = msgspec.json.Decoder()


class Ear:
    """Run `listen` as a task. `on_sample` is called with the event time (UTC nanoseconds) of each canary heard.

    hearing: connected and subscribed; what is published then is to come.
    """

    def __init__(self, url: str, tokens: Tokens, on_sample: Callable[[int], None]) -> None:
        self.hearing = False
        self._url = url
        self._tokens = tokens
        self._on_sample = on_sample
        self._said_deaf = False

    async def listen(self) -> None:
        """Listen for ever. A query service that is away is said once, and found again."""
        while True:
            try:
                await self._listen_once()
            except (OSError, TimeoutError, WebSocketException) as error:
                if not self._said_deaf:
                    log.info("the live feed is not measured; trying again until it is", reason=str(error))
                self._said_deaf = True
            finally:
                self.hearing = False
            await asyncio.sleep(AGAIN_SECONDS)

    async def _listen_once(self) -> None:
        async with connect(
            self._url, proxy=None, compression=None, open_timeout=5, close_timeout=CLOSE_SECONDS
        ) as socket:
            token = self._tokens.sign(WATCHER, token_id=token_hex(8), lifetime=TOKEN_SECONDS)
            await socket.send(json.dumps({"op": "auth", "token": token}))
            await socket.send(json.dumps({"op": "subscribe", "under": [CANARY], "max_hz": 20, "every": True}))
            async for frame in socket:
                self._take(_read(frame))

    def _take(self, frame: dict[str, Any]) -> None:
        if "samples" not in frame:
            return
        if not self.hearing:
            self.hearing = True
            if self._said_deaf:
                log.info("the live feed is measured again")
            self._said_deaf = False
        for name, milliseconds, *_ in frame["samples"]:
            if name == CANARY:
                self._on_sample(milliseconds * NS_PER_MS)


def _read(frame: str | bytes) -> dict[str, Any]:
    try:
        found = _decoder.decode(frame)
    except msgspec.DecodeError:
        return {}
    return found if isinstance(found, dict) else {}
