"""One import from its file to its end, and how many there may be: nothing of one that was cancelled goes on."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from typing import Any

import pytest
from msgspec import structs

from andon.common.auth import Principal, Role
from andon.common.bus import Bus
from andon.common.errors import TooManyError
from andon.common.influx import Influx
from andon.common.plant import Asset, Plant
from andon.common.reading import Reading
from andon.common.testing.waiting import STATE_SECONDS, eventually
from andon.ingest.bundle import Bundle
from andon.ingest.imports import imports
from andon.ingest.imports.imports import Imports
from andon.ingest.imports.job import Job, State, cancel, run
from andon.ingest.imports.order import Options
from andon.ingest.imports.pace import Pace
from andon.ingest.pipeline import Pipeline
from andon.ingest.publish import Publisher
from andon.ingest.trace.trace import Trace

ANN, BEN, EVA = (Principal(id=name, name=name, role=Role.ENGINEER, scope="") for name in ("ann", "ben", "eva"))


async def test_who_cancels_while_the_reader_starts_leaves_no_reader_behind(
    bus: Bus, robot: Asset, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, readers = asyncio.create_subprocess_exec, list[asyncio.subprocess.Process]()

    async def started(*words: str, **how: Any) -> asyncio.subprocess.Process:
        readers.append(await start(*words, **how))
        return readers[-1]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", started)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the job closes it
    file.write(b"time,temperature\n2021-01-01T00:00:00Z,1\n")
    file.flush()
    plant = [structs.replace(robot, id=f"r{number}") for number in range(5000)]  # more than a pipe takes at once
    job = Job(name="x", by=ANN, options=Options(), dry_run=True, file=file, size=41, plant=plant, oldest=0)
    job.task = asyncio.create_task(run(job, Publisher(bus), 1))
    try:
        await eventually(lambda: readers)
        await cancel(job)
        assert (job.state, readers[0].returncode is not None) == (State.CANCELLED, True)
    finally:
        job.forget()
        if readers[0].returncode is None:
            readers[0].kill()


async def test_a_file_that_has_come_in_counts_while_influxdb_is_slow(
    bus: Bus, influx: Influx, robot: Asset, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, answer = list[str](), asyncio.Event()

    async def retention(_: Influx, database: str = "") -> int:
        asked.append(database)
        await answer.wait()
        return 0

    async def body() -> AsyncIterator[bytes]:
        yield b"time,temperature\n"

    monkeypatch.setattr(Influx, "retention", retention)
    plant = Plant()
    plant.put(robot)
    some = Imports(bus, influx, plant, Publisher(bus))

    async def send(person: Principal) -> Job:
        async with asyncio.timeout(STATE_SECONDS):
            return await some.start(body(), person, Options(), name="", dry_run=True)

    coming = [asyncio.create_task(send(ANN)) for _ in range(imports.MOST_OF_PERSON)]
    await eventually(lambda: len(asked) == imports.MOST_OF_PERSON)
    with pytest.raises(TooManyError, match="of your imports"):
        await send(ANN)
    coming += [asyncio.create_task(send(BEN)) for _ in range(imports.MOST_OPEN - imports.MOST_OF_PERSON)]
    await eventually(lambda: len(asked) == imports.MOST_OPEN)
    with pytest.raises(TooManyError, match="of all people"):
        await send(EVA)
    answer.set()
    for job in await asyncio.gather(*coming):
        job.forget()


async def test_an_imported_value_leads_to_its_file_and_the_others_of_its_machine_do_not(
    bus: Bus, influx: Influx, pipeline: Pipeline, robot: Asset
) -> None:
    time, publisher, bundle = 1_609_459_200_000_000_000, pipeline.publisher, Bundle()
    live = [Reading(robot.id, time, {"torque": 4.0})]
    bundle.add(live)
    bundle.keep(live, f"factory/{robot.path}".encode(), b'{"ts": 1609459200000, "values": {"torque": 4}}', time)
    await publisher.publish(bundle)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the job closes it
    file.write(b"time,temperature\n2021-01-01T00:00:00Z,1\n")
    file.flush()
    options = Options(asset=robot.path)
    job = Job(name="old.csv", by=ANN, options=options, dry_run=False, file=file, size=41, plant=[robot], oldest=0)
    job.pace = Pace(bus, publisher)
    await run(job, publisher, 1)
    await publisher.keeper.finish()
    trace = Trace(bus, influx, pipeline.follower.plant, pipeline.follower.devices)
    temperature, torque, *_ = robot.sensors
    (item,) = (await trace.find(robot, temperature, time)).items
    assert (item.source, item.topic, item.by, item.counts) == ("import", "old.csv", "ann", True)
    (item,) = (await trace.find(robot, torque, time)).items
    assert (item.source, item.value, item.counts) == ("mqtt", 4.0, True)
    job.forget()
