"""Jobs: exports that are made beside the requests, into files that are kept for an hour, by any of the query services.

All of them tell of theirs on one board, so each can list, show and remove them all, and hand on what another has. Those
of a process that is gone are made anew by another.
"""

import asyncio
import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from time import time

from andon.common import logs
from andon.common.auth import Principal, Tokens
from andon.common.board import PIECE, Ask, Board, TakenError
from andon.common.errors import AndonError, NotFoundError, TooManyError, UnavailableError
from andon.query.export import links
from andon.query.export.exporter import Exporter
from andon.query.export.folder import Folder
from andon.query.export.links import Links
from andon.query.export.making import Job, Maker
from andon.query.export.order import Order, Wish
from andon.query.export.record import Record, encode, may_see, readable, record_of

log = logs.get("export")

MOST_OF_PERSON, MOST_OF_ALL = 5, 50
KEPT_SECONDS = 3600.0
LOOK_SECONDS = 1.0
"""Between two looks whether a process is gone, or an hour over; and between two words of how far an export is."""
FETCHED = "It was fetched, and the server that had the file is gone; export it again"


class Jobs:
    """All exports that somebody may still fetch. Run `keep` as a task beside those of the board; `close` at the end.

    again: the order of a record, of the plant as it is now; None while that is not known.
    """

    def __init__(
        self,
        exporter: Exporter,
        folder: Folder,
        tokens: Tokens,
        board: Board,
        *,
        again: Callable[[Record], Order | None],
        instance: str,
    ) -> None:
        self._folder, self._tokens, self._board, self._again = folder, tokens, board, again
        self._instance = instance
        self._links = Links(tokens.secret)
        self._mine: dict[str, Job] = {}
        self._news = asyncio.Event()
        self._maker = Maker(exporter, self._news.set)

    async def close(self) -> None:
        """End all that are this process's; another makes them anew, or this one when it is there again."""
        for job in list(self._mine.values()):
            await self._drop(job)

    async def start(self, wish: Wish, order: Order, owner: Principal) -> Record:
        """A new export, that waits for its turn. `wish` holds times that stay what they are.

        Raises:
            TooManyError: the person has too many already, or all have. UnavailableError: it cannot be told of.
        """
        there = await self._all()
        theirs = sum(one.owner.id == owner.id for one in there)
        if theirs >= MOST_OF_PERSON:
            raise TooManyError(f"You have {theirs} exports; DELETE /api/query/v1/exports/<id> removes one", 60)
        if len(there) >= MOST_OF_ALL:
            raise TooManyError(f"There are {len(there)} exports of all people; try again later", 60)
        name, me = secrets.token_hex(8), self._board.process
        return await self._take(record_of(name, wish, order, owner, process=me, instance=self._instance), order, 0)

    async def _take(self, record: Record, order: Order, last: int) -> Record:
        job = Job(record=record, order=order, path=self._folder.path / record.id)
        self._mine[record.id] = job  # first: what is heard of as this process's, and is not here, is made anew
        try:
            job.revision = await self._board.put(record.id, encode(record), last)
        except AndonError:
            del self._mine[record.id]
            raise
        self._maker.begin(job)
        return record

    async def of(self, caller: Principal) -> list[Record]:
        """Those the caller may see, newest first. Raises UnavailableError."""
        there = map(self._fresh, await self._all())
        return sorted((one for one in there if may_see(one, caller)), key=lambda one: -one.made)

    async def _all(self) -> list[Record]:
        return [record for data in (await self._board.all()).values() if (record := readable(data))]

    async def find(self, name: str, caller: Principal) -> Record:
        """One of them.

        Raises:
            NotFoundError: there is none, or not for this caller. UnavailableError: that cannot be told.
        """
        record = await self._find(name)
        if record is None or not may_see(record, caller):
            raise _no_such(name)
        return record

    async def _find(self, name: str) -> Record | None:
        found = await self._board.find(name)
        record = readable(found[0]) if found else None
        return self._fresh(record) if record else None

    def _fresh(self, record: Record) -> Record:
        """Of this process's own more is known than was told."""
        job = self._mine.get(record.id)
        return record if job is None else job.note()

    async def remove(self, record: Record) -> None:
        """Stop it, if it still runs, and remove its file, whoever has it. Raises UnavailableError."""
        await self._board.remove(record.id)
        if job := self._mine.get(record.id):
            await self._drop(job)

    def link(self, record: Record) -> str:
        """A ticket that fetches this file for a while, for browsers: they send no token when they download."""
        return self._links.make(record.id)

    async def redeem(self, name: str, ticket: str) -> Record:
        """The export that a ticket is for.

        Raises:
            UnauthorizedError: there is no such ticket, or no longer. UnavailableError: that cannot be told.
        """
        self._links.require(name, ticket)
        record = await self._find(name)
        if record is None or {record.owner.id, record.owner.token_id} & self._tokens.revoked:
            raise links.too_old()
        return record

    def mine(self, record: Record) -> Job | None:
        """The job, where this process has it."""
        return self._mine.get(record.id)

    async def piece(self, record: Record, at: int, size: int) -> bytes:
        """Bytes of a file that another process has. Raises UnavailableError."""
        return await self._board.ask(record.process, Ask(record.id, at, min(size, PIECE)))

    async def on_ask(self, asked: Ask) -> bytes:
        """What another process asks of this one: a piece of a file."""
        job = self._mine.get(asked.name)
        if job is None or job.record.state != "done":
            raise _no_such(asked.name)
        return await asyncio.to_thread(_read, os.fspath(job.path), asked.at, min(asked.size, PIECE))

    async def note_fetched(self, record: Record) -> None:
        """Somebody has asked for the file: it need not be made anew for them, should its process be gone."""
        if job := self._mine.get(record.id):
            if not job.record.fetched:
                job.told = False
                self._news.set()  # told at once: it may be the last that is heard of this process
            record.fetched = job.record.fetched = True
        elif not record.fetched:
            found = await self._board.find(record.id)
            told = readable(found[0]) if found else None
            if found is not None and told is not None:
                told.fetched = True
                with suppress(TakenError):
                    await self._board.put(record.id, encode(told), found[1])

    def on_change(self, name: str) -> None:
        """An entry was changed, or is gone: it may be this process's no more."""
        if job := self._mine.get(name):
            record = readable(self._board.known.get(name, b""))
            if record is None or record.process != self._board.process:
                job.told = False
                self._news.set()

    async def keep(self) -> None:
        """Tell of what is this process's, and see to what nobody has any more, for ever."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._news.wait()
            self._news.clear()
            with suppress(UnavailableError):  # looked at again in a second
                for job in list(self._mine.values()):
                    await self._tell(job)
                there = {name: readable(data) for name, data in self._board.known.items()}
                gone = await self._board.gone(
                    {one.process for name, one in there.items() if one is not None and self._may_be_gone(name, one)}
                )
                for name, record in there.items():
                    await self._look(name, record, gone)

    async def _tell(self, job: Job) -> None:
        record = job.note()
        if job.work is None or (job.told and record.id in self._board.known):
            return
        job.told = True
        try:
            job.revision = await self._board.put(record.id, encode(record), job.revision)
        except TakenError:
            found = await self._board.find(record.id)
            told = readable(found[0]) if found else None
            if found is None or told is None or told.process != self._board.process:
                await self._drop(job)  # removed; or this process stood still, and another has it by now
                return
            job.revision, job.told, record.fetched = found[1], False, told.fetched or record.fetched
            self._news.set()
        except UnavailableError:
            job.told = False
            raise

    def _may_be_gone(self, name: str, record: Record) -> bool:
        return record.state != "failed" and name not in self._mine

    async def _look(self, name: str, record: Record | None, gone: set[str]) -> None:
        if record is None:
            log.warning("an export cannot be read, and is dropped", export=name)
            await self._board.remove(name)
        elif record.ended and time() > record.ended + KEPT_SECONDS:
            await self.remove(record)
        elif self._may_be_gone(name, record) and record.process in gone:
            await self._take_over(name, record.process)

    async def _take_over(self, name: str, process: str) -> None:
        """Make anew what a process had that is gone, unless another is first."""
        found = await self._board.find(name)
        record = readable(found[0]) if found else None
        if found is None or record is None or record.process != process or name in self._mine:
            return
        was, lost = record.instance, record.state == "done" and record.fetched
        record.process, record.instance = self._board.process, self._instance
        record.state, record.attempt, record.began, record.ended = "waiting", record.attempt + 1, 0.0, 0.0
        record.samples, record.bytes, record.reached, record.detail = 0, 0, record.start, ""
        try:
            order, why = self._again(record), FETCHED if lost else ""
        except UnavailableError:
            raise
        except AndonError as error:
            order, why = None, str(error)
        with suppress(TakenError):
            if why:
                record.state, record.detail, record.ended = "failed", why, time()
                await self._board.put(name, encode(record), found[1])
            elif order is not None:
                await self._take(record, order, found[1])
                log.info("an export is made anew, for the server that made it is gone", export=name, was=was)

    async def _drop(self, job: Job) -> None:
        self._mine.pop(job.record.id, None)
        await self._maker.end(job)


def _read(path: str, at: int, size: int) -> bytes:
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - a path as text, for each piece of many
        return os.pread(file.fileno(), size, at)


def _no_such(name: str) -> NotFoundError:
    return NotFoundError(
        f"There is no export '{name[:100]}'; they are kept for an hour: POST /api/query/v1/exports makes another"
    )
