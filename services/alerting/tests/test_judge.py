"""Readings in, turns out: what is ignored, what silence does, and what a restart or a changed rule leaves as it was."""

import copy
from typing import Any

import pytest

from andon.alerting.evaluate.index import Places
from andon.alerting.evaluate.judge import AHEAD, Judge
from andon.alerting.evaluate.phase import State
from andon.alerting.evaluate.verdict import Verdict
from andon.alerting.evaluate.watch import Watch
from andon.alerting.rules.calendar import Calendar, HoursDraft
from andon.alerting.rules.draft import Rule
from andon.common.plant import Asset, Plant, Sensor
from andon.common.reading import NS_PER_S, Reading, Value
from andon.common.wire import Batch

S = NS_PER_S
PATH = "berlin/painting/line-1/robot-3"
KEYS = {"temperature": "float", "speed": "float", "jammed": "bool", "state": "string"}


def plant() -> Plant:
    made = Plant()
    sensors = tuple(Sensor(key=key, path=f"{PATH}/{key}", datatype=kind) for key, kind in KEYS.items())  # type: ignore[arg-type]
    made.put(Asset(id="a", path=PATH, kind="machine", slug="robot-3", name="Robot 3", type="robot", sensors=sensors))
    return made


def rule(name: str = "hot", key: str = "temperature", **fields: Any) -> Rule:
    scope = {"type": "robot", "sensor": key}
    return Rule.model_validate({"id": name, "name": name, "scope": scope, "condition": {"above": 80}} | fields)


def judge(*rules: Rule) -> Judge:
    made = Judge()
    made.rebuild(Places(plant(), []), rules)
    return made


def reading(time: int, quality: dict[str, str] | None = None, **values: Value) -> Reading:
    return Reading("a", time, values, quality)


def batch(*readings: Reading, arrived: int = 10**9 * S) -> Batch:
    return Batch(arrived, list(readings))


def hear(judge: Judge, *readings: Reading, clock: float = 100.0, arrived: int = 10**9 * S) -> list[Verdict]:
    return judge.judge(batch(*readings, arrived=arrived), now=arrived, clock=clock)


def raised(verdicts: list[Verdict]) -> list[int]:
    return [verdict.turn.at for verdict in verdicts if verdict.turn.raised]


def only(judge: Judge) -> Watch:
    [watch] = judge.watches.values()
    return watch


def test_two_rules_on_one_sensor_are_judged_apart() -> None:
    both = judge(rule("hot"), rule("hotter", condition={"above": 90}))
    names = [
        [v.watch.rule.name for v in hear(both, reading(i, temperature=t)) if v.turn.raised]
        for i, t in [(1, 85.0), (2, 95.0)]
    ]
    assert names == [["hot"], ["hotter"]]


def test_true_is_one() -> None:
    jammed = judge(rule(key="jammed", condition={"above": 0.5}))
    assert raised(hear(jammed, reading(1, jammed=True))) == [1]
    assert any(v.turn.cleared for v in hear(jammed, reading(2, jammed=False)))


@pytest.mark.parametrize("quality", ["good", "uncertain", "bad", "stale"])
def test_bad_and_stale_values_neither_raise_nor_clear(quality: str) -> None:
    counts = quality in ("good", "uncertain")
    hot = judge(rule())
    assert bool(hear(hot, reading(1, {"temperature": quality}, temperature=90.0))) is counts
    hear(hot, reading(2, temperature=90.0))
    assert bool(hear(hot, reading(3, {"temperature": quality}, temperature=20.0))) is counts


def test_strings_other_machines_and_other_sensors_are_passed_over() -> None:
    strangers = [Reading("other", 1, {"temperature": 90.0}), reading(1, pressure=90.0), reading(2, temperature="90")]
    assert hear(judge(rule()), *strangers) == []


def test_a_silent_sensor_is_timed_out_after_the_whole_delay_and_the_grace() -> None:
    hot = judge(rule(on_delay="5s"))
    hear(hot, reading(0, temperature=90.0), clock=100.0)
    hear(hot, reading(2 * S, temperature=91.0), clock=102.0)
    assert raised(hot.tick(105.9)) == []
    assert raised(hot.tick(106.0)) == [5 * S]
    assert hot.tick(200.0) == []


def test_other_sensors_of_the_machine_do_not_keep_a_delay_from_ending() -> None:
    """What the machine says of its speed is no word of its temperature."""
    hot = judge(rule(on_delay="5s"), rule("dumb", condition={"silent": "5s"}))
    hot.begin(0, 100.0)
    hear(hot, reading(1 * S, temperature=90.0), clock=101.0)
    for second in range(2, 20):
        hear(hot, reading(second * S, speed=1.0), clock=100.0 + second)
    assert raised(hot.tick(120.0)) == [6 * S, 6 * S]


