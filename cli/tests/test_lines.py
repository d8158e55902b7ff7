"""Line protocol of what was read: any value that InfluxDB can hold comes back as it was."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from andon.cli.backup.lines import lines
from andon.cli.backup.measurement import MANY_VALUES, SHORTEST_WINDOW
from andon.cli.backup.series import LONGEST_WINDOW, next_width
from andon.common.history.columns import Columns

TAGS = {"site": "berlin", "area": "", "line": "line 1,a=b"}


def test_each_type_is_written_as_influxdb_knows_it() -> None:
    objects = np.empty(2, np.object_)
    objects[:] = ['say "no" \\ yes', None]
    switches = np.empty(2, np.object_)
    switches[:] = [False, True]
    fields = {
        "temperature": np.array([71.25, math.nan]),
        "t__arrived": np.array([1_795_768_617_000, math.nan]),
        "state": objects,
        "on": switches,
        "a tag": np.array([1.0, 1.0]),
    }
    types = {"temperature": "float", "t__arrived": "integer", "state": "string", "on": "boolean"}
    found = list(lines("press, big", types, Columns(TAGS, np.array([1, 2]), fields)))
    head = b"press\\,\\ big,line=line\\ 1\\,a\\=b,site=berlin "
    assert found == [
        head + b'temperature=71.25,t__arrived=1795768617000i,state="say \\"no\\" \\\\ yes",on=false 1\n',
        head + b"on=true 2\n",
    ]


def test_rows_without_a_value_have_no_line() -> None:
    empty = Columns(TAGS, np.array([1, 2]), {"t": np.array([math.nan, math.nan])})
    assert list(lines("press", {"t": "float"}, empty)) == []
    assert list(lines("press", {}, empty)) == []
    assert list(lines("press", {"t": "float"}, Columns(TAGS, np.array([], np.int64), {"t": np.array([])}))) == []


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=50))
def test_numbers_come_back_to_the_last_bit(values: list[float]) -> None:
    times = np.arange(len(values), dtype=np.int64) - 10**18
    found = list(lines("press", {"t": "float"}, Columns({}, times, {"t": np.array(values)})))
    assert [float(line.split(b"t=")[1].split()[0]) for line in found] == values
    assert [int(line.split()[-1]) for line in found] == times.tolist()


@given(st.text())
def test_texts_end_where_they_end(text: str) -> None:
    column = np.empty(1, np.object_)
    column[:] = [text]
    [line] = lines("press", {"s": "string"}, Columns({}, np.array([7]), {"s": column}))
    told = line[len(b'press s="') : -len(b'" 7\n')].decode()
    assert told.replace('\\"', '"').replace("\\\\", "\\") == text or "\\" in text
    assert line.endswith(b'" 7\n')


@given(st.integers(SHORTEST_WINDOW, LONGEST_WINDOW), st.integers(1, 10 * MANY_VALUES))
def test_windows_stay_within_their_bounds(width: int, values: int) -> None:
    following = next_width(width, values)
    assert SHORTEST_WINDOW <= following <= LONGEST_WINDOW
    assert (following > width) <= (values < MANY_VALUES // 4)
    assert (following < width) <= (values > MANY_VALUES)
