"""Imports: those that wait, the one that runs, and the last ones that ended. They live as long as this process."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from time import time_ns

from andon.common import jobs
from andon.common.auth import Principal
from andon.common.bus import Bus
from andon.common.errors import NotFoundError, TooManyError, UnavailableError
from andon.common.influx import Influx
from andon.common.plant import Plant, is_below
from andon.common.platform import is_platform
from andon.ingest.imports.job import Job, State, cancel, run
from andon.ingest.imports.layout import Targets
from andon.ingest.imports.order import Options
from andon.ingest.imports.pace import Pace
from andon.ingest.imports.upload import save
from andon.ingest.publish import Publisher

MOST_OF_PERSON, MOST_OPEN = 4, 8
"""Imports that come in, wait or run: each has a file on disk, and who sends theirs slowly keeps out nobody else."""
MOST_ENDED = 20
"""Reports that are kept, the newest ones."""


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

    async def keep(self) -> None:
        """Run what waits, for ever; the end of this process is the end of them."""
        try:
            while True:
                self._came.clear()
                job = next((job for job in self._jobs.values() if job.state is State.WAITING), None)
                if job is None:
                    await self._came.wait()
                    continue
                job.task = asyncio.create_task(run(job, self._publisher, self._bus.settings.partitions), name="import")
                await asyncio.wait((job.task,))
        finally:
            await jobs.end(*(job.task for job in self._jobs.values() if job.task is not None))
            for job in self._jobs.values():
                job.forget()

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
        self._require_place(caller.id)
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
        self._jobs[job.id] = job
        self._forget_old()
        self._came.set()
        return job

    def _require_place(self, person: str) -> None:
        open_now = self._coming + Counter(job.by.id for job in self._jobs.values() if not job.state.ended)
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

    def list(self, caller: Principal) -> list[Job]:
        """Those of the caller's part of the plant, newest first."""
        return [job for job in reversed(self._jobs.values()) if is_below(job.by.scope, caller.scope)]

    def find(self, name: str, caller: Principal) -> Job:
        """One import.

        Raises:
            NotFoundError: none of the caller's part of the plant.
        """
        job = self._jobs.get(name)
        if job is None or not is_below(job.by.scope, caller.scope):
            raise NotFoundError(
                f"There is no import '{name[:40]}'. What was under way when this server was started anew is gone: "
                "import the file again, which is harmless for what has come in already"
            )
        return job

    async def end(self, name: str, caller: Principal) -> None:
        """Cancel one that is not done; forget one that is.

        Raises:
            NotFoundError: none of the caller's part of the plant.
        """
        job = self.find(name, caller)
        if job.state.ended:
            del self._jobs[job.id]
            job.forget()
        else:
            await cancel(job)

    def _forget_old(self) -> None:
        ended = [job for job in self._jobs.values() if job.state.ended]
        for job in ended[: max(0, len(ended) - MOST_ENDED)]:
            del self._jobs[job.id]
            job.forget()
