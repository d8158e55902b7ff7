"""Each turn once, whatever happens on the way: batches of any size, duplicates, restarts, changed rules, ticks."""

import copy
from collections.abc import Callable, Sequence
from typing import TypeAlias

from hypothesis import given
from hypothesis import strategies as st

from andon.alerting.evaluate.judge import GRACE_SECONDS, Judge
from andon.alerting.evaluate.phase import Phase
from andon.alerting.evaluate.sources.formula import Expression
from andon.alerting.evaluate.sources.windows import CountOf
from andon.alerting.evaluate.verdict import Verdict
from andon.alerting.evaluate.watch import Watch
from andon.common.reading import NS_PER_S, Quality, Reading, Value
from andon.common.wire import Batch

from . import reference, reference_clocks
from .reference import Said, Turn
from .test_reference import BEGIN, PLACES, Case, assert_same, deviations, gated, plain, readings, told, truths, windows

S = NS_PER_S
SILENCE = 60 * S
"""How long a story goes on after its last reading."""
Rows: TypeAlias = dict[str, tuple[dict[str, Phase], int, int]]
"""What the database has of each watch: its phases, the newest event time, and when that was heard."""

cases = gated(st.one_of(plain(), plain(), deviations(), truths()))
loud = cases.filter(lambda case: case.model.kind not in ("silent", "unchanged"))
"""After a restart, silence counts from then on, and what is rarer than its window is not known for unchanged."""
PAUSES = st.sampled_from([2, 5, 20, 20, 40])
"""Seconds between one reading and the next."""
CLOCKS = st.sampled_from([0, 50, 90, 3600, 3600, 7200, 7200, -4, -300])
"""Seconds by which clocks are slow."""
of_one_sensor = st.one_of(
    plain().filter(lambda case: case.model.kind == "own"),
    truths().filter(lambda case: case.model.kind not in ("expression", "silent", "unchanged")),
    windows(),
)


def judge_of(case: Case) -> Judge:
    made = Judge()
    made.rebuild(PLACES, [case.rule()])
    made.watches = {key: watch for key, watch in made.watches.items() if key[1] == "m"}
    return made


def batch(series: Sequence[Said], arrived: int | None = None) -> Batch:
    readings = [Reading(asset, time, dict(values), dict(quality) or None) for time, asset, values, quality in series]
    return Batch(max(said[0] for said in series) if arrived is None else arrived, readings)


def judged(judge: Judge, one: Batch) -> list[Verdict]:
    return judge.judge(one, now=one.arrived, clock=(one.arrived - BEGIN) / S)


def ended(judge: Judge, series: Sequence[Said]) -> list[Verdict]:
    """What happens by itself after the last reading."""
    horizon = max((said[0] for said in series), default=BEGIN) + SILENCE
    return [verdict for watch in judge.watches.values() for verdict in watch.pass_time(horizon)]


def expected(case: Case, series: Sequence[Said]) -> dict[str, list[Turn]]:
    return reference.turns(case.model, series, max((said[0] for said in series), default=BEGIN) + SILENCE)


def pieces(draw: Callable[..., int], series: Sequence[Said]) -> list[Sequence[Said]]:
    found, start = list[Sequence[Said]](), 0
    while start < len(series):
        size = draw(st.integers(1, 5))
        found.append(series[start : start + size])
        start += size
    return found


@given(case=cases, series=readings(), data=st.data())
def test_batches_of_any_size_that_come_again_and_rules_that_are_read_again(
    case: Case, series: list[Said], data: st.DataObject
) -> None:
    judge = judge_of(case)
    judge.begin(BEGIN, 0.0)
    came, before = list[Verdict](), list[Batch]()
    for piece in pieces(data.draw, series):
        before.append(batch(piece))
        came += judged(judge, before[-1])
        if data.draw(st.integers(0, 3)) == 0:
            assert not [again for old in before[-3:] for again in judged(judge, old)]
        if data.draw(st.integers(0, 3)) == 0:
            judge.rebuild(PLACES, [case.rule()])
            judge.watches = {key: watch for key, watch in judge.watches.items() if key[1] == "m"}
            judge.begin(BEGIN, 0.0)
    assert_same(told(came + ended(judge, series)), expected(case, series))


