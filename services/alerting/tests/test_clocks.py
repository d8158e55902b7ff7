"""Clocks that are slow, are set back or forth: alarms go on, once each, and nobody is called for the past."""

from collections.abc import Sequence

import pytest

from andon.alerting.evaluate.judge import Judge
from andon.alerting.evaluate.verdict import Verdict
from andon.common import subjects
from andon.common.reading import NS_PER_S, Reading, Value
from andon.common.wire import Batch, encode_batch

from .conftest import Alerting
from .test_judge import batch, hear, judge, reading, restarted, rule

S = NS_PER_S
NOW = 10**9
"""Seconds; all that follows happens about then."""
HOUR = 3600


def say(judge: Judge, second: int, slow: float = 0, **values: Value) -> list[Verdict]:
    """A machine says something now, by a clock that is slow."""
    now = NOW + second
    return hear(judge, Reading("a", round((now - slow) * S), values, None), clock=float(second), arrived=now * S)


def says(judge: Judge, seconds: range, slow: float = 0, **values: Value) -> list[Verdict]:
    return [one for second in seconds for one in [*say(judge, second, slow, **values), *judge.tick(second + 0.5)]]


def seconds(verdicts: Sequence[Verdict]) -> list[tuple[int, str, bool]]:
    """When alarms began and ended, and whether that is old news."""
    told = [(one, "raised") for one in verdicts if one.turn.raised]
    told += [(one, "cleared") for one in verdicts if one.turn.cleared]
    told += [(one, "current") for one in verdicts if one.turn.current]
    return sorted((one.turn.at // S - NOW, what, one.late) for one, what in told)


def test_a_clock_that_is_set_back_blinds_its_rules_for_half_a_minute() -> None:
    hot = judge(rule())
    says(hot, range(100), temperature=20.0)
    assert seconds(says(hot, range(100, 200), HOUR, temperature=90.0)) == [(130, "raised", False)]
    assert seconds(says(hot, range(200, 300), HOUR, temperature=20.0)) == [(200, "cleared", False)]
    assert seconds(says(hot, range(300, 400), HOUR, temperature=90.0)) == [(300, "raised", False)]


@pytest.mark.parametrize("every", [1, 5, 20, 60, 600])
def test_one_that_speaks_rarely_is_known_by_its_second_word(every: int) -> None:
    hot = judge(rule())
    says(hot, range(0, 3 * every, every), temperature=20.0)
    begin = 3 * every
    found = seconds(says(hot, range(begin, begin + 40 * every, every), 2 * HOUR, temperature=90.0))
    assert [(what, late) for _, what, late in found] == [("raised", False)]
    assert found[0][0] - begin <= max(every, 30 + every)


def test_set_right_again_it_goes_on_at_once() -> None:
    hot = judge(rule())
    says(hot, range(100), temperature=20.0)
    says(hot, range(100, 200), HOUR, temperature=20.0)
    assert seconds(says(hot, range(201, 300), temperature=90.0)) == [(201, "raised", False)]
    assert seconds(says(hot, range(300, 310), temperature=20.0)) == [(300, "cleared", False)]


def test_a_delay_goes_on_across_the_step() -> None:
    hot = judge(rule(on_delay="90s"))
    says(hot, range(100), temperature=20.0)
    says(hot, range(100, 110), temperature=90.0)
    assert seconds(says(hot, range(110, 300), HOUR, temperature=90.0)) == [(190, "raised", False)]


def test_a_delay_that_begins_after_the_step_lasts_as_long_as_it_says() -> None:
    hot = judge(rule(on_delay="90s", off_delay="20s"))
    says(hot, range(100), temperature=20.0)
    says(hot, range(100, 200), HOUR, temperature=20.0)
    assert seconds(says(hot, range(200, 400), HOUR, temperature=90.0)) == [(290, "raised", False)]
    assert seconds(says(hot, range(400, 500), HOUR, temperature=20.0)) == [(420, "cleared", False)]


def test_who_speaks_is_not_silent_whatever_the_clock_says() -> None:
    dumb = judge(rule(condition={"silent": "45s"}))
    dumb.begin(NOW * S, 0.0)
    found = says(dumb, range(100), temperature=20.0) + says(dumb, range(100, 1000), HOUR, temperature=20.0)
    assert seconds(found) == []
    assert seconds([one for second in range(1000, 1100) for one in dumb.tick(float(second))]) == [
        (1044, "raised", False)
    ]


def test_a_rate_is_one_of_time_that_passed() -> None:
    rising = judge(rule(condition={"rate_over": "60s", "per": "min", "above": 90}))
    found = [one for second in range(100) for one in say(rising, second, temperature=float(second))]
    found += [one for second in range(100, 400) for one in say(rising, second, HOUR, temperature=float(second))]
    assert seconds(found) == []
    found = [one for second in range(400, 500) for one in say(rising, second, HOUR, temperature=3.0 * second - 800)]
    assert [what for _, what, _ in seconds(found)] == ["raised"]


def test_history_is_not_asked_of_what_is_known_to_be_now() -> None:
    hot = judge(rule())
    says(hot, range(100), temperature=20.0)
    says(hot, range(100, 200), HOUR, temperature=90.0)
    assert hot.late == {("a", "temperature"): ((NOW + 100 - HOUR) * S, (NOW + 129 - HOUR) * S)}


def test_what_a_device_kept_and_sends_beside_the_present_is_judged_in_history_alone() -> None:
    """One reading a second that it kept, as many as it makes: it never catches up, and is no slow clock."""
    hot = judge(rule())
    for second in range(300):
        assert say(hot, second, temperature=20.0) == []
        assert say(hot, second, HOUR, temperature=90.0) == []


@pytest.mark.parametrize("pace", [2, 10, 60])
def test_a_backlog_that_comes_after_a_first_live_word_is_judged_in_history_alone(pace: int) -> None:
    hot = judge(rule())
    says(hot, range(10), temperature=20.0)
    for second in range(10, HOUR // pace):
        for part in range(pace):
            lag = HOUR - (second - 10) * (pace - 1) - part
            if lag > 100:
                assert say(hot, second, lag, temperature=90.0) == []


def test_what_comes_twice_changes_nothing() -> None:
    hot = judge(rule(repeat=3))
    found = list[Verdict]()
    for second in range(300):
        slow, value = (0, 20.0) if second < 100 else (HOUR, 90.0 if second % 50 > 25 else 20.0)
        found += say(hot, second, slow, temperature=value)
        if second % 7 == 0:
            assert say(hot, second, slow, temperature=value) == []
            for back in range(6):
                late = HOUR if second - back >= 100 else 0
                assert say(hot, second - back, late, temperature=99.0) == []
    assert [at for at, _, _ in seconds(found)] == [132, 150, 178, 200, 228, 250, 278]


def batches(begin: int, end: int, slow: float, value: float) -> list[Batch]:
    return [
        batch(reading(round((NOW + second - slow) * S), temperature=value), arrived=(NOW + second) * S)
        for second in range(begin, end)
    ]


def test_after_a_restart_a_clock_that_was_set_back_is_known_from_the_last_batches() -> None:
    one = rule()
    before = judge(one)
    says(before, range(100), temperature=20.0)
    says(before, range(100, 200), HOUR, temperature=90.0)
    after = restarted(before, one, clock=200.0, now=(NOW + 200) * S)
    for known in batches(165, 200, HOUR, 90.0):
        after.remember(known)
    after.begin((NOW + 200) * S, 200.0)
    for again in batches(190, 200, HOUR, 90.0):  # judged, and not acknowledged
        assert after.judge(again, now=(NOW + 200) * S, clock=200.0) == []
    assert seconds(says(after, range(201, 300), HOUR, temperature=20.0)) == [(201, "cleared", False)]


def test_after_a_restart_without_any_it_is_found_out_again_and_nothing_is_told_twice() -> None:
    one = rule()
    before = judge(one)
    says(before, range(100), temperature=20.0)
    says(before, range(100, 200), HOUR, temperature=90.0)
    after = restarted(before, one, clock=200.0, now=(NOW + 200) * S)
    after.begin((NOW + 200) * S, 200.0)
    assert seconds(says(after, range(200, 400), HOUR, temperature=90.0)) == []
    assert seconds(says(after, range(400, 500), HOUR, temperature=20.0)) == [(400, "cleared", False)]


def test_who_was_heard_before_a_restart_by_a_clock_that_was_set_back_is_not_silent() -> None:
    one = rule(condition={"silent": "45s"})
    before = judge(one)
    before.begin(NOW * S, 0.0)
    says(before, range(60), temperature=20.0)
    says(before, range(60, 120))
    says(before, range(120, 130), temperature=20.0)  # it turns for the last time
    after = restarted(before, one, clock=5000.0, now=(NOW + 5000) * S)
    says(before, range(130, 5000), HOUR, temperature=20.0)
    for known in batches(4995, 5000, HOUR, 20.0):
        after.remember(known)
    after.begin((NOW + 5000) * S, 5000.0)
    assert seconds(says(after, range(5000, 5100), HOUR, temperature=20.0)) == []


def test_a_slow_clock_keeps_its_own_time_and_calls_people_after_half_a_minute() -> None:
    hot = judge(rule())
    assert seconds(says(hot, range(30), HOUR, temperature=90.0)) == [(-HOUR, "raised", True)]
    assert seconds(says(hot, range(30, 60), HOUR, temperature=90.0)) == [(30 - HOUR, "current", False)]
    says(hot, range(60, 100), HOUR, temperature=20.0)
    assert seconds(says(hot, range(100, 110), HOUR, temperature=90.0)) == [(100 - HOUR, "raised", False)]


def test_a_slow_clock_is_known_from_the_last_batches_before_a_start() -> None:
    hot = judge(rule())
    for known in batches(0, 40, HOUR, 20.0):
        hot.remember(known)
    hot.begin((NOW + 40) * S, 40.0)
    assert seconds(says(hot, range(40, 50), HOUR, temperature=90.0)) == [(40 - HOUR, "raised", False)]


def test_a_straggler_of_a_slow_clock_does_not_make_it_one_that_was_set_back() -> None:
    hot = judge(rule())
    says(hot, range(60), HOUR, temperature=20.0)
    assert say(hot, 60, HOUR + 5, temperature=90.0) == []
    assert seconds(says(hot, range(61, 70), HOUR, temperature=90.0)) == [(61 - HOUR, "raised", False)]


def test_what_comes_quicker_than_before_is_not_measured_before_it_arrives() -> None:
    """Else all that comes at the usual pace after it would be old."""
    hot = judge(rule())
    says(hot, range(100), temperature=20.0)
    says(hot, range(100, 200), HOUR + 20, temperature=20.0)
    say(hot, 200, HOUR, temperature=20.0)
    assert seconds(says(hot, range(202, 210), HOUR, temperature=90.0)) == [(202, "raised", False)]


def test_the_hour_that_a_slow_clock_leaps_over_when_it_is_set_right_calls_nobody() -> None:
    dumb = judge(rule(condition={"silent": "45s"}))
    says(dumb, range(100), HOUR, temperature=20.0)
    assert seconds(says(dumb, range(100, 200), temperature=20.0)) == [
        (144 - HOUR, "raised", True),
        (100, "cleared", True),
    ]
    assert [late for _, _, late in seconds(says(dumb, range(200, 201), temperature=20.0))] == []


BOTH = {"expression": "temperature > 80 and speed > 0"}


def of_two_devices(judge: Judge, second: int, kept: float, temperature: float) -> list[Verdict]:
    """One sends what it had kept, the other one is live."""
    return say(judge, second, kept, temperature=temperature) + say(judge, second, speed=1.0)


def test_what_one_device_kept_calls_nobody_because_another_one_is_live() -> None:
    hot = judge(rule(condition=BOTH))
    of_two_devices(hot, -2000, 0, 20.0)
    found = [one for second in range(1, 20) for one in of_two_devices(hot, second, 1000 - 50 * second, 90.0)]
    assert [(what, late) for _, what, late in seconds(found)] == [("raised", True), ("current", False)]
    assert seconds(found)[1][0] == 18  # with what it says in second 19, for a minute is no lag
    assert hot.late == {("a", "temperature"): ((NOW - 898) * S, (NOW - 82) * S)}
    [ended] = [one for one in of_two_devices(hot, 20, 0, 20.0) if one.turn.cleared]
    assert not ended.late


def test_what_was_over_before_a_device_had_caught_up_calls_nobody() -> None:
    hot = judge(rule(condition=BOTH))
    of_two_devices(hot, -2000, 0, 20.0)
    found = [one for second in range(1, 15) for one in of_two_devices(hot, second, 1000 - 50 * second, 90.0)]
    found += [one for second in range(15, 99) for one in of_two_devices(hot, second, max(1000 - 50 * second, 0), 20.0)]
    assert [(what, late) for _, what, late in seconds(found)] == [("raised", True), ("cleared", True)]


def test_what_a_device_kept_is_told_after_a_minute_where_it_speaks_only_when_it_changes() -> None:
    hot = judge(rule(condition=BOTH))
    found = of_two_devices(hot, 0, 300, 90.0)
    found += [one for second in range(1, 100) for one in say(hot, second, speed=1.0)]
    assert seconds(found) == [(0, "raised", True), (61, "current", False)]


async def test_a_clock_that_was_set_back_is_known_to_a_service_that_starts(alerting: Alerting) -> None:
    async def comes(second: int, slow: int, value: float) -> None:
        arrived = alerting.begin + second * S
        data = encode_batch(Batch(arrived, [Reading("robot-3", arrived - slow * S, {"temperature": value}, None)]))
        await alerting.bus.publish(subjects.telemetry(0), data, msg_id=f"{second}")

    await alerting.add_rule()
    for second in range(-60, 0):
        await comes(second, HOUR if second >= -50 else 0, 90.0 if second < -55 else 20.0)
    await alerting.evaluated()
    await alerting.stop()
    await comes(0, HOUR, 90.0)
    await alerting.start()
    await alerting.evaluated()
    [alarm] = await alerting.alarms()
    assert (alarm["since"], alarm["active"], alarm["late"]) == (alerting.at(0), True, False)