def test_a_delay_behind_a_silence_lasts_as_long_as_it_says() -> None:
    dumb = judge(rule(condition={"silent": "30s"}, on_delay="60s"))
    hear(dumb, reading(0, temperature=20.0), clock=100.0)
    found = [v for second in range(100, 191) for v in dumb.tick(float(second))]
    assert [v.turn.after for v in found] == [State.PENDING]
    assert raised(dumb.tick(191.0)) == [90 * S]


def test_a_sensor_that_was_never_heard_is_silent_but_not_unchanged() -> None:
    both = judge(rule("dumb", condition={"silent": "30s"}), rule("stuck", condition={"unchanged": "30s"}))
    both.begin(1000 * S, 100.0)
    assert [v.watch.rule.name for v in both.tick(200.0) if v.turn.raised] == ["dumb"]


def test_a_tick_ends_on_a_machine_that_has_been_up_for_a_year() -> None:
    """A clock of so many seconds has no nanoseconds any more."""
    up = 3e7 + 0.123
    hot = judge(rule(on_delay="1s"))
    for number in range(50):
        hear(hot, reading(number * 10 * S + number, temperature=20.0), clock=up + number * 10)
        hear(hot, reading(number * 10 * S + 1 + number * 7, temperature=90.0), clock=up + number * 10 + 0.1)
        found = hot.tick(up + number * 10 + 2.1) + hot.tick(up + number * 10 + 2.2)
        assert len(raised(found)) == 1


def test_silence_while_nothing_can_be_heard_is_not_the_sensors() -> None:
    hot = judge(rule(on_delay="5s"))
    hear(hot, reading(0, temperature=90.0), clock=100.0)
    hot.deafen(200.0)
    assert hot.tick(205.9) == []
    assert len(raised(hot.tick(206.0))) == 1


def restarted(before: Judge, *rules: Rule, clock: float, now: int) -> Judge:
    """A new service, with the phases that the old one wrote."""
    after = judge(*rules)
    for key, watch in after.watches.items():
        known = before.watches[key]
        watch.stands({rung.level.name: copy.copy(rung.phase) for rung in known.rungs}, known.clock)
        watch.heard_at, watch.heard = known.heard_at, clock - (now - known.heard_at) / S
    return after


def test_a_running_delay_is_timed_after_a_restart_too() -> None:
    one = rule(on_delay="5s")
    before = judge(one)
    hear(before, reading(1000 * S, temperature=90.0), arrived=1000 * S)
    after = restarted(before, one, clock=7.0, now=1002 * S)
    after.begin(1002 * S, 7.0)
    assert after.tick(10.9) == []
    assert raised(after.tick(11.0)) == [1005 * S]


def test_what_was_acknowledged_since_the_last_turn_is_not_taken_for_silence() -> None:
    one = rule(condition={"silent": "30s"})
    before = judge(one)
    for time, value in [(1000, 1.0), (1031, 2.0)]:
        hear(before, reading(time * S, temperature=value), arrived=time * S)
    after = restarted(before, one, clock=7.0, now=5000 * S)
    after.remember(batch(reading(4999 * S, temperature=2.0), arrived=4999 * S))
    only(after).recall([(4998 * S, 2.0), (4999 * S, 2.0)])
    after.begin(5000 * S, 7.0)
    assert after.tick(36.9) == []
    assert raised(after.tick(37.1)) == [5029 * S]


def test_a_sensor_that_died_while_nothing_was_judged_is_found_silent_in_the_end() -> None:
    one = rule(condition={"silent": "30s"})
    before = judge(one)
    for time, value in [(1000, 1.0), (1031, 2.0)]:
        hear(before, reading(time * S, temperature=value), arrived=time * S)
    after = restarted(before, one, clock=7.0, now=5000 * S)
    after.begin(5000 * S, 7.0)
    assert after.tick(37.9) == []
    assert len(raised(after.tick(38.1))) == 1


def test_a_machine_that_said_it_runs_before_the_last_turn_still_runs_after_a_restart() -> None:
    one = rule(condition={"expression": "temperature > 80 and speed > 0"})
    before = judge(one)
    hear(before, reading(50, speed=1.0), reading(100, temperature=90.0), reading(200, temperature=70.0))
    after = restarted(before, one, clock=0.0, now=0)
    only(after).told(("a", "speed"), 50, 1.0)
    assert raised(hear(after, reading(300, temperature=90.0))) == [300]


