"""A process that dies again and again is started more and more seldom."""

from hypothesis import given
from hypothesis import strategies as st

from andon.cli.backoff import FIRST, HEALTHY, LONGEST, Backoff


def test_waits_double_up_to_the_longest() -> None:
    backoff = Backoff()
    assert [backoff.wait(0.1) for _ in range(8)] == [0.5, 1, 2, 4, 8, 16, 30, 30]


def test_one_that_was_healthy_begins_anew() -> None:
    backoff = Backoff()
    for _ in range(5):
        backoff.wait(1)
    assert backoff.wait(HEALTHY) == FIRST
    assert backoff.wait(1) == FIRST * 2


@given(st.lists(st.floats(0, 1e6), max_size=50))
def test_every_wait_is_bounded(lives: list[float]) -> None:
    backoff = Backoff()
    assert all(FIRST <= backoff.wait(lived) <= LONGEST for lived in lives)
