"""Jobs: exports that are made beside the requests, into files that are kept for an hour. A restart forgets them."""

import asyncio
import secrets
from collections import defaultdict
from contextlib import aclosing
from dataclasses import dataclass, field
from io import RawIOBase
from pathlib import Path
from time import monotonic, time
from typing import Literal, TypeAlias

from andon.common import jobs, logs
from andon.common.auth import Principal, Role, Tokens
from andon.common.errors import AndonError, ConflictError, NotFoundError, TooLargeError, TooManyError, UnauthorizedError
from andon.common.plant import is_below
from andon.query.export.exporter import Exporter, Progress
from andon.query.export.folder import Folder
from andon.query.export.order import Order
from andon.query.export.room import require_room

log = logs.get("export")

State: TypeAlias = Literal["waiting", "running", "done", "failed"]

AT_ONCE = 2
MOST_OF_PERSON, MOST_OF_ALL = 5, 50
MOST_BYTES = 20 * 2**30
KEPT_SECONDS = 3600.0
LINK_SECONDS = 600.0
MOST_LINKS = 20


@dataclass(eq=False, kw_only=True)
class Job:
    """One export of one person. `began` and `ended` are epoch seconds; `links` are good until then (monotonic)."""

    id: str
    owner: Principal
    order: Order
    path: Path
    state: State = "waiting"
    detail: str = ""
    progress: Progress = field(default_factory=Progress)
    made: float = field(default_factory=time)
    began: float = 0.0
    ended: float = 0.0
    links: dict[str, float] = field(default_factory=dict)
    work: asyncio.Future[None] | None = None
    end: asyncio.TimerHandle | None = None


class Jobs:
    """All exports of this process that somebody may still fetch. Close it with `close`."""

    def __init__(self, exporter: Exporter, folder: Folder, tokens: Tokens) -> None:
        self._exporter, self._folder, self._tokens = exporter, folder, tokens
        self._jobs: dict[str, Job] = {}
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._own: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        """One of a person is made at a time: their five hours of exports leave room for somebody else's minute."""

    async def close(self) -> None:
        """End all of them."""
        for job in list(self._jobs.values()):
            await self.remove(job)

    def start(self, order: Order, owner: Principal) -> Job:
        """A new export, that waits for its turn.

        Raises:
            TooManyError: the person has too many already, or all have.
        """
        theirs = sum(job.owner.id == owner.id for job in self._jobs.values())
        if theirs >= MOST_OF_PERSON:
            raise TooManyError(f"You have {theirs} exports; DELETE /api/query/v1/exports/<id> removes one", 60)
        if len(self._jobs) >= MOST_OF_ALL:
            raise TooManyError(f"There are {len(self._jobs)} exports of all people; try again later", 60)
        name = secrets.token_hex(8)
        job = Job(id=name, owner=owner, order=order, path=self._folder.path / name)
        job.progress.reached = order.span.start
        self._jobs[name] = job
        job.work = asyncio.ensure_future(self._run(job))
        return job

    def of(self, caller: Principal) -> list[Job]:
        """Those the caller may see, newest first."""
        return [job for job in reversed(self._jobs.values()) if _may_see(job, caller)]

    def find(self, name: str, caller: Principal) -> Job:
        """One of them.

        Raises:
            NotFoundError: there is none, or not for this caller.
        """
        job = self._jobs.get(name)
        if job is None or not _may_see(job, caller):
            raise _no_such(name)
        return job

    async def remove(self, job: Job) -> None:
        """Stop it, if it still runs, and remove its file."""
        self._jobs.pop(job.id, None)
        if job.end is not None:
            job.end.cancel()
        if job.work is not None:
            await jobs.end(job.work)
        job.path.unlink(missing_ok=True)

    def link(self, job: Job) -> str:
        """A ticket that fetches this file for a while, for browsers: they send no token when they download."""
        if len(job.links) >= MOST_LINKS:
            del job.links[next(iter(job.links))]
        ticket = secrets.token_urlsafe(32)
        job.links[ticket] = monotonic() + LINK_SECONDS
        return ticket

    def redeem(self, name: str, ticket: str) -> Job:
        """The export that a ticket is for.

        Raises:
            UnauthorizedError: there is no such ticket, or no longer.
        """
        job = self._jobs.get(name)
        gone = {job.owner.id, job.owner.token_id} & self._tokens.revoked if job else set[str]()
        if job is None or gone or job.links.get(ticket, 0.0) < monotonic():
            raise UnauthorizedError("The link is too old; POST /api/query/v1/exports/<id>/link gives another")
        return job

    async def _run(self, job: Job) -> None:
        async with self._own[job.owner.id], self._gate:
            job.state, job.began = "running", time()
            try:
                await self._write(job)
            except AndonError as error:
                self._ended(job, "failed", str(error))
            except OSError as error:
                self._ended(job, "failed", f"The file cannot be written: {error.strerror or error}")
            except Exception:
                log.exception("an export failed")
                self._ended(job, "failed", "Something went wrong here; the log has the details")
            else:
                self._ended(job, "done", "")

    async def _write(self, job: Job) -> None:
        with job.path.open("xb", buffering=0) as file:
            async with aclosing(self._exporter.make(job.order, job.progress)) as pieces:
                async for piece in pieces:
                    if job.progress.bytes > MOST_BYTES:
                        much = f"The file grows beyond {MOST_BYTES / 2**30:g} GiB; ask for a shorter range"
                        raise TooLargeError(much)
                    await asyncio.to_thread(require_room, job.path.parent)
                    await asyncio.to_thread(_write_all, file, piece)

    def _ended(self, job: Job, state: State, detail: str) -> None:
        job.state, job.detail, job.ended = state, detail, time()
        if state == "failed":
            job.path.unlink(missing_ok=True)
        job.end = asyncio.get_running_loop().call_later(KEPT_SECONDS, self._forget, job)

    def _forget(self, job: Job) -> None:
        self._jobs.pop(job.id, None)
        job.path.unlink(missing_ok=True)


def _write_all(file: RawIOBase, piece: bytes) -> None:
    """A disk that gets full takes a part, and says no only to the rest."""
    rest = memoryview(piece)
    while rest:
        rest = rest[file.write(rest) or 0 :]


def _may_see(job: Job, caller: Principal) -> bool:
    """Its owner, and admins; as long as they may see what is in it."""
    mine = caller.id == job.owner.id or caller.role >= Role.ADMIN
    return mine and all(is_below(column.asset.path, caller.scope) for column in job.order.columns)


def _no_such(name: str) -> NotFoundError:
    return NotFoundError(
        f"There is no export '{name[:100]}'; they are kept for an hour, and a restart of Andon forgets them: "
        "POST /api/query/v1/exports makes another"
    )


def require_file(job: Job) -> Path:
    """The file of an export that is done.

    Raises:
        ConflictError: it is not done.
    """
    if job.state != "done":
        raise ConflictError(f"The export has failed: {job.detail}" if job.detail else f"The export is {job.state} yet")
    return job.path
