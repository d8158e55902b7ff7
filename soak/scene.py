"""Scene: a whole `andon up` under steady load, broken on purpose, and held against the oracle after each fault.

async with Scene(folder) as scene:
outcome = await scene.suffer(kill("ingest"))
assert outcome.verdict.clean, outcome.verdict
"""

import asyncio
import os
from collections import Counter
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Self

import aiomqtt
import httpx
import orjson

from andon.common import jobs
from andon.common.errors import UnavailableError
from andon.common.influx import Influx
from andon.common.settings import InfluxSettings
from andon.common.testing.factory import Credential, Factory
from andon.common.testing.proxy import Proxy
from andon.common.testing.sinks import Sink
from andon.common.testing.waiting import eventually
from soak import look
from soak.faults import PROCESSES, Fault
from soak.journal import Journal
from soak.look import Row
from soak.oracle import Told, Verdict, alarm_complaints, judge, notification_complaints, turns
from soak.plant import PLANT, PRESSES, RULE
from soak.press import Press
from soak.watch import MORE_FILES, Watch, open_files

SHOWN_SECONDS = 15.0
MORE = 30
"""Samples to be acknowledged before a fault strikes, and again before it is judged: devices came in again."""


@dataclass(frozen=True)
class Outcome:
    """What became of one fault: seconds until /readyz showed it (None: never), until all was well, and the verdict."""

    fault: str
    shown: float | None
    recovered: float
    verdict: Verdict

    @classmethod
    def fallen(cls, fault: str, why: str) -> Self:
        """Andon did not come back so far that it could be judged."""
        return cls(fault, None, inf, Verdict(signs=(why,)))

    @property
    def complaints(self) -> list[str]:
        """What is wrong, one line each."""
        return [] if self.verdict.clean else str(self.verdict).splitlines()


