"""One rule on one sensor: deadband, delays, and samples that come late, twice or in any order."""

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from andon.alerting.condition import parse_condition
from andon.alerting.phase import Delays, Phase, State, Turn, advance, elapse
from andon.common.reading import NS_PER_S

HOT = parse_condition({"above": 80}, 2)
AT_ONCE = Delays()
Samples = Sequence[tuple[int, float]]

samples = st.lists(st.tuples(st.integers(0, 200), st.sampled_from([70.0, 78.0, 79.0, 80.0, 81.0, 95.0])), max_size=60)
delays = st.builds(Delays, st.integers(0, 20), st.integers(0, 20))


def feed(phase: Phase, found: Samples, delay: Delays = AT_ONCE) -> list[Turn]:
    return [turn for time, value in found for turn in advance(phase, HOT, delay, time, value)]


def raised(turns: list[Turn]) -> list[int]:
    return [t.at for t in turns if t.raised]


def cleared(turns: list[Turn]) -> list[int]:
    return [t.at for t in turns if t.cleared]


def test_crossing_raises_once_and_returning_clears_once() -> None:
    turns = feed(Phase(), [(0, 70), (1, 81), (2, 90), (3, 79), (4, 81), (5, 78), (6, 70)])
    assert (raised(turns), cleared(turns)) == ([1], [5])


def test_an_on_delay_ends_at_the_first_sample_at_or_after_its_end() -> None:
    turns = feed(Phase(), [(0, 81), (4, 82), (5, 83), (6, 84)], Delays(on=5))
    assert [(t.at, t.value) for t in turns if t.raised] == [(5, 83)]


def test_a_short_excursion_within_the_on_delay_is_no_alarm() -> None:
    turns = feed(Phase(), [(0, 81), (4, 70), (6, 81), (10, 70)], Delays(on=5))
    assert raised(turns) == []


def test_an_alarm_tells_a_value_beyond_its_limit_though_the_newest_lies_within_the_deadband() -> None:
    turns = feed(Phase(), [(0, 81), (4, 79), (6, 78.5)], Delays(on=5))
    assert [(t.at, t.value) for t in turns if t.raised] == [(5, 81)]


def test_a_value_holds_until_the_next_one_is_known() -> None:
    turns = feed(Phase(), [(0, 81), (60, 70)], Delays(on=5))
    assert (raised(turns), cleared(turns)) == ([5], [60])


def test_an_off_delay_bridges_a_short_return() -> None:
    turns = feed(Phase(), [(0, 81), (1, 70), (4, 81), (5, 70), (10, 70)], Delays(off=5))
    assert (raised(turns), cleared(turns)) == ([0], [10])


def test_a_sensor_that_falls_silent_is_timed_out() -> None:
    phase = Phase()
    feed(phase, [(100, 81)], Delays(on=5))
    assert elapse(phase, Delays(on=5), 104) == ()
    assert raised(list(elapse(phase, Delays(on=5), 105))) == [105]
    assert elapse(phase, Delays(on=5), 106) == ()


def test_a_straggler_after_a_time_out_still_counts_and_nothing_ends_before_it_began() -> None:
    phase, delay = Phase(), Delays(on=5)
    feed(phase, [(0, 81)], delay)
    elapse(phase, delay, 5)
    assert cleared(feed(phase, [(4, 70)], delay)) == [5]


def test_nan_decides_nothing() -> None:
    phase = Phase()
    assert feed(phase, [(1, float("nan"))]) == []
    assert feed(phase, [(1, 81), (2, float("nan"))])[-1].raised


@given(found=samples, delay=delays)
def test_the_same_samples_again_change_nothing(found: Samples, delay: Delays) -> None:
    phase = Phase()
    feed(phase, found, delay)
    before = (phase.state, phase.since, phase.last, phase.value)
    assert feed(phase, found, delay) == []
    assert (phase.state, phase.since, phase.last, phase.value) == before


@given(found=samples, delay=delays, extra=samples)
def test_late_and_repeated_samples_never_make_an_alarm(found: Samples, delay: Delays, extra: Samples) -> None:
    ordered = sorted(dict(found).items())
    plain = feed(Phase(), ordered, delay)
    mixed, newest = list[tuple[int, float]](), -1
    for index, (time, value) in enumerate(ordered):
        mixed.append((time, value))
        newest = time
        mixed += [(late, v) for late, v in extra[index : index + 2] if late <= newest]
    assert feed(Phase(), mixed, delay) == plain


@given(found=samples, delay=delays)
def test_alarms_and_clearances_take_turns_in_order_of_event_time(found: Samples, delay: Delays) -> None:
    turns = feed(Phase(), found, delay)
    kinds = [t.raised for t in turns if t.raised or t.cleared]
    assert kinds == [i % 2 == 0 for i in range(len(kinds))]
    assert [t.at for t in turns] == sorted(t.at for t in turns)


@given(found=samples, delay=delays, cut=st.integers(0, 60), overlap=st.integers(0, 60))
def test_a_restart_from_the_last_written_phase_changes_nothing(
    found: Samples, delay: Delays, cut: int, overlap: int
) -> None:
    """A phase is written when it turns; what was judged since comes again, in order."""
    whole, written, turns, position = Phase(), Phase(), list[Turn](), 0
    expected = feed(whole, found, delay)
    phase = Phase()
    for index, (time, value) in enumerate(found[:cut]):
        made = advance(phase, HOT, delay, time, value)
        if made:
            turns += made
            written, position = Phase(phase.state, phase.since, phase.last, phase.value), index
    turns += feed(written, found[max(0, position - overlap) :], delay)
    assert turns == expected


@given(found=samples)
def test_without_delays_it_agrees_with_a_plain_model(found: Samples) -> None:
    """The model: a flag that goes up above 80 and down at 78 or less."""
    ordered, hot, expected = sorted(dict(found).items()), False, []
    for time, value in ordered:
        if (value > 80 and not hot) or (value <= 78 and hot):
            hot = not hot
            expected.append((time, hot))
    turns = feed(Phase(), ordered)
    assert [(t.at, t.raised) for t in turns if t.raised or t.cleared] == expected


@given(found=samples, delay=delays)
def test_delays_hold_in_event_time(found: Samples, delay: Delays) -> None:
    turns = feed(Phase(), found, delay)
    for before, after in pairwise(turns):
        if after.before is State.PENDING and after.raised:
            assert after.at - before.at == delay.on
        if after.before is State.CLEARING and after.cleared:
            assert after.at - before.at == delay.off


def test_seconds_are_nanoseconds() -> None:
    turns = feed(Phase(), [(0, 81), (5 * NS_PER_S, 81)], Delays(on=5 * NS_PER_S))
    assert raised(turns) == [5 * NS_PER_S]
