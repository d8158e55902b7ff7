"""Reading a file: whatever the format, what was written comes out, and every cell is accounted for."""

import csv
import io
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import time_ns
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from andon.common.errors import InvalidError
from andon.common.formulas import guard
from andon.common.plant import Asset, Sensor
from andon.common.reading import NS_PER_MS, Reading, Value
from andon.common.times import ns_to_iso
from andon.common.wire import decode_batch
from andon.ingest.imports import xlsx_table
from andon.ingest.imports.order import Counts, Options, Order, Report
from andon.ingest.imports.reader import frames

PRESS, OVEN = "berlin/shop/line-1/press-1", "berlin/shop/line-1/oven-1"
PLANT = [
    Asset(
        id=name,
        path=path,
        kind="machine",
        slug=path.rpartition("/")[2],
        name=name,
        sensors=(
            Sensor(key="force", path=f"{path}/force"),
            Sensor(key="open", path=f"{path}/open", datatype="bool"),
            Sensor(key="state", path=f"{path}/state", datatype="string"),
            Sensor(key="double", path=f"{path}/double", expression="force * 2"),
        ),
    )
    for name, path in (("p1", PRESS), ("o1", OVEN))
]
SENSORS = [f"{path}/{key}" for path in (PRESS, OVEN) for key in ("force", "open", "state")]
HEAD = f"time,{PRESS}/force\n"


class Found:
    """What stands in a file, as the reader tells it."""

    def __init__(self, content: bytes, *, dry_run: bool = False, partitions: int = 1, **options: Any) -> None:
        self.readings = list[Reading]()
        self.counts, report = Counts(), None
        with tempfile.TemporaryFile() as file, tempfile.TemporaryFile() as refused:
            file.write(content)
            file.seek(0)
            order = Order(
                options=Options(**options),
                file=0,
                size=len(content),
                refused=0,
                plant=PLANT,
                partitions=partitions,
                now=time_ns(),
                oldest=0,
                dry_run=dry_run,
            )
            for frame in frames(order, file, refused):
                for packed in frame.packed:
                    readings = decode_batch(packed.data).readings
                    self.readings += readings
                assert frame.counts is not None
                self.counts, report = frame.counts, frame.report
            refused.seek(0)
            self.refused = list(csv.DictReader(io.StringIO(refused.read().decode(), newline="")))
        assert report is not None
        self.report: Report = report

    @property
    def samples(self) -> dict[tuple[str, int], Value]:
        """Values by sensor and time."""
        paths = {"p1": PRESS, "o1": OVEN}
        return {(f"{paths[r.asset]}/{k}", r.time): v for r in self.readings for k, v in r.values.items()}

    @property
    def problems(self) -> list[tuple[int, str]]:
        """Rows and reasons."""
        return [(problem.row, problem.reason) for problem in self.report.problems]


texts = st.text(st.characters(codec="cp1252", categories=("L", "N", "P", "Z")), min_size=1, max_size=20)
words = texts | st.sampled_from(['"', "a,b;c", "line\nbreak", "=1+1", "'", "\t"])
floats = st.floats(-1e12, 1e12, allow_nan=False).map(lambda x: x + 0.0)
rows = st.tuples(floats | st.none(), st.booleans() | st.none(), words | st.none())
times = st.integers(10**12, 17 * 10**11)
tables = st.dictionaries(times, st.tuples(rows, rows), min_size=1, max_size=30)
Table = dict[int, tuple[tuple[Value | None, ...], tuple[Value | None, ...]]]


def wanted(table: Table) -> dict[tuple[str, int], Value]:
    return {
        (sensor, ms * NS_PER_MS): value
        for ms, (press, oven) in table.items()
        for sensor, value in zip(SENSORS, (*press, *oven), strict=True)
        if value is not None
    }


def cell(value: Value | None) -> str | None:
    """As an export writes it: nothing is nothing, and a text without letters is in quotation marks."""
    if value is None:
        return None
    return str(value).lower() if isinstance(value, bool) else guard(value) if isinstance(value, str) else str(value)


def wide_csv(table: Table, separator: str = ",", encoding: str = "utf-8") -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator)
    writer.writerow(["time", *SENSORS])
    for ms, (press, oven) in table.items():
        writer.writerow([ns_to_iso(ms * NS_PER_MS), *map(cell, (*press, *oven))])
    return out.getvalue().encode(encoding)


def long_csv(table: Table) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["time", "sensor", "value", "quality"])
    for (sensor, ns), value in wanted(table).items():
        writer.writerow([ns_to_iso(ns), sensor, cell(value), "good"])
    return out.getvalue().encode()