class Scene:
    """The factory, three presses behind a network of their own, a rule, a webhook, and somebody who watches.

    outside: the wire between devices and broker. inside, to_nats, to_influx: those between ingest and its servers.
    """

    def __init__(self, folder: Path, *, durable: bool = False, pause: float = 0.01) -> None:
        self.folder = folder
        self.factory = Factory(folder / "andon", environment={"ANDON_ALERTING_WEBHOOK_ALLOW": "127.0.0.0/8"})
        self.outside, self.inside = Proxy(self.factory.mqtt_port), Proxy(self.factory.mqtt_port)
        self.to_nats = Proxy(int(self.factory.environment["ANDON_NATS_PORT"]))
        self.to_influx = Proxy(self.factory.influx_port)
        self._lay_wires()
        self.watch = Watch(self.factory)
        self.patience = 60.0
        self._pause, self._durable = pause, durable
        self._copies = 0
        self._reported = set[str]()
        self._told = Told()
        self._turns, self._judged = dict[str, tuple[int, int]](), dict[str, tuple[int, int]]()
        self._stack = AsyncExitStack()

    def story(self) -> str:
        """What the processes wrote last, for a failed test."""
        return self.factory.story()

    @property
    def wires(self) -> tuple[Proxy, ...]:
        """All that can break."""
        return self.outside, self.inside, self.to_nats, self.to_influx

    def _lay_wires(self) -> None:
        path = [str(Path(__file__).with_name("wires")), os.environ.get("PYTHONPATH", "")]
        self.factory.environment |= {
            "ANDON_INGEST_MQTT_URL": f"mqtt://127.0.0.1:{self.inside.port}",
            "SOAK_ANDON_NATS_URL": f"nats://127.0.0.1:{self.to_nats.port}",
            "SOAK_ANDON_INFLUX_URL": f"http://127.0.0.1:{self.to_influx.port}",
            "PYTHONPATH": os.pathsep.join(filter(None, path)),
        }

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            self.hook = Sink()
            stack.callback(self.hook.stop)
            for wire in self.wires:
                await stack.enter_async_context(wire)
            await stack.enter_async_context(self.factory)
            self.journal = stack.enter_context(Journal(self.folder / "journal.jsonl" if self._durable else None))
            self.influx = Influx(InfluxSettings(url=f"http://127.0.0.1:{self.factory.influx_port}"))
            stack.push_async_callback(self.influx.aclose)
            await self._prepare()
            self._files = open_files(self.factory)
            work = [self.watch.run(), *(p.run() for p in self.presses), *(p.excursions() for p in self.presses)]
            tasks = [asyncio.create_task(one) for one in work]
            stack.push_async_callback(jobs.end, *tasks)
            await eventually(lambda: self.journal.acknowledged > 100, what="the presses speak")
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.__aexit__(kind, error, trace)

    async def suffer(self, *faults: Fault) -> Outcome:
        """Strike, hold, heal, wait until all is well, and judge. Several faults come at once."""
        for press in self.presses:
            press.steady = any(fault.late for fault in faults)
        await self._spoken()
        if any(fault.rest_first for fault in faults):
            await self.rest()
        lives = self._lives()
        begun = monotonic()
        self.watch.begin()
        self._copies += sum(fault.victim == "api" for fault in faults)
        self._reported |= {word for fault in faults for word in fault.reports}
        for fault in faults:
            await fault.strike(self)
        await self._hold(faults)
        for fault in sorted(faults, key=lambda f: f.lasts):
            await asyncio.sleep(max(0.0, begun + fault.lasts - monotonic()))
            await fault.heal(self)
        for press in self.presses:
            press.quiet = False
        healed = monotonic()
        signs = self._not_shown(faults, begun)
        first = self.watch.saw("")
        shown = first - begun if first is not None else None
        verdict = await self.verdict()
        signs += self._died(lives, {fault.victim for fault in faults})
        name = " + ".join(fault.name for fault in faults)
        return Outcome(name, shown, monotonic() - healed, replace(verdict, signs=(*verdict.signs, *signs)))

    async def verdict(self) -> Verdict:
        """Let the presses rest, wait until Andon is through with all of it, and judge; then they speak on."""
        await self._spoken()
        found = await self.rest()
        self.speak_on()
        return found

    async def rest(self) -> Verdict:
        """The same, and they stay silent until `speak_on`."""
        await asyncio.wait_for(asyncio.gather(*(press.rests() for press in self.presses)), self.patience)
        found = Verdict()
        deadline = monotonic() + self.patience
        while monotonic() < deadline:
            with suppress(AssertionError, UnavailableError, httpx.HTTPError):
                self._assert_well(await self.watch.look())
                found = self._told.leave_out(await self._look())
                if found.clean:
                    break
            await asyncio.sleep(0.2)
        if found.alarms:
            self._judged = self._turns
        unready = () if found.safe else (f"not ready within {self.patience:g} s: {self.watch.sick}",)
        whole = replace(found, signs=(*found.signs, *self.watch.signs(), *self._leaks(), *unready))
        return self._told.note(whole)

    async def _spoken(self) -> None:
        """Wait until the presses have got on."""
        enough = self.journal.acknowledged + MORE
        await eventually(lambda: self.journal.acknowledged > enough, timeout=self.patience, what="the presses speak")

    def speak_on(self) -> None:
        """The presses send again."""
        for press in self.presses:
            press.quiet = press.steady = False

    def give_up(self) -> None:
        """Go on after a fault that did not end: every wire is whole, and the presses send."""
        for wire in self.wires:
            wire.mend()
        self.speak_on()

    async def _hold(self, faults: tuple[Fault, ...]) -> None:
        """Until /readyz has shown what it must show; a fault of no duration may show later than it lasts."""
        words = [fault.shows for fault in faults if fault.shows]
        with suppress(AssertionError):
            await eventually(lambda: all(map(self._saw, words)), timeout=SHOWN_SECONDS)

    def _saw(self, word: str) -> bool:
        return self.watch.saw(word) is not None

    def _not_shown(self, faults: tuple[Fault, ...], begun: float) -> list[str]:
        """Of two at once it is enough that one is seen: who is dead cannot name the other."""
        seen = any(f.shows and self._saw(f.shows) for f in faults)
        if len(faults) > 1 and seen:
            return []
        late = [f.shows for f in faults if f.shows and (self.watch.saw(f.shows) or inf) - begun > SHOWN_SECONDS]
        return [f"/readyz did not name {word} within {SHOWN_SECONDS:g} s" for word in late]

    def _lives(self) -> dict[str, int]:
        return {name: self.factory.pid(name) for name in PROCESSES}

    def _died(self, before: dict[str, int], struck: set[str]) -> list[str]:
        died = {name for name, pid in self._lives().items() if pid != before[name]} - struck
        return [f"{name} ended, and nobody had killed it" for name in sorted(died)]

    async def _look(self) -> Verdict:
        self._turns = dict[str, tuple[int, int]]()
        stored = {press.path: await self.stored(press.path) for press in self.presses}
        found = judge(self.journal, stored, await look.letters(self.factory))
        alarms, keys = list[str](), set[str]()
        for press in self.presses:
            values = [value for _, _, value in stored[press.path]]
            told, known = await look.alarm(self.factory, press.path)
            expected, (skip, passed) = turns(values), self._judged.get(press.path, (0, 0))
            alarms += alarm_complaints(press.path, expected[skip:], told[passed:])
            self._turns[press.path] = len(expected), len(told)
            keys |= known
        problems = [one for one in await look.problems(self.factory) if not self._was_reported(one)]
        together = await look.told_together(self.factory)
        arrived = (orjson.loads(body)["key"] for body in self.hook.accepted)
        heard = Counter(one for key in arrived for one in together.get(key, [key]))
        notifications = notification_complaints(keys, heard, self._copies)
        return replace(found, alarms=tuple(alarms), notifications=tuple(notifications), signs=tuple(problems))

    def _assert_well(self, sick: dict[str, str]) -> None:
        assert [what for what in sick.values() if not self._was_reported(what)] == []

    def _was_reported(self, text: str) -> bool:
        """Whether this is what a fault that is over goes on being told of for."""
        return any(word in text for word in self._reported)

    def _leaks(self) -> list[str]:
        now = open_files(self.factory)
        return [
            f"{name} has {now[name]} files open, {then} at first"
            for name, then in self._files.items()
            if now[name] > then + MORE_FILES
        ]

    async def stored(self, path: str) -> list[Row]:
        """What InfluxDB has of a machine."""
        return await look.stored(self.influx, path)

    async def _prepare(self) -> None:
        factory = self.factory
        await factory.apply_plant(PLANT)
        channel = {"name": "board", "kind": "webhook", "target": self.hook.url}
        await factory.call("POST", "/api/alerting/v1/channels", json=channel)
        await factory.call("POST", "/api/alerting/v1/rules", json=RULE)
        self.device = await factory.add_device("press shop", "berlin/pressing")
        known = [await factory.add_device(path.rsplit("/", 1)[1], path) for path in PRESSES]
        self.presses = [
            Press(path, lambda known=one: self._connect(known), self.journal, self._pause)  # type: ignore[misc]
            for path, one in zip(PRESSES, known, strict=True)
        ]

    def _connect(self, known: Credential) -> aiomqtt.Client:
        """A device's way to the broker, through the wire that can break."""
        return aiomqtt.Client(
            "127.0.0.1",
            self.outside.port,
            username=known.username,
            password=known.password,
            identifier=known.username,
            timeout=5,
        )