@given(case=cases, series=readings(), data=st.data())
def test_ticks_change_nothing_that_samples_say_within_the_grace(
    case: Case, series: list[Said], data: st.DataObject
) -> None:
    """Each reading comes less than a second after it was measured; between them, the clock ticks."""
    judge = judge_of(case)
    judge.begin(BEGIN, 0.0)
    wall, came, heard = 0.0, list[Verdict](), list[Said]()
    for said in series:
        measured = (said[0] - BEGIN) / S
        arrives = max(wall, measured + data.draw(st.sampled_from([0.0, 0.3, 0.9])))
        if arrives - measured > GRACE_SECONDS:
            continue
        heard.append(said)
        for part in data.draw(st.lists(st.sampled_from([0.1, 0.5, 0.99]), max_size=2).map(sorted)):
            came += judge.tick(wall + part * (arrives - wall))
        wall = arrives
        came += judge.judge(batch([said], BEGIN + round(wall * S)), now=BEGIN + round(wall * S), clock=wall)
    after = wall
    while after < wall + SILENCE / S + 30:
        came += judge.tick(after)
        after += 1.0
    assert_same(told(came), expected_by_ticks(case, heard, came))


def expected_by_ticks(case: Case, series: Sequence[Said], came: Sequence[Verdict]) -> dict[str, list[Turn]]:
    """All turns as far as the clock has brought them about."""
    horizon = max([BEGIN + SILENCE, *(verdict.turn.at for verdict in came), *(said[0] for said in series)])
    return reference.turns(case.model, series, horizon)


