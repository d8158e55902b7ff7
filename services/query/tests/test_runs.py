"""Rows of states: from samples to minutes to hours and back, against the samples themselves."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import orjson
from hypothesis import given
from hypothesis import strategies as st

from andon.common.history.columns import Columns, Objects, Times
from andon.common.influx import line_prefix
from andon.query.series.states import intervals
from andon.query.tiers import runs, windows
from andon.query.tiers.runs import Told

from .conftest import PRESS, S

T = 1_763_899_200 * S
PREFIX = line_prefix(PRESS)
MINUTE, HOUR = 60 * S, 3600 * S
ODD = 'it\'s "odd"; \\ DROP, SERIES\n'
SAMPLES = st.dictionaries(st.integers(0, 3 * HOUR), st.one_of(st.sampled_from(["RUN", "IDLE", ODD]), st.booleans()))


def arrays(samples: dict[int, Any]) -> tuple[Times, Objects]:
    times = sorted(samples)
    values = np.empty(len(times), np.object_)
    values[:] = [samples[at] for at in times]
    return np.array(times, np.int64) + T, values


def rows(lines: Iterable[bytes]) -> Columns:
    """What InfluxDB would give back of lines."""
    times, fields = list[int](), {name: list[Any]() for name in runs.FIELDS}
    for line in lines:
        head, _, time = line.decode().rpartition(" ")
        times.append(int(time))
        numbers, _, text = head.removeprefix(PREFIX.decode()).partition(',state__runs="')
        said = dict(one.split("=") for one in numbers.split(","))
        fields["count"].append(float(said["state__count"]))
        fields["changes"].append(float(said["state__changes"]))
        fields["runs"].append(text[:-1].replace('\\"', '"').replace("\\\\", "\\"))
    found = {"state__" + name: np.array(values, np.object_) for name, values in fields.items()}
    return Columns({}, np.array(times, np.int64), found)


def rolled(told: Told, width: int) -> Told:
    """As rows of a tier bring it back."""
    bounds = windows.edges(T, T + 4 * HOUR, width)
    return runs.of_rows(rows(runs.lines(PREFIX, "state", runs.shortened(told, bounds), bounds)), "state")


@given(SAMPLES)
def test_minutes_and_hours_tell_the_same_intervals_and_counts(samples: dict[int, Any]) -> None:
    times, values = arrays(samples)
    minutes = rolled(runs.of_samples(times, values), MINUTE)
    hours = rolled(minutes, HOUR)
    expected = intervals(times, values, T, T + 4 * HOUR)
    for told in (minutes, hours):
        assert told.whole
        found = intervals(told.times, told.values, T, T + 4 * HOUR)
        assert found.starts.tolist() == expected.starts.tolist()
        assert found.values.tolist() == expected.values.tolist()
        assert told.counts.sum() == len(times)
    for hour in range(4):
        inside = (times >= T + hour * HOUR) & (times < T + (hour + 1) * HOUR)
        there = (hours.times >= T + hour * HOUR) & (hours.times < T + (hour + 1) * HOUR)
        assert hours.counts[there].sum() == inside.sum()
        ends = [values[inside][[0, -1]].tolist()] if inside.any() else []
        assert ends == ([hours.values[there][[0, -1]].tolist()] if there.any() else [])


def test_rows_are_as_short_as_what_changed() -> None:
    times = T + np.arange(3600, dtype=np.int64) * S
    values = np.where(times < T + 100 * S, "RUN", "IDLE").astype(np.object_)
    bounds = windows.edges(T, T + HOUR, HOUR)
    (line,) = runs.lines(PREFIX, "state", runs.shortened(runs.of_samples(times, values), bounds), bounds)
    said = line.decode().removeprefix(PREFIX.decode())
    assert said == (
        'state__count=3600.0,state__changes=2.0,state__runs="[[0.0,100.0],[\\"RUN\\",\\"IDLE\\"]]" ' + str(T)
    )


def test_what_changes_too_often_says_only_how_often_it_spoke() -> None:
    times = T + np.arange(3600, dtype=np.int64) * S
    values = np.array([f"S{at}" for at in range(3600)], np.object_)
    minutes = rolled(runs.of_samples(times, values), MINUTE)
    assert minutes.whole
    hours = rolled(minutes, HOUR)
    assert not hours.whole
    assert hours.counts.tolist() == [3600]
    assert not rolled(hours, HOUR).whole, "a wider window of it knows no more"


@given(SAMPLES, st.integers(0, 3 * HOUR))
def test_parts_side_by_side_are_one(samples: dict[int, Any], cut: int) -> None:
    times, values = arrays(samples)
    before = times < T + cut
    parts = [runs.of_samples(times[one], values[one]) for one in (before, ~before)]
    found = runs.join(parts)
    assert found.times.tolist() == times.tolist()
    assert found.values.tolist() == values.tolist()
    assert len(runs.join([])) == 0


def test_json_is_exact_to_the_nanosecond() -> None:
    times = np.array([T + 1, T + 59_999_999_999, T + HOUR - 1], np.int64)
    values = np.array(["A", "B", "C"], np.object_)
    assert rolled(runs.of_samples(times, values), HOUR).times.tolist() == times.tolist()
    assert orjson.loads(orjson.dumps([0.000000001])) == [0.000000001]
