"""From one look at rules and plant to the next: in whatever pieces, and whatever is heard between two of them."""

from collections.abc import Iterable, Iterator
from itertools import count, pairwise
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from andon.alerting.evaluate import index, renewal
from andon.alerting.evaluate.change import Look
from andon.alerting.evaluate.index import Places
from andon.alerting.evaluate.judge import MOST_FORGOTTEN, Judge
from andon.alerting.evaluate.renewal import pieces
from andon.alerting.evaluate.verdict import Verdict
from andon.alerting.rules.draft import Rule
from andon.common.plant import Asset, Limits, Sensor
from andon.common.reading import NS_PER_S, Reading
from andon.common.wire import Batch

S = NS_PER_S


def machine(number: int, line: int = 0, kind: str = "robot", keys: str = "tu", high: float = 80.0) -> Asset:
    name, path = f"m{number}", f"berlin/hall/line-{line}/m{number}"
    sensors = tuple(Sensor(key=key, path=f"{path}/{key}", limits=Limits(h=high)) for key in keys)
    return Asset(id=name, path=path, kind="machine", slug=name, name=name, type=kind, sensors=sensors)


def rule(name: str, condition: dict[str, Any] | None = None, key: str = "t", **fields: Any) -> Rule:
    scope = {"sensor": key} | ({"type": "robot"} if name != "any" else {"under": "berlin"})
    made = {"id": name, "name": name, "scope": scope, "condition": condition or {"above": 80}}
    return Rule.model_validate(made | fields)


def renew(judge: Judge, before: Look, now: Look, ours: Any = lambda _: True) -> Iterator[set[tuple[str, str, str]]]:
    """Exchange piece by piece; the keys that each left gone."""
    for piece in pieces(before, now, ours):
        yield set(judge.exchange(piece.made, piece.before))


def hear(judge: Judge, time: int, values: dict[str, float], machines: Iterable[str]) -> list[Verdict]:
    readings = [Reading(name, time * S, values) for name in machines]
    return judge.judge(Batch(time * S, readings), now=time * S, clock=float(time))


def turns(verdicts: list[Verdict]) -> list[tuple[Any, ...]]:
    return [(one.watch.key, one.level.name, one.turn.before, one.turn.after, one.turn.at) for one in verdicts]


def stands(judge: Judge) -> dict[Any, Any]:
    """What each watch is made of, and who hears what."""
    watches = {
        key: (watch.rule, watch.asset, watch.sensor, watch.names, [(rung.level, rung.band) for rung in watch.rungs])
        for key, watch in judge.watches.items()
    }
    heard = {name: sorted(watch.key for watch in hearing) for name, hearing in judge._listeners.items()}
    current = all(judge.watches[watch.key] is watch for hearing in judge._listeners.values() for watch in hearing)
    return {"watches": watches, "heard": heard, "current": current}


MACHINES = st.builds(
    machine,
    st.integers(0, 5),
    st.integers(0, 1),
    st.sampled_from(["robot", "oven"]),
    st.sampled_from(["t", "tu", "u"]),
    st.sampled_from([80.0, 90.0]),
)
CONDITIONS = st.sampled_from(
    [
        {"above": 80},
        {"above": "h"},
        {"expression": "t > u"},
        {"expression": "t > sum('../*/u')"},
        {"expression": "t > 'berlin/hall/line-0/m0/u'"},
        {"silent": "10s"},
    ]
)
RULES = st.builds(
    rule,
    st.sampled_from(["a", "b", "any"]),
    CONDITIONS,
    st.sampled_from("tu"),
    enabled=st.sampled_from([True, True, False]),
)
LOOKS = st.tuples(
    st.lists(MACHINES, max_size=6, unique_by=lambda one: one.id),
    st.lists(RULES, max_size=3, unique_by=lambda one: one.id),
)


@settings(max_examples=200)
@given(st.lists(LOOKS, min_size=2, max_size=4), st.sampled_from([1, 3, 1000]))
def test_piece_by_piece_comes_to_the_same_as_at_once(looks: list[Any], size: int) -> None:
    judge, before = Judge(), Look()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(renewal, "PIECE", size)
        for assets, rules in looks:
            now, there = Look(assets, rules, [], before), set(judge.watches)
            gone = [key for keys in renew(judge, before, now) for key in keys]
            at_once = Judge()
            at_once.rebuild(Places(assets, []), rules)
            assert stands(judge) == stands(at_once)
            assert sorted(gone) == sorted(there - at_once.watches.keys())
            before = now


