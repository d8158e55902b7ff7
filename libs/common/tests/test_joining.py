"""What lies of one machine in several measurements, put together: as if all had been written to one. Pure."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from andon.common.history.columns import Columns
from andon.common.history.joining import Parts, contested, fitting, join, there
from andon.common.history.span import Span
from andon.common.influx import measurements
from andon.common.plant import Earlier
from andon.common.testing.machines import a_machine

S = 1_000_000_000
PRESS = a_machine("berlin/body/line-1/press-1", id="p1")
OVEN = a_machine("lyon/heat/line-1/oven-1", id="o1", type="")

writes = st.lists(st.tuples(st.integers(0, 20), st.floats(-9, 9), st.sampled_from("abc")), max_size=60)


def columns(rows: dict[int, float], field: str = "t") -> Columns:
    times = sorted(rows)
    return Columns({"asset": "p1"}, np.array(times, np.int64), {field: np.array([rows[at] for at in times])})


@given(writes)
def test_what_came_last_counts_wherever_it_was_written(written: list[tuple[int, float, str]]) -> None:
    """Each write, in the order in which they came, goes to one of three measurements."""
    said, by_name, came = dict[int, float](), dict[str, dict[int, float]](), dict[str, dict[int, int]]()
    for arrived, (at, value, name) in enumerate(written, 100):
        said[at] = value
        by_name.setdefault(name, {})[at] = value
        came.setdefault(name, {})[at] = arrived
    found = {name: columns(by_name[name]) for name in sorted(by_name)}
    if found:
        arrivals = {name: {"t": np.array([came[name][at] for at in found[name].times.tolist()])} for name in found}
        joined = join(found, arrivals)
        assert dict(zip(joined.times.tolist(), joined.fields["t"].tolist(), strict=True)) == said
        assert joined.times.tolist() == sorted(said)


def test_where_nothing_tells_the_newest_measurement_counts() -> None:
    found = {"bench": columns({1: 1.0, 3: 3.0}), "press": columns({1: -1.0, 2: -2.0})}
    assert join(found, {}).fields["t"].tolist() == [1.0, -2.0, 3.0]


def test_fields_and_times_of_each_are_kept() -> None:
    found = {"bench": columns({1: 1.0}), "press": columns({1: 5.0, 2: 6.0}, "u")}
    joined = join(found, {})
    assert joined.times.tolist() == [1, 2]
    np.testing.assert_equal(joined.fields, {"t": np.array([1.0, np.nan]), "u": np.array([5.0, 6.0])})


def test_only_what_two_have_for_one_time_is_in_dispute() -> None:
    parts: Parts = {"bench": columns({1: 1.0, 5: 1.0, 9: 1.0}), "press": columns({0: 1.0, 5: 1.0, 9: 2.0})}
    assert contested(parts) == (["t"], Span(5, 10))
    assert contested({"bench": columns({1: 1.0}), "press": columns({2: 1.0})}) is None
    assert contested({"bench": columns({1: 1.0}), "press": columns({1: 1.0}, "u")}) is None
    assert contested({"bench": columns({1: 1.0}), "press": columns({1: np.nan})}) is None


def test_what_a_sensor_said_as_something_else_is_left_out() -> None:
    texts: np.ndarray = np.array(["RUN", None], np.object_)
    fields = {"temperature": texts, "state": texts, "running": np.array([0.0, 1.0])}
    rows = Columns({}, np.array([1, 2], np.int64), fields)
    left = fitting(PRESS, rows)
    assert left.times.tolist() == [1, 2], "a row counts where so many are asked for"
    assert left.fields["state"].tolist() == ["RUN", None]
    assert not there(left.fields["temperature"]).any()
    assert not there(left.fields["running"]).any()
    assert [len(fitting(PRESS, Columns({}, rows.times, {key: fields[key]}))) for key in fields] == [0, 1, 0]


def test_a_measurement_of_before_is_asked_only_for_what_it_can_have() -> None:
    machine = replace(PRESS, earlier=(Earlier("bench", 5 * 3600 * S), Earlier("machine", 3 * 3600 * S)))
    assert measurements(PRESS) == ("press",)
    assert measurements(OVEN) == ("machine",)
    assert measurements(machine) == ("press", "bench", "machine")
    assert measurements(machine, 4 * 3600 * S) == ("press", "bench")
    assert measurements(machine, 6 * 3600 * S) == ("press",)
