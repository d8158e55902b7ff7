"""Routes of dead letters: list them, look at one, take its bytes, and replay what is mended. All for engineers."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from andon.common.api import Caller, Page, needs
from andon.common.auth import Principal, Role
from andon.common.errors import Reason
from andon.common.times import parse_time
from andon.ingest.deadletters.deadletters import DeadLetters, DeadLetterView, number_of, view
from andon.ingest.deadletters.letters import Filter, shown
from andon.ingest.deadletters.replay import Outcome, Replay

router = APIRouter(prefix="/deadletters", dependencies=[Depends(needs(Role.ENGINEER))])


class Asked(BaseModel):
    """Which letters a caller asks for; without a word, all that they may see."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    reason: Reason | None = None
    under: Annotated[str, Field(max_length=500, description="Part of the plant, like berlin/painting")] = ""
    source: Annotated[str, Field(max_length=1000, description="How the topic begins; or 'store'")] = ""
    from_: Annotated[str, Field(alias="from", max_length=64, description="ISO 8601, epoch ms, or -1h, -2w")] = ""
    to: Annotated[str, Field(max_length=64, description="The same, or now; not included")] = ""
    q: Annotated[str, Field(max_length=200, description="Text in the detail, the topic, the device or the bytes")] = ""
    cursor: Annotated[str | None, Field(description="'next_cursor' of the answer before")] = None

    def filter(self, caller: Principal) -> Filter:
        """The same, cut to the caller's part of the plant: outside of it there are none.

        Raises:
            InvalidError: no times.
        """
        return Filter(
            parts=(caller.scope, self.under),
            reason=self.reason,
            source=self.source,
            text=self.q,
            start=parse_time(self.from_) if self.from_ else 0,
            end=parse_time(self.to) if self.to else 2**63,
        )


class AskedPage(Asked):
    """Which letters, and how many of them at once."""

    limit: Annotated[int, Field(ge=1, le=200)] = 50


class AskedReplay(Asked):
    """Which letters to try again; a dry run says how many could be used, and changes nothing."""

    dry_run: bool = False


def _letters(request: Request) -> DeadLetters:
    found: DeadLetters = request.app.state.deadletters
    return found


def _replay(request: Request) -> Replay:
    found: Replay = request.app.state.replay
    return found


@router.get("", summary="What could not be used, newest first")
async def list_deadletters(
    request: Request, caller: Caller, asked: Annotated[AskedPage, Query()]
) -> Page[DeadLetterView]:
    """List dead letters of the caller's part of the plant, each with the first of its bytes.

    A page is shorter than asked for, or empty, when looking took two seconds; `next_cursor` goes on from there.
    """
    items, following = await _letters(request).page(asked.filter(caller), limit=asked.limit, cursor=asked.cursor)
    return Page(items=items, next_cursor=following)


@router.post("/replay", summary="Try all that match again, oldest first")
async def replay_all(request: Request, caller: Caller, asked: AskedReplay) -> Outcome:
    """Make readings of the letters whose cause is mended; they leave the list once the stream has them.

    One call tries 1000 letters at most: call again with `next_cursor` until there is none. A letter that is still
    refused stays, and holds up none behind it.
    """
    after = number_of(asked.cursor) if asked.cursor else 0
    return await _replay(request).all(asked.filter(caller), after=after, dry_run=asked.dry_run)


@router.get("/{name}", summary="One dead letter")
async def read_deadletter(request: Request, caller: Caller, name: str) -> DeadLetterView:
    """One letter with the first 64 KiB of its bytes; all of them are at `payload`."""
    number, letter = await _letters(request).one(name, Filter(parts=(caller.scope,)))
    return view(number, letter, request.app.state.plant)


@router.get(
    "/{name}/payload",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {}}}},
    summary="The original bytes of one dead letter",
)
async def read_payload(request: Request, caller: Caller, name: str) -> Response:
    """All bytes that were kept, to be saved as a file; no browser is to make anything of them."""
    number, letter = await _letters(request).one(name, Filter(parts=(caller.scope,)))
    attached = {"Content-Disposition": f'attachment; filename="deadletter-{number}.bin"'}
    return Response(shown(letter, request.app.state.plant), headers=attached, media_type="application/octet-stream")


@router.post("/{name}/replay", summary="Try one dead letter again")
async def replay_one(request: Request, caller: Caller, name: str) -> Outcome:
    """The same as for many; what is still refused stays, and the answer says why."""
    number, _ = await _letters(request).one(name, Filter(parts=(caller.scope,)))
    return await _replay(request).one(number)