def test_a_gate_that_opened_while_nothing_was_judged_releases_what_it_hid() -> None:
    one = rule(active_when="speed > 0")
    before = judge(one)
    hear(before, reading(1, speed=1.0, temperature=90.0), reading(2, speed=0.0))
    assert only(before).rungs[0].phase.state is State.SUPPRESSED
    after = restarted(before, one, clock=0.0, now=0)
    found = hear(after, reading(9, speed=1.0, temperature=70.0))
    assert [(v.turn.released, v.turn.at) for v in found] == [(True, 9)]


def test_a_reading_that_opens_the_gate_counts_with_what_it_says_itself() -> None:
    """It was hot when it was switched off, and is cold when it is switched on: there is no alarm."""
    hot = judge(rule(active_when="speed > 0"))
    hear(hot, reading(1, speed=0.0), reading(2, temperature=90.0))
    assert hear(hot, reading(3, speed=1.0, temperature=20.0)) == []
    assert raised(hear(hot, reading(4, speed=0.0), reading(5, temperature=90.0), reading(6, speed=1.0))) == [6]


def test_the_sensor_of_a_gate_does_not_count_for_a_repeat() -> None:
    hot = judge(rule(condition={"expression": "temperature > 80"}, active_when="speed > 0", repeat=3))
    spins = [reading(time, speed=1.0) for time in range(2, 9)]
    assert raised(hear(hot, reading(1, temperature=90.0), *spins)) == []
    assert raised(hear(hot, reading(10, temperature=90.0), reading(11, temperature=90.0))) == [11]


def test_a_rule_that_is_written_again_lets_a_closed_gate_closed() -> None:
    """Silence in a machine that is switched off is no alarm, whoever edits which rule meanwhile."""
    one = rule(condition={"silent": "30s"}, active_when="speed > 0")
    dumb = judge(one)
    hear(dumb, reading(1 * S, speed=0.0, temperature=20.0), clock=100.0)
    dumb.rebuild(Places(plant(), []), [one, rule("other")])
    dumb.begin(0, 101.0)
    assert raised(dumb.tick(200.0)) == []


def test_a_gate_that_is_taken_out_of_a_rule_is_open() -> None:
    gated, plain = rule(active_when="speed > 0"), rule()
    hot = judge(gated)
    hear(hot, reading(1, speed=1.0, temperature=90.0), reading(2, speed=0.0))
    hot.rebuild(Places(plant(), []), [plain])
    found = hear(hot, reading(3, temperature=90.0))
    assert [(v.turn.released, v.turn.raised) for v in found] == [(True, False), (False, False), (False, True)]


def test_a_level_that_is_taken_out_of_a_rule_ends() -> None:
    two = rule(condition={"levels": [{"above": 80}, {"above": 90, "severity": "critical"}]})
    one = rule(condition={"levels": [{"above": 80}]})
    hot = judge(two)
    hear(hot, reading(1, temperature=95.0))
    hot.rebuild(Places(plant(), []), [one])
    [ended] = hot.tick(0.0)
    assert (ended.turn.cleared, ended.level.name) == (True, "hh")
    assert hot.tick(1.0) == []
    assert [v.level.name for v in hear(hot, reading(2, temperature=20.0)) if v.turn.cleared] == ["h"]


def test_new_limits_hold_at_once_where_the_next_sample_is_long_in_coming() -> None:
    loose, tight = rule(condition={"above": 100}), rule(condition={"above": 80})
    hot = judge(loose)
    hear(hot, reading(1 * S, temperature=90.0))
    hot.rebuild(Places(plant(), []), [tight])
    assert raised(hot.tick(100.0)) == [1 * S]
    hot.rebuild(Places(plant(), []), [rule(condition={"above": 80}, severity="critical")])
    assert hot.tick(100.0) == []
    hot.rebuild(Places(plant(), []), [loose])
    assert [verdict.turn.cleared for verdict in hot.tick(100.0)] == [False, True]


def test_the_same_value_after_a_restart_is_still_the_same_value() -> None:
    one = rule(condition={"unchanged": "10s"})
    before = judge(one)
    for second in range(15):
        hear(before, reading(second * S, temperature=20.0))
    assert only(before).rungs[0].phase.state is State.ACTIVE
    after = restarted(before, one, clock=0.0, now=0)
    assert hear(after, reading(16 * S, temperature=20.0)) == []
    assert any(v.turn.cleared for v in hear(after, reading(17 * S, temperature=21.0)))


def test_a_rule_that_is_gone_is_named_once() -> None:
    hot = judge(rule())
    hear(hot, reading(1, temperature=90.0))
    assert hot.rebuild(Places(plant(), []), [])[0] == [("hot", "a", "temperature")]
    assert hot.rebuild(Places(plant(), []), [])[0] == []


