"""Judge: readings in, turns out. Pure but for the phases it holds; no database, no model, no log per sample."""

from collections.abc import Iterable, Iterator

import msgspec

from andon.alerting.phase import NEVER, Phase, State, Turn, advance, elapse
from andon.alerting.rule import Rule
from andon.alerting.scope import Index, PhaseKey, Watch, build_index, watches
from andon.common.plant import Plant
from andon.common.reading import Quality, Reading

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

    def judge(self, readings: list[Reading]) -> list[Verdict]:
        """All turns that these readings cause, in order. A value of bad or stale quality says nothing."""
        verdicts: list[Verdict] = []
        index = self._index
        for reading in readings:
            sensors = index.get(reading.asset)
            if sensors is None:
                continue
            values, time, quality = reading.values, reading.time, reading.quality
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

    def remember(self, readings: list[Reading]) -> None:
        """Note how new these readings are without judging them: they were judged before a restart."""
        for reading in readings:
            for key, found in self._index.get(reading.asset, ()):
                if key in reading.values:
                    for watch in found:
                        watch.phase.last = max(watch.phase.last, reading.time)

    def tick(self, now: float) -> list[Verdict]:
        """Let delays end on sensors that have been silent for the whole delay. `now` is monotonic seconds."""
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