@pytest.mark.parametrize("size", [300, 1000, 10_000])
def test_a_rule_that_is_edited_while_samples_flow_misses_no_turn_and_doubles_none(
    monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    """Three thousand watches; between any two pieces every third machine passes its limit, or returns."""
    monkeypatch.setattr(renewal, "PIECE", size)
    assets = [machine(number, number // 100) for number in range(1500)]
    rules = [rule("a", on_delay="1s"), rule("b", {"above": "h"})]
    before = Look(assets, rules)
    edited, same = Judge(), Judge()
    for one in (edited, same):
        one.rebuild(Places(assets, []), rules)
    turned, seconds = 0, count(1)
    for edit in range(6):
        now = Look(assets, [rule("a", on_delay="1s", cause=f"Edit {edit}"), rules[1]], [], before)
        for _, at in zip(renew(edited, before, now), seconds, strict=False):
            values, some = {"t": 90.0 if at % 2 else 70.0}, [asset.id for asset in assets[at // 2 % 3 :: 3]]
            found = turns(hear(edited, at, values, some))
            assert found == turns(hear(same, at, values, some))
            turned += len(found)
        before = now
        assert {watch.rule.cause for key, watch in edited.watches.items() if key[0] == "a"} == {f"Edit {edit}"}
    assert turned > 1500
    assert sorted(turns(edited.tick(10_000.0))) == sorted(turns(same.tick(10_000.0)))


def test_an_edit_makes_no_other_watch_anew() -> None:
    assets = [machine(number) for number in range(50)]
    before = Look(assets, [rule("a"), rule("b")])
    judge = Judge()
    judge.rebuild(Places(assets, []), [rule("a"), rule("b")])
    known = dict(judge.watches)
    list(renew(judge, before, Look(assets, [rule("a"), rule("b", {"above": 90})], [], before)))
    assert {key[0] for key, watch in judge.watches.items() if watch is not known[key]} == {"b"}
    before = Look(assets, [rule("a"), rule("b", {"above": 90})])
    known, changed = dict(judge.watches), [msgspec.structs.replace(assets[0], name="Robot"), *assets[1:]]
    list(renew(judge, before, Look(changed, [rule("a"), rule("b", {"above": 90})], [], before)))
    assert {key[1] for key, watch in judge.watches.items() if watch is not known[key]} == {"m0"}


def test_a_level_that_is_gone_is_told_of_though_another_edit_follows_at_once() -> None:
    assets = [machine(0)]
    two = rule("a", {"levels": [{"above": 80}, {"above": 90}]})
    one, again = rule("a", {"levels": [{"above": 80}]}), rule("a", {"levels": [{"above": 80}]}, cause="A worn bearing")
    judge, looks = Judge(), [Look(assets, [each]) for each in (two, one, again)]
    judge.rebuild(Places(assets, []), [two])
    hear(judge, 1, {"t": 95.0}, ["m0"])
    for before, now in pairwise(looks):
        list(renew(judge, before, now))
    [ended] = judge.tick(1.0)
    assert (ended.turn.cleared, ended.level.name, ended.watch.rule.cause) == (True, "hh", "A worn bearing")
    assert judge.tick(2.0) == []


def test_what_new_limits_raise_is_told_before_the_sample_that_ends_it() -> None:
    """Told after it, the alarm would stay for ever: its sensor is well, and has nothing more to say."""
    assets, high, low = [machine(0)], rule("a", {"above": 100}), rule("a", {"above": 80})
    judge = Judge()
    judge.rebuild(Places(assets, []), [high])
    hear(judge, 1, {"t": 90.0}, ["m0"])
    list(renew(judge, Look(assets, [high]), Look(assets, [low])))
    found = [*hear(judge, 2, {"t": 70.0}, ["m0"]), *judge.tick(2.0)]
    assert [one.turn.at // S for one in found if one.turn.raised] == [1]
    assert [one.turn.at // S for one in found if one.turn.cleared] == [2]
    assert found == sorted(found, key=lambda one: one.turn.at)


def test_a_level_that_is_gone_ends_before_it_is_raised_anew() -> None:
    """It was raised while its sensor was silent, later than the sample that the new limits are held against."""
    assets = [machine(0)]
    before, without, anew = (
        rule("a", {"levels": [{"name": "h", "above": 40, "on_delay": "1s"}]}),
        rule("a", {"levels": [{"name": "hh", "above": 90}]}),
        rule("a", {"levels": [{"name": "h", "above": 50}]}),
    )
    judge, looks = Judge(), [Look(assets, [each]) for each in (before, without, anew)]
    judge.rebuild(Places(assets, []), [before])
    hear(judge, 1, {"t": 70.0}, ["m0"])
    judge.tick(10.0)
    for one, other in pairwise(looks):
        list(renew(judge, one, other))
    found = [one for one in judge.tick(11.0) if one.turn.raised or one.turn.cleared]
    assert [one.turn.cleared for one in sorted(found, key=lambda one: one.turn.at)] == [True, False]


def test_a_silence_goes_on_through_edits_and_edits_leave_nothing_behind() -> None:
    """Each watch waits on a list for when its silence is over; those that are there no more do not stay on it."""
    assets = [machine(number) for number in range(300)]
    rules = [rule("a", {"silent": "1h"})]
    judge, before = Judge(), Look(assets, rules)
    judge.rebuild(Places(assets, []), rules)
    hear(judge, 1, {"t": 20.0}, [asset.id for asset in assets])
    for edit in range(20):
        now = Look(assets, [rule("a", {"silent": "1h"}, cause=str(edit))], [], before)
        list(renew(judge, before, now))
        before = now
    assert len(judge._alarms) <= 2 * len(assets) + MOST_FORGOTTEN + renewal.PIECE
    assert judge.tick(3000.0) == []
    assert len({one.watch.key for one in judge.tick(5000.0) if one.turn.raised}) == 300


def test_a_rule_that_looks_at_too_much_loses_the_watches_it_had(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is made whole before any piece of it judges: one reading would hold up all others."""
    monkeypatch.setattr(index, "MOST_LOOKED_AT", 100)
    monkeypatch.setattr(renewal, "PIECE", 1)
    rules, judge = [rule("a", {"expression": "t > sum('../*/u')"})], Judge()
    few, many = [machine(number) for number in range(5)], [machine(number) for number in range(50)]
    before, now = Look(few, rules), Look(many, rules)
    judge.rebuild(Places(few, []), rules)
    assert len(judge) == 5
    for _ in renew(judge, before, now):
        assert len(judge) < 5
    assert stands(judge) == {"watches": {}, "heard": {}, "current": True}


def test_machines_of_other_partitions_are_left_to_others() -> None:
    judge, now = Judge(), Look([machine(number) for number in range(4)], [rule("a")])
    list(renew(judge, Look(), now, lambda name: name in ("m1", "m3")))
    assert {key[1] for key in judge.watches} == {"m1", "m3"}
