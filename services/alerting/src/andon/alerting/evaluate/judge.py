"""Judge: readings in, verdicts out. Pure but for the watches it holds; no database, no stream, no log per sample.

A sensor's time passes as fast as ours once it is silent: `tick` lets delays, silences and shifts end by the clock.
"""

import heapq
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from itertools import count
from math import inf

from andon.alerting.evaluate.index import Places, build
from andon.alerting.evaluate.lag import LATE, Clock, Lags
from andon.alerting.evaluate.phase import FOREVER, NEVER
from andon.alerting.evaluate.sources.formula import Name
from andon.alerting.evaluate.verdict import Verdict
from andon.alerting.evaluate.watch import PhaseKey, Watch
from andon.alerting.rules.draft import Rule
from andon.common.reading import NS_PER_S, Reading
from andon.common.wire import Batch

AHEAD = 5 * NS_PER_S
"""A sample that claims to be measured this much after it arrived tells of a wrong clock."""
GRACE_SECONDS = 1.0
"""A silent sensor's delay is over this much later, for its next sample may be on its way."""
MOST_FORGOTTEN = 1000
"""Entries of watches that are gone that may be kept until their time comes."""


class Judge:
    """Holds every watch in memory. `rebuild` before use; `exchange` what another plant or other rules touch.

    late: sensors with samples older than their newest, and the range of these; who looks into it empties it.
    """

    def __init__(self, known: Iterable[Watch] = ()) -> None:
        self.watches: dict[PhaseKey, Watch] = {watch.key: watch for watch in known}
        self.late: dict[Name, tuple[int, int]] = {}
        self._listeners: dict[str, list[Watch]] = {}
        self._lags = Lags()
        self._deaf_until = -inf
        self._alarms: list[tuple[float, int, Watch]] = []
        self._set: dict[PhaseKey, float] = {}
        self._order = count()
        self._owing: dict[PhaseKey, None] = {}
        self._remembered = set[PhaseKey]()

    def __len__(self) -> int:
        """Watches: pairs of rule and sensor."""
        return len(self.watches)

    @property
    def heard_of(self) -> Iterable[str]:
        """Ids of all machines that some watch listens to."""
        return self._listeners.keys()

    def rebuild(
        self, places: Places, rules: Iterable[Rule], ours: Callable[[str], bool] = lambda _: True
    ) -> tuple[list[PhaseKey], list[Watch]]:
        """Take a plant and rules at once; the keys that are gone, and the watches that must yet learn of the past."""
        gone = self.exchange(build(places, rules, ours=ours).values(), list(self.watches))
        return gone, [watch for watch in self.watches.values() if watch.fresh]

    def exchange(self, made: Collection[Watch], before: Iterable[PhaseKey]) -> list[PhaseKey]:
        """Let watches that are made anew take the places of those `before`, and go on as these stand; keys now gone."""
        there = {watch.key for watch in made}
        gone = [key for key in before if key in self.watches and key not in there]
        known = [self.watches[key] for key in (*gone, *there) if key in self.watches]
        for watch in known:
            del self.watches[watch.key]
            self._set.pop(watch.key, None)
        stood = {watch.key: watch for watch in known}
        for watch in made:
            if watch.key in stood:
                watch.go_on(stood[watch.key])
            self.watches[watch.key] = watch
            self._look_after(watch)
        self._listen(known, made)
        self._forget_alarms()
        return gone

    def _listen(self, known: Collection[Watch], made: Collection[Watch]) -> None:
        """Let those that are made hear their machines, in the places of those that were known."""
        old = set(map(id, known))
        machines: dict[str, dict[PhaseKey, Watch]] = {machine: {} for watch in known for machine in watch.machines}
        for watch in made:
            for machine in watch.machines:
                machines.setdefault(machine, {})[watch.key] = watch
        for machine, new in machines.items():
            there = self._listeners.get(machine, [])
            found = [new.pop(watch.key, None) if id(watch) in old else watch for watch in there]
            self._listeners[machine] = [watch for watch in (*found, *new.values()) if watch is not None]
            if not self._listeners[machine]:
                del self._listeners[machine]

    def _forget_alarms(self) -> None:
        """Let go of watches whose time will come though they are there no more; a silence may last for a day."""
        if len(self._alarms) > 2 * len(self._set) + MOST_FORGOTTEN:
            self._alarms = [entry for entry in self._alarms if self.watches.get(entry[2].key) is entry[2]]
            heapq.heapify(self._alarms)

    def _look_after(self, watch: Watch) -> None:
        if watch.owed:
            self._owing[watch.key] = None
        self._set_alarm(watch)

    def count(self, counts: Callable[[str], bool]) -> Counter[str]:
        """How many sensors each rule watches, of the machines whose path `counts`."""
        watches = list(self.watches.values())  # asked in a thread, while others take their places
        return Counter(watch.rule.id for watch in watches if counts(watch.asset.path))

    def judge(self, batch: Batch, *, now: int, clock: float) -> list[Verdict]:
        """All turns that these readings cause, in order.

        now: UTC nanoseconds. clock: seconds of the clock that `tick` goes by. What comes from a clock ahead counts as
        measured when it arrived: once such a clock is set right, the rules would otherwise take every sample for late
        until the time it had claimed is reached. So does what comes from one that was set back, once that is known.
        """
        verdicts = self._owed()  # first, for what comes may end it
        listeners, arrived = self._listeners, batch.arrived
        heard = clock - max(now - arrived, 0) / NS_PER_S
        for position, reading in enumerate(batch.readings):
            found = listeners.get(reading.asset)
            if found is None:
                continue
            time, slow, back = self._when(reading, arrived, position)
            late = now - time - slow > LATE
            for watch in found:
                turned = watch.hear(reading.asset, time, reading.values, reading.quality, late, self._note_late, back)
                if turned is None:
                    continue
                watch.heard, watch.heard_at = heard, arrived
                verdicts += turned
                if watch.due != FOREVER:
                    self._set_alarm(watch)
        return verdicts

    def remember(self, batch: Batch) -> None:
        """Note how new these readings are without judging them: they were judged before a restart. In their order."""
        for position, reading in enumerate(batch.readings):
            found = self._listeners.get(reading.asset)
            if found is None:
                continue
            time, _, back = self._when(reading, batch.arrived, position)
            for watch in found:
                if watch.remember(reading.asset, time, reading.values, reading.quality, back):
                    watch.heard_at = max(watch.heard_at, batch.arrived)
                    self._remembered.add(watch.key)

    def note_past(self, batch: Batch) -> None:
        """Readings that were brought along from elsewhere: what the rules make of them is found out in history."""
        for reading in batch.readings:
            for watch in self._listeners.get(reading.asset, ()):
                for key in watch.names[reading.asset]:
                    if key in reading.values:
                        self._note_late((reading.asset, key), reading.time)

    def begin(self, now: int, clock: float, some: Iterable[Watch] | None = None) -> None:
        """From now on, time passes for all watches or for some, and what was never heard counts as silent.

        To be called again whenever watches have learnt of the past.
        """
        for watch in self.watches.values() if some is None else some:
            if watch.begin(now) or not watch.heard_at:
                watch.heard, watch.heard_at = clock, now
            elif watch.key in self._remembered:
                watch.heard = clock - max(now - watch.heard_at, 0) / NS_PER_S
            self._look_after(watch)
        self._remembered.clear()

    def deafen(self, clock: float) -> None:
        """Nothing could be heard until now: the silence was ours, and is measured anew."""
        self._deaf_until = clock

    def tick(self, clock: float) -> list[Verdict]:
        """Let the time of silent sensors pass: what is over by `clock`."""
        verdicts, over = self._owed(), list[Watch]()
        while self._alarms and self._alarms[0][0] <= clock:
            at, _, watch = heapq.heappop(self._alarms)
            if self._set.get(watch.key) == at and self.watches.get(watch.key) is watch:
                del self._set[watch.key]
                over.append(watch)
        for watch in over:
            heard = max(watch.heard, self._deaf_until)
            reached = watch.clock + round((clock - GRACE_SECONDS - heard) * NS_PER_S)
            if watch.due <= reached:
                verdicts += watch.pass_time(reached)
            self._set_alarm(watch)
        return verdicts

    def _owed(self) -> list[Verdict]:
        """What watches that were made anew have still to tell of those in whose places they are."""
        if not self._owing:
            return []
        owing = [watch for key in self._owing if (watch := self.watches.get(key)) is not None]
        self._owing.clear()
        return [verdict for watch in owing for verdict in watch.settle()]

    def _set_alarm(self, watch: Watch) -> None:
        """Put a watch on the list for when something is due; once on it, it is looked at then, and put on it again."""
        if watch.due == FOREVER or watch.clock == NEVER:
            return
        heard = max(watch.heard, self._deaf_until)
        at = heard + GRACE_SECONDS + max(watch.due - watch.clock, 0) / NS_PER_S
        if self._set.get(watch.key, inf) > at:
            self._set[watch.key] = at
            heapq.heappush(self._alarms, (at, next(self._order), watch))

    def _when(self, reading: Reading, arrived: int, position: int) -> tuple[int, int, int]:
        """When a reading was measured, and by how much its clock is slow; likewise if that was set back, else 0."""
        time = reading.time
        if time - arrived > AHEAD:
            time = arrived + position  # in the order of the batch, and the same when it is delivered again
        lag = arrived - time
        if lag <= LATE and reading.asset not in self._lags.slow:
            return time, 0, 0
        clock = self._clock(reading, lag, arrived)
        return time, clock.lag, min(clock.lag, lag) if clock.is_set_back else 0

    def _clock(self, reading: Reading, lag: int, arrived: int) -> Clock:
        asset = reading.asset

        def is_old() -> bool:
            return any(watch.has_heard_newer(asset, reading.time) for watch in self._listeners[asset])

        return self._lags.of(asset, next(iter(reading.values), ""), lag, arrived, is_old)

    def _note_late(self, name: Name, time: int) -> None:
        start, end = self.late.get(name, (time, time))
        self.late[name] = (min(start, time), max(end, time))
