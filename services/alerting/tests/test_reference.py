"""The evaluator against the reference model: random rules, random series, exactly the same turns."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from andon.alerting.evaluate.index import Places, make
from andon.alerting.evaluate.verdict import Verdict
from andon.alerting.evaluate.watch import Watch
from andon.alerting.rules.calendar import Calendar, HoursDraft
from andon.alerting.rules.draft import Rule
from andon.alerting.rules.meaning import meaning_of
from andon.common.plant import Asset, Datatype, Limits, Plant, Sensor
from andon.common.reading import NS_PER_S

from . import reference
from .reference import Level, Model, Name, Said, Turn

LINE = "site/area/line"
SENSORS: dict[str, Datatype] = {"t": "float", "a": "float", "run": "bool", "state": "string"}
S = NS_PER_S
BEGIN = 20_400 * 86_400 * S
ODD = Calendar(
    id="c",
    name="odd",
    hours=[HoursDraft(start=f"00:{minute:02}", end=f"00:{minute + 1:02}") for minute in range(1, 59, 2)],
)


def odd_minutes(second: int) -> bool:
    """Of the first hour of a day."""
    return second < 59 * 60 and second // 60 % 2 == 1


def machine(name: str) -> Asset:
    path = f"{LINE}/{name}"
    sensors = tuple(
        Sensor(key=key, path=f"{path}/{key}", datatype=kind, limits=Limits(l=72, h=80, hh=90))
        for key, kind in SENSORS.items()
    )
    return Asset(id=name, path=path, kind="machine", slug=name, name=name, sensors=sensors)


def plant() -> Plant:
    made = Plant()
    for name in ("m", "n"):
        made.put(machine(name))
    return made


PLACES = Places(plant(), [ODD])


@dataclass(frozen=True)
class Case:
    """A rule, twice: as it is written, and as the model has it."""

    written: Mapping[str, Any]
    model: Model

    def rule(self) -> Rule:
        return Rule.model_validate({"id": "r", "name": "R"} | dict(self.written))

    def watch(self) -> Watch:
        rule = self.rule()
        made = make(PLACES, rule, meaning_of(rule), machine("m"))
        assert made is not None
        return made


def known(*sensors: Name) -> Callable[[Callable[..., float]], Callable[[Mapping[Name, Any]], float]]:
    """A function of sensors that yields nothing while one of them is not known."""

    def of(function: Callable[..., float]) -> Callable[[Mapping[Name, Any]], float]:
        def look(said: Mapping[Name, Any]) -> float:
            values = [said.get(sensor) for sensor in sensors]
            return math.nan if any(value is None for value in values) else float(function(*values))

        return look

    return of


T, A, RUN, STATE = ("m", "t"), ("m", "a"), ("m", "run"), ("m", "state")
OTHER = ("n", "t")


def hot_while_running(said: Mapping[Name, Any]) -> float:
    hot, runs = said.get(T, math.nan) > 80 if T in said else None, bool(said[RUN]) if RUN in said else None
    if hot is False or runs is False:
        return 0.0
    return math.nan if hot is None or runs is None else 1.0


EXPRESSIONS = [
    ("t - a", {T, A}, known(T, A)(lambda t, a: t - a)),
    ("t - '../n/t'", {T, OTHER}, known(T, OTHER)(lambda t, o: t - o)),
    ("abs(t - 80) + '../n/t'", {T, OTHER}, known(T, OTHER)(lambda t, o: abs(t - 80) + o)),
]
TRUTHS = [
    ("t > 80 and run", {T, RUN}, hot_while_running),
    ("not '../n/run' == 1", {("n", "run")}, known(("n", "run"))(lambda run: not run)),
]
GATES = [
    ("run", {RUN}, known(RUN)(float)),
    ("'../n/t' > 75", {OTHER}, known(OTHER)(lambda t: t > 75)),
    ('state != "OFF"', {STATE}, known(STATE)(lambda state: state != "OFF")),
]

seconds = st.integers(0, 8)
timings = st.fixed_dictionaries(
    {"on": seconds, "off": seconds, "minimum": seconds, "repeat": st.sampled_from([1, 1, 1, 2, 3])}
)
limits = st.sampled_from(
    [
        ({"above": 80}, {"high": 80.0}),
        ({"below": 75}, {"low": 75.0}),
        ({"outside": [74, 82]}, {"low": 74.0, "high": 82.0}),
        ({"above": "hh"}, {"high": 90.0}),
        ({"outside": ["l", "h"]}, {"low": 72.0, "high": 80.0}),
    ]
)
low_limits = st.sampled_from([({"above": 5}, {"high": 5.0}), ({"outside": [-4, 4]}, {"low": -4.0, "high": 4.0})])
deadbands = st.sampled_from([0, 1, 2.5])


def level(timing: Mapping[str, int], **fields: Any) -> Level:
    return Level(
        on=timing["on"] * S, off=timing["off"] * S, minimum=timing["minimum"] * S, repeat=timing["repeat"], **fields
    )


def written(timing: Mapping[str, int]) -> dict[str, Any]:
    return {
        "on_delay": f"{timing['on']}s",
        "off_delay": f"{timing['off']}s",
        "minimum": f"{timing['minimum']}s",
        "repeat": timing["repeat"],
    }


@st.composite
def plain(draw: st.DrawFn) -> Case:
    """One limit, or a ladder of two, on the sensor's own value or on an expression."""
    timing, deadband = draw(timings), draw(deadbands)
    source = draw(st.sampled_from([None, None, None, *EXPRESSIONS]))
    said, fields = draw(low_limits if source else limits)
    condition: dict[str, Any] = dict(said)
    levels = (level(timing, deadband=float(deadband), **fields),)
    if draw(st.booleans()) and not source:
        condition = {
            "levels": [{"above": 80, "severity": "low"}, {"above": 90, "on_delay": "2s", "severity": "critical"}]
        }
        sooner = dict(timing) | {"on": 2}
        levels = (
            level(timing, name="h", deadband=float(deadband), high=80.0),
            level(sooner, name="hh", deadband=float(deadband), high=90.0),
        )
    if source:
        condition["expression"] = source[0]
    model = Model(
        T,
        levels,
        kind="expression" if source else "own",
        look=source[2] if source else None,
        sensors=frozenset(source[1]) if source else frozenset(),
    )
    return Case(
        {"scope": {"sensor": f"{LINE}/m/t"}, "condition": condition, "deadband": deadband} | written(timing), model
    )


