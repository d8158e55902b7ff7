"""Signals are pure, bounded, and obey the physics they stand for."""

from hypothesis import given
from hypothesis import strategies as st

from andon.simulator.signals import hiss, scatter, seed_of, stroke, wander, warmth

SEEDS = st.integers(0, 2**64 - 1)
TIMES = st.floats(0, 4e9)


def test_a_name_has_the_same_number_in_every_process() -> None:
    assert seed_of("berlin/painting/line-1/robot-3") == 4181754891


@given(SEEDS, st.integers(-(2**63), 2**63))
def test_scatter_and_hiss_stay_in_their_bounds_and_repeat(seed: int, number: int) -> None:
    assert 0 <= scatter(seed, number) < 1
    assert -3.5 < hiss(seed, number) < 3.5
    assert scatter(seed, number) == scatter(seed, number)


def test_hiss_is_about_normal() -> None:
    draws = [hiss(7, n) for n in range(20_000)]
    mean = sum(draws) / len(draws)
    assert abs(mean) < 0.03
    assert abs(sum((d - mean) ** 2 for d in draws) / len(draws) - 1) < 0.05


@given(SEEDS, TIMES, st.floats(1, 1e5))
def test_wander_is_bounded_and_smooth(seed: int, t: float, period: float) -> None:
    here, soon = wander(seed, t, period), wander(seed, t + period / 100, period)
    assert -1 <= here <= 1
    assert abs(soon - here) < 0.05


@given(st.floats(1, 5000), st.floats(0, 1e4))
def test_a_body_warms_by_63_percent_in_one_time_constant_and_cools_as_slowly(tau: float, start: float) -> None:
    driven = [(start, start + tau)]
    assert warmth(driven, tau, start) == 0
    assert abs(warmth(driven, tau, start + tau) - 0.632) < 0.001
    assert abs(warmth(driven, tau, start + 2 * tau) - 0.632 * 0.368) < 0.001


@given(st.lists(st.floats(0, 1e4), min_size=2, max_size=12, unique=True), st.floats(1, 1e4), st.floats(0, 2e4))
def test_warmth_never_leaves_0_to_1(edges: list[float], tau: float, t: float) -> None:
    ordered = sorted(edges)
    spans = list(zip(ordered[::2], ordered[1::2], strict=False))
    assert -1e-9 <= warmth(spans, tau, t) <= 1 + 1e-9


@given(st.floats(0, 1))
def test_a_stroke_is_a_share_of_the_load(phase: float) -> None:
    assert 0 <= stroke(phase) <= 1
