"""A rule that hears only what could change something turns as one that hears every sample: any rule, any past."""

from itertools import pairwise
from typing import Any

import numpy as np
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from andon.alerting.backtest.replay import Replay, settle
from andon.alerting.backtest.series import NOTHING, Series
from andon.alerting.evaluate.index import Places, make
from andon.alerting.evaluate.sources.formula import Name
from andon.alerting.evaluate.watch import Watch
from andon.alerting.rules.calendar import Calendar
from andon.alerting.rules.draft import Rule
from andon.alerting.rules.meaning import meaning_of
from andon.common.errors import InvalidError
from andon.common.history.span import Span
from andon.common.plant import Asset, Plant, Sensor
from andon.common.reading import NS_PER_S

ROBOT, OTHER = "berlin/painting/line-1/robot-3", "berlin/painting/line-1/robot-4"
START = 1_800_000_000 * NS_PER_S
BEFORE = 400
"""Seconds of the past that sources learn of before the start."""


def machine(path: str, name: str) -> Asset:
    sensors = (
        Sensor(key="temperature", path=f"{path}/temperature"),
        Sensor(key="ambient", path=f"{path}/ambient"),
        Sensor(key="state", path=f"{path}/state", datatype="string"),
        Sensor(key="jammed", path=f"{path}/jammed", datatype="bool"),
    )
    return Asset(id=name, path=path, kind="machine", slug=name, name=name, type="robot", sensors=sensors)


CALENDAR: Any = Calendar.model_validate(
    {
        "id": "c",
        "name": "shift",
        "hours": [{"start": f"0{h}:{m:02}", "end": f"0{h}:{m + 2:02}"} for h, m in [(8, 1), (8, 4), (8, 8)]],
    }
)  # 1_800_000_000 is 08:00:00

PLANT = Plant()
PLANT.put(machine(ROBOT, "a"))
PLANT.put(machine(OTHER, "b"))
PLACES = Places(PLANT, [CALENDAR])

LIMITS = [{"above": 3}, {"below": 1}, {"outside": [1, 4]}, {"levels": [{"above": 2}, {"above": 4, "on_delay": "5s"}]}]
SOURCES: list[tuple[str, dict[str, Any], bool]] = [
    ("temperature", {}, True),
    ("temperature", {"deviation_from": "ambient"}, True),
    ("temperature", {"deviation_from": 1}, True),
    ("temperature", {"expression": "temperature + '../robot-4/ambient'"}, True),
    ("temperature", {"expression": "sum('../*/ambient') > 4 and not state == \"FAULT\""}, False),
    ("temperature", {"rate_over": "30s", "per": "min"}, True),
    ("temperature", {"score_over": "60s"}, True),
    ("state", {"equals": ["FAULT", "STOP"]}, False),
    ("jammed", {"equals": True}, False),
    ("temperature", {"equals": [2, 4]}, False),
    ("temperature", {"count": 2, "within": "40s", "of": {"above": 3}}, False),
    ("state", {"silent": "12s"}, False),
    ("temperature", {"unchanged": "9s"}, False),
    ("state", {"unchanged": "7s"}, False),
    ("temperature", {"quality": ["bad", "uncertain"]}, False),
]
SECONDS = st.sampled_from(["0s", "3s", "10s", "25s"])


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    key, source, compared = draw(st.sampled_from(SOURCES))
    condition = source | (draw(st.sampled_from(LIMITS)) if compared else {})
    rule = Rule.model_validate(
        {
            "id": "r",
            "name": "r",
            "scope": {"sensor": f"{ROBOT}/{key}"},
            "condition": condition,
            "deadband": draw(st.sampled_from([0.0, 0.5, 1.0])) if compared else 0.0,
            "on_delay": draw(SECONDS),
            "off_delay": draw(SECONDS),
            "minimum": draw(SECONDS),
            "repeat": draw(st.sampled_from([1, 1, 2, 4])),
            "active_when": draw(st.sampled_from([None, None, "ambient > 1", 'state != "STOP"', "temperature < 4"])),
            "active_during": draw(st.sampled_from([[], [], ["shift"]])),
        }
    )
    try:
        meaning_of(rule)
    except InvalidError:
        reject()
    return rule


