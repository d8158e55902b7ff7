"""Shared: imports as any ingest tells of them, whichever of them has the file.

Where an import's process is gone, its file is, too: it is told as failed then, with what to do.
"""

import asyncio
from contextlib import suppress
from time import time_ns

import msgspec

from andon.common import logs
from andon.common.auth import Principal
from andon.common.board import Board, TakenError
from andon.common.errors import NotFoundError, UnavailableError
from andon.common.plant import is_below
from andon.common.times import ns_to_iso
from andon.ingest.imports.job import Job, State
from andon.ingest.imports.view import ImportView, view

log = logs.get("ingest.imports")

LOOK_SECONDS = 0.5
MOST_ENDED = 20
"""Reports that are kept, the newest ones."""
MOST_BYTES = 900_000
"""Of an entry; nats-server takes a megabyte."""
GONE = (
    "The server that read the file is gone. What had come in stays: import the file again, which is harmless for what "
    "has come in already"
)


class Entry(msgspec.Struct):
    """An import on the board.

    process: who has its file, '' where nobody has any more. person, scope: who asked for it, and for which part.
    state, made: of what is shown, for who looks at all of them often. shown: it as people see it, JSON.
    """

    process: str
    person: str
    scope: str
    state: State
    made: str
    shown: msgspec.Raw

    @property
    def view(self) -> ImportView:
        """It as people see it."""
        return ImportView.model_validate_json(bytes(self.shown))


_encode = msgspec.json.encode
_decoder = msgspec.json.Decoder(Entry)


def entry_of(job: Job, process: str) -> bytes:
    """As it lies on the board; without its report where that would be too large."""
    for brief in (False, True):
        told = view(job, brief=brief)
        shown = told.model_dump_json().encode()
        if len(shown) < MOST_BYTES:
            break
    return _encode(Entry(process, job.by.id, job.by.scope, State(told.state), told.made, msgspec.Raw(shown)))


def readable(data: bytes) -> Entry | None:
    """An entry; None where it is none."""
    with suppress(msgspec.DecodeError):
        return _decoder.decode(data)
    return None


class Shared:
    """The imports of all processes. Run `keep` as a task. Every call may raise UnavailableError.

    mine: this process's, by id.
    """

    def __init__(self, board: Board, mine: dict[str, Job]) -> None:
        self._board = board
        self._mine = mine
        self._told: dict[str, tuple[bytes, int, bool]] = {}
        """What was told last of this process's, its revision, and whether that was the end of it."""
        self._there: dict[str, Entry] = {}
        """Of all processes, as they were heard of last: a report may be large, and is decoded once."""
        self._one_at_a_time = asyncio.Lock()

    async def all(self) -> dict[str, Entry]:
        """All of them by id, newest first."""
        found = {name: one for name, data in (await self._board.all()).items() if (one := readable(data))}
        return dict(sorted(found.items(), key=lambda one: one[1].made, reverse=True))

    async def find(self, name: str, caller: Principal) -> Entry:
        """One of them.

        Raises:
            NotFoundError: none of the caller's part of the plant.
        """
        found = await self._board.find(name)
        entry = readable(found[0]) if found else None
        if entry is None or not is_below(entry.scope, caller.scope):
            raise NotFoundError(
                f"There is no import '{name[:40]}'; the last {MOST_ENDED} are kept, for a week. To import the file "
                "again is harmless for what has come in already"
            )
        return entry

    async def remove(self, name: str) -> None:
        """Take one from the board; who has its file gives that back."""
        await self._board.remove(name)
        if job := self._mine.get(name):
            self._lose(job)

    async def tell(self, job: Job) -> None:
        """Tell how far one of this process's is, if that has changed.

        Raises:
            TakenError: it was removed, or taken to be gone with this process.
        """
        async with self._one_at_a_time:
            told, revision, over = self._told.get(job.id, (b"", 0, False))
            if over:
                return
            data, over = entry_of(job, self._board.process), job.state.ended
            if data != told:
                revision = await self._board.put(job.id, data, revision)
            self._told[job.id] = data, revision, over

    async def keep(self) -> None:
        """Tell of this process's imports, and see to those that nobody has any more, for ever."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            with suppress(UnavailableError):  # looked at again in a moment
                for job in list(self._mine.values()):
                    await self._tell_mine(job)
                there = dict(self._there)
                open_ones = {name: one for name, one in there.items() if name not in self._mine and not one.state.ended}
                gone = await self._board.gone({one.process for one in open_ones.values()})
                for name, one in open_ones.items():
                    if one.process in gone:
                        await self._fail(name, self._board.known.get(name))
                await self._forget_old(there)

    async def _tell_mine(self, job: Job) -> None:
        with suppress(TakenError):
            await self.tell(job)
            return
        found = await self._board.find(job.id)
        entry = readable(found[0]) if found else None
        if found is not None and entry is not None and entry.process == self._board.process:
            self._told[job.id] = found[0], found[1], False  # it had come in, though that was not acknowledged
        elif found is not None:
            self._told[job.id] = b"", found[1], False  # this process stood still; it goes on, or has come to its end
        else:
            self._lose(job)

    def _lose(self, job: Job) -> None:
        """Somebody has removed it."""
        self._told.pop(job.id, None)
        self._mine.pop(job.id, None)
        if job.task is not None:
            job.task.cancel()
        job.forget()

    def on_change(self, name: str) -> None:
        """An entry was changed, or is gone."""
        entry = readable(self._board.known.get(name, b""))
        if entry is None:
            self._there.pop(name, None)
        else:
            self._there[name] = entry
        job = self._mine.get(name)
        if job is not None and name in self._told and name not in self._board.known:
            self._lose(job)

    async def _fail(self, name: str, data: bytes | None) -> None:
        """Say of one that nobody has any more that it has failed, unless it goes on."""
        found = await self._board.find(name)
        entry = readable(found[0]) if found else None
        if found is None or entry is None or found[0] != data:
            return
        log.warning("an import has failed, for the server that read its file is gone", import_id=name)
        ended = {"state": State.FAILED, "ended": ns_to_iso(time_ns()), "detail": GONE, "eta_seconds": None}
        entry.process, entry.state = "", State.FAILED
        entry.shown = msgspec.Raw(entry.view.model_copy(update=ended).model_dump_json().encode())
        with suppress(TakenError):
            await self._board.put(name, _encode(entry), found[1])

    async def _forget_old(self, there: dict[str, Entry]) -> None:
        """More than are kept; whichever process has them hears of it."""
        ended = sorted((one.made, name) for name, one in there.items() if one.state.ended)
        for _, name in ended[: max(0, len(ended) - MOST_ENDED)]:
            await self.remove(name)