def test_only_what_is_new_asks_for_the_past() -> None:
    ones = [
        rule(condition={"rate_over": "10m", "above": 3}),
        rule("if", condition={"expression": "temperature > speed"}),
    ]
    both = judge(*ones)
    for watch in both.watches.values():
        watch.told(("a", "speed"), 1, 1.0)
        watch.recall([])
    _, fresh = both.rebuild(Places(plant(), []), [*ones, rule("new")])
    assert [watch.rule.name for watch in fresh] == ["new"]


def test_a_straggler_is_known_for_one_after_a_restart_and_noted_as_late() -> None:
    hot = judge(rule())
    hot.remember(batch(reading(10, temperature=20.0)))
    assert hear(hot, reading(9, temperature=90.0), reading(8, temperature=90.0)) == []
    assert hot.late == {("a", "temperature"): (8, 9)}
    assert raised(hear(hot, reading(11, temperature=90.0))) == [11]


def test_a_clock_ahead_does_not_blind_its_rules_once_it_is_set_right() -> None:
    """A sample from in ten minutes counts as measured when it arrived, so the next true one is no straggler."""
    hot, ahead = judge(rule()), 600 * S
    early = [reading(ahead, temperature=90.0), reading(ahead + 1, temperature=91.0)]
    assert raised(hear(hot, *early, arrived=100)) == [100]
    assert hear(hot, *early, arrived=100) == []
    [_, cleared] = hear(hot, reading(200, temperature=20.0), arrived=250)
    assert (cleared.turn.cleared, cleared.turn.at) == (True, 200)


def test_a_clock_a_little_ahead_is_believed() -> None:
    assert raised(hear(judge(rule()), reading(AHEAD + 100, temperature=90.0), arrived=100)) == [AHEAD + 100]


def test_an_alarm_raised_late_is_told_when_it_reaches_the_present() -> None:
    hot, now = judge(rule()), 10_000 * S
    late = hear(hot, reading(now - 3600 * S, temperature=90.0), arrived=now)
    assert [v.late for v in late if v.turn.raised] == [True]
    [current] = hear(hot, reading(now, temperature=91.0), arrived=now)
    assert (current.turn.current, current.late, current.value) == (True, False, 91.0)


def test_an_alarm_raised_late_is_told_too_where_its_sensor_speaks_only_when_it_changes() -> None:
    hot, now = judge(rule()), 10_000 * S
    hot.begin(now, 100.0)
    assert raised(hear(hot, reading(now - 3600 * S, temperature=90.0), arrived=now)) == [now - 3600 * S]
    assert hot.tick(160.9) == []  # more of what it had kept may be on its way
    [current] = hot.tick(161.1)
    assert (current.turn.current, current.late, current.value) == (True, False, 90.0)
    assert hot.tick(1000.0) == []


def test_an_alarm_raised_late_is_told_after_a_restart() -> None:
    one, now = rule(), 10_000 * S
    before = judge(one)
    hear(before, reading(now - 3600 * S, temperature=90.0), arrived=now)
    after = restarted(before, one, clock=7.0, now=now + 30 * S)
    after.begin(now + 30 * S, 7.0)
    assert after.tick(37.9) == []
    assert [verdict.turn.current for verdict in after.tick(38.1)] == [True]


def test_watches_are_counted_by_rule_and_part_of_the_plant() -> None:
    both = judge(rule("hot"), rule("jam", "jammed", condition={"equals": True}), rule("none", "pressure"))
    assert both.count(lambda _: True) == {"hot": 1, "jam": 1}
    assert both.count(lambda path: path.startswith("oslo")) == {}


def test_a_clock_that_was_1970_until_it_was_set_makes_no_flood_of_shifts() -> None:
    early = Calendar(id="c", name="early", hours=[HoursDraft(start="06:00", end="14:00")])
    hot = Judge()
    hot.rebuild(Places(plant(), [early]), [rule(active_during=["early"])])
    hear(hot, reading(0, temperature=90.0))
    assert len(raised(hear(hot, reading(10**9 * S, temperature=20.0)))) < 10


def test_a_text_where_a_number_is_meant_says_nothing_and_stops_nothing() -> None:
    odd = {"expression": "max(temperature, speed)", "above": 1}
    made = judge(rule(condition=odd), rule("other"), rule("gated", active_when="speed"))
    hear(made, reading(S, temperature="hot", speed="fast"))
    assert len(raised(hear(made, reading(2 * S, temperature=81.0)))) == 2
    assert raised(hear(made, reading(3 * S, speed=1.0))) == [3 * S]
