"""The load generator tells the truth: what it says was sent and acknowledged is what a subscriber of the broker got."""

import asyncio
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from andon.common.errors import InvalidError, UnavailableError
from andon.common.testing.fixtures import NatsForTest
from andon.common.testing.ports import free_port
from andon.common.testing.waiting import eventually
from andon.simulator.crew import new_stop, run_load, share_out
from andon.simulator.journal import Entry, Journal
from andon.simulator.load import LoadPlan, LoadReport, send_load
from andon.simulator.load_plant import load_plant
from andon.simulator.plant_file import parse_plant
from andon.simulator.settings import Broker

Hear = Callable[[], Any]


async def send(plan: LoadPlan) -> LoadReport:
    """The load of one thread."""
    return await asyncio.to_thread(send_load, plan, threading.Event())


def heard(messages: list[Any]) -> Counter[Entry]:
    """What a subscriber got, as a journal would write it; how often each."""
    return Counter(
        Entry(int(topic.rpartition("-")[2]), message["ts"], message["values"]["v0"]) for topic, message in messages
    )


async def test_the_journal_is_what_a_subscriber_got(address: Broker, hear: Hear, tmp_path: Path) -> None:
    plan = LoadPlan(address, machines=7, values=3, messages=1000)
    async with hear() as messages:
        report = await send(plan)
        await eventually(lambda: len(messages) >= 1000)
    assert (report.sent, report.acknowledged, report.reconnects) == (1000, 1000, 0)
    assert heard(messages) == Counter(report.journal)
    assert max(Counter(report.journal).values()) == 1
    assert {topic for topic, _ in messages} == {f"factory/load/area-0/line-0/m-{n}" for n in range(7)}
    assert all(
        message["values"] == dict.fromkeys(("v0", "v1", "v2"), message["values"]["v0"]) for _, message in messages
    )
    report.journal.write(tmp_path / "journal")
    assert list(Journal.read(tmp_path / "journal")) == list(report.journal)


async def test_quality_of_service_0_has_no_journal(address: Broker, hear: Hear) -> None:
    async with hear() as messages:
        report = await send(LoadPlan(address, machines=5, qos=0, messages=300))
        await eventually(lambda: len(messages) >= 300)
    assert (report.sent, report.acknowledged, len(report.journal)) == (300, 0, 0)


async def test_a_rate_is_kept(address: Broker) -> None:
    report = await send(LoadPlan(address, machines=10, rate=400, messages=400))
    assert report.sent == 400
    assert report.seconds >= 0.99  # never faster than asked for; slower is for the machine to decide


async def test_time_ends_a_load_without_end(address: Broker) -> None:
    report = await send(LoadPlan(address, machines=200, seconds=0.3))
    assert report.sent == report.acknowledged == len(report.journal) > 0


async def test_several_processes_have_machines_of_their_own(address: Broker, hear: Hear) -> None:
    plan = LoadPlan(address, machines=5, messages=501, processes=2)
    async with hear() as messages:
        report = await asyncio.to_thread(run_load, plan, new_stop())
        await eventually(lambda: len(messages) >= 501)
    assert (report.sent, report.acknowledged) == (501, 501)
    assert heard(messages) == Counter(report.journal)
    assert {entry.machine for entry in report.journal} == set(range(5))
    assert sum(part.messages for part in share_out(plan)) == 501


async def test_a_crew_stops_when_it_is_told(address: Broker) -> None:
    stop = new_stop()
    work = asyncio.create_task(asyncio.to_thread(run_load, LoadPlan(address, machines=200, processes=2), stop))
    stop.set()
    report = await asyncio.wait_for(work, 60)
    assert report.sent == report.acknowledged


class Saboteur:
    """Asked for the fiftieth time whether to stop, it kills the broker and starts it again."""

    def __init__(self, broker: NatsForTest) -> None:
        self.broker = broker
        self.asked = 0

    def is_set(self) -> bool:
        self.asked += 1
        if self.asked == 50:
            self.broker.process.kill()
            self.broker.process.start()
        return False


async def test_nothing_acknowledged_is_lost_when_the_broker_is_killed(
    broker: NatsForTest, address: Broker, hear: Hear
) -> None:
    async with hear():  # from now on the broker keeps messages for this session
        pass
    report = await asyncio.to_thread(send_load, LoadPlan(address, machines=200, messages=10_000), Saboteur(broker))
    assert (report.sent, report.acknowledged, report.reconnects) == (10_000, 10_000, 1)
    async with hear() as messages:
        await eventually(lambda: heard(messages).keys() >= set(report.journal), timeout=30)


async def test_a_broker_that_stays_away_is_not_waited_for_longer_than_said() -> None:
    with pytest.raises(UnavailableError, match="no broker at"):
        await send(LoadPlan(Broker("127.0.0.1", free_port()), messages=1, patience=0.2))


@pytest.mark.parametrize(
    "wrong",
    [{"machines": 0}, {"values": 0}, {"qos": 2}, {"rate": -1.0}, {"processes": 3, "machines": 2}, {"window": 0}],
)
def test_an_impossible_load_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidError, match="this is no load"):
        LoadPlan(Broker("127.0.0.1", 1), **wrong)


def test_a_journal_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    (tmp_path / "journal").write_bytes(bytes(25))
    with pytest.raises(InvalidError, match="cut off"):
        Journal.read(tmp_path / "journal")


def test_the_loads_plant_has_its_machines_and_sensors() -> None:
    plant = parse_plant(load_plant(12, 4))
    assert [path for path, _, _ in plant.machines()] == [f"load/area-0/line-0/m-{n}" for n in range(12)]
    assert {tuple(s.key for s in sensors) for _, _, sensors in plant.machines()} == {("v0", "v1", "v2", "v3")}


async def test_the_command_tells_what_it_did(address: Broker, tmp_path: Path) -> None:
    words = ["load", "--broker", f"mqtt://{address.host}:{address.port}", "--for", "300ms", "--rate", "500"]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "andon.simulator", *words, "--journal", str(tmp_path / "journal")),
        stdout=subprocess.PIPE,
    )
    said, _ = await process.communicate()
    assert process.returncode == 0
    assert f"{len(Journal.read(tmp_path / 'journal'))} acknowledged".encode() in said
