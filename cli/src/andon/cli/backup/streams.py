"""Streams and buckets of the backbone, as nats-server itself packs them: messages, numbers, and how far readers are.

Each stream is as of one moment, and goes on being written to meanwhile.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import IO, Any

import nats
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js.errors import NotFoundError

from andon.cli.backup.archive import Hashed
from andon.common import subjects
from andon.common.errors import SetupError
from andon.common.settings import NatsSettings

PIECE = 512 * 1024
"""Bytes of one message of a snapshot; nats-server takes a megabyte."""
SILENCE_SECONDS = 30.0
UNPACK_SECONDS = 1800.0
"""In which nats-server reads again all that it was given of a stream, some gigabytes."""

LEDGER = f"KV_{subjects.LEDGER_BUCKET}"
LEFT_OUT = {f"KV_{subjects.INTAKE_BUCKET}", f"KV_{subjects.LEASES_BUCKET}"}
"""True of these processes and this broker alone. Where a session is said to exist that does not, devices would be let
in before anybody takes what they send."""


async def connect(settings: NatsSettings) -> Client:
    """The backbone, as Andon's services see it.

    Raises:
        SetupError: it does not answer, or does not let us in.
    """
    return await connect_as(settings, settings.user, settings.password.get_secret_value())


async def connect_as(settings: NatsSettings, user: str, password: str) -> Client:
    """The backbone, as one of its static users sees it.

    Raises:
        SetupError: it does not answer, or does not let us in.
    """
    try:
        return await nats.connect(
            settings.servers,
            name="backup",
            user=user,
            password=password,
            allow_reconnect=False,
            max_reconnect_attempts=2,  # of each node, also for the first connection
            reconnect_time_wait=0.2,
            connect_timeout=5,
            error_cb=_passed_over,
        )
    except (NatsError, OSError, TimeoutError) as error:
        hint = "Check ANDON_NATS_URL and the passwords."
        raise SetupError(f"NATS does not answer at {settings.url}: {error or type(error).__name__}.", hint) from None


@asynccontextmanager
async def connected(settings: NatsSettings) -> AsyncIterator[Client]:
    """The backbone, as Andon's services see it, while the body works with it.

    Raises:
        SetupError: it does not answer, or no longer.
    """
    nc = await connect(settings)
    try:
        yield nc
    except (NatsError, TimeoutError) as error:
        hint = "Look into nats-server's log, and try again."
        raise SetupError(f"NATS broke off at {settings.url}: {error or type(error).__name__}.", hint) from None
    finally:
        await nc.close()


async def _passed_over(_: Exception) -> None:
    """What matters is raised where it is asked for."""


async def names(nc: Client) -> list[str]:
    """All streams that belong into a backup: first the ledger's account, then the telemetry stream.

    The account says how far the stream is counted. Taken first it is never ahead of the stream.
    """
    found, js = list[str](), nc.jetstream()
    while page := await js.streams_info(offset=len(found)):
        found += [one.config.name or "" for one in page]
    first = [name for name in (LEDGER, subjects.TELEMETRY) if name in found]
    return first + sorted(set(found) - {LEDGER, subjects.TELEMETRY} - LEFT_OUT)


async def dump(
    nc: Client, name: str, out: Hashed, accept: Callable[[dict[str, Any]], None] = lambda _: None
) -> dict[str, Any]:
    """Write a stream as nats-server packs it; its configuration and state, which `accept` may refuse by an error.

    Raises:
        SetupError: nats-server refuses, or breaks off.
    """
    inbox = nc.new_inbox()
    pieces = await nc.subscribe(inbox)
    try:
        request = {"deliver_subject": inbox, "no_consumers": False, "chunk_size": PIECE}
        told = await _call(nc, f"$JS.API.STREAM.SNAPSHOT.{name}", json.dumps(request).encode(), name)
        accept(told["state"])
        while piece := await _next(pieces, name):
            out.write(piece.data)
            if piece.reply:  # more is sent once some have been acknowledged
                await nc.publish(piece.reply)
        return {"config": told["config"], "state": told["state"]}
    finally:
        await pieces.unsubscribe()


async def _next(pieces: Any, name: str) -> Msg | None:
    """The next piece; None behind the last."""
    try:
        piece: Msg = await pieces.next_msg(timeout=SILENCE_SECONDS)
    except (NatsError, TimeoutError) as error:
        hint = "Look into nats-server's log, and try again."
        raise SetupError(f"nats-server broke off while it packed the stream {name}: {error}.", hint) from None
    if piece.data:
        return piece
    if piece.headers and piece.headers.get("Status", "204") != "204":
        raise SetupError(f"nats-server cannot pack the stream {name}: {piece.headers}.", "Look into its log.")
    return None


async def filled(nc: Client, wanted: list[str]) -> list[str]:
    """Which of these streams hold something already."""
    found, js = list[str](), nc.jetstream()
    for name in wanted:
        try:
            if (await js.stream_info(name)).state.messages:
                found.append(name)
        except NotFoundError:
            continue
    return found


async def load(nc: Client, name: str, told: dict[str, Any], source: IO[bytes], settings: NatsSettings) -> None:
    """Make a stream of what `dump` wrote, in place of one that is there.

    Raises:
        SetupError: nats-server refuses.
    """
    js = nc.jetstream()
    with suppress(NotFoundError):  # nothing was there
        await js.delete_stream(name)
    request = {"config": _config(told["config"], settings), "state": told["state"]}
    place = await _call(nc, f"$JS.API.STREAM.RESTORE.{name}", json.dumps(request).encode(), name)
    while piece := await asyncio.to_thread(source.read, PIECE):
        await _call(nc, place["deliver_subject"], piece, name)
    await _call(nc, place["deliver_subject"], b"", name, patience=UNPACK_SECONDS)


def _config(config: dict[str, Any], settings: NatsSettings) -> dict[str, Any]:
    """As the stream was, but for what depends on the machines it is on now."""
    own = {subjects.TELEMETRY: settings.telemetry_bytes, subjects.RAW: settings.raw_bytes}
    room = {"max_bytes": own[config["name"]]} if config["name"] in own else {}
    return {**config, "num_replicas": settings.replicas, **room}


async def _call(
    nc: Client, subject: str, data: bytes, name: str, *, patience: float = SILENCE_SECONDS
) -> dict[str, Any]:
    try:
        answer = await nc.request(subject, data, timeout=patience)
    except (NatsError, TimeoutError) as error:
        hint = "Look into nats-server's log, and try again."
        raise SetupError(f"nats-server does not answer for the stream {name}: {error}.", hint) from None
    told: dict[str, Any] = json.loads(answer.data) if answer.data else {}
    if why := told.get("error"):
        raise SetupError(f"nats-server refuses the stream {name}: {why.get('description', why)}.")
    return told
