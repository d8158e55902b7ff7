"""Watch: one rule on one sensor. What its sensors say goes in, turns come out. Pure; times are event time.

Each of its sensors' samples count in order of time; one that is not newer than the newest of its sensor changes
nothing. Where a rule looks at several sensors, its time goes with the newest of them: a sample from before counts from
then on. What changes by itself (a delay, silence, a shift that ends) does so before the sample that comes after it.
All sensors of one reading speak at once.

Of a clock that is known to have been set back, what is older than the newest counts as much later as it is slow. What
one of several sensors had kept meets what the others say now: it is late, and history is asked what was so then.
"""

from collections.abc import Callable, Collection, Mapping, Sequence

from andon.alerting.evaluate.gate import Gate
from andon.alerting.evaluate.lag import LATE, lagging
from andon.alerting.evaluate.phase import FOREVER, NEVER, Phase, State, Turn, close_gate, elapse, open_gate, take
from andon.alerting.evaluate.sources import Judged
from andon.alerting.evaluate.sources.formula import Expression, Name
from andon.alerting.evaluate.sources.values import OwnValue
from andon.alerting.evaluate.verdict import Rung, Turns, Verdict, gone
from andon.alerting.rules.draft import Rule
from andon.alerting.rules.meaning import Meaning
from andon.common.plant import Asset, Sensor
from andon.common.reading import NS_PER_S, Value

PhaseKey = tuple[str, str, str]
"""Rule id, asset id, sensor key."""
_NORMAL, _PENDING, _ACTIVE, _CLEARING, _SUPPRESSED = State
_NONE = float("nan")
_NOBODY: Mapping[Name, int] = {}
_LONGEST = 8 * 24 * 3600 * NS_PER_S
"""After a longer gap (a clock was 1970 until it was set), shifts are looked at in its last stretch alone."""


