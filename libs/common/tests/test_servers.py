"""What the supervisor asks of servers, with the real ones: after a failed write to the disk only a new start helps."""

import asyncio
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from andon.common.bus import Bus
from andon.common.errors import UnavailableError
from andon.common.servers import fault
from andon.common.servers.influx import Writes
from andon.common.servers.process import ServerProcess
from andon.common.testing.fixtures import InfluxForTest, NatsForTest
from andon.common.testing.waiting import ANSWER_SECONDS, eventually

SUBJECT = "telemetry.0"


@contextmanager
def disk_that_refuses(process: ServerProcess, beyond: int = 100_000) -> Iterator[None]:
    """No file of a process may grow beyond so many bytes: to its writer the same as a full disk."""
    unlimited = resource.RLIM_INFINITY
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (beyond, unlimited))
    try:
        yield
    finally:
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (unlimited, unlimited))


async def write(influxdb: InfluxForTest, rows: int = 2000) -> int:
    body = "\n".join(f"press,asset={row} value={row}.5 {row}" for row in range(rows))
    async with httpx.AsyncClient(base_url=influxdb.settings.url, timeout=ANSWER_SECONDS) as http:
        return (await http.post("/write", params={"db": "andon"}, content=body)).status_code


async def test_influxdb_refuses_all_after_one_failed_write_until_it_is_started_anew(influxdb: InfluxForTest) -> None:
    async with httpx.AsyncClient(base_url=influxdb.settings.url, timeout=ANSWER_SECONDS) as http:
        await http.post("/query", params={"q": "CREATE DATABASE andon"})
    process = influxdb.process
    assert await write(influxdb) == 204
    assert process.fault() == ""
    with disk_that_refuses(process):
        await eventually(lambda: _is(write(influxdb), 500), what="the disk refuses")
        process.fault()
    assert await write(influxdb, 1) == 500, "there is space again, and it refuses still"
    assert process.ready()
    assert process.fault() == "refuses every write"
    process.kill()
    process.start()
    assert await write(influxdb) == 204
    assert process.fault() == ""


async def test_nats_server_says_itself_that_a_stream_stands_still(nats: NatsForTest, bus: Bus) -> None:
    process = nats.process
    assert process.fault() == ""

    stored = 0

    async def publish() -> None:
        nonlocal stored
        async with asyncio.timeout(1):
            await bus.publish(SUBJECT, b"x" * 20_000, msg_id=str(stored))
        stored += 1

    async def publish_on() -> None:
        while True:
            await publish()

    with disk_that_refuses(process), pytest.raises((TimeoutError, UnavailableError)):
        await publish_on()
    assert "write error" in process.fault()
    epoch = bus.epoch
    process.kill()
    process.start()
    assert process.fault() == ""
    await eventually(lambda: bus.epoch > epoch, what="the bus is back")
    await publish()
    assert (await bus.js.stream_info("TELEMETRY")).state.messages == stored


async def _is(answer: Any, wanted: int) -> bool:
    return bool(await answer == wanted)


def shard(well: int, failed: int) -> dict[str, Any]:
    return {"1": {"name": "shard", "values": {"writeReqOk": well, "writeReqErr": failed}}, "uptime": 3}


@pytest.mark.parametrize(
    ("looks", "refusing"),
    [
        ([(5, 9), (5, 9)], set()),  # errors of long ago
        ([(5, 0), (5, 1)], {"1"}),
        ([(5, 0), (5, 1), (5, 1)], {"1"}),  # nobody wrote meanwhile
        ([(5, 0), (6, 1)], set()),  # a cache that was full for a moment
        ([(5, 0), (5, 1), (6, 1)], set()),
        ([(0, 0), (0, 5), (0, 0)], set()),  # started anew
    ],
)
def test_only_a_shard_that_takes_nothing_is_a_fault(
    looks: list[tuple[int, int]], refusing: set[str], tmp_path: Path
) -> None:
    writes = Writes("http://127.0.0.1:1", tmp_path)
    for well, failed in looks:
        writes.look(shard(well, failed))
    assert writes.refusing == refusing


def test_a_server_that_is_not_there_does_not_answer() -> None:
    assert fault.asked("http://127.0.0.1:1/healthz") == "does not answer"


async def test_a_server_that_falls_silent_in_the_middle_of_its_answer_does_not_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fault, "ANSWER_SECONDS", 0.1)

    async def begin(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 100\r\n\r\n")
        await asked.wait()
        writer.close()

    asked = asyncio.Event()
    async with await asyncio.start_server(begin, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        assert await asyncio.to_thread(fault.asked, f"http://127.0.0.1:{port}/healthz") == "does not answer"
        asked.set()