class Restarted:
    """A service that is killed: what it has written, and what it has acknowledged."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.judge = judge_of(case)
        self.judge.begin(BEGIN, 0.0)
        self.rows: Rows = {}
        self.came: list[Verdict] = []

    def take(self, one: Batch) -> None:
        self.write(judged(self.judge, one))

    def write(self, verdicts: list[Verdict]) -> None:
        self.came += verdicts
        for watch in {verdict.watch.key: verdict.watch for verdict in verdicts}.values():
            phases = {rung.level.name: copy.copy(rung.phase) for rung in watch.rungs}
            self.rows[watch.key[0]] = (phases, watch.clock, watch.heard_at)

    def start(self, acknowledged: Sequence[Batch], remembered: int) -> None:
        """As `Evaluation` does it: phases from the database, the last batches, and history before them."""
        self.judge = judge_of(self.case)
        until = acknowledged[-1].arrived if acknowledged else BEGIN
        for watch in self.judge.watches.values():
            if watch.rule.id in self.rows:
                phases, last, heard_at = self.rows[watch.rule.id]
                watch.stands({name: copy.copy(phase) for name, phase in phases.items()}, last)
                watch.heard_at, watch.heard = heard_at, (heard_at - BEGIN) / S
        for one in acknowledged[len(acknowledged) - remembered :]:
            self.judge.remember(one)
        for watch in self.judge.watches.values():
            recall(watch, acknowledged, until)
        self.judge.begin(until, (until - BEGIN) / S)


def recall(watch: Watch, acknowledged: Sequence[Batch], until: int) -> None:
    """What history has: the last value of each sensor, and those of a window.

    It has stragglers, too, which the rules passed over when they came; here they are left out.
    """
    newest: dict[tuple[str, str], int] = {}
    stored: dict[tuple[str, str], dict[int, Value]] = {}
    for one in acknowledged:
        for reading in one.readings:
            for key, value in reading.values.items():
                name = (reading.asset, key)
                if reading.time <= newest.get(name, 0):
                    continue
                newest[name] = reading.time
                if (reading.quality or {}).get(key, "good") in (Quality.GOOD, Quality.UNCERTAIN) and value == value:  # noqa: PLR0124 - NaN
                    stored.setdefault(name, {}).setdefault(reading.time, value)
    several = watch.gate.condition is not None or isinstance(watch.source, Expression)
    for machine, key in [(machine, key) for machine, keys in watch.names.items() for key in keys if several]:
        series = sorted(stored.get((machine, key), {}).items())
        if series:
            watch.told((machine, key), *series[-1])
    reach = getattr(watch.source, "reach", 0)
    if reach:
        samples = sorted(stored.get((watch.asset.id, watch.sensor.key), {}).items())
        if isinstance(watch.source, CountOf):  # its first sample counts as a beginning if another one came before
            samples.insert(0, (max(BEGIN, until - reach), 78.0))
        watch.recall([(time, value) for time, value in samples if until - reach <= time <= until])  # type: ignore[misc]


def survives(case: Case, series: list[Said], data: st.DataObject) -> None:
    """What caused no turn was never written; it is known from the last batches."""
    service, batches, arrived = Restarted(case), list[Batch](), BEGIN
    for piece in pieces(data.draw, series):
        arrived = max([arrived, *(said[0] for said in piece)])
        batches.append(batch(piece, arrived))
    killed = sorted(data.draw(st.lists(st.integers(0, len(batches)), max_size=2)))
    done = 0
    for until in killed:
        for one in batches[done:until]:
            service.take(one)
        acknowledged = data.draw(st.integers(0, until))
        service.start(batches[:acknowledged], acknowledged)
        done = acknowledged
    for one in batches[done:]:
        service.take(one)
    came = service.came + ended(service.judge, series)
    wanted = expected(case, series)
    assert {name: [(t.before, t.after, t.at) for t in turns] for name, turns in told(came).items()} == {
        name: [(t.before, t.after, t.at) for t in turns] for name, turns in wanted.items() if turns
    }


@given(case=of_one_sensor, series=readings(most=25), data=st.data())
def test_a_rule_on_one_sensor_survives_restarts(case: Case, series: list[Said], data: st.DataObject) -> None:
    survives(case, series, data)


@given(case=loud, series=readings(disorder=False, steps=(1, 5)), data=st.data())
def test_rules_of_several_sensors_survive_restarts_when_these_speak_in_order(
    case: Case, series: list[Said], data: st.DataObject
) -> None:
    survives(case, series, data)


@st.composite
def by_wrong_clocks(draw: st.DrawFn) -> list[tuple[int, Said]]:
    """Readings that arrive (time, reading), of two machines whose clocks are set; some were kept, some come twice."""
    found, now, slow = list[tuple[int, Said]](), BEGIN, {"m": 0, "n": 0}
    for said in draw(readings(disorder=False, most=60)):
        now += draw(PAUSES) * S
        machine, luck = said[1], draw(st.integers(0, 11))
        slow[machine] = draw(CLOCKS) if luck == 0 else slow[machine]
        kept = draw(st.sampled_from([2, 3, 7, 3600])) if luck > 8 else 0
        found.append((now, (now - (slow[machine] + kept) * S, *said[1:])))
        found += [found[-1]] if luck == 5 else []
    return found


def arrive(judge: Judge, came: Sequence[tuple[int, Said]]) -> list[Verdict]:
    return [verdict for arrived, said in came for verdict in judged(judge, batch([said], arrived))]


@given(case=st.one_of(cases, of_one_sensor), came=by_wrong_clocks())
def test_clocks_that_are_slow_and_are_set(case: Case, came: list[tuple[int, Said]]) -> None:
    judge = judge_of(case)
    judge.begin(BEGIN, 0.0)
    series = reference_clocks.measured(case.model, came)
    assert_same(told(arrive(judge, came) + ended(judge, series)), expected(case, series))


@given(case=st.one_of(cases, of_one_sensor), came=by_wrong_clocks(), data=st.data())
def test_whatever_the_clocks_no_turn_is_told_twice_after_a_restart(
    case: Case, came: list[tuple[int, Said]], data: st.DataObject
) -> None:
    """What a restart forgets of clocks it finds out anew, and meanwhile takes what it hears for old."""
    service, done = Restarted(case), 0
    batches = [batch([said], arrived) for arrived, said in came]
    for until in sorted(data.draw(st.lists(st.integers(0, len(batches)), max_size=2))):
        for one in batches[done:until]:
            service.take(one)
        done = data.draw(st.integers(0, until))
        service.start(batches[:done], data.draw(st.integers(0, done)))
    for one in batches[done:]:
        service.take(one)
    for turns in told(service.came).values():
        assert [turn.before for turn in turns] == ["normal", *(turn.after for turn in turns)][: len(turns)]
        assert [turn.at for turn in turns] == sorted(turn.at for turn in turns)
