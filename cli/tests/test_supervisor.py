"""The supervisor, with real processes: what dies is started again, what is stopped stays away."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from threading import Event

import pytest

from andon.cli.supervisor import Supervisor
from andon.common import jobs
from andon.common.errors import SetupError
from andon.common.servers.process import ServerProcess
from andon.common.testing.waiting import eventually

LIVES = "import signal; print('up', flush=True); signal.pause()"
STUBBORN = (
    "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True)\nwhile True: signal.pause()"
)


def child(folder: Path, code: str = LIVES, name: str = "child") -> ServerProcess:
    log = folder / f"{name}.log"
    return ServerProcess(
        name=name,
        command=[sys.executable, "-c", code],
        log=log,
        ready=lambda: log.exists() and "up" in log.read_text(),
    )


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
async def supervisor(told: list[str]) -> AsyncIterator[Supervisor]:
    made = Supervisor(lambda mark, text: told.append(f"{mark} {text}"))
    watching = asyncio.create_task(made.watch())
    yield made
    await jobs.end(watching)
    made.kill()
    await made.stop()


async def test_a_killed_child_is_started_again(supervisor: Supervisor, told: list[str], tmp_path: Path) -> None:
    process = child(tmp_path)
    await supervisor.start(process)
    first = process.pid
    os.kill(first, signal.SIGKILL)
    await eventually(lambda: process.running and process.pid != first, what="a new child")
    assert told == [f"! child was killed (SIGKILL); starts again in 0.5 s, its log is {process.log}"]


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Children are asked so often that a test need not wait."""
    monkeypatch.setattr("andon.cli.supervisor.ASK_SECONDS", 0.02)


@pytest.mark.usefixtures("hasty")
async def test_one_that_works_no_more_is_started_anew(supervisor: Supervisor, told: list[str], tmp_path: Path) -> None:
    process, sick = child(tmp_path), set[int]()
    process.fault = lambda: "does not answer" if process.pid in sick else ""
    await supervisor.start(process)
    first = process.pid
    sick.add(first)
    await eventually(lambda: process.running and process.pid != first, what="a new child")
    log = process.log
    assert told == [f"! child does not answer; it was killed; starts again in 0.5 s, its log is {log}"]


@pytest.mark.usefixtures("hasty")
async def test_one_that_stands_still_is_started_anew(supervisor: Supervisor, told: list[str], tmp_path: Path) -> None:
    process = child(tmp_path)
    await supervisor.start(process)
    first = process.pid
    os.kill(first, signal.SIGSTOP)
    await eventually(lambda: process.running and process.pid != first, what="a new child")
    assert told[0].startswith("! child stands still; it was killed; starts again")


@pytest.mark.usefixtures("hasty")
async def test_one_that_hangs_holds_up_no_other(supervisor: Supervisor, told: list[str], tmp_path: Path) -> None:
    hanging, dying = child(tmp_path, name="hanging"), child(tmp_path, name="dying")
    answer = Event()
    hanging.fault = lambda: "" if answer.wait(20) else "hangs"
    try:
        for process in (hanging, dying):
            await supervisor.start(process)
        first = dying.pid
        os.kill(first, signal.SIGKILL)
        await eventually(lambda: dying.running and dying.pid != first, what="the other is started again meanwhile")
    finally:
        answer.set()
    assert [text for text in told if "hanging" in text] == []


async def test_one_that_ends_at_once_says_so_with_its_log(supervisor: Supervisor, tmp_path: Path) -> None:
    process = child(tmp_path, "raise SystemExit('no such database')")
    with pytest.raises(SetupError, match=r"ended at once \(ended with status 1\)") as error:
        await supervisor.start(process)
    assert "no such database" in error.value.hint


async def test_one_that_never_gets_ready_says_so(supervisor: Supervisor, tmp_path: Path) -> None:
    process = child(tmp_path, "import signal; signal.pause()")
    process.patience = 0.2
    with pytest.raises(SetupError, match="was not ready"):
        await supervisor.start(process)


async def test_the_last_started_is_stopped_first(supervisor: Supervisor, tmp_path: Path) -> None:
    server, service = child(tmp_path, name="server"), child(tmp_path, name="service")
    order = list[str]()
    for process in (server, service):
        await supervisor.start(process)
        stop = process.stop
        process.stop = lambda patience, name=process.name, stop=stop: (order.append(name), stop(patience))  # type: ignore[method-assign, assignment, misc]
    await supervisor.stop()
    assert order == ["service", "server"]
    assert not server.running
    assert not service.running


async def test_a_second_ctrl_c_ends_even_one_that_does_not_listen(supervisor: Supervisor, tmp_path: Path) -> None:
    process = child(tmp_path, STUBBORN)
    await supervisor.start(process)
    stopping = asyncio.create_task(supervisor.stop())
    supervisor.kill()
    await asyncio.wait_for(stopping, 5)
    assert not process.running


async def test_no_child_outlives_a_killed_parent(tmp_path: Path) -> None:
    parent = f"""
import asyncio, pathlib, signal, sys
from andon.cli.supervisor import Supervisor
from andon.common.servers.process import ServerProcess
log = pathlib.Path({str(tmp_path / "child.log")!r})
command = [sys.executable, "-c", {LIVES!r}]
process = ServerProcess(name="c", command=command, log=log, ready=lambda: "up" in log.read_text())
asyncio.run(Supervisor(print).start(process))
print(process.pid, flush=True)
signal.pause()
"""
    up = await asyncio.create_subprocess_exec(sys.executable, "-c", parent, stdout=asyncio.subprocess.PIPE)
    assert up.stdout is not None
    pid = int(await up.stdout.readline())
    assert _lives(pid)
    up.kill()
    await up.wait()
    await eventually(lambda: not _lives(pid), what="the child has died with its parent")


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
