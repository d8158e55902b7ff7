"""What a rule means, as a specification that can be run: slow, obvious, and sharing nothing with the evaluator.

It looks at a complete series from above, of which it is known when it was measured (`reference_clocks`). First, which
samples count, and from when on (`moments`). Then, as step functions over event time: when the gate is open (`gate`),
which number is judged (`numbers`), and when that is trouble (`runs`). Turns follow from these by definition (`turns`).
"""

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

Name = tuple[str, str]
"""A sensor: its machine, and its key."""
Said = tuple[int, str, Mapping[str, Any], Mapping[str, str]]
"""A reading: when it was measured, of which machine, its values, and their qualities where these are not good."""
NORMAL, PENDING, ACTIVE, CLEARING, SUPPRESSED = "normal", "pending", "active", "clearing", "suppressed"
MINUTE = 60 * 10**9
ANY: float | None = None
"""A value that is not told, or does not matter."""


@dataclass(frozen=True)
class Turn:
    level: str
    before: str
    after: str
    at: int
    value: float | None = None


@dataclass(frozen=True)
class Level:
    name: str = ""
    low: float = -math.inf
    high: float = math.inf
    deadband: float = 0.0
    on: int = 0
    off: int = 0
    minimum: int = 0
    repeat: int = 1

    def is_beyond(self, number: float) -> bool:
        return number > self.high or number < self.low

    def is_trouble(self, number: float, *, before: bool) -> bool:
        """Beyond a limit; and from then on until it is back by the deadband."""
        if self.is_beyond(number):
            return True
        return before and (number > self.high - self.deadband or number < self.low + self.deadband)


@dataclass(frozen=True)
class Model:
    """A rule on `own`. kind, parameters: its source. levels: as in the rule, those of truths with `high` 0.5.

    look: of the kind "expression", what it yields for what is known (sensor -> value). gate: the same of `active_when`.
    hours: whether calendars are open in a second of the day. begun: since when silence counts. most: what is raised
    more often within a minute stays for one; of rules without a gate.
    """

    own: Name
    levels: tuple[Level, ...]
    kind: str = "own"
    after: int = 0
    per: int = 0
    count: int = 0
    inner: Level = Level()
    values: tuple[Any, ...] = ()
    look: Callable[[Mapping[Name, Any]], float] | None = None
    sensors: frozenset[Name] = frozenset()
    gate: Callable[[Mapping[Name, Any]], float] | None = None
    gate_sensors: frozenset[Name] = frozenset()
    hours: Callable[[int], bool] | None = None
    begun: int | None = None
    most: int = 30

    @property
    def names(self) -> frozenset[Name]:
        return (self.sensors if self.kind == "expression" else frozenset({self.own})) | self.gate_sensors


@dataclass
class Moment:
    """What is heard at one instant. gate: whether it is open from here on. number: what is judged from here on."""

    at: int
    said: dict[Name, tuple[Any, str]] = field(default_factory=dict)
    open: bool = True
    opens: bool = False
    number: float = math.nan


def turns(model: Model, series: Sequence[Said], horizon: int) -> dict[str, list[Turn]]:
    """All turns until `horizon`, included, by level."""
    story = numbers(model, gate(model, moments(model, series), horizon), horizon)
    return {level.name: list(_turns(level, story, horizon, model.most)) for level in model.levels}


def moments(model: Model, series: Sequence[Said]) -> list[Moment]:
    """The samples that count: newer than all before them of their sensor, and from the newest time of all on."""
    newest: dict[Name, int] = {}
    clock = -math.inf if model.begun is None else model.begun
    found = []
    for time, machine, values, qualities in series:
        said = {}
        for key, value in values.items():
            name = (machine, key)
            if name in model.names and time > newest.get(name, -math.inf):
                newest[name] = time
                said[name] = (value, qualities.get(key, "good"))
        if said:
            clock = max(clock, time)
            found.append(Moment(int(clock), said))
    return found


def usable(value: Any, quality: str) -> bool:
    return quality not in ("bad", "stale") and not (isinstance(value, float) and math.isnan(value))


def known(story: Sequence[Moment], sensors: frozenset[Name]) -> dict[Name, Any]:
    """What sensors have said last, of what can be trusted."""
    return {
        name: value
        for moment in story
        for name, (value, quality) in moment.said.items()
        if name in sensors and usable(value, quality)
    }


