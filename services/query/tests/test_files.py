"""Each format, read back by a reader of its own, holds what was stored: gaps, texts of any letters, every bit."""

import csv
import io
import json
import tempfile
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from andon.common.errors import InvalidError
from andon.common.formulas import unguard
from andon.common.history.span import Span
from andon.common.reading import Value
from andon.query.export import xlsx_file
from andon.query.export.files import open_file
from andon.query.export.order import Column, Format, Layout, Order
from andon.query.export.slices import NOTHING, Part, Slice

from .conftest import MS, PRESS, S

START, END = 0, 8_000_000_000 * S
UTC_ZONE, KATHMANDU = ZoneInfo("UTC"), ZoneInfo("Asia/Kathmandu")
COLUMNS = tuple(Column(PRESS, sensor) for sensor in PRESS.sensors)
PATHS = [column.path for column in COLUMNS]
WORDS = ("uncertain", "bad", "stale")

HOSTILE = st.sampled_from(["=1+1", "@SUM(A1)", "-", "+", "'=x", "''", 'a"b', "a,b", "a;b", "a\tb", " ", "NaN", "null"])
TEXTS = st.one_of(HOSTILE, st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20))
VALUES = (st.floats(allow_nan=False, allow_infinity=False), st.booleans(), TEXTS)
TIMES = st.one_of(st.integers(START // S, END // S - 1).map(lambda s: s * S), st.integers(START, END - 1))
Row = tuple[int, str, Value, str]
"""Time, sensor, value, quality."""


@st.composite
def stored(draw: st.DrawFn, times: st.SearchStrategy[int] = TIMES) -> list[Row]:
    """Samples of a press in order of time, then of sensor, each time of a sensor once."""
    shared = draw(st.lists(times, max_size=20))
    at = st.one_of(st.sampled_from(shared), times) if shared else times
    rows: list[Row] = []
    for path, values in zip(PATHS, VALUES, strict=True):
        found: dict[int, Value] = draw(st.dictionaries(at, values, max_size=20))
        rows += [(t, path, value, draw(st.sampled_from(("good", "good", *WORDS)))) for t, value in found.items()]
    return sorted(rows, key=lambda row: (row[0], PATHS.index(row[1])))


def order(
    format: Format,  # noqa: A002 - the order's word
    layout: Layout,
    zone: ZoneInfo = UTC_ZONE,
    columns: tuple[Column, ...] = COLUMNS,
) -> Order:
    return Order(columns, Span(START, END), format, layout, zone, None, "x")


def sliced(rows: list[Row], cuts: list[int], columns: tuple[Column, ...] = COLUMNS) -> list[Slice]:
    """The rows, cut at some times."""
    bounds = [START, *sorted(set(cuts)), END]
    found = []
    for low, high in pairwise(bounds):
        within = [row for row in rows if low <= row[0] < high]
        parts = [part([row for row in within if row[1] == column.path]) for column in columns]
        found.append(Slice(high, parts))
    return found


def part(rows: list[Row]) -> Part:
    if not rows:
        return NOTHING
    values = np.array([row[2] for row in rows], np.float64 if isinstance(rows[0][2], float) else np.object_)
    doubtful = [row for row in rows if row[3] != "good"]
    return Part(
        np.array([row[0] for row in rows], np.int64),
        values,
        np.array([row[0] for row in doubtful], np.int64),
        np.array([row[3] for row in doubtful], np.object_),
    )


def written(wanted: Order, slices: list[Slice]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = open_file(wanted, Path(folder))
        try:
            found = file.begin() + b"".join(piece for one in slices for piece in file.write(one))
            found += b"".join(file.end())
        finally:
            file.close()
        assert list(Path(folder).iterdir()) == []
        return found


def wide(rows: list[Row]) -> list[list[Any]]:
    """Rows of the wide layout: time, then a value or None for each sensor."""
    found: dict[int, list[Any]] = {}
    for at, path, value, _ in rows:
        found.setdefault(at, [at, None, None, None])[1 + PATHS.index(path)] = value
    return list(found.values())


def moment(text: str) -> int:
    """UTC nanoseconds of ISO 8601 with an offset, by numpy and the standard library."""
    plain, offset = (text[:-1], "+00:00") if text.endswith("Z") else (text[:-6], text[-6:])
    hours = timedelta(hours=int(offset[1:3]), minutes=int(offset[4:])) * (-1 if offset[0] == "-" else 1)
    return int(np.datetime64(plain, "ns").astype(np.int64)) - int(hours.total_seconds()) * S


def cell(text: str, column: int) -> Any:
    """A cell of a CSV file as import takes it."""
    if column == 1 and text:
        return float(text)
    if column == 2 and text:
        return {"true": True, "false": False}[text]
    return unguard(text) or None


def from_csv(data: bytes, layout: Layout) -> list[list[Any]]:
    assert data.endswith(b"\r\n")
    head, *rows = csv.reader(io.StringIO(data.decode(), newline=""), strict=True)
    if layout == "wide":
        assert head == ["time", *PATHS]
        return [[moment(at), *(cell(v, n) for n, v in enumerate(values, 1))] for at, *values in rows]
    assert head == ["time", "sensor", "value", "quality"]
    return [[moment(at), path, cell(v, PATHS.index(path) + 1), quality] for at, path, v, quality in rows]


def from_json(data: bytes, layout: Layout) -> list[list[Any]]:
    lines = [data] if data.startswith(b"[\n") else data.splitlines()
    found = [json.loads(line, parse_int=float) for line in lines]  # JSON has one kind of number: 20 is 20.0
    rows = found[0] if data.startswith(b"[\n") else found
    names = ["time", *PATHS] if layout == "wide" else ["time", "sensor", "value", "quality"]
    assert all(list(row) == names for row in rows)
    return [[moment(at), *values] for at, *values in (row.values() for row in rows)]


def from_table(table: pa.Table, layout: Layout) -> list[list[Any]]:
    rows = [list(row.values()) for row in table.set_column(0, "time", table["time"].cast(pa.int64())).to_pylist()]
    if layout == "long":
        for row in rows:
            row[2] = cell(row[2], PATHS.index(row[1]) + 1) if row[1] != PATHS[2] else row[2]
    return rows


def read(data: bytes, format: Format, layout: Layout) -> list[list[Any]]:  # noqa: A002
    if format == "csv":
        return from_csv(data, layout)
    if format in ("json", "ndjson"):
        return from_json(data, layout)
    if format == "parquet":
        return from_table(pq.read_table(io.BytesIO(data)), layout)
    return from_table(pa.ipc.open_stream(data).read_all(), layout)


@pytest.mark.parametrize("layout", ["wide", "long"])
@pytest.mark.parametrize("format", ["csv", "json", "ndjson", "parquet", "arrow"])
@settings(deadline=None, max_examples=30)
@given(rows=stored(), cuts=st.lists(TIMES, max_size=4), zone=st.sampled_from([UTC_ZONE, KATHMANDU]))
def test_what_is_read_is_what_was_stored(
    format: Format,  # noqa: A002
    layout: Layout,
    rows: list[Row],
    cuts: list[int],
    zone: ZoneInfo,
) -> None:
    data = written(order(format, layout, zone), sliced(rows, cuts))
    assert repr(read(data, format, layout)) == repr(wide(rows) if layout == "wide" else [list(row) for row in rows])


MILLISECONDS = TIMES.map(lambda t: t // MS * MS)


@settings(deadline=None, max_examples=20)
@given(rows=stored(MILLISECONDS), cuts=st.lists(TIMES, max_size=4), layout=st.sampled_from(["wide", "long"]))
def test_a_workbook_holds_numbers_texts_and_dates_and_no_formula(
    rows: list[Row], cuts: list[int], layout: Layout
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(written(order("xlsx", layout, KATHMANDU), sliced(rows, cuts))))
    sheet = book["data"]
    head, *found = list(sheet.iter_rows(values_only=True))
    assert head[0] == "time"
    assert sheet.freeze_panes == "B2"
    expected = wide(rows) if layout == "wide" else [list(row) for row in rows]
    assert [[excel(at), *values] for at, *values in found] == [[row[0] // MS, *row[1:]] for row in expected]
    assert not any(one.data_type == "f" for row in sheet.iter_rows() for one in row)
    facts = {row[0]: row[1] for row in book["about"].iter_rows(values_only=True)}
    assert (facts["time zone"], facts[PATHS[0]]) == ("Asia/Kathmandu", "Cel")


def excel(at: Any) -> int:
    """Epoch milliseconds of a date on Kathmandu's clock."""
    local = at.replace(tzinfo=KATHMANDU) - datetime(1970, 1, 1, tzinfo=UTC)
    return round(local / timedelta(milliseconds=1))


def test_a_sheet_that_is_full_goes_on_in_the_next_and_a_workbook_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_file, "SHEET_ROWS", 11)
    monkeypatch.setattr(xlsx_file, "MOST_CELLS", 100)
    rows: list[Row] = [(n * S, PATHS[0], float(n), "good") for n in range(25)]
    book = openpyxl.load_workbook(io.BytesIO(written(order("xlsx", "wide"), sliced(rows, [7 * S]))))
    assert book.sheetnames == ["data", "data 2", "data 3", "about"]
    sheets = [list(book[name].iter_rows(min_row=2, values_only=True)) for name in book.sheetnames[:3]]
    assert [row[1] for sheet in sheets for row in sheet] == list(range(25))
    assert [len(sheet) for sheet in sheets] == [10, 10, 5]
    rows.append((25 * S, PATHS[0], 25.0, "good"))
    with pytest.raises(InvalidError, match="more than 100 cells, too many for a workbook; ask for format=csv"):
        written(order("xlsx", "wide"), sliced(rows, [7 * S]))


def test_typed_files_say_the_unit_of_each_column_and_the_range() -> None:
    for format in ("parquet", "arrow"):  # noqa: A001
        data = written(order(format, "wide"), sliced([(S, PATHS[0], 1.0, "good")], []))
        table = pq.read_table(io.BytesIO(data)) if format == "parquet" else pa.ipc.open_stream(data).read_all()
        assert [str(field.type) for field in table.schema] == ["timestamp[ns, tz=UTC]", "double", "bool", "string"]
        assert table.schema.field(1).metadata[b"unit"] == b"Cel"
        assert table.schema.metadata[b"from"] == b"1970-01-01T00:00:00.000Z"


def test_numbers_alone_stay_numbers_in_the_long_layout() -> None:
    numbers = COLUMNS[:1]
    data = written(order("parquet", "long", columns=numbers), sliced([(S, PATHS[0], 0.1, "bad")], [], numbers))
    assert pq.read_table(io.BytesIO(data))["value"].to_pylist() == [0.1]


def test_a_sensor_that_was_of_another_kind_once_can_be_had_as_text_and_says_so_where_it_cannot() -> None:
    slices = sliced([(S, PATHS[0], 1.5, "good")], [])
    slices[0].parts[0] = Part(np.array([S, 2 * S]), np.array([True, "RUN"], np.object_), *NOTHING_DOUBTFUL)
    assert b",true,,\r\n" in written(order("csv", "wide"), slices)
    with pytest.raises(
        InvalidError, match="is declared as double, and has values of type string stored there; ask for"
    ):
        written(order("parquet", "wide"), slices)


def test_one_that_was_of_another_kind_once_is_no_number_in_the_long_layout_either() -> None:
    numbers = tuple(Column(PRESS, replace(PRESS.sensors[0], key=key, path=f"{PRESS.path}/{key}")) for key in "ab")
    slices = sliced([(S, numbers[0].path, 1.5, "good"), (S, numbers[1].path, "RUN", "good")], [], numbers)
    with pytest.raises(InvalidError, match="'value' is declared as double, and has values of type string stored"):
        written(order("parquet", "long", columns=numbers), slices)


NOTHING_DOUBTFUL = (NOTHING.doubtful, NOTHING.quality)


def test_nothing_at_all_is_still_a_file() -> None:
    assert written(order("csv", "long"), []) == b"time,sensor,value,quality\r\n"
    assert json.loads(written(order("json", "wide"), sliced([], []))) == []
    assert written(order("ndjson", "wide"), []) == b""
    for format in ("parquet", "arrow"):  # noqa: A001
        assert read(written(order(format, "wide"), []), format, "wide") == []
    assert openpyxl.load_workbook(io.BytesIO(written(order("xlsx", "wide"), [])))["data"].max_row == 1


def test_what_is_not_ended_cannot_be_taken_for_the_whole() -> None:
    for format in ("json", "parquet"):  # noqa: A001
        data = written(order(format, "wide"), sliced([(S, PATHS[0], 1.0, "good")], []))
        with pytest.raises((json.JSONDecodeError, pa.ArrowInvalid)):
            read(data[:-3], format, "wide")