def xlsx(table: Table, sheets: int = 1, zone: str = "UTC") -> bytes:
    """A workbook with its rows on one sheet after the other, and one that says what it is."""
    book, out = openpyxl.Workbook(write_only=True), io.BytesIO()
    for number, (ms, (press, oven)) in enumerate(table.items()):
        if number % (len(table) // sheets) == 0:
            sheet = book.create_sheet(f"data {number}")
            sheet.append(["time", *SENSORS])
        moment = datetime.fromtimestamp(ms / 1000, ZoneInfo(zone)).replace(tzinfo=None)
        sheet.append([moment, *press, *oven])
    about = book.create_sheet("about")
    for line in (("source", "Andon"), ("time zone", zone)):
        about.append(line)
    book.save(out)
    return out.getvalue()


def parquet(table: Table) -> bytes:
    kinds = [pa.float64(), pa.bool_(), pa.dictionary(pa.int32(), pa.string())] * 2
    columns = zip(*((*press, *oven) for press, oven in table.values()), strict=True)
    arrays = [pa.array(list(table), pa.timestamp("ms", "UTC")), *map(pa.array, columns, kinds)]
    out = io.BytesIO()
    pq.write_table(pa.table(arrays, names=["time", *SENSORS]), out)
    return out.getvalue()


@settings(max_examples=40, deadline=None)
@given(
    tables,
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "windows-1252"]),
    st.integers(1, 4),
)
def test_a_wide_csv_comes_back(table: Table, separator: str, encoding: str, partitions: int) -> None:
    content = wide_csv(table, separator, encoding)
    given_ = {"encoding": encoding} if encoding == "windows-1252" else {}
    found = Found(content, partitions=partitions, separator=separator, decimal=".", **given_)
    assert found.samples == wanted(table)
    cells = len(table) * len(SENSORS)
    assert (found.counts.rows, found.counts.samples + found.counts.empty) == (len(table), cells)
    assert (found.counts.refused, found.report.layout, found.report.unknown) == ({}, "wide", [])


@settings(max_examples=40, deadline=None)
@given(tables, st.sampled_from([long_csv, parquet]))
def test_other_forms_come_back(table: Table, form: Callable[[Table], bytes]) -> None:
    if not wanted(table):
        return
    found = Found(form(table))
    assert found.samples == wanted(table)
    assert {one.sensor: one.samples for one in found.report.sensors} == {
        sensor: sum(name == sensor for name, _ in wanted(table)) for sensor, _ in wanted(table)
    }


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo"])
@pytest.mark.parametrize("sheets", [1, 3])
def test_a_workbook_comes_back(sheets: int, zone: str) -> None:
    table: Table = {
        10**12 + n * 7: ((n / 8, n % 2 == 0, f"state {n}"), (None, None, "x" if n else None)) for n in range(3000)
    }
    found = Found(xlsx(table, sheets, zone))
    assert found.samples == wanted(table)
    assert (found.report.format, found.counts.refused, found.counts.rows) == ("xlsx", {}, 3000)
    assert found.report.notes == []


def test_a_sheet_with_another_header_is_not_read() -> None:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["time", f"{PRESS}/force"])
    book.active.append([datetime.fromtimestamp(10**9, UTC).replace(tzinfo=None), 1])
    book.create_sheet("prices").append(["time", "euro"])
    book.save(out)
    found = Found(out.getvalue())
    assert (found.counts.samples, "The sheet 'prices' is not read" in found.report.notes[0]) == (1, True)
    with pytest.raises(InvalidError, match="No column is a sensor: 'euro'"):
        Found(out.getvalue(), sheet="prices")


scribbles = st.text('0123456789.:-TZ ,xeNa"', max_size=12)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(scribbles, scribbles, scribbles), max_size=20), st.booleans())
def test_every_cell_is_a_sample_empty_or_refused(table: list[tuple[str, str, str]], wide: object) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(["time", f"{PRESS}/force", f"{PRESS}/state"] if wide else ["time", "sensor", "value"])
    writer.writerows(table)
    found = Found(out.getvalue().encode(), decimal=".")
    counts = found.counts
    assert counts.rows == len(table)
    assert counts.samples + counts.empty + sum(counts.refused.values()) == len(table) * (2 if wide else 1)
    assert len(found.refused) == sum(counts.refused.values())
    assert sum(one.samples for one in found.report.sensors) == counts.samples
    assert {int(one["row"]) for one in found.refused} <= set(range(2, len(table) + 2))


def test_rows_have_the_numbers_a_spreadsheet_shows() -> None:
    lines = ["time,force,state", "2021-01-01,1,RUN", "2021-01-01,2", '2021-01-02,3,"a', 'b"', "", "x,4,RUN", "x,,,,"]
    found = Found("\n".join(lines).encode(), asset=PRESS)
    assert sorted(found.problems) == [(3, "malformed"), (6, "bad-time"), (7, "malformed")]
    assert [(one["row"], one["reason"]) for one in found.refused if one["sensor"] == f"{PRESS}/state"] == [
        ("6", "bad-time")
    ]
    assert found.samples[f"{PRESS}/state", 1609545600 * 10**9] == "a\nb"


def test_duplicates_and_their_order() -> None:
    rows = ["2021-01-01,1", "2021-01-02,2", "2021-01-02,3", "2021-01-03,"]
    found = Found((HEAD + "\n".join(rows)).encode())
    [sensor] = found.report.sensors
    assert (sensor.samples, sensor.duplicates, found.report.in_order) == (3, 1, True)
    assert found.samples[f"{PRESS}/force", 1609545600 * 10**9] == 3.0, "the last one counts"
    assert not Found((HEAD + "\n".join(reversed(rows))).encode()).report.in_order


