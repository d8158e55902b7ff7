"""Watch: what anybody can see from outside while things break: /readyz, the newest values, memory, open files."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

import httpx

from andon.common.testing.factory import Factory

LOOK_SECONDS = 0.25
OURS = ("ingest", "api")
MOST_MEMORY = 500 * 2**20
"""Bytes that one of Andon's own processes may have resident."""
MORE_FILES = 60
"""Open files a process may have more than at the beginning, once all is at rest."""
AWAY = "no answer"


@dataclass(frozen=True)
class Vitals:
    """Resident bytes, open files and threads of one process."""

    memory: int
    files: int
    threads: int


def vitals(pid: int) -> Vitals:
    """Of a process that lives.

    Raises:
        OSError: it does not.
    """
    folder = Path(f"/proc/{pid}")
    told = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines() if ":" in line)
    return Vitals(int(told["VmRSS"].split()[0]) * 1024, len(list((folder / "fd").iterdir())), int(told["Threads"]))


@dataclass
class Watch:
    """Looks four times a second. Run `run` as a task.

    sick: what /readyz names just now, of both processes; empty when all is well. seen: when it first named whom, also
    as just started. Ingest's own port is nobody's: that it does not answer is no sign for anybody.
    memory: the most each of Andon's own processes had resident. back: newest values that went backwards.
    """

    factory: Factory
    sick: dict[str, str] = field(default_factory=dict)
    seen: dict[str, float] = field(default_factory=dict)
    memory: dict[str, int] = field(default_factory=dict)
    back: list[str] = field(default_factory=list)
    begun: float = 0.0
    _newest: dict[str, int] = field(default_factory=dict)

    async def run(self) -> None:
        """Look until cancelled."""
        async with httpx.AsyncClient(timeout=2, headers=dict(self.factory.http.headers)) as http:
            while True:
                await asyncio.gather(self._readiness(http), self._latest(http))
                self._weigh()
                await asyncio.sleep(LOOK_SECONDS)

    def begin(self) -> None:
        """A fault strikes now: forget what was seen before."""
        self.seen, self.begun = {}, monotonic()

    def saw(self, word: str) -> float | None:
        """When /readyz first named somebody by this word since `begin`; '' is anybody."""
        return min((at for who, at in self.seen.items() if word in who), default=None)

    async def look(self) -> dict[str, str]:
        """What /readyz of both processes names just now."""
        async with httpx.AsyncClient(timeout=5) as http:
            return await self._readiness(http)

    async def _readiness(self, http: httpx.AsyncClient) -> dict[str, str]:
        found, named = dict[str, str](), set[str]()
        for name, port in (("ingest", self.factory.ingest_port), ("api", self.factory.port)):
            try:
                answer = (await http.get(f"http://127.0.0.1:{port}/readyz")).json()
                found |= answer["sick"]
                named |= {*answer["sick"], *(who for who, what in answer["recent"].items() if self._is_new(what))}
            except (httpx.HTTPError, ValueError, KeyError):
                found[name] = AWAY
                named |= {name} - {"ingest"}
        self.sick = found
        for who in named:
            self.seen.setdefault(who, monotonic())
        return found

    def _is_new(self, what: str) -> bool:
        """Whether it happened since `begin`, and not before."""
        seconds = [int(word) for word in what.split() if word.isdigit()]
        return bool(seconds) and monotonic() - seconds[0] > self.begun

    async def _latest(self, http: httpx.AsyncClient) -> None:
        with suppress(httpx.HTTPError, ValueError, KeyError):
            url = f"http://127.0.0.1:{self.factory.port}/api/query/v1/latest"
            for item in (await http.get(url, params={"under": "berlin/pressing"})).json()["items"]:
                sensor, ts = item["sensor"], item["ts"]
                if ts < self._newest.get(sensor, 0):
                    self.back.append(f"{sensor} went back by {self._newest[sensor] - ts} ms")
                self._newest[sensor] = ts

    def _weigh(self) -> None:
        for name in OURS:
            with suppress(AssertionError, OSError):
                self.memory[name] = max(self.memory.get(name, 0), vitals(self.factory.pid(name)).memory)

    def signs(self) -> list[str]:
        """What should not have been."""
        heavy = [f"{name} had {n >> 20} MB" for name, n in self.memory.items() if n > MOST_MEMORY]
        return self.back[:20] + heavy


def open_files(factory: Factory) -> dict[str, int]:
    """Open files of Andon's own processes."""
    return {name: vitals(factory.pid(name)).files for name in OURS}