@st.composite
def deviations(draw: st.DrawFn) -> Case:
    timing = draw(timings)
    said, fields = draw(low_limits)
    other, sensors, look = draw(
        st.sampled_from(
            [
                ("a", {T, A}, known(T, A)(lambda t, a: t - a)),
                ("../n/t", {T, OTHER}, known(T, OTHER)(lambda t, o: t - o)),
                (78, {T}, known(T)(lambda t: t - 78)),
                (-3.5, {T}, known(T)(lambda t: t + 3.5)),
            ]
        )
    )
    model = Model(T, (level(timing, **fields),), kind="expression", look=look, sensors=frozenset(sensors))
    condition = {"deviation_from": other} | said
    return Case({"scope": {"sensor": f"{LINE}/m/t"}, "condition": condition} | written(timing), model)


@st.composite
def truths(draw: st.DrawFn) -> Case:
    """Conditions that are there or not."""
    timing = draw(timings)
    key, model, condition = draw(
        st.sampled_from(
            [
                ("t", {"kind": "silent", "after": 3 * S, "begun": BEGIN}, {"silent": "3s"}),
                ("t", {"kind": "unchanged", "after": 6 * S}, {"unchanged": "6s"}),
                ("state", {"kind": "unchanged", "after": 4 * S}, {"unchanged": "4s"}),
                ("t", {"kind": "quality", "values": ("bad", "uncertain")}, {"quality": ["bad", "uncertain"]}),
                ("state", {"kind": "equals", "values": ("OFF", "FAULT")}, {"equals": ["OFF", "FAULT"]}),
                ("run", {"kind": "equals", "values": (True,)}, {"equals": True}),
                ("t", {"kind": "equals", "values": (82.0, 70.0)}, {"equals": [82, 70]}),
                (
                    "t",
                    {"kind": "count", "count": 2, "after": 9 * S, "inner": Level(high=80.0, deadband=1.0)},
                    {"count": 2, "within": "9s", "of": {"above": 80}},
                ),
                (
                    "t",
                    {"kind": "count", "count": 3, "after": 20 * S, "inner": Level(low=74.0, high=82.0, deadband=1.0)},
                    {"count": 3, "within": "20s", "of": {"outside": [74, 82]}},
                ),
                *(
                    ("t", {"kind": "expression", "look": look, "sensors": frozenset(sensors)}, {"expression": text})
                    for text, sensors, look in TRUTHS
                ),
            ]
        )
    )
    if "silent" in condition:
        timing = dict(timing) | {"repeat": 1}
    deadband = 1 if "count" in condition else 0
    levels = (level(timing, high=0.5),)
    rule = {"scope": {"sensor": f"{LINE}/m/{key}"}, "condition": condition, "deadband": deadband} | written(timing)
    return Case(rule, Model(("m", key), levels, **model))


