"""One level of a rule: delays, repeats, gates, and samples that come after a time-out."""

from collections.abc import Sequence

from andon.alerting.evaluate.phase import Phase, State, Timing, Turn, close_gate, elapse, open_gate, take
from andon.alerting.rules.band import Band
from andon.common.reading import NS_PER_S

HOT = Band(float("-inf"), 80, 2)
AT_ONCE = Timing()


def feed(phase: Phase, found: Sequence[tuple[int, float]], timing: Timing = AT_ONCE) -> list[Turn]:
    turns = list[Turn]()
    for time, value in found:
        trouble = HOT.violates(value, phase.state in (State.ACTIVE, State.PENDING))
        turns += take(phase, timing, time, trouble=trouble, value=value)
    return turns


def raised(turns: Sequence[Turn]) -> list[int]:
    return [turn.at for turn in turns if turn.raised]


def cleared(turns: Sequence[Turn]) -> list[int]:
    return [turn.at for turn in turns if turn.cleared]


def test_crossing_raises_once_and_returning_clears_once() -> None:
    turns = feed(Phase(), [(0, 70), (1, 81), (2, 90), (3, 79), (4, 81), (5, 78), (6, 70)])
    assert (raised(turns), cleared(turns)) == ([1], [5])


def test_an_on_delay_ends_at_the_first_sample_at_or_after_its_end() -> None:
    turns = feed(Phase(), [(0, 81), (4, 82), (5, 83), (6, 84)], Timing(on=5))
    assert [(t.at, t.value) for t in turns if t.raised] == [(5, 83)]


def test_a_short_excursion_within_the_on_delay_is_no_alarm() -> None:
    assert raised(feed(Phase(), [(0, 81), (4, 70), (6, 81), (10, 70)], Timing(on=5))) == []


def test_a_value_holds_until_the_next_one_is_known_and_is_the_one_told() -> None:
    """Whether a sample at 60 or the clock at 5 ends the delay: what is told is what held at its end."""
    turns = feed(Phase(), [(0, 81), (60, 90), (61, 70)], Timing(on=5))
    assert [(t.at, t.value) for t in turns if t.raised] == [(5, 81)]
    assert cleared(turns) == [61]


def test_an_off_delay_bridges_a_short_return() -> None:
    turns = feed(Phase(), [(0, 81), (1, 70), (4, 81), (5, 70), (10, 70)], Timing(off=5))
    assert (raised(turns), cleared(turns)) == ([0], [10])


def test_an_alarm_stays_for_its_minimum() -> None:
    turns = feed(Phase(), [(0, 81), (1, 70), (9, 70), (10, 70)], Timing(minimum=10))
    assert (raised(turns), cleared(turns)) == ([0], [10])


def test_a_repeat_takes_so_many_samples_on_end_and_a_restart_goes_on_counting() -> None:
    phase, timing = Phase(), Timing(repeat=3)
    assert raised(feed(phase, [(0, 81), (1, 82), (2, 70), (3, 81)], timing)) == []
    [counted] = feed(phase, [(4, 82)], timing)
    assert (counted.before, counted.after, phase.count) == (State.PENDING, State.PENDING, 2)
    assert raised(feed(phase, [(5, 83)], timing)) == [5]


def test_repeat_and_on_delay_are_both_needed() -> None:
    timing = Timing(on=10, repeat=2)
    assert raised(feed(Phase(), [(0, 81), (3, 81), (12, 81)], timing)) == [10]
    assert raised(feed(Phase(), [(0, 81), (12, 81)], timing)) == [12]


def test_a_sensor_that_falls_silent_is_timed_out() -> None:
    phase, timing = Phase(), Timing(on=5)
    feed(phase, [(100, 81)], timing)
    assert elapse(phase, timing, 104) == ()
    assert raised(elapse(phase, timing, 105)) == [105]
    assert elapse(phase, timing, 106) == ()


def test_a_straggler_after_a_time_out_still_counts_and_nothing_ends_before_it_began() -> None:
    phase, timing = Phase(), Timing(on=5)
    feed(phase, [(0, 81)], timing)
    elapse(phase, timing, 5)
    assert cleared(feed(phase, [(4, 70)], timing)) == [5]


def test_a_gate_that_closes_hides_what_is_active_and_forgets_what_was_pending() -> None:
    phase = Phase()
    feed(phase, [(0, 81)])
    [hidden] = close_gate(phase, AT_ONCE, 3)
    assert (hidden.suppressed, hidden.at) == (True, 3)
    assert feed(phase, [(4, 70), (5, 81)]) == []
    [opened] = open_gate(phase, 9)
    assert (opened.released, phase.state) == (True, State.NORMAL)
    assert open_gate(phase, 10) == ()
    pending, timing = Phase(), Timing(on=5)
    feed(pending, [(0, 81)], timing)
    assert [turn.after for turn in close_gate(pending, timing, 3)] == [State.NORMAL]


def test_what_is_due_when_the_gate_closes_has_happened() -> None:
    phase, timing = Phase(), Timing(on=5)
    feed(phase, [(0, 81)], timing)
    assert [turn.after for turn in close_gate(phase, timing, 5)] == [State.ACTIVE, State.SUPPRESSED]


def test_seconds_are_nanoseconds() -> None:
    turns = feed(Phase(), [(0, 81), (5 * NS_PER_S, 81)], Timing(on=5 * NS_PER_S))
    assert raised(turns) == [5 * NS_PER_S]
