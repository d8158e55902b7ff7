"""`andon tail`: live values, one line each, as they arrive over the WebSocket."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import orjson
from rich.text import Text
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from andon.cli.client import Client
from andon.cli.command import andon
from andon.cli.progress import console, printable, say
from andon.cli.settings import UpSettings
from andon.common.errors import SetupError

STYLES = {"good": "", "uncertain": "yellow", "bad": "red", "stale": "dim"}
AGAIN_SECONDS = 1.0


async def tail(settings: UpSettings, under: str, max_hz: float) -> None:
    """Print values below `under` until Ctrl-C; connects again when the line breaks.

    Raises:
        SetupError: Andon does not answer, or lets nobody in.
    """
    async with Client(settings) as client:
        token = await client.token()
        url = client.url.replace("http", "ws", 1) + "/api/query/v1/live"
    say("·", f"live values {'below ' + under if under else 'of the whole plant'}; Ctrl-C ends")
    while True:
        await _listen(url, token, {"op": "subscribe", "under": [under], "max_hz": max_hz})
        say("!", "the line broke; connecting again")
        await asyncio.sleep(AGAIN_SECONDS)


async def _listen(url: str, token: str, subscribe: dict[str, Any]) -> None:
    """One connection, from greeting to its end."""
    try:
        async with connect(url, proxy=None, max_size=2**24) as socket:
            await socket.send(orjson.dumps({"op": "auth", "token": token}).decode())
            await socket.send(orjson.dumps(subscribe).decode())
            async for frame in socket:
                for line in lines(orjson.loads(frame)):
                    console.print(line, soft_wrap=True)
    except ConnectionClosed as error:
        if error.rcvd is not None and error.rcvd.code in (1008, 4401, 4403):
            raise SetupError(f"Andon closed the line: {error.rcvd.reason or 'not allowed'}.") from None
    except (OSError, InvalidHandshake) as error:
        raise SetupError(f"No live values from {url}: {error}.", f"Is it running? '{andon('status')}' tells.") from None


def lines(frame: dict[str, Any]) -> list[Text]:
    """A frame's samples as lines: time, value, quality if not good, path.

    Raises:
        SetupError: the frame is an error; carries its words.
    """
    if "error" in frame or frame.get("op") == "error":
        raise SetupError(f"Andon says: {frame.get('error') or frame.get('detail')}")
    return [_line(*sample) for sample in frame.get("samples", [])]


def _line(path: str, at: float, value: object, quality: str = "good") -> Text:
    clock = datetime.fromtimestamp(at / 1000, UTC).astimezone().strftime("%H:%M:%S.%f")[:-3]
    shown = f"{value:.6g}" if isinstance(value, float) else printable(str(value))
    marked = "" if quality == "good" else f"  {quality}"
    return Text.assemble((clock, "dim"), "  ", (f"{shown:>12}", STYLES.get(quality, "")), "  ", path, (marked, "dim"))
