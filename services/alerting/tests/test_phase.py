"""One level of a rule: delays, repeats, gates, and samples that come after a time-out."""

from collections.abc import Iterator, Sequence

from andon.alerting.evaluate.phase import (
    CHATTER,
    MOST_RAISED,
    Phase,
    State,
    Timing,
    Turn,
    close_gate,
    elapse,
    open_gate,
    take,
)
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


MS = NS_PER_S // 1000


def chattering(start: int, until: int, step: int = MS) -> Iterator[tuple[int, float]]:
    """A sensor that is in trouble at every other sample."""
    return ((at, 81.0 if (at - start) // step % 2 == 0 else 70.0) for at in range(start, until, step))


def test_what_chatters_at_a_thousand_hertz_turns_a_bounded_number_of_times_a_minute() -> None:
    turns = feed(Phase(), list(chattering(0, 3 * CHATTER)))
    assert [sum(n * CHATTER <= at < (n + 1) * CHATTER for at in raised(turns)) for n in range(3)] == [
        MOST_RAISED + 1
    ] * 3
    assert len(raised(turns)) - len(cleared(turns)) in (0, 1)


def test_what_turns_ten_times_a_second_is_left_as_it_is() -> None:
    turns = feed(Phase(), list(chattering(0, 3 * CHATTER, step=100 * MS)))
    assert len(raised(turns)) == len(cleared(turns)) == 900


def test_a_chattering_alarm_ends_once_its_stay_is_over_and_says_how_often_it_came_back() -> None:
    phase = Phase()
    turns = feed(phase, list(chattering(0, 10 * NS_PER_S)))
    held = raised(turns)[-1]
    assert [turn.chatter for turn in turns if turn.raised][-2:] == [0, MOST_RAISED + 1]
    assert phase.state is State.CLEARING
    [end] = elapse(phase, AT_ONCE, held + CHATTER)
    assert (end.cleared, end.at) == (True, held + CHATTER)
    assert end.chatter == sum(turn.before is State.CLEARING and turn.after is State.ACTIVE for turn in turns)
    assert phase.state is State.NORMAL


def test_a_chattering_alarm_whose_cause_stays_is_active_for_as_long_as_it_is_there() -> None:
    phase = Phase()
    feed(phase, list(chattering(0, 10 * NS_PER_S)))
    feed(phase, [(10 * NS_PER_S, 81.0), (10 * CHATTER, 82.0)])
    assert phase.state is State.ACTIVE
    assert cleared(feed(phase, [(11 * CHATTER, 70.0)])) == [11 * CHATTER]


def test_a_gate_that_chatters_is_bounded_too_and_one_that_stays_closed_hides_the_alarm() -> None:
    phase, turns = Phase(), list[Turn]()
    for at in range(0, 10 * NS_PER_S, 2 * MS):
        turns += feed(phase, [(at, 81.0)])
        turns += close_gate(phase, AT_ONCE, at + MS)
        if at < 10 * NS_PER_S - 2 * MS:
            turns += open_gate(phase, at + 2 * MS)
    assert len(raised(turns)) == MOST_RAISED + 1
    assert phase.state is State.ACTIVE
    [hidden] = elapse(phase, AT_ONCE, 2 * CHATTER)
    assert (hidden.suppressed, hidden.at) == (True, raised(turns)[-1] + CHATTER)
    [opened] = open_gate(phase, 2 * CHATTER)
    assert opened.released


def test_a_restart_goes_on_counting_what_chatters() -> None:
    """Whatever is kept of a phase is all there is."""
    whole, parts = Phase(), Phase()
    samples = list(chattering(0, 2 * NS_PER_S))
    expected = feed(whole, samples)
    found = list[Turn]()
    for start in range(0, len(samples), 7):
        parts = Phase(**{name: getattr(parts, name) for name in Phase.__struct_fields__})
        found += feed(parts, samples[start : start + 7])
    assert found == expected
