"""Reading a file: what was written comes out, every cell is accounted for, and bombs go off small."""

import asyncio
import csv
import io
import resource
import sys
import tempfile
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from time import time_ns
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from andon.common.errors import InvalidError
from andon.common.plant import Asset, Sensor
from andon.common.reading import NS_PER_MS, Reading, Value
from andon.common.times import ns_to_iso
from andon.common.wire import decode_batch
from andon.ingest.imports.order import Counts, Options, Order, Report, encode_order, read_frame
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


def cell(value: Value | None) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


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


def xlsx(table: Table) -> bytes:
    book, out = openpyxl.Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet()
    sheet.append(["time", *SENSORS])
    for ms, (press, oven) in table.items():
        moment = datetime.fromtimestamp(ms / 1000, UTC).replace(tzinfo=None)
        sheet.append([moment, *(f"'{v}" if v == "=1+1" else v for v in (*press, *oven))])
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


def test_a_workbook_comes_back() -> None:
    table: Table = {
        10**12 + n * 7: ((n / 8, n % 2 == 0, f"state {n}"), (None, None, "x" if n else None)) for n in range(3000)
    }
    found = Found(xlsx(table))
    assert found.samples == wanted(table)
    assert (found.report.format, found.counts.refused, found.counts.rows) == ("xlsx", {}, 3000)


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


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/"), data)
    return out.getvalue()


def workbook(sheet: bytes = b"", texts: bytes = b"") -> bytes:
    """A workbook whose sheet, or texts, are replaced by others."""
    made, out = io.BytesIO(xlsx({10**12: ((1.0, True, "x"), (1.0, True, "x"))})), io.BytesIO()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            data = old.read(part)
            data = sheet if sheet and part.filename.startswith("xl/worksheets/") else data
            new.writestr(part.filename, texts if texts and "sharedStrings" in part.filename else data)
    return out.getvalue()


def wide_parquet() -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table({f"c{n}": [1] for n in range(3000)}), out)
    return out.getvalue()


MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
BOMB = b"<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>" + b"".join(
    b"<!ENTITY %c '%s'>" % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(12)
)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x00" * 1000, "no text"),
        (bytes(range(256)) * 40, "no text"),
        (b"\x1f\x8b\x08", "packed with gzip"),
        (b"\xd0\xcf\x11\xe0", "save it as XLSX"),
        (b"time\n1\n", "single column"),
        (b"\n\n\n", "empty"),
        (b"2021-01-01,1\n2021-01-02,2\n", "No column is a sensor: '1'"),
        (b"time,a,a\n", "Two columns are called 'a'"),
        (f"time,{PRESS}/force,p1/force\n".encode(), "are the same sensor"),
        (b"time," + b",".join(b"c%d" % n for n in range(3000)), "3001 columns; at most 2000"),
        (b"time," + b"x" * 1000, "name has 1000 characters"),
        (b'time,"' + b"x" * 400_000, "cannot be read"),
        (HEAD.encode() + b'2021-01-01,"' + b"x" * 3 * 2**20, "is a quotation mark never closed?"),
        (HEAD.encode() + b"2021-01-01,1\n" * 50_000 + b"2021-01-01,\xff\n", "give encoding=windows-1252"),
        (HEAD.encode() + b"2021-01-01\n" * 150_000, "is the separator another one?"),
        (b"PAR1" + b"x" * 100, "Parquet file cannot be read"),
        (parquet({10**12: ((1.0, True, "x"), (1.0, True, "x"))})[:-20], "Parquet file cannot be read"),
        (wide_parquet(), "3000 columns"),
        (b"PK\x03\x04" + b"x" * 100, "workbook cannot be read"),
        (zipped(a=b"x"), "workbook cannot be read"),
        (zipped(xl__sharedStrings=b"\0" * 200 * 2**20), "Unpacked, the workbook has 200 MiB"),
        (zipped(**{f"p{n}": b"" for n in range(2000)}), "2000 parts"),
        (workbook(sheet=b"<worksheet"), "cannot be read"),
        (workbook(sheet=BOMB + b"]><worksheet " + MAIN + b">&m;</worksheet>"), "cannot be read"),
        (
            workbook(sheet=b'<worksheet %s><sheetData><row r="1"><c r="A1"/></row></sheetData></worksheet>' % MAIN),
            "column",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(content: bytes, said: str) -> None:
    with pytest.raises(InvalidError) as error:
        Found(content)
    assert said in str(error.value)


def test_a_format_that_was_asked_for_has_to_be_it() -> None:
    with pytest.raises(InvalidError, match="seems to be CSV"):
        Found(HEAD.encode(), format="parquet")
    with pytest.raises(InvalidError, match="no sheet 'x'; it has 'Sheet'"):
        Found(xlsx({10**12: ((1.0, True, "x"), (1.0, True, "x"))}), sheet="x")
    with pytest.raises(InvalidError, match="long layout needs"):
        Found(HEAD.encode(), layout="long")


async def told(content: bytes) -> str:
    """Why the reader's process cannot read a file; nothing when it died of it."""
    with tempfile.TemporaryFile() as file, tempfile.TemporaryFile() as refused:
        file.write(content)
        file.seek(0)
        order = Order(
            options=Options(),
            file=file.fileno(),
            size=len(content),
            refused=refused.fileno(),
            plant=PLANT,
            partitions=1,
            now=time_ns(),
            dry_run=True,
        )
        reader = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "andon.ingest.imports"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            pass_fds=(order.file, order.refused),
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)),
        )
        assert reader.stdin is not None
        assert reader.stdout is not None
        reader.stdin.write(encode_order(order))
        reader.stdin.close()
        said = ""
        while (frame := await read_frame(reader.stdout)) is not None:
            assert frame.report is None
            said = said or frame.failure
        await reader.wait()
    return said


MEMORY = 2**29
SHEET = b'<worksheet %s><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>time' % MAIN


@pytest.mark.parametrize(("begin", "repeated"), [(SHEET, b"x" * 2**20), (SHEET, b"<a>" * 2**15)])
async def test_a_bomb_goes_off_in_the_reader_alone(begin: bytes, repeated: bytes) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            with new.open(part.filename, "w") as out:
                if part.filename.startswith("xl/worksheets/"):
                    out.write(begin)
                    for _ in range(260):
                        out.write(repeated)
                else:
                    out.write(old.read(part))
    said = await told(made.getvalue())
    assert not said or "more than 512 MiB of memory" in said or "cannot be read" in said


def test_rows_without_end_have_one() -> None:
    """A sheet may say that its second row is number ten thousand million."""
    names = ((b"A", b"time"), (b"B", b"p1/force"))
    header = b"".join(b'<c r="%s1" t="inlineStr"><is><t>%s</t></is></c>' % name for name in names)
    far = b'<row r="9999999999"><c r="A9999999999"><v>1</v></c></row>'
    rows = b'<sheetData><row r="1">%s</row>%s</sheetData>' % (header, far)
    found = Found(workbook(sheet=b"<worksheet %s>%s</worksheet>" % (MAIN, rows)))
    assert found.counts.samples == 0
    assert found.counts.rows <= 2**20