class Watch:
    """One rule on one sensor.

    clock: the newest event time it has seen. heard: when that was heard, seconds of the judge's clock; `heard_at` the
    same as UTC nanoseconds. number: what its source yields now, NaN where it has said nothing. due: the first event
    time at which something changes by itself. fresh: whether it must yet learn of the past. There may be two million:
    whatever all of them can share, they share.
    """

    __slots__ = (
        "_calm", "_formula", "_heard", "_high", "_judged", "_lagging", "_low", "_own", "_plain", "_source", "asset",
        "clock", "due", "fresh", "gate", "heard", "heard_at", "key", "meaning", "newest", "number", "owed", "rule",
        "rungs", "sensor", "source",
    )  # fmt: skip

    def __init__(  # noqa: PLR0917 - what it is made of
        self,
        rule: Rule,
        asset: Asset,
        sensor: Sensor,
        meaning: Meaning,
        rungs: tuple[Rung, ...],
        source: Judged | Expression,
        gate: Gate,
    ) -> None:
        self.rule, self.asset, self.sensor, self.meaning = rule, asset, sensor, meaning
        self.rungs = rungs
        self.source = source
        self.gate = gate
        self.clock = self._judged = NEVER
        self.heard, self.heard_at = 0.0, 0
        self.number = _NONE
        self.newest: dict[Name, int] = {}
        self.fresh = True
        self.owed: Sequence[tuple[Rung, Turn]] = ()
        self.key: PhaseKey = (rule.id, asset.id, sensor.key)
        self._own = (asset.id, sensor.key)
        self._source = None if isinstance(source, Expression) else source
        self._formula = source if isinstance(source, Expression) else None
        self._lagging: Mapping[Name, int] = _NOBODY
        self._heard = self._heard_by()
        self._plain = isinstance(source, OwnValue) and gate.condition is None and gate.due == FOREVER
        self._low, self._high = max(rung.band.low for rung in rungs), min(rung.band.high for rung in rungs)
        self._look_ahead()

    def _heard_by(self) -> dict[str, tuple[Name, ...]]:
        """The sensors it looks at, by the id of their machine."""
        names = self._formula.names if self._formula else {self._own}
        if self.gate.condition is not None:
            names |= self.gate.condition.names
        found: dict[str, tuple[Name, ...]] = {}
        for name in sorted(names):
            found[name[0]] = (*found.get(name[0], ()), name)
        return found

    @property
    def machines(self) -> Collection[str]:
        """Ids of the machines it looks at."""
        return self._heard.keys()

    @property
    def names(self) -> dict[str, list[str]]:
        """The keys of the sensors it looks at, by the id of their machine."""
        return {machine: [key for _, key in names] for machine, names in self._heard.items()}

    @property
    def looks_at(self) -> int:
        """How many sensors it looks at."""
        return sum(map(len, self._heard.values()))

    @property
    def looks_back(self) -> bool:
        """Whether it needs to know the past."""
        return self._source is None or self._source.reach > 0 or self.gate.condition is not None

    def hear(  # noqa: PLR0917 - called for each reading
        self,
        asset: str,
        time: int,
        values: Mapping[str, Value],
        quality: Mapping[str, str] | None,
        late: bool,  # noqa: FBT001 - called for each reading
        on_late: Callable[[Name, int], None],
        back: int = 0,
    ) -> Sequence[Verdict] | None:
        """What a reading of one of its machines changes; None where it is no news.

        `on_late` is told of a sample older than its sensor's newest, and of late ones that meet newer ones of others.
        back: by how many nanoseconds its clock is slow, if that is known to have been set back.
        """
        if self._calm and not quality:  # nearly all samples there are: a good value of a plain rule, still good
            value = values.get(self._own[1]) if asset == self._own[0] else None
            if type(value) is float and time > self.clock and self._low <= value <= self._high:
                self.newest[self._own] = self.clock = time
                self.number = value
                return ()
        counts = time + back if back and self.has_heard_newer(asset, time) else time
        new = self._news(asset, time, counts, values, quality, on_late)
        if not new:
            return None
        if counts <= self._judged:
            self._note(counts, new)
            return None
        at = max(counts, self.clock)
        if late and at - time > LATE and self.looks_at > 1:
            for name, _, _ in new:
                on_late(name, time)
        if late or self._lagging:
            self._lagging = lagging(self._lagging, (name for name, _, _ in new), at, late=late)
        turns = self._flow(at) if self.due < at and self.clock != NEVER else []
        self.clock = at
        turns += self._take(at, new)
        return self._verdicts(turns, late=bool(self._lagging))

    def _news(  # noqa: PLR0917 - called for each reading
        self,
        asset: str,
        time: int,
        counts: int,
        values: Mapping[str, Value],
        quality: Mapping[str, str] | None,
        on_late: Callable[[Name, int], None],
    ) -> list[tuple[Name, Value, str]]:
        """What a reading says of its sensors, of those of which nothing as new was heard."""
        new = list[tuple[Name, Value, str]]()
        for name in self._heard.get(asset, ()):
            value = values.get(name[1])
            if value is None:
                continue
            newest = self.newest.get(name, NEVER)
            if counts > newest:
                self.newest[name] = counts
                new.append((name, value, quality.get(name[1], "") if quality else ""))
            elif counts < newest:
                on_late(name, time)
        return new

    def has_heard_newer(self, asset: str, time: int) -> bool:
        """Whether a reading of one of its machines is older than what was heard of that, or judged before a restart."""
        newest = max((self.newest.get(name, NEVER) for name in self._heard.get(asset, ())), default=NEVER)
        return time < newest or time < self._judged

    def remember(
        self, asset: str, time: int, values: Mapping[str, Value], quality: Mapping[str, str] | None, back: int = 0
    ) -> bool:
        """Note a reading that was judged before: how new it is, and what it said. Whether it says something."""
        if back and self.has_heard_newer(asset, time):
            time += back
        said = [name for name in self._heard.get(asset, ()) if values.get(name[1]) is not None]
        for name in said:
            self._learn(name, time, values[name[1]], quality.get(name[1], "") if quality else "")
        self.clock = max(self.clock, time) if said else self.clock
        return bool(said)

    def told(self, name: Name, time: int, value: Value) -> None:
        """What a sensor held before anything was heard of it."""
        self.fresh = False
        self._learn(name, time, value, "")

    def recall(self, samples: Sequence[tuple[int, float]]) -> None:
        """Let its source know the past, in order of time; nothing turns."""
        self.fresh = False
        known = self.newest.get(self._own, NEVER)
        if known != NEVER:
            samples = [sample for sample in samples if sample[0] <= known]
        if self._source is None or not samples:
            return
        self._source.recall(samples)
        self.newest[self._own] = max(known, samples[-1][0])
        if self.clock == NEVER:
            self.clock = samples[-1][0]
        self._look_ahead()

    def stands(self, phases: Mapping[str, Phase], last: int) -> None:
        """Take up where it stood before a restart: the phases by level, and the newest event time it had seen.

        What comes again from before that time is known, and not judged.
        """
        self._take_up(phases)
        self.clock = self._judged = last
        self.gate.go_on(is_open=not any(phase.gated for phase in phases.values()))
        self._look_ahead()

    def go_on(self, known: "Watch") -> None:
        """Take up where an earlier watch of the same rule and sensor stands, and what it knows as far as it fits."""
        self._take_up({rung.level.name: rung.phase for rung in known.rungs})
        self.owed, self._lagging = (*known.owed, *self.owed), known._lagging  # noqa: SLF001 - its own kind
        self.clock, self.heard, self.heard_at, self._judged = known.clock, known.heard, known.heard_at, known._judged  # noqa: SLF001 - its own kind
        newest = known.newest.copy()  # of a watch that learns of the past meanwhile
        self.newest = {name: time for name, time in newest.items() if name in self._heard.get(name[0], ())}
        same = self.meaning.source == known.meaning.source
        self.fresh = known.fresh or not same
        if same:
            self.number = known.number
        if isinstance(self.source, Expression):
            taken = isinstance(known.source, Expression) and self.source.take_over(known.source)
            self.fresh = self.fresh or not taken
        elif same:
            assert not isinstance(known.source, Expression)  # noqa: S101 - it means the same
            self.source = self._source = known.source
        if self.gate.condition is not None:
            earlier = known.gate.condition
            self.fresh = earlier is None or not self.gate.condition.take_over(earlier) or self.fresh
        self.gate.go_on(is_open=known.gate.is_open)
        if same and [rung.band for rung in self.rungs] != [rung.band for rung in known.rungs]:
            # New limits hold at once, whenever its next sample comes, and after what is owed.
            at = max([self.clock, *(turn.at for _, turn in self.owed)])
            self.owed = (*self.owed, *self._judge(at, self.number))
        self._look_ahead()

    def begin(self, now: int) -> bool:
        """Count silence from now on, where nothing is known of it; whether it does so."""
        source = self._source
        silent = any(rung.phase.state in (_PENDING, _ACTIVE) for rung in self.rungs)
        if source is None or silent or source.due != FOREVER or self.number == self.number:
            return False
        start = now if self.clock == NEVER else self.clock
        number = source.restart(start)
        if number != number:  # noqa: PLR0124 - it measures no durations
            return False
        self.clock, self.number = start, number
        self._look_ahead()
        return True

    def pass_time(self, until: int) -> list[Verdict]:
        """Let event time pass until `until` without a sample."""
        before = self.clock
        if before == NEVER:
            return []
        turns = self._flow(max(until, before) + 1)
        self.heard += (self.clock - before) / NS_PER_S
        self.heard_at += self.clock - before
        return self._verdicts(turns, late=False)

    def settle(self) -> list[Verdict]:
        """What is still to be told: that a level is gone which the rule had."""
        owed, self.owed = self.owed, ()
        return [Verdict(self, rung, turn) for rung, turn in owed]

    def _take_up(self, phases: Mapping[str, Phase]) -> None:
        """Let the levels stand as they did; one that is gone ends."""
        left = dict(phases)
        for rung in self.rungs:
            rung.phase = left.pop(rung.level.name, rung.phase)
        for name, phase in left.items():
            if phase.state is not _NORMAL:
                self.owed = (*self.owed, gone(name, phase, self.rungs[0], self.clock))

    def _learn(self, name: Name, time: int, value: Value, quality: str) -> None:
        newest = self.newest.get(name, NEVER)
        self.newest[name] = max(newest, time)
        if self.gate.condition is not None:
            self.gate.condition.learn(name, time, value, quality)
            self.gate.due = NEVER
        if self._formula is not None:
            self._formula.learn(name, time, value, quality)
            self._hold(self._formula.number())
        elif self._source is not None and name == self._own and time > newest and not self._source.reach:
            self._hold(self._source.take(time, value, quality))
        self._look_ahead()

    def _note(self, time: int, new: list[tuple[Name, Value, str]]) -> None:
        """Know what was judged before."""
        source = self._source
        while source is not None and source.due < time:
            self._hold(source.pass_due())
        self._hold(self._listen(time, new))
        self._look_ahead()

    def _hold(self, number: float) -> None:
        self.number = number if number == number else self.number  # noqa: PLR0124 - NaN says nothing

    def _take(self, at: int, new: list[tuple[Name, Value, str]]) -> Turns:
        number = self._listen(at, new)
        gate = self.gate
        if (gate.condition is not None or gate.due <= at) and gate.look(at):
            return self._turn_gate(at, number)
        return self._judge(at, number)

    def _listen(self, at: int, new: list[tuple[Name, Value, str]]) -> float:
        """What its source makes of these samples; NaN where none of them is for it."""
        number, said = _NONE, False
        for name, value, quality in new:
            condition = self.gate.condition
            if condition is not None and name in condition.names:
                condition.hear(name, at, value, quality)
            if self._formula is not None:
                said |= name in self._formula.names and self._formula.hear(name, at, value, quality)
            elif self._source is not None and name == self._own:
                number = self._source.take(at, value, quality)
        return self._formula.number() if said and self._formula is not None else number

    def _flow(self, until: int) -> Turns:
        """What changes by itself before `until`, in order."""
        turns = Turns()
        source, gate = self._source, self.gate
        gate.due = max(gate.due, until - _LONGEST) if gate.due < until else gate.due
        while (due := min(source.due if source else FOREVER, gate.due)) < until:
            at = self.clock = max(due, self.clock)
            if gate.due <= at:
                turns += self._turn_gate(at, _NONE) if gate.look(at) else []
            elif source is not None:
                turns += self._judge(at, source.pass_due())
        for rung in self.rungs:
            turns += [(rung, turn) for turn in elapse(rung.phase, rung.level.timing, until - 1)]
        self._look_ahead()
        return turns

    def _turn_gate(self, at: int, number: float) -> Turns:
        """The gate has turned; what was measured just now counts as far as it is open."""
        if not self.gate.is_open:
            self._hold(number)
            return [(rung, turn) for rung in self.rungs for turn in close_gate(rung.phase, rung.level.timing, at)]
        hidden = any(rung.phase.state is _SUPPRESSED for rung in self.rungs)
        turns = [(rung, turn) for rung in self.rungs for turn in open_gate(rung.phase, at, hidden=hidden)]
        self._hold(number)
        self._hold(self._source.restart(at) if self._source else _NONE)
        return turns + self._judge(at, self.number)

    def _judge(self, at: int, number: float) -> Turns:
        """Hold a number from `at` on."""
        if number != number:  # noqa: PLR0124 - NaN says nothing
            return []
        self.number = number
        if not self.gate.is_open:
            return []
        turns = Turns()
        for rung in self.rungs:
            phase, band = rung.phase, rung.band
            trouble = band.violates(number, phase.state is _ACTIVE or phase.state is _PENDING)
            # Within the deadband, what passed the limit is the value to tell.
            told = phase.value if trouble and band.low <= number <= band.high else number
            found = take(phase, rung.level.timing, at, trouble=trouble, value=told)
            if found:
                turns += [(rung, turn) for turn in found]
        return turns

    def _verdicts(self, turns: Turns, *, late: bool) -> list[Verdict]:
        for rung, turn in turns:
            if turn.raised:
                rung.phase.late = late
        verdicts = [Verdict(self, rung, turn, late) for rung, turn in turns]
        if not late:
            for rung in self.rungs:
                phase = rung.phase
                if phase.late and phase.state is _ACTIVE:
                    phase.late = False
                    verdicts.append(Verdict(self, rung, Turn(_ACTIVE, _ACTIVE, self.clock, phase.value)))
        self._look_ahead()
        return verdicts

    def _look_ahead(self) -> None:
        own = self._source.due if self._source else FOREVER
        self.due = min(own, self.gate.due, *(rung.phase.due for rung in self.rungs))
        if any(rung.phase.late and rung.phase.state is _ACTIVE for rung in self.rungs):
            self.due = min(self.due, self.clock + LATE)  # by then it has caught up, or speaks only when it changes
        self._calm = self._plain and self.due == FOREVER and all(rung.phase.state is _NORMAL for rung in self.rungs)
