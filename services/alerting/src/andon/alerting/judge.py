"""Judge: readings in, turns out. Pure but for the phases it holds; no database, no model, no log per sample."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

import msgspec

from andon.alerting.phase import NEVER, Phase, State, Turn, advance, elapse
from andon.alerting.rule import Rule
from andon.alerting.scope import Index, PhaseKey, Watch, build_index, watches
from andon.common.plant import Plant
from andon.common.reading import NS_PER_S, Quality
from andon.common.wire import Batch

AHEAD = 5 * NS_PER_S
"""A sample that claims to be measured this much after it arrived tells of a wrong clock."""

_UNUSABLE = {Quality.BAD.value, Quality.STALE.value}


class Verdict(msgspec.Struct, frozen=True):
    """One turn of one watch."""

    watch: Watch
    turn: Turn


class Judge:
    """Holds every phase in memory. `rebuild` before use and after each change of plant or rules."""

    def __init__(self, phases: dict[PhaseKey, Phase] | None = None) -> None:
        self._phases = phases or {}
        self._index: Index = {}
        self._watches: dict[PhaseKey, Watch] = {}
        self._waiting: dict[PhaseKey, tuple[Phase, int, float]] = {}

    def __len__(self) -> int:
        """Watches: pairs of rule and sensor."""
        return len(self._watches)

    def rebuild(self, plant: Plant, rules: Iterable[Rule]) -> list[PhaseKey]:
        """Take a new plant and new rules; the keys whose rule or sensor is gone, and with them their phases."""
        self._index = build_index(plant, rules, self._phases)
        self._watches = watches(self._index)
        gone = [key for key in self._phases if key not in self._watches]
        self._phases = {key: watch.phase for key, watch in self._watches.items()}
        self._waiting = {key: seen for key, seen in self._waiting.items() if key in self._watches}
        self._wait(self._watches.values())
        return gone

    def count(self, counts: Callable[[str], bool]) -> Counter[str]:
        """How many sensors each rule watches, of the machines whose path `counts`."""
        return Counter(watch.rule.id for watch in self._watches.values() if counts(watch.asset.path))

    def judge(self, batch: Batch) -> list[Verdict]:
        """All turns that these readings cause, in order. A value of bad or stale quality says nothing.

        What comes from a clock ahead counts as measured when it arrived: once such a clock is set right, the rules
        would otherwise take every sample for late until the time it had claimed is reached.
        """
        verdicts: list[Verdict] = []
        index, arrived = self._index, batch.arrived
        for position, reading in enumerate(batch.readings):
            sensors = index.get(reading.asset)
            if sensors is None:
                continue
            values, time, quality = reading.values, reading.time, reading.quality
            if time - arrived > AHEAD:
                time = arrived + position  # in the order of the batch, and the same when it is delivered again
            for key, found in sensors:
                value = values.get(key)
                if value is None or value.__class__ is str or (quality and quality.get(key) in _UNUSABLE):
                    continue
                for watch in found:
                    turns = advance(watch.phase, watch.condition, watch.delays, time, value)  # type: ignore[arg-type]
                    if turns:
                        verdicts += [Verdict(watch, turn) for turn in turns]
        self._wait(v.watch for v in verdicts)
        return verdicts

    def remember(self, batch: Batch) -> None:
        """Note how new these readings are without judging them: they were judged before a restart, or are imported."""
        for position, reading in enumerate(batch.readings):
            time = reading.time if reading.time - batch.arrived <= AHEAD else batch.arrived + position
            for key, found in self._index.get(reading.asset, ()):
                if key in reading.values:
                    for watch in found:
                        watch.phase.last = max(watch.phase.last, time)

    def tick(self, now: float, *, hearing: bool = True) -> list[Verdict]:
        """Let delays end on sensors that have been silent for the whole delay. `now` is monotonic seconds.

        Not `hearing`, the silence is ours and not the sensors': it is measured anew afterwards.
        """
        if not hearing:
            self._waiting = {key: (phase, NEVER, 0.0) for key, (phase, _, _) in self._waiting.items()}
            return []
        return list(self._tick(now))

    def _tick(self, now: float) -> Iterator[Verdict]:
        for key, (phase, last, silent_since) in list(self._waiting.items()):
            watch = self._watches[key]
            if phase.state not in (State.PENDING, State.CLEARING):
                del self._waiting[key]
            elif phase.last != last or silent_since == 0.0:
                self._waiting[key] = (phase, phase.last, now)
            else:
                delay = watch.delays.on if phase.state is State.PENDING else watch.delays.off
                if (now - silent_since) * 1e9 >= delay:
                    yield from (Verdict(watch, turn) for turn in elapse(phase, watch.delays, phase.since + delay))

    def _wait(self, found: Iterable[Watch]) -> None:
        """Put those with a running delay on the list that `tick` goes through."""
        for watch in found:
            if watch.phase.state in (State.PENDING, State.CLEARING):
                self._waiting.setdefault(watch.key, (watch.phase, NEVER, 0.0))
