"""Readings over HTTP: the same as over MQTT, with the answer at once what could be used."""

import asyncio
from time import time_ns
from typing import Annotated, NamedTuple

import msgspec
from fastapi import Request

from andon.common import metrics
from andon.common.auth import Principal, Role
from andon.common.errors import BadRequestError, InvalidError, Reason, RefusedError, TooLargeError
from andon.common.plant import Plant
from andon.common.platform import is_platform
from andon.common.wire import Source
from andon.ingest.bundle import Bundle
from andon.ingest.decode import MAX_MESSAGES, MAX_PAYLOAD, Message, plain
from andon.ingest.publish import Publisher
from andon.ingest.resolve import Resolver, join

MOST_NOTE = 500
"""Characters of what somebody wrote beside their readings."""


class PostedReading(Message, kw_only=True, forbid_unknown_fields=True):
    """What one machine, named by path or id, measured at one instant.

    note: what a person saw beside it. It is kept with the message, for whoever traces one of the values.
    Nothing else may stand there: who speaks HTTP can be told that `timestamp` is none of it.
    """

    asset: str
    note: Annotated[str, msgspec.Meta(max_length=MOST_NOTE)] | None = None


class Posted(NamedTuple):
    """A reading, and its bytes as they came."""

    reading: PostedReading
    payload: bytes


class Accepted(msgspec.Struct):
    """Readings that JetStream now has, and what of the request could not be used."""

    accepted: int
    refused: list[dict[str, str | int]]


_FIELDS = ", ".join(["asset", *Message.__struct_fields__, "note"])
_decoder = msgspec.json.Decoder(PostedReading)
_list_decoder = msgspec.json.Decoder(list[msgspec.Raw])


async def read_body(request: Request) -> bytes:
    """The body, at most MAX_PAYLOAD of it.

    Raises:
        TooLargeError: it is larger.
    """
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MAX_PAYLOAD:
            raise TooLargeError(f"At most {MAX_PAYLOAD} bytes at once; send several requests")
    return bytes(body)


def parse(body: bytes) -> list[Posted]:
    """Readings of a request's body.

    Raises:
        BadRequestError: no JSON. InvalidError: not of the form asked for. TooLargeError: too many.
    """
    try:
        payloads = list(map(bytes, _list_decoder.decode(body))) if body.lstrip()[:1] == b"[" else [body]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadRequestError(f"The body is no JSON: {plain(error)}") from None
    if len(payloads) > MAX_MESSAGES:
        raise TooLargeError(f"{len(payloads)} readings; at most {MAX_MESSAGES} at once")
    return [Posted(_parse(payload, index), payload) for index, payload in enumerate(payloads)]


def _parse(payload: bytes, index: int) -> PostedReading:
    try:
        return _decoder.decode(payload)
    except msgspec.ValidationError as error:
        raise InvalidError(f"Reading {index + 1}: {error}. The fields of a reading are {_FIELDS}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadRequestError(f"The body is no JSON: {plain(error)}") from None


class Readings:
    """Takes readings from people and programs that speak HTTP."""

    def __init__(self, plant: Plant, resolver: Resolver, publisher: Publisher, partitions: int) -> None:
        self._plant = plant
        self._resolver = resolver
        self._publisher = publisher
        self._partitions = partitions
        self._turn = asyncio.Lock()

    async def take(self, posted: list[Posted], caller: Principal) -> Accepted:
        """Publish what can be used; returns once JetStream has it.

        Raises:
            ForbiddenError: the caller may not. InvalidError: nothing of it can be used. UnavailableError: JetStream
            does not take it now.
        """
        caller.require_role(Role.OPERATOR)
        async with self._turn:  # many large ones at once would keep everything else here from being answered
            await asyncio.sleep(0)
            bundle, answer = self._resolve(posted, caller)
        if not answer.accepted:
            first = answer.refused[0]["detail"] if answer.refused else "the list is empty"
            raise InvalidError(f"No reading can be used: {first}")
        await self._publisher.publish_once(bundle)
        metrics.RECEIVED.labels("http").inc(len(posted))
        return answer

    def _resolve(self, posted: list[Posted], caller: Principal) -> tuple[Bundle, Accepted]:
        bundle, answer, arrived = Bundle(self._partitions, source=Source.HTTP), Accepted(0, []), time_ns()
        for index, (item, payload) in enumerate(posted):
            try:
                self._require_scope(caller, item.asset)
                found, refusals = self._resolver.resolve_asset(item.asset, item, arrived)
            except RefusedError as error:
                answer.refused.append({"index": index, "reason": error.reason, "detail": error.detail})
                continue
            bundle.add(found)
            bundle.keep(found, b"", payload, arrived, caller.name)
            answer.accepted += len(found)
            if refusals:
                answer.refused.append({"index": index, "reason": refusals[0].reason, "detail": join(refusals)})
        return bundle, answer

    def _require_scope(self, caller: Principal, name: str) -> None:
        """What the caller may not see is refused as what does not exist is, for the answer is to betray no path."""
        asset = self._plant.find(name)
        if asset is not None and not caller.may_see(asset.path):
            raise RefusedError(Reason.UNKNOWN_ASSET, f"there is no machine '{name[:200]}' in the plant")
        if asset is not None and is_platform(asset.path):
            raise RefusedError(Reason.FORBIDDEN, f"nobody but Andon itself speaks for '{asset.path}'")
