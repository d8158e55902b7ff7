"""A power cut: what is acknowledged was on the disk before, where the servers are told so.

Nothing here can pull the plug. What is looked at is the order of system calls: fsync, and then the acknowledgement.
"""

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from time import time_ns

import httpx
import orjson
import pytest
import pytest_asyncio

from andon.common.servers.process import find_program
from andon.common.testing.factory import Factory
from andon.common.testing.fixtures import running_nats
from andon.common.testing.waiting import ANSWER_SECONDS, eventually
from soak.plant import ODD, PLANT

from .raw_device import raw_device

pytestmark = [pytest.mark.timeout(180), pytest.mark.asyncio(loop_scope="module")]

MESSAGES = 10
NOW = time_ns() // 10**6
TRACED = """#!/bin/sh
export {setting}
exec {strace} -D -f -qq -e trace=fsync,fdatasync,read,write,writev -e signal=none -o {log} {program} "$@"
"""
"""-D: the server stays the child of who started it, and strace watches from beside."""
CALL = re.compile(r"(?P<thread>\d+) +(?:(?P<name>\w+)\((?P<file>\d+)|<\.\.\. (?P<resumed>\w+) resumed>)(?P<rest>.*)")
PUBLISH, PUBACK = '"2', 'iov_base="@\\2'
WRITE, STORED = '"POST /write', '"HTTP/1.1 204'


def traced(folder: Path, program: str, setting: str) -> str:
    """A program that runs another under strace."""
    script = folder / program
    log, found = folder / f"{program}.trace", find_program(program, "ANDON_NOT_SET")
    strace = find_program("strace", "ANDON_NOT_SET")
    script.write_text(TRACED.format(setting=setting, strace=strace, log=log, program=found))
    script.chmod(0o755)
    return str(script)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def factory(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Factory]:
    """NATS told to sync always, both servers watched; some readings went through, one by one."""
    folder = tmp_path_factory.mktemp("power")
    environment = {
        "ANDON_NATS_SERVER": traced(folder, "nats-server", "ANDON_NATS_SYNC=always"),
        "ANDON_INFLUXD": traced(folder, "influxd", "ANDON=1"),
    }
    async with Factory(folder / "andon", environment=environment) as started:
        await started.apply_plant(PLANT)
        known = await started.add_device("press shop", "berlin/pressing")
        async with raw_device(started, known) as device:
            for number in range(1, MESSAGES + 1):
                payload = orjson.dumps({"ts": NOW + number, "values": {"number": number}})
                assert await device.publish(f"factory/{ODD}".encode(), payload, number=number)
        query = {"sensor": f"{ODD}/number", "from": str(NOW), "points": "1000"}

        async def stored() -> bool:
            return len((await started.call("GET", "/api/query/v1/series", params=query))["points"]) == MESSAGES

        await eventually(stored, what="all are stored")
        yield started


def calls(factory: Factory, program: str) -> Iterator[str]:
    """System calls of a server, in order."""
    yield from (factory.folder.parent / f"{program}.trace").read_text(errors="replace").splitlines()


def unsynced(lines: Iterator[str], request: str, answer: str) -> tuple[int, int]:
    """How many requests were answered, and how many of them without a sync in between."""
    answered = bare = 0
    open_requests, file_of = dict[str, bool](), dict[str, str]()
    for call in filter(None, map(CALL.match, lines)):
        name = call["name"] or call["resumed"]
        file = file_of[call["thread"]] = call["file"] or file_of.get(call["thread"], "")
        if name in ("fsync", "fdatasync") and "unfinished" not in call["rest"]:
            open_requests = dict.fromkeys(open_requests, True)
        elif name == "read" and request in call["rest"]:
            open_requests[file] = False
        elif answer in call["rest"] and file in open_requests:
            answered, bare = answered + 1, bare + (not open_requests.pop(file))
    return answered, bare


async def test_a_device_has_its_acknowledgement_after_the_sync(factory: Factory) -> None:
    sent, bare = unsynced(calls(factory, "nats-server"), PUBLISH, PUBACK)
    assert (sent >= MESSAGES, bare) == (True, 0)


async def test_ingest_has_its_204_after_the_sync(factory: Factory) -> None:
    sent, bare = unsynced(calls(factory, "influxd"), WRITE, STORED)
    assert (sent > 0, bare) == (True, 0)


async def test_unless_told_otherwise_nats_syncs_every_100_milliseconds(shipped: int) -> None:
    async with httpx.AsyncClient(timeout=ANSWER_SECONDS) as http:
        told = (await http.get(f"http://127.0.0.1:{shipped}/varz")).json()["jetstream"]["config"]
    assert told["sync_interval"] == 100_000_000


@pytest.fixture
def shipped(tmp_path: Path) -> Iterator[int]:
    """Monitor of a nats-server as it is shipped."""
    with running_nats(tmp_path) as found:
        yield found.monitor_port
