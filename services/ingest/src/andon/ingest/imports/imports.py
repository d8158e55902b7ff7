"""Imports: those that wait, the one that runs, and the last ones that ended, of this process and of all the others."""

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator
from time import time_ns

from andon.common import jobs, subjects
from andon.common.auth import Principal
from andon.common.board import PIECE, Ask, Board
from andon.common.bus import Bus
from andon.common.errors import NotFoundError, TooManyError, UnavailableError
from andon.common.influx import Influx
from andon.common.plant import Plant, is_below
from andon.common.platform import is_platform
from andon.common.service import background
from andon.ingest.imports.job import Job, State, cancel, run
from andon.ingest.imports.layout import Targets
from andon.ingest.imports.order import Options
from andon.ingest.imports.pace import Pace
from andon.ingest.imports.shared import Entry, Shared
from andon.ingest.imports.upload import save
from andon.ingest.imports.view import ImportView, view
from andon.ingest.publish import Publisher

MOST_OF_PERSON, MOST_OPEN = 4, 8
"""Imports that come in, wait or run: each has a file on disk, and who sends theirs slowly keeps out nobody else."""


class Imports:
    """Runs one import at a time, in the order they came. Run `keep` as a task."""

    def __init__(self, bus: Bus, influx: Influx, plant: Plant, publisher: Publisher) -> None:
        self._influx = influx
        self._bus = bus
        self._plant = plant
        self._publisher = publisher
        self._jobs: dict[str, Job] = {}
        self._coming = Counter[str]()
        self._came = asyncio.Event()
        self._board = Board(bus, subjects.IMPORTS_BUCKET)
        self._shared = Shared(self._board, self._jobs)

    async def keep(self) -> None:
        """Run what waits, for ever; the end of this process is the end of them."""
        try:
            async with background(
                ("follow imports", self._board.follow(self._shared.on_change)),
                ("hand on imports", self._board.answer(self._on_ask)),
                ("tell of imports", self._shared.keep()),
            ):
                await self._run()
        finally:
            await jobs.end(*(job.task for job in self._jobs.values() if job.task is not None))
            for job in self._jobs.values():
                job.forget()

    async def _run(self) -> None:
        while True:
            self._came.clear()
            job = next((job for job in self._jobs.values() if job.state is State.WAITING), None)
            if job is None:
                await self._came.wait()
                continue
            job.task = asyncio.create_task(run(job, self._publisher, self._bus.settings.partitions), name="import")
            await asyncio.wait((job.task,))

    async def start(
        self, body: AsyncIterator[bytes], caller: Principal, options: Options, *, name: str, dry_run: bool
    ) -> Job:
        """Take a file in; it is read when its turn comes.

        Raises:
            InvalidError: there is no such machine. TooManyError: others are to end first. TooLargeError,
            BadRequestError: the file. UnavailableError: no room, or the plant is not known yet.
        """
        plant = [one for one in self._plant.machines(caller.scope) if not is_platform(one.path)]
        if not len(self._plant):
            raise UnavailableError("The plant is not known here yet; try again in a moment")
        Targets(plant, options.asset)
        await self._require_place(caller.id)
        self._coming[caller.id] += 1
        try:
            file, size = await save(body)
            oldest = await self._oldest()
        finally:
            self._coming[caller.id] -= 1
        job = Job(
            name=name,
            by=caller,
            options=options,
            dry_run=dry_run,
            file=file,
            size=size,
            plant=plant,
            oldest=oldest,
        )
        job.pace = None if dry_run else Pace(self._bus, self._publisher)
        self._jobs[job.id] = job  # first: what is heard of as this process's, and is not here, has failed
        try:
            await self._shared.tell(job)
        except BaseException:  # whoever asked for it may have gone meanwhile
            self._jobs.pop(job.id, None)
            job.forget()
            raise
        self._came.set()
        return job

    async def _require_place(self, person: str) -> None:
        there = [one for name, one in (await self._shared.all()).items() if not self._state(name, one).ended]
        open_now = self._coming + Counter(one.person for one in there)
        if open_now[person] >= MOST_OF_PERSON:
            raise TooManyError(f"{open_now[person]} of your imports are not done yet; wait, or cancel one", 30)
        if open_now.total() >= MOST_OPEN:
            raise TooManyError(f"{open_now.total()} imports of all people are not done yet; try again later", 30)

    async def _oldest(self) -> int:
        """Time before which the database keeps nothing; 0 where it keeps all, or does not tell."""
        try:
            kept = await self._influx.retention()
        except UnavailableError:
            return 0
        return max(0, time_ns() - kept) if kept else 0

    async def list(self, caller: Principal) -> list[ImportView]:
        """Those of the caller's part of the plant, newest first, without their reports. Raises UnavailableError."""
        there = await self._shared.all()
        return [self._fresh(name, one, brief=True) for name, one in there.items() if is_below(one.scope, caller.scope)]

    async def find(self, name: str, caller: Principal) -> ImportView:
        """One import.

        Raises:
            NotFoundError: none of the caller's part of the plant. UnavailableError: that cannot be told.
        """
        return self._fresh(name, await self._shared.find(name, caller), brief=False)

    def _fresh(self, name: str, entry: Entry, *, brief: bool) -> ImportView:
        """Of this process's own more is known than was told."""
        if job := self._jobs.get(name):
            return view(job, brief=brief)
        return entry.view.model_copy(update={"report": None} if brief else {})

    def _state(self, name: str, entry: Entry) -> State:
        job = self._jobs.get(name)
        return entry.state if job is None else job.state

    async def refused(self, name: str, caller: Principal, at: int) -> bytes:
        """The next bytes of what could not be used, from `at` on; none at the end.

        Raises:
            NotFoundError: none of the caller's part of the plant. UnavailableError: who has it does not answer.
        """
        entry = await self._shared.find(name, caller)
        here, asked = name in self._jobs or not entry.process, Ask(name, at, PIECE)
        return await (self._on_ask(asked) if here else self._board.ask(entry.process, asked))

    async def end(self, name: str, caller: Principal) -> None:
        """Cancel one that is not done; forget one that is.

        Raises:
            NotFoundError: none of the caller's part of the plant. UnavailableError: who has it does not answer.
        """
        entry = await self._shared.find(name, caller)
        job = self._jobs.get(name)
        if self._state(name, entry).ended:
            await self._shared.remove(name)
        elif job is not None:
            await self._cancel(job)
        else:
            await self._board.ask(entry.process, Ask(name, end=True))

    async def _cancel(self, job: Job) -> None:
        await cancel(job)
        await self._shared.tell(job)

    async def _on_ask(self, asked: Ask) -> bytes:
        """What another process asks of this one, or a route: an import's end, or a piece of what could not be used."""
        job = self._jobs.get(asked.name)
        if job is None or job.refused.closed:
            raise NotFoundError("What could not be used went with the server that read the file; import it again")
        if asked.end:
            await self._cancel(job)
            return b""
        return await asyncio.to_thread(os.pread, job.refused.fileno(), min(asked.size, PIECE), asked.at)
