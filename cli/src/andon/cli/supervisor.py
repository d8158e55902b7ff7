"""Keeps child processes working: starts them, starts anew what dies or has stopped working, and stops all in order."""

import asyncio
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from andon.cli.backoff import Backoff
from andon.cli.pulse import ASK_SECONDS, Pulse
from andon.common.errors import SetupError
from andon.common.servers.process import ServerProcess

LOOK_SECONDS = 0.1
STOP_SECONDS = 10.0


@dataclass
class Child:
    """One process, how long it has lived, and when it is to be started again (0: it runs).

    `killed_for`: the fault it was killed for by us; '' when it ended without us.
    """

    process: ServerProcess
    backoff: Backoff = field(default_factory=Backoff)
    born: float = 0.0
    due: float = 0.0
    pulse: Pulse = field(default_factory=Pulse)
    killed_for: str = ""

    def spawn(self) -> None:
        """Start it without waiting."""
        self.process.tied = True
        self.process.spawn()
        self.born, self.due = time.monotonic(), 0.0
        self.pulse, self.killed_for = self.pulse.next() if self.killed_for else Pulse(), ""


class Supervisor:
    """Children in the order they were started; stopped in the opposite one. `say(mark, text)` tells what happens.

    Children are tied to the thread that spawns them, so `start` and `watch` belong on the main thread.
    """

    def __init__(self, say: Callable[[str, str], None]) -> None:
        self._say = say
        self._children: list[Child] = []

    @property
    def busy(self) -> bool:
        """Whether there is anything to stop."""
        return bool(self._children)

    async def start(self, process: ServerProcess) -> None:
        """Start a process and wait until it is ready; from now on it is watched.

        Raises:
            SetupError: it ended at once, or was not ready in time; carries the end of its log.
        """
        child = Child(process)
        self._children.append(child)
        child.spawn()
        deadline = child.born + process.patience
        while not await asyncio.to_thread(process.ready):
            if not process.running:
                raise SetupError(f"{process.name} ended at once ({ending(process)}).", process.log_end())
            if time.monotonic() > deadline:
                raise SetupError(f"{process.name} was not ready after {process.patience:.0f} s.", process.log_end())
            await asyncio.sleep(0.05)

    async def watch(self) -> None:
        """Start anew what dies, and what runs but has stopped working, for ever."""
        async with asyncio.TaskGroup() as both:
            both.create_task(self._keep_running())
            both.create_task(self._keep_working())

    async def _keep_running(self) -> None:
        while True:
            for child in self._children:
                self._look(child)
            await asyncio.sleep(LOOK_SECONDS)

    def _look(self, child: Child) -> None:
        now, process = time.monotonic(), child.process
        if process.running:
            return
        if not child.due:
            wait = child.backoff.wait(now - child.born)
            child.due = now + wait
            how = f"{child.killed_for}; it was killed" if child.killed_for else ending(process)
            self._say("!", f"{process.name} {how}; starts again in {wait:g} s, its log is {process.log}")
        elif now >= child.due:
            try:
                child.spawn()
            except OSError as error:
                self._say("✗", f"{process.name} cannot be started: {error.strerror}")
                child.due = now + child.backoff.wait(0)

    async def _keep_working(self) -> None:
        while True:
            await asyncio.gather(*(self._feel(child) for child in self._children), asyncio.sleep(ASK_SECONDS))

    async def _feel(self, child: Child) -> None:
        """Ask a child how it is; kill one that has not worked for long, so that `_look` starts it anew."""
        process, born = child.process, child.born
        if not process.running:
            return
        frozen = process.frozen
        fault = "stands still" if frozen else await asyncio.to_thread(process.fault)
        if child.born == born and child.pulse.feel(fault, time.monotonic() - born, frozen=frozen):
            child.killed_for = fault
            await asyncio.to_thread(process.kill)

    async def stop(self) -> None:
        """Stop all, the last started first; one that does not listen is killed after STOP_SECONDS."""
        while self._children:
            await asyncio.to_thread(self._children[-1].process.stop, STOP_SECONDS)
            self._children.pop()

    def kill(self) -> None:
        """SIGKILL to all at once."""
        for child in self._children:
            if child.process.process is not None:
                with suppress(ProcessLookupError):
                    child.process.process.kill()


def ending(process: ServerProcess) -> str:
    """How a process ended: `was killed (SIGKILL)` or `ended with status 2`."""
    code = process.process.poll() if process.process is not None else None
    if code is None:
        return "has not started"
    if code >= 0:
        return f"ended with status {code}"
    return f"was killed ({signal.Signals(-code).name})"
