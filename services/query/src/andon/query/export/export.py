"""GET /export: history as a file, streamed while it is read."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from andon.common.api import Caller
from andon.common.errors import TooManyError
from andon.common.history.tier import RAW
from andon.common.times import ns_to_iso
from andon.query.branches import KnownBranches
from andon.query.export.answer import Answer
from andon.query.export.exporter import Exporter, Progress
from andon.query.export.files import MEDIA_TYPES
from andon.query.export.order import Order, Wish, order_of
from andon.query.tiers.coverage import KnownCoverage

router = APIRouter()

MOST_AT_ONCE = 8
MOST_OF_PERSON = 2
AGAIN_SECONDS = 10


class Doors:
    """Who is being answered just now, so many of one person, so many of all; and how far each of these exports is."""

    def __init__(self, exporter: Exporter) -> None:
        self._exporter = exporter
        self.inside: Counter[str] = Counter()
        self.under_way: dict[Progress, asyncio.Task[Any]] = {}

    def shut(self) -> None:
        """Break off all of them: the service stops."""
        for sending in self.under_way.values():
            sending.cancel()

    async def pieces(self, order: Order, person: str) -> AsyncGenerator[bytes]:
        """An export, while there is room for one more.

        Raises:
            TooManyError: there is none.
        """
        if self.inside[person] >= MOST_OF_PERSON or self.inside.total() >= MOST_AT_ONCE:
            raise TooManyError(
                f"{self.inside[person]} of your exports and {self.inside.total()} of all are being sent just now; "
                "wait for one to end, or POST /api/query/v1/exports, which queues them",
                AGAIN_SECONDS,
            )
        progress, sending = Progress(), asyncio.current_task()
        assert sending is not None  # noqa: S101 - a coroutine runs in a task
        self.inside[person] += 1
        self.under_way[progress] = sending
        try:
            async with aclosing(self._exporter.make(order, progress)) as pieces:
                async for piece in pieces:
                    if piece:
                        yield piece
        finally:
            self.inside[person] -= 1
            del self.under_way[progress]


def _doors(request: Request) -> Doors:
    doors: Doors = request.app.state.doors
    return doors


@router.get("/export", response_class=Response, responses={200: {"content": {t: {} for t in MEDIA_TYPES.values()}}})
async def export(
    caller: Caller,
    branches: KnownBranches,
    coverage: KnownCoverage,
    doors: Annotated[Doors, Depends(_doors)],
    wish: Annotated[Wish, Query()],
) -> Response:
    """Values from `from` to before `to` as a file; every value as it is stored, or `agg` of each `bucket`.

    A transfer that breaks off is not complete: chunked transfer ends it properly only when all is sent. The header
    `Andon-Kept-Since` is there where samples of the range are kept no longer: those before that time.
    """
    order = order_of(wish, branches, caller.scope, coverage.since(RAW))
    return Answer(doors.pieces(order, caller.id), MEDIA_TYPES[order.format], headers(order.name, order.kept_since))


def headers(name: str, kept_since: int) -> dict[str, str]:
    """Headers that give a download its name, for all clients and in all letters (RFC 6266), and say what is gone."""
    plain = name.encode("ascii", "replace").decode().replace("?", "_")
    value = f'attachment; filename="{plain}"'
    if plain != name:
        value += f"; filename*=UTF-8''{quote(name)}"
    gone = {"Andon-Kept-Since": ns_to_iso(kept_since)} if kept_since else {}
    return {"Content-Disposition": value, "Cache-Control": "no-store", **gone}