VALUES: dict[str, Any] = {
    "temperature": st.sampled_from([0.0, 1.0, 1.5, 2.0, 3.0, 3.5, 4.0, 5.0]),
    "ambient": st.sampled_from([0.0, 1.0, 2.0]),
    "state": st.sampled_from(["RUN", "FAULT", "STOP"]),
    "jammed": st.booleans(),
}
QUALITIES = st.sampled_from(["", "", "", "bad", "stale", "uncertain"])


@st.composite
def pasts(draw: st.DrawFn) -> dict[Name, Series]:
    said = {}
    doubted = draw(st.booleans())
    for asset, odd in (("a", 0), ("b", 1)):  # never at the same time: in a stream either may come first
        for key, values in VALUES.items():
            steps = draw(st.lists(st.tuples(st.sampled_from([1, 1, 1, 2, 5, 20]), values, QUALITIES), max_size=80))
            times = np.cumsum([step for step, _, _ in steps], dtype=np.int64) * NS_PER_S * 2
            found = np.array([value for _, value, _ in steps], np.object_)
            if key in ("temperature", "ambient"):
                found = found.astype(np.float64)
            words = np.array([word or "good" for _, _, word in steps], np.object_) if doubted else None
            said[asset, key] = Series(times + START - BEFORE * NS_PER_S + odd * NS_PER_S, found, words)
    return said


def made(rule: Rule) -> Watch:
    found = PLANT.find(ROBOT)
    assert found is not None
    watch = make(PLACES, rule, meaning_of(rule), found)
    assert watch is not None
    return watch


def told(watch: Watch, said: dict[Name, Series]) -> None:
    """What sensors of expressions held before the start."""
    for name, series in said.items():
        before = np.flatnonzero((series.times < START) & ~series.doubtful)
        if len(before) and name[1] in watch.names.get(name[0], ()):
            value = series.values[before[-1]]
            watch.told(name, int(series.times[before[-1]]), value if isinstance(value, bool | str) else float(value))


def between(said: dict[Name, Series], start: int, end: int) -> dict[Name, Series]:
    found = {name: s.part((s.times >= start) & (s.times < end)) for name, s in said.items()}
    return {name: series for name, series in found.items() if len(series)}


def heard_all(rule: Rule, said: dict[Name, Series], end: int) -> list[Any]:
    """By the evaluator alone."""
    watch = made(rule)
    told(watch, said)
    own = said.get(("a", watch.sensor.key), NOTHING)
    reach = getattr(watch.source, "reach", 0)
    past = own.part((own.times < START) & (own.times >= START - reach))
    if reach:
        past = past if "silent" in rule.condition else past.part(~past.doubtful)
        watch.recall(list(zip(past.times.tolist(), past.values.tolist(), strict=True)))
    settle(watch, START)
    readings: dict[tuple[int, str], tuple[dict[str, Any], dict[str, str]]] = {}
    for (asset, key), series in between(said, START, end).items():
        words = series.words if series.words is not None else [""] * len(series)
        for time, value, word in zip(series.times.tolist(), series.values.tolist(), words, strict=True):
            values, qualities = readings.setdefault((time, asset), ({}, {}))
            values[key], qualities[key] = value, word
    turns = []
    for (time, asset), (values, qualities) in sorted(readings.items(), key=lambda item: item[0]):
        turns += watch.hear(asset, time, values, qualities, False, lambda *_: None) or ()
    turns += watch.pass_time(end - 1)
    return by_level((one.rung, one.turn) for one in turns)


def by_level(turns: Any) -> list[Any]:
    found = [(rung.level.name, turn.at, number, turn.before, turn.after) for number, (rung, turn) in enumerate(turns)]
    return [(name, at, before, after) for name, at, _, before, after in sorted(found)]


@settings(max_examples=200, deadline=None)
@given(rule=rules(), said=pasts(), cuts=st.lists(st.integers(1, 500), max_size=4))
def test_what_changes_nothing_need_not_be_heard(rule: Rule, said: dict[Name, Series], cuts: list[int]) -> None:
    end = START + 1500 * NS_PER_S
    watch = made(rule)
    told(watch, said)
    replay = Replay(watch, [PLACES.hours[name] for name in rule.active_during], START)
    replay.recall(list(between({replay.own: said[replay.own]}, START - replay.column.reach, START).values()))
    bounds = [START, *(START + cut * NS_PER_S for cut in sorted(set(cuts))), end]
    turns = []
    for start, stop in pairwise(bounds):
        turns += replay.take(between(said, start, stop), Span(start, stop))[0]
    assert by_level(turns) == heard_all(rule, said, end)
