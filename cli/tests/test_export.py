"""`andon export`: a file that is whole, or none; against a small server that answers as the query service does."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest
from typing_extensions import override

from andon.cli.export import name_of

from .test_commands import andon

BODY = b"time,p1/temperature\r\n2026-11-23T12:00:00.000Z,1\r\n"


@dataclass
class Answering:
    """How the server answers, and what it was asked."""

    url: str = ""
    how: str = "well"
    name: str = "p1.csv"
    kept_since: str = ""
    asked: list[dict[str, list[str]]] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)


@pytest.fixture
def answering() -> Iterator[Answering]:
    """A server on a port of its own."""
    found = Answering()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            found.asked.append(parse_qs(urlsplit(self.path).query))
            found.tokens.append(self.headers["Authorization"])
            if found.how == "refused":
                self._refuse()
                return
            self.send_response(200)
            self.send_header("Content-Disposition", f'attachment; filename="{found.name}"')
            if found.kept_since:
                self.send_header("Andon-Kept-Since", found.kept_since)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"%x\r\n%b\r\n" % (len(BODY), BODY))
            if found.how == "well":
                self.wfile.write(b"0\r\n\r\n")
            self.close_connection = True

        def _refuse(self) -> None:
            body = orjson.dumps({"title": "Invalid input", "status": 422, "detail": "No sensor is named"})
            self.send_response(422)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        @override
        def log_message(self, format: str, *args: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        found.url = f"http://127.0.0.1:{server.server_address[1]}"
        yield found
        server.shutdown()


def export(answering: Answering, folder: Path, *words: str) -> "tuple[int, str, str]":
    done = andon(folder, "export", *words, ANDON_URL=answering.url, ANDON_TOKEN="a-token")
    return done.returncode, done.stdout, done.stderr


def test_a_file_of_the_name_the_service_gives(answering: Answering, tmp_path: Path) -> None:
    words = (
        "p1/temperature",
        "p1/state",
        "--from",
        "-7d",
        "--agg",
        "mean",
        "--bucket",
        "shift",
        "--shifts",
        "05:45,17:15",
        "-o",
        str(tmp_path),
    )
    status, out, told = export(answering, tmp_path, *words)
    assert (status, out) == (0, ""), told
    assert (tmp_path / "p1.csv").read_bytes() == BODY
    assert [path.name for path in tmp_path.iterdir()] == ["p1.csv"]
    assert answering.tokens == ["Bearer a-token"]
    (asked,) = answering.asked
    assert asked == {
        "sensor": ["p1/temperature", "p1/state"],
        "from": ["-7d"],
        "to": ["now"],
        "format": ["csv"],
        "layout": ["wide"],
        "tz": ["UTC"],
        "agg": ["mean"],
        "bucket": ["shift"],
        "shifts": ["05:45,17:15"],
    }


def test_the_format_is_as_the_file_ends_unless_one_is_named(answering: Answering, tmp_path: Path) -> None:
    for name, *words in (("means.XLSX",), ("plain.txt",), ("x.parquet", "--format", "json"), ("",)):
        status, _, told = export(answering, tmp_path, "p1/temperature", "-o", str(tmp_path / name), *words)
        assert (status, f"({len(BODY)} bytes)" in told) == (0, True), told
    assert [asked["format"] for asked in answering.asked] == [["xlsx"], ["csv"], ["json"], ["csv"]]


def test_to_standard_output_nothing_else_is_said(answering: Answering, tmp_path: Path) -> None:
    status, out, told = export(answering, tmp_path, "p1/temperature", "-o", "-")
    assert (status, out.encode(), told) == (0, BODY.replace(b"\r\n", b"\n"), "")


def test_what_is_kept_no_longer_is_said(answering: Answering, tmp_path: Path) -> None:
    answering.kept_since = "2026-09-27T00:00:00.000Z"
    status, out, told = export(answering, tmp_path, "p1/temperature", "-o", "-")
    assert (status, out.encode()) == (0, BODY.replace(b"\r\n", b"\n"))
    assert (
        told.strip()
        == f"! Samples are kept since {answering.kept_since}; of what was before, ask for --agg and --bucket"
    )


def test_what_breaks_off_leaves_the_old_file_and_no_part(answering: Answering, tmp_path: Path) -> None:
    answering.how, old = "broken", tmp_path / "old.csv"
    old.write_text("old")
    status, _, told = export(answering, tmp_path, "p1/temperature", "-o", str(old))
    assert (status, "Andon broke off" in told, "Traceback" in told) == (1, True, False)
    assert old.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["old.csv"]


def test_a_refusal_is_told_in_the_words_of_the_service(answering: Answering, tmp_path: Path) -> None:
    answering.how = "refused"
    status, _, told = export(answering, tmp_path)
    assert (status, "No sensor is named (422)" in told.replace("\n", " ")) == (1, True)


def test_a_place_that_cannot_be_written_is_named(answering: Answering, tmp_path: Path) -> None:
    status, _, told = export(answering, tmp_path, "p1/temperature", "-o", str(tmp_path / "nowhere" / "x.csv"))
    assert (status, "cannot be written" in told, "Traceback" in told) == (1, True, False)


def test_a_name_is_never_a_path() -> None:
    assert name_of("attachment; filename=\"a_.csv\"; filename*=UTF-8''a%C2%B5.csv") == "aµ.csv"
    assert name_of('attachment; filename="../../x.csv"') == "x.csv"
    assert name_of("attachment; filename*=UTF-8''..%2F..%2Fetc%2Fpasswd") == "passwd"
    assert name_of('attachment; filename=".."') == name_of("") == "export"
