"""Set-up: brings what is missing, without root; what cannot be brought is told with the next step."""

import hashlib
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import apt
import influxdb
import node
import pytest
import steps
import tools
import web
import wheels
from steps import TroubleError

SETUP = Path(steps.__file__).parent


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package index of one's own, as a folder."""
    folder = tmp_path / "index"
    (folder / "tool").mkdir(parents=True)
    monkeypatch.setenv("PIP_INDEX_URL", folder.as_uri())
    return folder / "tool"


def put_wheel(index: Path, *, sha256: str = "") -> None:
    tag = next(
        t for t in ("manylinux_2_17_x86_64", "manylinux_2_17_aarch64") if wheels.fits(f"tool-1.0-py3-none-{t}.whl")
    )
    wheel = index / f"tool-1.0-py3-none-{tag}.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("tool-1.0.data/scripts/tool", "#!/bin/sh\necho works\n")
    digest = sha256 or hashlib.sha256(wheel.read_bytes()).hexdigest()
    (index / "index.html").write_text(f'<a href="{wheel.name}#sha256={digest}">{wheel.name}</a>')


def open_index(url: str, real: object = wheels._get) -> bytes:
    return real(url.rstrip("/") + "/index.html" if url.endswith("/") else url)  # type: ignore[operator, no-any-return]


def test_a_tool_comes_without_pip(index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_wheel(index)
    monkeypatch.setattr(wheels, "_get", open_index)
    monkeypatch.setattr(tools, "TOOLS", tmp_path)
    tools.unpack(wheels.download("tool", "1.0", tmp_path))
    assert subprocess.run([tmp_path / "bin" / "tool"], capture_output=True, check=True).stdout == b"works\n"


def test_a_file_that_is_not_the_promised_one_is_refused(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_wheel(index, sha256="0" * 64)
    monkeypatch.setattr(wheels, "_get", open_index)
    with pytest.raises(TroubleError, match="not the file its index names"):
        wheels.download("tool", "1.0", tmp_path)


def test_no_network_is_told_with_the_proxy_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    with pytest.raises(TroubleError, match="cannot be reached") as told:
        wheels.download("tool", "1.0", tmp_path)
    assert "HTTPS_PROXY" in told.value.hint


def test_influxdb_that_runs_elsewhere_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANDON_INFLUX_URL", "http://hall:8086")
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    influxdb.provide()


def test_without_apt_the_ways_to_influxdb_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANDON_INFLUX_URL", raising=False)
    monkeypatch.setattr(influxdb, "TOOLS", tmp_path)
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    with pytest.raises(TroubleError, match="InfluxDB is missing") as told:
        influxdb.provide()
    assert "ANDON_INFLUX_URL" in told.value.hint
    assert "compose" in told.value.hint


def test_an_unpacked_program_is_on_the_path_of_tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(influxdb, "TOOLS", tmp_path)
    program = tmp_path / "influxdb" / "usr" / "bin" / "influxd"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    influxdb.link(program)
    influxdb.link(program)
    assert (tmp_path / "bin" / "influxd").resolve() == program


def test_apt_keeps_lists_of_its_own_and_needs_no_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apt.os, "geteuid", lambda: 1000)
    words = apt._apt()
    assert f"Dir::State::lists={apt.LISTS / 'lists'}" in words
    assert not any("Sandbox" in word for word in words)


@pytest.mark.parametrize(
    ("version", "enough"),
    [("v20.19.0", True), ("v24.1.0", True), ("v20.18.3", False), ("v18.20.0", False), ("", False)],
)
def test_node_must_be_new_enough(version: str, enough: bool) -> None:  # noqa: FBT001
    assert node.new_enough(version) is enough


def test_pages_are_built_again_only_when_a_source_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "ROOT", tmp_path)
    for name in ("src/app.tsx", "node_modules/react/index.js", "dist/index.html"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("1")
    before = web.fingerprint(web.sources(tmp_path))
    (tmp_path / "node_modules/react/index.js").write_text("2")
    (tmp_path / "dist/index.html").write_text("2")
    assert web.fingerprint(web.sources(tmp_path)) == before
    (tmp_path / "src/app.tsx").write_text("2")
    assert web.fingerprint(web.sources(tmp_path)) != before


def test_a_step_that_fails_ends_with_a_sentence_and_the_programs_last_words() -> None:
    script = """
from steps import main, run, step
def work():
    with step("Web pages"):
        run(["sh", "-c", "echo line 3 is wrong; exit 4"], what="Building the web pages", hint="Mend web/.")
main(work)
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=SETUP, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Building the web pages failed" in done.stdout
    assert "line 3 is wrong" in done.stdout
    assert "-> Mend web/." in done.stdout
    assert not done.stderr


def test_set_up_uses_the_standard_library_alone() -> None:
    names = {file.stem for file in SETUP.glob("*.py")} | sys.stdlib_module_names
    for file in SETUP.glob("*.py"):
        imports = [
            line.split()[1].split(".")[0]
            for line in file.read_text().splitlines()
            if line.startswith(("import ", "from "))
        ]
        assert set(imports) <= names, file
