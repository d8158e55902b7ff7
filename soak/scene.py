"""Scene: a whole `andon up` under steady load, broken on purpose, and held against the oracle after each fault.

async with Scene(folder) as scene:
outcome = await scene.suffer(kill("ingest"))
assert outcome.verdict.clean, outcome.verdict
"""

import asyncio
import base64
import os
from collections import Counter
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Any, Self

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
from soak.faults import Fault
from soak.journal import Journal
from soak.oracle import LIMIT, Verdict, alarm_complaints, judge, notification_complaints, turns
from soak.press import Press
from soak.watch import MORE_FILES, Watch, open_files

ODD = "berlin/pressing/line-1/odd"
"""A machine that no press speaks for: stories send what they like."""
PRESSES = [f"berlin/pressing/line-1/press-{n}" for n in (1, 2, 3)]
PLANT = """
types:
  press:
    sensors:
      - {key: oil_temperature, name: Oil temperature, unit: Cel}
      - {key: number}
      - {key: state, datatype: string}
sites:
  - slug: berlin
    areas:
      - slug: pressing
        lines:
          - slug: line-1
            machines:
              - {slug: press-1, type: press}
              - {slug: press-2, type: press}
              - {slug: press-3, type: press}
              - {slug: odd, type: press}
"""
RULE = {
    "name": "Oil hot",
    "scope": {"type": "press", "sensor": "oil_temperature"},
    "condition": {"above": LIMIT},
    "severity": "high",
    "channels": ["board"],
}
SHOWN_SECONDS = 15.0
PAGE = 50_000
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
        self._stack = AsyncExitStack()

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
        await self._spoken()
        if any(fault.rest_first for fault in faults):
            await self.rest()
        begun = monotonic()
        self.watch.begin()
        self._copies += sum(fault.hits_api for fault in faults)
        self._reported |= {fault.reports for fault in faults if fault.reports}
        for fault in faults:
            await fault.strike(self)
        await self._hold(faults)
        for fault in sorted(faults, key=lambda f: f.lasts):
            await asyncio.sleep(max(0.0, begun + fault.lasts - monotonic()))
            await fault.heal(self)
        self.speak_on()
        healed = monotonic()
        signs = self._not_shown(faults, begun)
        first = self.watch.saw("")
        shown = first - begun if first is not None else None
        verdict = await self.verdict()
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
                found = await self._look()
                if found.clean:
                    break
            await asyncio.sleep(0.2)
        unready = () if found.safe else (f"not ready within {self.patience:g} s: {self.watch.sick}",)
        return replace(found, signs=(*found.signs, *self.watch.signs(), *self._leaks(), *unready))

    async def _spoken(self) -> None:
        """Wait until the presses have got on."""
        enough = self.journal.acknowledged + MORE
        await eventually(lambda: self.journal.acknowledged > enough, timeout=self.patience, what="the presses speak")

    def speak_on(self) -> None:
        """The presses send again."""
        for press in self.presses:
            press.quiet = False

    async def _hold(self, faults: tuple[Fault, ...]) -> None:
        """Until /readyz has shown what it must show; a fault of no duration may show later than it lasts."""
        words = [fault.shows for fault in faults if fault.shows]
        with suppress(AssertionError):
            await eventually(lambda: all(map(self._saw, words)), timeout=SHOWN_SECONDS)

    def _saw(self, word: str) -> bool:
        return self.watch.saw(word) is not None

    def _not_shown(self, faults: tuple[Fault, ...], begun: float) -> list[str]:
        late = [f.shows for f in faults if f.shows and (self.watch.saw(f.shows) or inf) - begun > SHOWN_SECONDS]
        return [f"/readyz did not name {word} within {SHOWN_SECONDS:g} s" for word in late]

    async def _look(self) -> Verdict:
        stored = {press.path: await self.stored(press.path) for press in self.presses}
        found = judge(self.journal, stored, await self._letters())
        alarms, keys = list[str](), set[str]()
        for press in self.presses:
            values = [value for _, _, value in stored[press.path]]
            told, known = await self._alarm(press.path)
            alarms += alarm_complaints(press.path, turns(values), told)
            keys |= known
        ledger = await self.factory.call("GET", "/api/ingest/v1/ledger")
        problems = [f"ledger: {problem}" for problem in ledger["problems"] if not self._was_reported(problem)]
        heard = Counter(orjson.loads(body)["key"] for body in self.hook.accepted)
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

    async def stored(self, path: str) -> list[tuple[int, float, float]]:
        """Time in ms, number, temperature of all that InfluxDB has of a press, in order of time."""
        names = dict(zip(("site", "area", "line", "machine"), path.split("/"), strict=True))
        where = " AND ".join(f"{tag} = ${tag}" for tag in names)
        rows, after = list[tuple[int, float, float]](), 0
        while True:
            [found] = await self.influx.query(
                f'SELECT "number", "oil_temperature" FROM "press" WHERE {where} AND time > {after} LIMIT {PAGE}',  # noqa: S608 - InfluxQL, our names
                params=names,
            )
            page = [row for series in found for row in series.rows]
            rows += [(row[0] // 10**6, row[1], row[2]) for row in page]
            if len(page) < PAGE:
                return rows
            after = page[-1][0]

    async def _letters(self) -> set[bytes]:
        found, cursor = set[bytes](), None
        while True:
            params = {"limit": 200, **({"cursor": cursor} if cursor else {})}
            page = await self.factory.call("GET", "/api/ingest/v1/deadletters", params=params)
            found |= {_bytes(letter) for letter in page["items"]}
            cursor = page["next_cursor"]
            if not cursor or not page["items"]:
                return found

    async def _alarm(self, path: str) -> tuple[list[str], set[str]]:
        """Transitions of a press's alarm, and the keys of their notifications."""
        query = {"state": "all", "under": path}
        turned, keys = list[str](), set[str]()
        for alarm in (await self.factory.call("GET", "/api/alerting/v1/alarms", params=query))["items"]:
            whole: dict[str, Any] = await self.factory.call("GET", f"/api/alerting/v1/alarms/{alarm['id']}")
            turned += [turn["to"] for turn in whole["transitions"]]
            keys |= {f"{alarm['id']}/{turn['number']}" for turn in whole["transitions"]}
        return turned, keys

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


def _bytes(letter: dict[str, Any]) -> bytes:
    text = str(letter["payload"])
    return base64.b64decode(text) if letter.get("encoding") == "base64" else text.encode()
