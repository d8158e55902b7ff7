"""Dead letters: what could not be used, read back from their stream, newest first."""

import asyncio
import base64
from typing import Literal

import msgspec
from nats.errors import Error as NatsError
from nats.js.api import RawStreamMsg
from nats.js.errors import APIError, NotFoundError
from pydantic import BaseModel

from andon.common import logs, subjects
from andon.common.bus import Bus
from andon.common.errors import BadRequestError, Reason, UnavailableError
from andon.common.times import ns_to_iso
from andon.common.wire import DeadLetter, decode_deadletter

log = logs.get("ingest.deadletters")

ASKED_AT_ONCE = 100
LOOKED_AT = 2000
"""Most letters looked at for one page; a rare reason further back is on the next page."""


class DeadLetterView(BaseModel):
    """One dead letter. `payload` is text, or base64 where the bytes are no UTF-8; `size` is that of the original."""

    id: str
    reason: Reason
    detail: str
    source: str
    device: str
    at: str
    size: int
    payload: str
    encoding: Literal["utf-8", "base64"]


class DeadLetters:
    """Reads the stream of dead letters."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    async def page(
        self, *, reason: Reason | None, limit: int, cursor: str | None
    ) -> tuple[list[DeadLetterView], str | None]:
        """Up to `limit` letters before `cursor`, newest first, and the cursor of what follows.

        Raises:
            BadRequestError: the cursor is none.
            UnavailableError: NATS does not answer.
        """
        try:
            state = (await self._bus.js.stream_info(subjects.DEADLETTER)).state
            at = min(_sequence(cursor) - 1, state.last_seq) if cursor else state.last_seq
            end = max(state.first_seq, 1, at - LOOKED_AT)
            found: list[DeadLetterView] = []
            while at >= end and len(found) < limit:
                sequences = range(at, max(at - ASKED_AT_ONCE, end - 1), -1)
                for sequence, letter in zip(sequences, await self._read(sequences), strict=True):
                    if len(found) < limit:
                        at = sequence - 1
                        if letter is not None and reason in (None, letter.reason):
                            found.append(view(sequence, letter))
        except (NatsError, APIError, TimeoutError) as error:
            raise UnavailableError(f"The dead letters cannot be read now: {error}") from error
        return found, str(at + 1) if at >= state.first_seq and at > 0 else None

    async def _read(self, sequences: range) -> list[DeadLetter | None]:
        async def one(sequence: int) -> DeadLetter | None:
            try:
                raw: RawStreamMsg = await self._bus.js.get_msg(subjects.DEADLETTER, sequence, direct=True)
            except NotFoundError:
                return None  # too old, and gone meanwhile
            try:
                return decode_deadletter(raw.data or b"")
            except msgspec.DecodeError:
                log.exception("a dead letter cannot be read", sequence=sequence)
                return None

        return await asyncio.gather(*(one(s) for s in sequences))


def view(sequence: int, letter: DeadLetter) -> DeadLetterView:
    """A letter as people see it."""
    try:
        payload, encoding = letter.payload.decode(), "utf-8"
    except UnicodeDecodeError:
        payload, encoding = base64.b64encode(letter.payload).decode(), "base64"
    return DeadLetterView(
        id=str(sequence),
        reason=letter.reason,
        detail=letter.detail,
        source=letter.source,
        device=letter.device,
        at=ns_to_iso(letter.at),
        size=letter.size,
        payload=payload,
        encoding="utf-8" if encoding == "utf-8" else "base64",
    )


def _sequence(cursor: str) -> int:
    if not cursor.isdecimal() or len(cursor) > 18:
        raise BadRequestError(f"'{cursor[:40]}' is no cursor; use 'next_cursor' of the page before")
    return int(cursor)
