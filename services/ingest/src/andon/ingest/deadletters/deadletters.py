"""Dead letters: what could not be used, as people see it: in pages, newest first, or one with its original bytes."""

import asyncio
import base64
import codecs
from typing import Literal

from pydantic import BaseModel

from andon.common.errors import BadRequestError, NotFoundError, Reason
from andon.common.plant import Plant
from andon.common.times import ns_to_iso
from andon.common.wire import DeadLetter
from andon.ingest.deadletters.letterbox import Letterbox
from andon.ingest.deadletters.letters import Filter, obstacle, shown

LOOK_SECONDS = 2.0
"""A page ends early when looking took so long; the next one goes on from there."""
SHOWN_IN_LIST = 1024
SHOWN = 64 * 1024
"""Bytes of a letter shown as text; all of them are at .../payload."""


class DeadLetterView(BaseModel):
    """One dead letter.

    size: bytes of the original. complete: whether all of them were kept.
    payload: the first of them, as text, or base64 where they are no UTF-8; of what the store could not write, the
    reading as people write one.
    obstacle: why it can never be replayed; empty where it can be tried.
    """

    id: str
    reason: Reason
    detail: str
    source: str
    device: str
    at: str
    size: int
    complete: bool
    payload: str
    encoding: Literal["utf-8", "base64"]
    obstacle: str


class DeadLetters:
    """Looks letters up. Every method may raise UnavailableError: NATS does not answer."""

    def __init__(self, box: Letterbox, plant: Plant) -> None:
        self._box = box
        self._plant = plant

    async def page(self, wanted: Filter, *, limit: int, cursor: str | None) -> tuple[list[DeadLetterView], str | None]:
        """Up to `limit` letters before `cursor`, newest first, and the cursor of what follows.

        Raises:
            BadRequestError: the cursor is none.
        """
        before = number_of(cursor) if cursor else 2**63
        state = await self._box.state()
        clock = asyncio.get_running_loop().time
        end, first, found = clock() + LOOK_SECONDS, max(state.first_seq, 1), list[DeadLetterView]()
        async for number, letter in self._box.newest_first(min(before - 1, state.last_seq), first, wanted.reason):
            if wanted.matches(letter, self._plant):
                found.append(view(number, letter, self._plant, SHOWN_IN_LIST))
            if len(found) == limit or clock() > end:
                return found, str(number) if number > first else None
        return found, None

    async def one(self, name: str, wanted: Filter) -> tuple[int, DeadLetter]:
        """A letter by its id, with its number.

        Raises:
            NotFoundError: there is none, or none the caller may see.
        """
        number = int(name) if name.isascii() and name.isdecimal() and len(name) <= 18 else 0
        letter = await self._box.one(number) if number else None
        if letter is None or not wanted.matches(letter, self._plant):
            raise NotFoundError(f"There is no dead letter {name[:40]}; it may have been replayed, or was too old")
        return number, letter


def view(number: int, letter: DeadLetter, plant: Plant, most: int = SHOWN) -> DeadLetterView:
    """A letter as people see it, with up to `most` of its bytes."""
    whole = shown(letter, plant)
    piece = whole[:most]
    try:  # what is cut off in the middle of a character is text all the same
        text = codecs.getincrementaldecoder("utf-8")().decode(piece, final=len(piece) == len(whole))
        payload, encoding = text, "utf-8"
    except UnicodeDecodeError:
        payload, encoding = base64.b64encode(piece).decode(), "base64"
    return DeadLetterView(
        id=str(number),
        reason=letter.reason,
        detail=letter.detail,
        source=letter.source,
        device=letter.device,
        at=ns_to_iso(letter.at),
        size=letter.size,
        complete=len(letter.payload) == letter.size,
        payload=payload,
        encoding="utf-8" if encoding == "utf-8" else "base64",
        obstacle=obstacle(letter),
    )


def number_of(cursor: str) -> int:
    """The number of a letter that a cursor names.

    Raises:
        BadRequestError: it is no cursor.
    """
    if not (cursor.isascii() and cursor.isdecimal()) or len(cursor) > 18:
        raise BadRequestError(f"'{cursor[:40]}' is no cursor; use 'next_cursor' of the answer before")
    return int(cursor)