@st.composite
def windows(draw: st.DrawFn) -> Case:
    timing = draw(timings)
    condition, fields, limit = draw(
        st.sampled_from(
            [
                ({"rate_over": "4s", "above": 60}, {"kind": "rate", "after": 4 * S, "per": 60 * S}, {"high": 60.0}),
                (
                    {"rate_over": "10s", "per": "s", "outside": [-1, 1]},
                    {"kind": "rate", "after": 10 * S, "per": S},
                    {"low": -1.0, "high": 1.0},
                ),
                (
                    {"rate_over": "4m", "per": "h", "above": 90},
                    {"kind": "rate", "after": 240 * S, "per": 3600 * S},
                    {"high": 90.0},
                ),
                (
                    {"score_over": "1m", "outside": [-2, 2]},
                    {"kind": "score", "after": 60 * S},
                    {"low": -2.0, "high": 2.0},
                ),
            ]
        )
    )
    rule = {"scope": {"sensor": f"{LINE}/m/t"}, "condition": condition} | written(timing)
    return Case(rule, Model(T, (level(timing, **limit),), **fields))


@st.composite
def gated(draw: st.DrawFn, of: st.SearchStrategy[Case]) -> Case:
    """A case with an expression that it counts for, or a calendar, or both, or neither."""
    case = draw(of)
    fields, model = dict(case.written), case.model.__dict__.copy()
    gate = draw(st.sampled_from([None, None, *GATES]))
    if gate is not None:
        fields["active_when"] = gate[0]
        model |= {"gate": gate[2], "gate_sensors": frozenset(gate[1])}
    if draw(st.sampled_from([False, False, True])):
        fields["active_during"] = ["odd"]
        model["hours"] = odd_minutes
    return Case(fields, Model(**model))


VALUES: dict[str, st.SearchStrategy[Any]] = {
    "t": st.sampled_from([70.0, 74.5, 78.0, 79.5, 80.0, 81.0, 82.0, 95.0, 95.0, math.nan]),
    "a": st.sampled_from([70.0, 75.0, 80.0]),
    "run": st.booleans(),
    "state": st.sampled_from(["OFF", "RUN", "FAULT"]),
}
qualities = st.dictionaries(st.sampled_from(list(SENSORS)), st.sampled_from(["bad", "stale", "uncertain"]), max_size=1)


@st.composite
def readings(draw: st.DrawFn, *, disorder: bool = True, steps: tuple[int, int] = (0, 5), most: int = 20) -> list[Said]:
    """Readings as they come: of two machines, with some sensors each, some late, some twice."""
    found, time = list[Said](), BEGIN
    for _ in range(draw(st.integers(0, most))):
        time += draw(st.integers(*steps)) * S if draw(st.integers(0, 9)) else 25 * S
        at = time - (draw(st.sampled_from([0, 0, 0, 2, 7])) * S if disorder else 0)
        keys = draw(st.sets(st.sampled_from(["t", "t", "t", "a", "run", "state"]), min_size=1, max_size=3))
        values = {key: draw(VALUES[key]) for key in sorted(keys)}
        found.append(
            (
                at + S,
                draw(st.sampled_from(["m", "m", "m", "n"])),
                values,
                draw(qualities) if draw(st.booleans()) else {},
            )
        )
    return found


def feed(watch: Watch, series: Sequence[Said]) -> list[Verdict]:
    found = list[Verdict]()
    for time, asset, values, quality in series:
        found += watch.hear(asset, time, values, quality or None, False, lambda *_: None) or ()
    return found


def told(verdicts: Sequence[Verdict]) -> dict[str, list[Turn]]:
    """Turns of verdicts, by level; whether one was late hangs on when it came, of which the model knows nothing."""
    found: dict[str, list[Turn]] = {}
    for verdict in verdicts:
        turn = verdict.turn
        if turn.current:
            continue
        one = Turn(verdict.level.name, turn.before.name.lower(), turn.after.name.lower(), turn.at, turn.value)
        found.setdefault(one.level, []).append(one)
    return found


def assert_same(came: Mapping[str, list[Turn]], expected: Mapping[str, list[Turn]]) -> None:
    """The same turns, with the same values where the model has some."""
    for name, turns in expected.items():
        theirs = [
            Turn(
                one.level,
                one.before,
                one.after,
                one.at,
                one.value if place >= len(turns) or turns[place].value is not None else None,
            )
            for place, one in enumerate(came.get(name, []))
        ]
        assert theirs == turns
    assert came.keys() <= expected.keys()


def check(case: Case, series: Sequence[Said]) -> None:
    watch = case.watch()
    watch.begin(BEGIN)
    horizon = max((said[0] for said in series), default=BEGIN) + 40 * S
    expected = reference.turns(case.model, series, horizon)
    came = feed(watch, series) + watch.pass_time(horizon)
    assert_same(told(came), expected)


@given(case=gated(plain()), series=readings())
def test_limits_and_ladders(case: Case, series: list[Said]) -> None:
    check(case, series)


@given(case=gated(deviations()), series=readings())
def test_deviations(case: Case, series: list[Said]) -> None:
    check(case, series)


@given(case=gated(truths()), series=readings())
def test_what_is_there_or_not(case: Case, series: list[Said]) -> None:
    check(case, series)


@given(case=gated(windows()), series=readings(steps=(0, 2), most=60))
def test_windows(case: Case, series: list[Said]) -> None:
    check(case, series)
