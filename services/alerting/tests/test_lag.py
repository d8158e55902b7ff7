"""What a device kept while it was offline is late; what a slow clock says is not."""

from andon.alerting.evaluate.lag import LATE, STEADY, Lags
from andon.common.reading import NS_PER_S

S = NS_PER_S


def test_a_minute_is_no_lag() -> None:
    assert not Lags().is_late("a", LATE, 0)
    assert Lags().is_late("a", LATE + 1, 0)


def test_a_backlog_that_catches_up_is_late_until_it_has() -> None:
    lags = Lags()
    told = [lags.is_late("a", (3600 - minute * 60) * S, minute * S) for minute in range(60)]
    assert told == [minute < 59 for minute in range(60)]


def test_a_slow_clock_is_late_for_ten_minutes_and_from_then_on_no_more() -> None:
    lags = Lags()
    told = [lags.is_late("a", 3600 * S + second * 1_000_000, second * S) for second in range(0, 1201, 60)]
    assert told == [second * S < STEADY for second in range(0, 1201, 60)]


def test_a_slow_clock_that_is_set_right_and_drifts_again_is_looked_at_anew() -> None:
    lags = Lags()
    for second in range(0, 1200, 60):
        lags.is_late("a", 3600 * S, second * S)
    assert not lags.is_late("a", 0, 1200 * S)
    assert lags.is_late("a", 3600 * S, 1260 * S)


def test_a_slow_clock_that_was_offline_is_late_until_it_has_caught_up() -> None:
    lags = Lags()
    for second in range(0, 1200, 60):
        lags.is_late("a", 3600 * S, second * S)
    assert not lags.is_late("a", 3600 * S, 1200 * S)
    assert lags.is_late("a", 7200 * S, 4800 * S)
    assert lags.is_late("a", 3600 * S, 4860 * S)


def test_another_machine_has_another_clock() -> None:
    lags = Lags()
    lags.is_late("a", 3600 * S, 0)
    assert not lags.is_late("b", 0, STEADY)
    assert not lags.is_late("a", 3600 * S, STEADY)
    assert lags.is_late("b", 3600 * S, STEADY)
