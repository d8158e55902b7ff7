"""What a device kept while it was offline is late; what a slow clock says is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from andon.alerting.evaluate.lag import LATE, MOST_CLOCKS, SET_RIGHT, STEADY, Clock, Lags
from andon.common.reading import NS_PER_S

S = NS_PER_S
HOUR = 3600 * S
BEGIN = 10**6 * S


class Looked:
    """Clocks, looked at by seconds since the beginning."""

    def __init__(self) -> None:
        self.lags = Lags()

    def at(self, second: float, lag: float, asset: str = "a", key: str = "t", *, old: bool = False) -> Clock:
        return self.lags.of(asset, key, round(lag * S), BEGIN + round(second * S), lambda: old)

    def lag(self, second: float, lag: float) -> int:
        return self.at(second, lag).lag


def test_a_minute_is_no_lag() -> None:
    looked = Looked()
    assert [looked.lag(second, 60) for second in range(120)] == [0] * 120


def test_a_slow_clock_is_known_after_half_a_minute() -> None:
    looked = Looked()
    told = [looked.lag(second, 3600) for second in range(60)]
    assert told == [HOUR if second * S >= STEADY else 0 for second in range(60)]


def test_one_that_speaks_rarely_is_known_by_its_second_word() -> None:
    looked = Looked()
    assert [looked.lag(second, 3600) for second in (0, 600)] == [0, HOUR]


def test_a_lag_that_varies_is_looked_at_for_ten_times_as_long() -> None:
    """It sends every ten seconds what it has measured in them."""
    looked = Looked()
    told = [(ten, looked.lag(ten, 3600 + 9 - second)) for ten in range(0, 200, 10) for second in range(10)]
    assert [ten for ten, lag in told if lag] == [ten for ten, _ in told if ten >= 90]


@pytest.mark.parametrize("pace", [1.2, 2.0, 60.0])
def test_a_backlog_that_catches_up_is_never_a_slow_clock(pace: float) -> None:
    looked, told, second, lag = Looked(), list[int](), 0.0, 7200.0
    while lag > 0:
        told.append(looked.lag(second, lag))
        second, lag = second + 1, lag - (pace - 1)
    assert not any(told)


def test_a_backlog_that_stands_still_on_its_way_is_none_either() -> None:
    looked = Looked()
    told = [looked.lag(40 * burst, 7200 + 40 * burst - 10 * n) for burst in range(20) for n in range(20)]
    assert not any(told)


def test_what_is_sent_between_live_readings_is_none() -> None:
    looked = Looked()
    for second in range(600):
        assert looked.lag(second, 3600) == 0
        assert looked.lag(second, 1) == 0


def test_a_clock_that_is_set_right_and_drifts_again_is_looked_at_anew() -> None:
    looked = Looked()
    for second in range(60):
        looked.at(second, 3600)
    assert looked.at(60, 0) is SET_RIGHT
    assert looked.lag(60, 0) == looked.lag(61, 3600) == 0
    assert looked.lag(92, 3600) == HOUR


def test_a_clock_that_is_set_half_right_is_looked_at_anew() -> None:
    looked = Looked()
    for second in range(60):
        looked.at(second, 3600)
    assert [looked.lag(second, 1800) for second in (60, 75, 90)] == [0, 0, HOUR // 2]


def test_a_slow_clock_that_was_offline_is_slow_all_the_time() -> None:
    """Its backlog lags by more than that, until it has caught up."""
    looked = Looked()
    for second in range(60):
        looked.at(second, 3600)
    assert {looked.lag(3660 + second, 7200 - 60 * second) for second in range(61)} == {HOUR}


def test_other_machines_and_other_devices_of_one_have_other_clocks() -> None:
    looked = Looked()
    for second in range(60):
        looked.at(second, 3600)
        looked.at(second, 0, key="speed")
        looked.at(second, 0, asset="b")
    assert looked.lag(60, 3600) == HOUR
    assert looked.at(60, 3600, asset="b").lag == looked.at(60, 3800, key="speed").lag == 0


def test_a_device_that_says_now_this_and_now_that_has_one_clock() -> None:
    looked = Looked()
    for second in range(60):
        looked.at(second, 3600, old=True)
    found = looked.at(60, 3605, key="speed")
    assert (found.lag, found.is_set_back) == (HOUR, True)
    assert looked.at(60, 1800, key="pressure").lag == 0


def test_whether_it_was_set_back_is_asked_when_it_is_found_out() -> None:
    looked = Looked()
    told = [looked.at(second, 3600, old=second == 30).is_set_back for second in range(60)]
    assert told == [second >= 30 for second in range(60)]


def test_what_is_delivered_again_changes_nothing() -> None:
    looked = Looked()
    for second in [*range(29), *range(29)]:
        assert looked.lag(second, 3600) == 0
    assert looked.lag(30, 3600) == HOUR


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 90)), max_size=60),
    st.sampled_from([0, 30, 100, 3600]),
)
def test_a_lag_is_only_ever_what_was_seen_for_long_enough(steps: list[tuple[int, int]], by: int) -> None:
    """Against all that came: a known lag was, for half a minute and ten times its variation, the least of them."""
    looked, came, second = Looked(), list[tuple[int, int]](), 0

    def known(lag: int) -> bool:
        for first in range(len(came)):
            seen = [one for _, one in came[first:]]
            long = max(STEADY // S, 10 * (max(seen) - min(seen)))
            if came[-1][0] - came[first][0] >= long and min(seen) * S == lag:
                return True
        return False

    before = 0
    for wait, jitter in steps:
        second += wait
        came.append((second, by + jitter))
        lag = max(looked.lag(second, by + jitter), 0)
        assert lag in (0, before) or (lag > LATE and known(lag))
        before = lag


def test_ever_new_sensors_of_a_slow_machine_do_not_fill_the_memory() -> None:
    looked = Looked()
    for second in range(3 * MOST_CLOCKS):
        looked.at(second, 3600, key=f"k{second}")
    assert len(looked.lags.slow["a"]) == MOST_CLOCKS
