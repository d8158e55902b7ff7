"""Watch: one rule on one sensor. What its sensors say goes in, turns come out. Pure; times are event time.

Each of its sensors' samples count in order of time; one that is not newer than the newest of its sensor changes
nothing. What changes by itself (silence, a shift that ends) does so before the sample that comes after it.
"""

from collections.abc import Callable, Mapping, Sequence
from math import isinf

import msgspec

from andon.alerting.alarm.state import Severity
from andon.alerting.evaluate.gate import Gate
from andon.alerting.evaluate.phase import FOREVER, NEVER, Phase, State, Turn, close_gate, elapse, open_gate, take
from andon.alerting.evaluate.sources import Judged
from andon.alerting.evaluate.sources.formula import Expression, Name
from andon.alerting.rules.band import TRUTH, Band
from andon.alerting.rules.draft import Rule
from andon.alerting.rules.levels import Level
from andon.alerting.rules.meaning import Meaning
from andon.alerting.rules.words import describe
from andon.common.plant import Asset, Sensor
from andon.common.reading import Value

PhaseKey = tuple[str, str, str]
"""Rule id, asset id, sensor key."""
_ACTIVE, _PENDING, _NORMAL = State.ACTIVE, State.PENDING, State.NORMAL


class Rung(msgspec.Struct, eq=False):
    """One level of the rule on this sensor: its limits resolved, and where it stands."""

    level: Level
    band: Band
    phase: Phase


class Verdict(msgspec.Struct, frozen=True):
    """One turn of one level of a watch. late: measured long before it was judged, so nobody is to be called for it."""

    watch: "Watch"
    rung: Rung
    turn: Turn
    late: bool = False

    @property
    def level(self) -> Level:
        """The level that has turned."""
        return self.rung.level

    @property
    def severity(self) -> Severity:
        """Of that level."""
        return self.rung.level.severity

    @property
    def limit(self) -> float | None:
        """The limit that was passed; None where the condition has no number."""
        limit = self.rung.band.limit(self.turn.value)
        return None if self.rung.band is TRUTH or isinf(limit) else limit

    @property
    def value(self) -> float | None:
        """The number that passed it; None where the condition has none."""
        return None if self.rung.band is TRUTH else self.turn.value

    @property
    def message(self) -> str:
        """What is wrong, in one sentence."""
        return describe(self.watch.meaning.source, self.rung.band, self.turn.value, self.watch.sensor)