def test_the_problems_that_are_told_are_not_all_the_same() -> None:
    found = Found((HEAD + "2021-01-01,x\n" * 1000 + "x,1\n" * 1000).encode())
    assert found.problems == [(2 + n, "bad-value") for n in range(3)] + [(1002 + n, "bad-time") for n in range(3)]
    assert found.counts.refused == {"bad-value": 1000, "bad-time": 1000}


def test_what_is_refused_is_kept_up_to_a_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("andon.ingest.imports.findings.MOST_REFUSED_BYTES", 2**17)
    found = Found((HEAD + "2021-01-01,x\n" * 50_000).encode())
    assert (found.report.refused_cut, found.counts.refused) == (True, {"bad-value": 50_000})
    assert 0 < len(found.refused) < 50_000


def test_a_calculated_sensor_takes_no_values() -> None:
    found = Found(b"time,force,double\n2021-01-01,1,2\n", asset="p1")
    assert (found.report.unknown, found.counts.samples) == (["double"], 1)
    found = Found(f"time,sensor,value\n2021-01-01,{PRESS}/double,2\n2021-01-01,{PRESS}/triple,3\n".encode())
    calculated, missing = (problem.detail for problem in found.report.problems)
    assert calculated == f"'{PRESS}/double' is calculated by Andon, and takes no values"
    assert missing.startswith(f"there is no sensor '{PRESS}/triple'")


def test_a_file_for_one_machine_reaches_no_other() -> None:
    found = Found(f"time,force,{OVEN}/force,{PRESS}/open,colour\n2021-01-01,1,2,true,red\n".encode(), asset="p1")
    assert sorted(found.samples) == [(f"{PRESS}/{key}", 1609459200 * 10**9) for key in ("force", "open")]
    (problem,) = found.report.problems
    assert (problem.row, problem.reason, found.report.unknown) == (1, "unknown-sensor", ["colour"])
    assert problem.detail.startswith(
        f"'{OVEN}/force' is a sensor of another machine than '{PRESS}', which this import is"
    )
    rows = "".join(f"2021-01-01,{name},1\n" for name in ("force", f"{OVEN}/force", "o1/force", f"{PRESS}/force"))
    found = Found(f"time,sensor,value\n{rows}".encode(), asset=PRESS)
    assert (list(found.samples), found.counts.refused) == (
        [(f"{PRESS}/force", 1609459200 * 10**9)],
        {"unknown-sensor": 2},
    )
    assert [(p.row, "another machine" in p.detail) for p in found.report.problems] == [(3, True), (4, True)]
    assert [(row["row"], row["sensor"]) for row in found.refused] == [("3", f"{OVEN}/force"), ("4", "o1/force")]
    with pytest.raises(InvalidError, match="a key of a sensor of 'p1'"):
        Found(f"time,{OVEN}/force\n2021-01-01,1\n".encode(), asset="p1")


@pytest.mark.parametrize(
    ("content", "options", "value", "note"),
    [
        (f"sep=;\ntime;{PRESS}/force\n2021-01-01;1,5\n".encode(), {}, 1.5, "decimal mark"),
        (f"time\t{PRESS}/force\n2021-01-01\t1.5\n".encode(), {}, 1.5, "UTC"),
        (f"time|{PRESS}/force\n2021-01-01|1.5\n".encode(), {"separator": "|"}, 1.5, "UTC"),
        (f"Zeit,{PRESS}/force\n2021-01-01,1.5\n".encode("utf-16-le"), {}, 1.5, "UTF-16"),
        (f"Zeit für,{PRESS}/force\n2021-01-01,1.5\n".encode("cp1252"), {}, 1.5, "Windows-1252"),
        (f"asset,key,ts,value\n{PRESS},force,1609459200000,1.5\n".encode(), {}, 1.5, ""),
        (b"time,sensor,value\n1609459200,force,1.5\n", {"asset": PRESS}, 1.5, ""),
        (b"time,force\r\n2021-01-01T00:00:00+00:00,1.5\r\n\r\n", {"asset": PRESS}, 1.5, ""),
        (b"time,p1/force\r2021-01-01T00:00:00Z,1.5\r", {}, 1.5, ""),
    ],
)
def test_dialects(content: bytes, options: dict[str, Any], value: float, note: str) -> None:
    found = Found(content, **options)
    assert found.samples == {(f"{PRESS}/force", 1609459200 * 10**9): value}
    assert note in " ".join(found.report.notes)
    assert found.counts.refused == {}


def test_of_a_wide_workbook_few_rows_are_read_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_table, "CELLS", 100)
    names, made = ["time", *(f"n{number}" for number in range(49))], tmp_path / "wide.xlsx"
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("data")
    for row in (names, *([number] * 50 for number in range(10))):
        sheet.append(row)
    book.save(made)
    with made.open("rb") as file:
        blocks = list(xlsx_table.open_xlsx(file, Options()).blocks(names))
    assert max(len(block.rows) for block in blocks) == 3
    assert [number for block in blocks for number in block.columns["n48"]] == list(range(10))  # type: ignore[misc]