def gate(model: Model, story: list[Moment], horizon: int) -> list[Moment]:
    """The story with the instants at which calendars open or close, and whether the rule counts at each moment."""
    begin = model.begun if model.begun is not None else story[0].at if story else horizon
    there = {moment.at for moment in story}
    second = 10**9
    edges = [
        Moment(at)
        for at in range((begin // second) * second, horizon + 1, second)
        if begin <= at and at not in there and _in_hours(model, at) != _in_hours(model, at - 1)
    ]
    first = [Moment(begin)] if model.begun is not None and model.hours else []
    whole = sorted([*first, *story, *edges], key=lambda moment: moment.at)
    before = True
    for place, moment in enumerate(whole):
        condition = 1.0 if model.gate is None else model.gate(known(whole[: place + 1], model.gate_sensors))
        moment.open = _in_hours(model, moment.at) and condition != 0
        moment.opens = moment.open and not before
        before = moment.open
    return whole


def _in_hours(model: Model, at: int) -> bool:
    return model.hours is None or model.hours(at // 10**9 % 86400)


def numbers(model: Model, story: list[Moment], horizon: int) -> list[Moment]:
    """The story with what changes by itself, and the number that each moment brings; NaN where it brings none."""
    if model.kind in ("silent", "unchanged"):
        return _durations(model, story, horizon)
    if model.kind == "count":
        return _counted(model, story, horizon)
    for place, moment in enumerate(story):
        moment.number = _number(model, story[: place + 1])
    return story


def _number(model: Model, story: Sequence[Moment]) -> float:
    said = story[-1].said
    if model.kind == "expression" and model.look is not None:
        spoke = any(usable(*said[name]) for name in said if name in model.sensors)
        return model.look(known(story, model.sensors)) if spoke else math.nan
    value, quality = said.get(model.own, (None, "bad"))
    if model.kind == "quality" and model.own in said:
        return float(quality in model.values)
    return _number_of(model, value, _own(model, story)) if usable(value, quality) else math.nan


def _number_of(model: Model, value: Any, past: list[tuple[int, Any]]) -> float:
    if model.kind == "equals":
        same = [place for place, one in enumerate(model.values, 1) if type(one) is type(value) and one == value]
        return float(same[0]) if same else 0.0
    if isinstance(value, str) or model.kind not in ("own", "rate", "score"):
        return math.nan
    return {"own": lambda *_: float(value), "rate": _rate, "score": _score}[model.kind](model, past)


def _own(model: Model, story: Sequence[Moment]) -> list[tuple[int, Any]]:
    said = [(moment.at, *moment.said[model.own]) for moment in story if model.own in moment.said]
    return [(at, value) for at, value, quality in said if usable(value, quality)]


def _slots(past: list[tuple[int, Any]], width: int) -> dict[int, tuple[int, float]]:
    """The first sample of each slot of a fixed grid."""
    return {at // width: (at, float(value)) for at, value in reversed(past)}


def _rate(model: Model, past: list[tuple[int, Any]]) -> float:
    at, value = past[-1]
    old = [sample for sample in _slots(past, max(model.after // 64, 1)).values() if sample[0] <= at - model.after]
    if not old or max(old)[0] < at - 2 * model.after:
        return math.nan
    then, before = max(old)
    return float((value - before) / (at - then) * model.per)


def _score(model: Model, past: list[tuple[int, Any]]) -> float:
    width = max(model.after // 120, 1)
    at, value = past[-1]
    window = [v for slot, (_, v) in _slots(past, width).items() if at // width - 120 <= slot < at // width]
    if len(window) < 30:
        return math.nan
    center = median(window)
    apart = [abs(v - center) for v in window]
    scale = 1.4826 * median(apart) or 1.2533 * sum(apart) / len(apart)
    if scale:
        return (value - center) / scale
    return math.copysign(1e6, value - center) if value != center else 0.0


def _durations(model: Model, story: list[Moment], horizon: int) -> list[Moment]:
    """0 where it begins to last, 1 once it has lasted; each sample, or each that is new, begins, and a gate that opens.

    Of what is unchanged, nothing is known before the first change.
    """
    ends, begun, value, number = list[Moment](), model.begun if model.kind == "silent" else None, None, math.nan
    for moment in [*story, Moment(horizon + 1)]:
        if begun is not None and begun + model.after < moment.at:
            ends.append(Moment(begun + model.after, number=1.0))
            begun, number = None, 1.0
        said, quality = moment.said.get(model.own, (None, "bad"))
        if model.kind == "silent" and model.own in moment.said:
            begun, number = moment.at, 0.0
        elif model.kind == "unchanged" and usable(said, quality) and said != value:
            begun, number = moment.at, math.nan if value is None else 0.0
            value = said
        if moment.opens and (model.kind == "silent" or value is not None):
            begun, number = moment.at, 0.0
        if moment.opens or (model.own in moment.said and (model.kind == "silent" or usable(said, quality))):
            moment.number = number
    return _with(story, ends)


def _counted(model: Model, story: list[Moment], horizon: int) -> list[Moment]:
    """1 while what is counted has begun so often within the window."""
    ends, begun, trouble = list[Moment](), list[int](), False
    samples = [moment for moment in story if model.own in moment.said and usable(*moment.said[model.own])]
    for moment, following in zip(samples, [*samples[1:], Moment(horizon + 1)], strict=False):
        before, trouble = trouble, model.inner.is_trouble(float(moment.said[model.own][0]), before=trouble)
        begun += [moment.at] if trouble and not before else []
        until = begun[-model.count] + model.after if len(begun) >= model.count else -1
        moment.number = float(until > moment.at)
        if moment.at < until < following.at:
            ends.append(Moment(until, number=0.0))
    return _with(story, ends)


def _with(story: list[Moment], ends: list[Moment]) -> list[Moment]:
    """The story with what happens by itself, after what is heard at the same instant."""
    whole = sorted([*story, *ends], key=lambda moment: moment.at)
    for before, moment in itertools.pairwise(whole):
        if any(moment is end for end in ends):
            moment.open = before.open
    return whole


@dataclass
class Run:
    """Trouble, or none, without a break. ends: when it is over, None if it goes on. by: what ends it."""

    trouble: bool
    judged: list[tuple[int, float]]
    ends: int | None = None
    by: str = ""

    @property
    def begins(self) -> int:
        return self.judged[0][0]

    def told(self, at: int, *, least: int = 1, beyond: Callable[[float], bool] = lambda _: True) -> float:
        """What held when an instant was reached: the first judged then, once there are enough, else the last before."""
        by_then = [number for time, number in self.judged if time < at]
        then = [number for time, number in self.judged if time == at]
        enough = max(least - len(by_then), 1)
        return next(number for number in reversed(by_then + then[:enough]) if beyond(number))


def runs(level: Level, story: Sequence[Moment]) -> list[Run]:
    """Trouble over time. While the gate is closed there is none; when it opens, what holds is judged afresh."""
    found, held, run = list[Run](), math.nan, None
    for moment in story:
        held = held if math.isnan(moment.number) else moment.number
        if not moment.open:
            if run is not None:
                run.ends, run.by, run = moment.at, "gate", None
            continue
        number = held if moment.opens else moment.number
        if math.isnan(number):
            continue
        trouble = level.is_trouble(number, before=run is not None and run.trouble)
        if run is None or run.trouble != trouble:
            if run is not None:
                run.ends, run.by = moment.at, "sample"
            run = Run(trouble, [])
            found.append(run)
        run.judged.append((moment.at, number))
    return found


def _turns(level: Level, story: Sequence[Moment], horizon: int, most: int) -> Iterator[Turn]:
    raised: int | None = None
    hidden = False
    minute = list[int]()
    every = runs(level, story)
    for run, following in zip(every, [*every[1:], None], strict=False):
        if hidden:
            yield Turn(level.name, SUPPRESSED, NORMAL, run.begins)
        if raised is None:
            found = _trouble(level, run, following, horizon) if run.trouble else []
            raised = found[-1].at if found and found[-1].after == ACTIVE else None
            if raised is not None:
                minute = [*minute, raised] if minute and raised < minute[0] + MINUTE else [raised]
        elif run.trouble:
            found = [Turn(level.name, CLEARING, ACTIVE, run.begins, run.judged[0][1])]
        else:
            least = raised + (max(level.minimum, MINUTE) if len(minute) > most else level.minimum)
            found = _good(level, run, least, horizon)
            raised = None if found[-1].after == NORMAL else raised
        yield from found
        hidden = run.by == "gate" and raised is not None
        if hidden and run.ends is not None:
            yield Turn(level.name, ACTIVE if run.trouble else CLEARING, SUPPRESSED, run.ends)
            raised = None


def _trouble(level: Level, run: Run, following: Run | None, horizon: int) -> list[Turn]:
    """It is an alarm once it has lasted for the on-delay, and was confirmed often enough; at its end at the latest."""
    found = [Turn(level.name, NORMAL, PENDING, run.begins, run.judged[0][1])]
    times = [at for at, _ in run.judged][: level.repeat]
    found += [Turn(level.name, PENDING, PENDING, at) for at in times[1:]]
    due = max(run.begins + level.on, times[-1])
    if len(times) == level.repeat and due <= horizon and (run.ends is None or due <= run.ends):
        value = run.told(due, least=level.repeat, beyond=level.is_beyond)
        found.append(Turn(level.name, PENDING, ACTIVE, due, value))
    elif run.ends is not None:
        value = following.judged[0][1] if run.by == "sample" and following is not None else ANY
        found.append(Turn(level.name, PENDING, NORMAL, run.ends, value))
    return found


def _good(level: Level, run: Run, least: int, horizon: int) -> list[Turn]:
    """It clears an alarm once it has lasted for the off-delay, and the alarm until `least`."""
    found = [Turn(level.name, ACTIVE, CLEARING, run.begins, run.judged[0][1])]
    due = max(run.begins + level.off, least)
    if due <= horizon and (run.ends is None or due <= run.ends):
        found.append(Turn(level.name, CLEARING, NORMAL, due, run.told(due)))
    return found