class Watch:
    """One rule on one sensor.

    clock: the newest event time it has seen. heard: when that was heard, seconds of the judge's clock; `heard_at` the
    same as UTC nanoseconds. number: what its source yields now, NaN where it says nothing.
    """

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
        self.clock = NEVER
        self.heard = 0.0
        self.heard_at = 0
        self.number = float("nan")
        self.newest: dict[Name, int] = {}
        self.key: PhaseKey = (rule.id, asset.id, sensor.key)
        own = (asset.id, sensor.key)
        self._source = None if isinstance(source, Expression) else source
        self._formula = source if isinstance(source, Expression) else None
        self._own = own
        named = (self._formula.names if self._formula else {own}) | (gate.condition.names if gate.condition else set())
        self.names: dict[str, list[str]] = {}
        for machine, key in sorted(named):
            self.names.setdefault(machine, []).append(key)

    @property
    def standing(self) -> bool:
        """Whether nothing will change until the next sample: no delay runs, and no source or gate moves by itself."""
        return self.due == FOREVER

    @property
    def looks_back(self) -> bool:
        """Whether it needs to know the past."""
        return self._source is None or self._source.reach > 0 or self.gate.condition is not None

    @property
    def due(self) -> int:
        """The first event time at which something changes by itself."""
        own = self._source.due if self._source else FOREVER
        return min(own, self.gate.due, *(rung.phase.due for rung in self.rungs))

    def hear(  # noqa: PLR0917 - called for each reading
        self,
        asset: str,
        time: int,
        values: Mapping[str, Value],
        quality: Mapping[str, str] | None,
        late: bool,  # noqa: FBT001 - called for each reading
        on_late: Callable[[Name, int], None],
    ) -> list[Verdict]:
        """What a reading of one of its machines changes. `on_late` is told of a sample older than its sensor's newest."""
        new = []
        for key in self.names.get(asset, ()):
            value = values.get(key)
            if value is None:
                continue
            name = (asset, key)
            newest = self.newest.get(name, NEVER)
            if time > newest:
                self.newest[name] = time
                new.append((name, value, quality.get(key, "") if quality else ""))
            elif time < newest:
                on_late(name, time)
        if not new:
            return []
        at = max(time, self.clock)
        turns = self._flow(at) if self.due < at else []
        self.clock = at
        turns += self._take(at, new)
        return self._verdicts(turns, late=late)

    def remember(self, asset: str, time: int, values: Mapping[str, Value], quality: Mapping[str, str] | None) -> None:
        """Note a reading that was judged before: how new it is, and what it said; nothing turns."""
        for key in self.names.get(asset, ()):
            value, name = values.get(key), (asset, key)
            if value is None:
                continue
            newest = self.newest.get(name, NEVER)
            self.newest[name] = max(newest, time)
            self.clock = max(self.clock, time)
            said = (value, quality.get(key, "") if quality else "")
            for expression in (self._formula, self.gate.condition):
                if expression is not None and name in expression.names and time >= newest:
                    expression.hear(name, *said)

    def pass_time(self, until: int) -> list[Verdict]:
        """Let event time pass until `until` without a sample."""
        turns = self._flow(until + 1)
        for rung in self.rungs:
            turns += [(rung, turn) for turn in elapse(rung.phase, rung.level.timing, until)]
        return self._verdicts(turns, late=False)

    def take_over(self, known: "Watch") -> None:
        """Go on with the source of an earlier watch that means the same."""
        if known._source is not None:  # noqa: SLF001 - its own kind
            self.source = self._source = known._source  # noqa: SLF001 - its own kind
            self.number = known.number

    def recall(self, samples: Sequence[tuple[int, float]]) -> None:
        """Let its source know the past, in order of time; nothing turns."""
        if self._source is not None:
            self._source.recall(samples)
            if samples and self.clock == NEVER:
                self.clock = samples[-1][0]
                self.newest[self._own] = self.clock

    def told(self, name: Name, time: int, value: Value) -> None:
        """What a sensor held before anything was heard of it."""
        if self.newest.get(name, NEVER) < time:
            self.newest[name] = time
            for expression in (self._formula, self.gate.condition):
                if expression is not None and name in expression.names:
                    expression.hear(name, value, "")

    def stands(self, phases: Mapping[str, Phase], last: int) -> None:
        """Take up where it stood before a restart: the phases by level, and the newest event time it had seen."""
        for rung in self.rungs:
            rung.phase = phases.get(rung.level.name, rung.phase)
        self.clock = last
        self.newest = {(machine, key): last for machine, keys in self.names.items() for key in keys}

    def begin(self, now: int) -> None:
        """Count silence from now on, for a sensor of which nothing is known."""
        if self.clock == NEVER and self._source is not None:
            number = self._source.restart(now)
            if number == number:  # noqa: PLR0124 - it measures durations
                self.clock, self.number = now, number

    def _take(self, at: int, new: list[tuple[Name, Value, str]]) -> list[tuple[Rung, Turn]]:
        turns = list[tuple[Rung, Turn]]()
        condition = self.gate.condition
        number = float("nan")
        for name, value, quality in new:
            if condition is not None and name in condition.names:
                condition.hear(name, value, quality)
            if self._formula is not None:
                self._formula.hear(name, value, quality)
            elif name == self._own:
                assert self._source is not None  # noqa: S101 - one of both is there
                number = self._source.take(at, value, quality)
        if (condition is not None or self.gate.due <= at) and self.gate.look(at):
            turns += self._turn_gate(at)
        if self._formula is not None:
            number = self._formula.number()
        return turns + self._judge(at, number)

    def _flow(self, until: int) -> list[tuple[Rung, Turn]]:
        """What changes by itself before `until`, in order; delays of the rungs end within `take`."""
        turns = list[tuple[Rung, Turn]]()
        while True:
            source_due = self._source.due if self._source else FOREVER
            due = min(source_due, self.gate.due)
            if due >= until:
                return turns
            due = max(due, self.clock)
            if self.gate.due <= due:
                if self.gate.look(due):
                    turns += self._turn_gate(due)
            elif self._source is not None:
                turns += self._judge(due, self._source.pass_due())
            self.clock = due

    def _turn_gate(self, at: int) -> list[tuple[Rung, Turn]]:
        if not self.gate.is_open:
            return [(rung, turn) for rung in self.rungs for turn in close_gate(rung.phase, rung.level.timing, at)]
        turns = [(rung, turn) for rung in self.rungs for turn in open_gate(rung.phase, at)]
        again = self._source.restart(at) if self._source else float("nan")
        return turns + self._judge(at, self.number if again != again else again)  # noqa: PLR0124 - NaN

    def _judge(self, at: int, number: float) -> list[tuple[Rung, Turn]]:
        """Hold a number from `at` on."""
        if number != number:  # noqa: PLR0124 - NaN says nothing
            return []
        self.number = number
        if not self.gate.is_open:
            return []
        turns = list[tuple[Rung, Turn]]()
        for rung in self.rungs:
            phase, band = rung.phase, rung.band
            trouble = band.violates(number, phase.state is _ACTIVE or phase.state is _PENDING)
            # Within the deadband, what passed the limit is the value to tell.
            told = phase.value if trouble and band.low <= number <= band.high else number
            found = take(phase, rung.level.timing, at, trouble=trouble, value=told)
            if found:
                turns += [(rung, turn) for turn in found]
        return turns

    def _verdicts(self, turns: list[tuple[Rung, Turn]], *, late: bool) -> list[Verdict]:
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
        return verdicts
