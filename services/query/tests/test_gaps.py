"""Buckets without a value, filled in every way."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from andon.query.series.gaps import Fill, fill, known

N = np.nan


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("none", [N, 1, N, N, 4, N, N]),
        ("null", [N, 1, N, N, 4, N, N]),
        ("previous", [N, 1, 1, 1, 4, 4, N]),
        ("linear", [N, 1, 2, 3, 4, N, N]),
        ("zero", [0, 1, 0, 0, 4, 0, N]),
    ],
)
def test_each_way(how: Fill, expected: list[float]) -> None:
    begun = np.array([True] * 6 + [False])
    assert fill(np.array([N, 1, N, N, 4, N, N]), how, begun).tolist() == pytest.approx(expected, nan_ok=True)


def test_states_are_held() -> None:
    values = np.array([None, "RUN", None, "IDLE", None], np.object_)
    assert fill(values, "previous", np.ones(5, np.bool_)).tolist() == [None, "RUN", "RUN", "IDLE", "IDLE"]


@given(
    st.lists(st.one_of(st.just(N), st.floats(-1e6, 1e6)), max_size=30),
    st.sampled_from(["previous", "linear", "zero"]),
    st.integers(0, 30),
)
def test_what_is_known_stays_and_what_has_not_begun_stays_empty(values: list[float], how: Fill, begun: int) -> None:
    given_, started = np.array(values, np.float64), np.arange(len(values)) < begun
    found = fill(given_, how, started)
    have = known(given_)
    assert found[have].tolist() == given_[have].tolist()
    assert not known(found)[~have & ~started].any()
    if have.any() and how != "zero":
        filled = found[known(found)]
        assert given_[have].min() - 1e-6 <= filled.min() <= filled.max() <= given_[have].max() + 1e-6
