"""Readings in, turns out: what is ignored, and what silence does."""

import pytest

from andon.alerting.judge import AHEAD, Judge
from andon.alerting.rule import Rule
from andon.common.plant import Asset, Plant, Sensor
from andon.common.reading import NS_PER_S, Reading, Value
from andon.common.wire import Batch

PATH = "berlin/painting/line-1/robot-3"


@pytest.fixture
def plant() -> Plant:
    made = Plant()
    sensors = tuple(Sensor(key=key, path=f"{PATH}/{key}") for key in ("temperature", "jammed"))
    made.put(Asset(id="a", path=PATH, kind="machine", slug="robot-3", name="Robot 3", type="robot", sensors=sensors))
    return made


def rule(name: str = "hot", key: str = "temperature", limit: float = 80, on_delay: str = "0s") -> Rule:
    scope = {"type": "robot", "sensor": key}
    return Rule(id=name, name=name, scope=scope, condition={"above": limit}, on_delay=on_delay)  # type: ignore[arg-type]


def judge(plant: Plant, *rules: Rule) -> Judge:
    made = Judge()
    made.rebuild(plant, rules)
    return made


def reading(time: int, quality: dict[str, str] | None = None, **values: Value) -> Reading:
    return Reading("a", time, values, quality)


def batch(*readings: Reading, arrived: int = 10**19) -> Batch:
    return Batch(arrived, list(readings))


def test_two_rules_on_one_sensor_are_judged_apart(plant: Plant) -> None:
    both = judge(plant, rule("hot"), rule("hotter", limit=90))
    names = [
        [v.watch.rule.name for v in both.judge(batch(reading(i, temperature=t))) if v.turn.raised]
        for i, t in [(1, 85.0), (2, 95.0)]
    ]
    assert names == [["hot"], ["hotter"]]


def test_true_is_one(plant: Plant) -> None:
    jammed = judge(plant, rule(key="jammed", limit=0.5))
    assert any(v.turn.raised for v in jammed.judge(batch(reading(1, jammed=True))))
    assert any(v.turn.cleared for v in jammed.judge(batch(reading(2, jammed=False))))


@pytest.mark.parametrize("quality", ["good", "uncertain", "bad", "stale"])
def test_bad_and_stale_values_neither_raise_nor_clear(plant: Plant, quality: str) -> None:
    counts = quality in ("good", "uncertain")
    hot = judge(plant, rule())
    assert bool(hot.judge(batch(reading(1, {"temperature": quality}, temperature=90.0)))) is counts
    hot.judge(batch(reading(2, temperature=90.0)))
    assert bool(hot.judge(batch(reading(3, {"temperature": quality}, temperature=20.0)))) is counts


def test_strings_other_machines_and_other_sensors_are_passed_over(plant: Plant) -> None:
    hot = judge(plant, rule())
    strangers = [Reading("other", 1, {"temperature": 90.0}), reading(1, pressure=90.0), reading(2, temperature="90")]
    assert hot.judge(batch(*strangers)) == []


def test_a_silent_sensor_is_timed_out_after_the_whole_delay_without_a_sample(plant: Plant) -> None:
    hot = judge(plant, rule(on_delay="5s"))
    hot.judge(batch(reading(0, temperature=90.0)))
    assert hot.tick(100.0) == []
    hot.judge(batch(reading(2 * NS_PER_S, temperature=91.0)))
    assert hot.tick(104.0) == []
    assert hot.tick(108.0) == []
    assert [v.turn.at for v in hot.tick(109.0) if v.turn.raised] == [5 * NS_PER_S]
    assert hot.tick(200.0) == []


def test_a_running_delay_is_timed_after_a_restart_too(plant: Plant) -> None:
    before = judge(plant, rule(on_delay="5s"))
    before.judge(batch(reading(0, temperature=90.0)))
    phases = {key: watch.phase for key, watch in before._watches.items()}
    after = Judge(phases)
    after.rebuild(plant, [rule(on_delay="5s")])
    after.tick(10.0)
    assert [v.turn.raised for v in after.tick(15.0)] == [True]


def test_a_rule_that_is_gone_is_named_once(plant: Plant) -> None:
    hot = judge(plant, rule())
    hot.judge(batch(reading(1, temperature=90.0)))
    assert hot.rebuild(plant, []) == [("hot", "a", "temperature")]
    assert hot.rebuild(plant, []) == []


def test_a_straggler_is_known_for_one_after_a_restart(plant: Plant) -> None:
    hot = judge(plant, rule())
    hot.remember(batch(reading(10, temperature=20.0)))
    assert hot.judge(batch(reading(9, temperature=90.0))) == []
    assert [v.turn.at for v in hot.judge(batch(reading(11, temperature=90.0))) if v.turn.raised] == [11]


def test_a_clock_ahead_does_not_blind_its_rules_once_it_is_set_right(plant: Plant) -> None:
    """A sample from in ten minutes counts as measured when it arrived, so the next true one is no straggler."""
    hot, ahead = judge(plant, rule()), 600 * NS_PER_S
    early = batch(reading(ahead, temperature=90.0), reading(ahead + 1, temperature=91.0), arrived=100)
    assert [v.turn.at for v in hot.judge(early) if v.turn.raised] == [100]
    assert hot.judge(early) == []
    [_, cleared] = hot.judge(batch(reading(200, temperature=20.0), arrived=250))
    assert (cleared.turn.cleared, cleared.turn.at) == (True, 200)


def test_a_clock_a_little_ahead_is_believed(plant: Plant) -> None:
    hot = judge(plant, rule())
    raised = hot.judge(batch(reading(AHEAD + 100, temperature=90.0), arrived=100))
    assert raised[-1].turn.at == AHEAD + 100


def test_silence_while_nothing_can_be_heard_is_not_the_sensors(plant: Plant) -> None:
    hot = judge(plant, rule(on_delay="5s"))
    hot.judge(batch(reading(0, temperature=90.0)))
    hot.tick(100.0)
    assert hot.tick(200.0, hearing=False) == []
    assert hot.tick(201.0) == []
    assert hot.tick(205.9) == []
    assert [v.turn.raised for v in hot.tick(206.0)] == [True]


def test_watches_are_counted_by_rule_and_part_of_the_plant(plant: Plant) -> None:
    both = judge(plant, rule("hot"), rule("jam", key="jammed"), rule("none", key="pressure"))
    assert both.count(lambda _: True) == {"hot": 1, "jam": 1}
    assert both.count(lambda path: path.startswith("oslo")) == {}
