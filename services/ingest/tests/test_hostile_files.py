"""Hostile files: bombs, broken ones, and those that are something else; each is refused in a sentence."""

import asyncio
import io
import resource
import signal
import sys
import tempfile
import zipfile
from time import time_ns
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from andon.common.errors import InvalidError
from andon.common.plant import Asset, Sensor
from andon.ingest.imports.order import Counts, Options, Order, encode_order, read_frame
from andon.ingest.imports.reader import frames

PRESS = "berlin/shop/line-1/press-1"
PLANT = Asset(
    id="p1",
    path=PRESS,
    kind="machine",
    slug="press-1",
    name="Press 1",
    sensors=(Sensor(key="force", path=f"{PRESS}/force"),),
)
HEAD = f"time,{PRESS}/force\n"


def order_of(content: bytes, file: int = 0, refused: int = 0, **options: Any) -> Order:
    """To read a file, and send nothing."""
    return Order(
        options=Options(**options),
        file=file,
        size=len(content),
        refused=refused,
        plant=[PLANT],
        partitions=1,
        now=time_ns(),
        oldest=0,
        dry_run=True,
    )


def read(content: bytes, **options: Any) -> Counts:
    """What stands in a file."""
    with tempfile.TemporaryFile() as file, tempfile.TemporaryFile() as refused:
        file.write(content)
        file.seek(0)
        [*_, last] = frames(order_of(content, **options), file, refused)
    assert last.counts is not None
    return last.counts


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/"), data)
    return out.getvalue()


def workbook(sheet: bytes = b"") -> bytes:
    """A workbook, its sheet replaced by another."""
    made, out, book = io.BytesIO(), io.BytesIO(), openpyxl.Workbook()
    book.active.append(["time", "p1/force"])
    book.save(made)
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part, sheet if sheet and "worksheets/" in part.filename else old.read(part))
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
        (wide_parquet()[:-20], "Parquet file cannot be read"),
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
        read(content)
    assert said in str(error.value)


def test_a_format_that_was_asked_for_has_to_be_it() -> None:
    with pytest.raises(InvalidError, match="seems to be CSV"):
        read(HEAD.encode(), format="parquet")
    with pytest.raises(InvalidError, match="no sheet 'x'; it has 'Sheet'"):
        read(workbook(), sheet="x")
    with pytest.raises(InvalidError, match="long layout needs"):
        read(HEAD.encode(), layout="long")


async def told(content: bytes) -> str:
    """Why the reader's process cannot read a file; nothing when it died of it."""
    with tempfile.TemporaryFile() as file, tempfile.TemporaryFile() as refused:
        file.write(content)
        file.seek(0)
        order = order_of(content, file.fileno(), refused.fileno())
        order.patience = 10.0
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
    found = read(workbook(sheet=b"<worksheet %s>%s</worksheet>" % (MAIN, rows)))
    assert found.samples == 0
    assert found.rows <= 2**20


async def test_a_reader_that_gets_nowhere_ends() -> None:
    """One whose memory is wholly taken can loop in Python itself, where no thread of its own gets a turn."""
    stuck = "from andon.ingest.imports import reader; reader._end_after(0.2)\nwhile True: pass"
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", stuck)
    assert await process.wait() == -signal.SIGPROF


async def test_a_reader_ends_with_who_started_it() -> None:
    """One that a bomb keeps busy says nothing, and so would not notice that nobody listens."""
    busy = (
        "import threading; from andon.ingest.imports import reader;"
        "threading.Thread(target=reader._end_with_parent, daemon=True).start()\n"
        "while True: pass"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", busy, stdin=asyncio.subprocess.PIPE)
    assert process.stdin is not None
    process.stdin.close()
    assert await process.wait() == 1
