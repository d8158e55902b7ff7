"""Machine: what all sensors of one machine show at a moment; a pure function of seed, machine and time."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import floor

from andon.common.plant import Sensor
from andon.common.reading import Value
from andon.simulator.laws import CYCLE_SECONDS, UNATTENDED, Law, law_of
from andon.simulator.shifts import shift_at
from andon.simulator.signals import hiss, scatter, seed_of, stroke, wander, warmth
from andon.simulator.states import State, States

_MEMORY = 8
"""Time constants after which a body has forgotten what drove it (0.03 % is left)."""
_LOAD_PERIOD, _WANDER_PERIOD = 1800.0, 420.0
_INDIVIDUALITY = 0.04


@dataclass(frozen=True)
class Moment:
    """What drives all sensors at one instant: state, load of the product, effort within the cycle; both in [0, 1]."""

    t: float
    state: State
    load: float
    effort: float


class Machine:
    """One simulated machine. `path` is its place in the plant, `sensors` what it shows."""

    def __init__(self, seed: int, path: str, machine_type: str, sensors: tuple[Sensor, ...]) -> None:
        self.path = path
        self.type = machine_type
        self.sensors = sensors
        self._seed = seed ^ seed_of(path)
        self._states = States(seed, path, attended=machine_type not in UNATTENDED)
        self._cycle = CYCLE_SECONDS.get(machine_type, 25.0)
        self._laws = {s.key: law_of(machine_type, s) for s in sensors if s.datatype == "float"}
        self._seeds = {s.key: self._seed ^ seed_of(s.key) for s in sensors}

    def values(self, t: float) -> Mapping[str, Value]:
        """Sensor key -> value at `t` (seconds since 1970), each in its unit and rounded as its sensor is."""
        moment = self._moment(t)
        return {s.key: self._value(s, moment) for s in self.sensors}

    def _moment(self, t: float) -> Moment:
        load = 0.8 + 0.2 * wander(self._seed, t, _LOAD_PERIOD)
        phase = (t / self._cycle + scatter(self._seed)) % 1
        return Moment(t, self._states.at(t), load, load * stroke(phase))

    def _value(self, sensor: Sensor, moment: Moment) -> Value:
        if sensor.datatype == "string":
            return moment.state
        if sensor.datatype == "bool":
            return moment.state == "SETUP"  # doors and guards stand open while a machine is set up
        if sensor.key == "parts":
            return float(self._parts(moment.t))
        return round(self._measure(sensor.key, moment), sensor.decimals)

    def _measure(self, key: str, moment: Moment) -> float:
        law, seed = self._laws[key], self._seeds[key]
        own = 1 - _INDIVIDUALITY * scatter(seed)  # no two machines are alike, and none exceeds its law
        level = law.off + own * (self._target(law, moment) - law.off) * self._drive(law, moment)
        level += law.wander * wander(seed, moment.t, _WANDER_PERIOD)
        level += law.noise * hiss(seed, round(moment.t * 1000))
        return max(level, 0.0) if law.off >= 0 else level

    def _target(self, law: Law, moment: Moment) -> float:
        share = moment.load if law.tau else moment.effort
        return law.light + (law.heavy - law.light) * share

    def _drive(self, law: Law, moment: Moment) -> float:
        """0 at rest, 1 at work, and what lies between for a body that warms up or cools down."""
        if not law.tau:
            return float(moment.state in law.on)
        if len(law.on) == 4:  # driven in every state: always warmed through
            return 1.0
        spans = self._states.spans(moment.t - _MEMORY * law.tau, moment.t)
        return warmth(((s.start, s.end) for s in spans if s.state in law.on), law.tau, moment.t)

    def _parts(self, t: float) -> int:
        """Parts made since the shift began: one per full cycle of work."""
        start = shift_at(t).start
        worked = sum(min(s.end, t) - max(s.start, start) for s in self._states.spans(start, t) if s.state == "RUN")
        return floor(worked / self._cycle)
