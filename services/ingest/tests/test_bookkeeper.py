"""The account follows the stream, outlives every kill, and notices what the stream has lost."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

from andon.common import jobs, subjects
from andon.common.bus import Bus
from andon.common.reading import Reading
from andon.common.testing.fixtures import NatsForTest
from andon.common.testing.waiting import eventually
from andon.common.wire import Batch, encode_batch
from andon.ingest.ledger.account import MOST_MACHINES, Account, Row
from andon.ingest.ledger.bookkeeper import MOST_BYTES, Bookkeeper, pack, read_account, unpack
from andon.ingest.ledger.tally import Tallies


@asynccontextmanager
async def keeping(bus: Bus) -> AsyncIterator[Bookkeeper]:
    """A bookkeeper at work; its end is that of a kill: nothing is saved on the way out."""
    made = Bookkeeper(bus, Tallies(bus))
    task = asyncio.create_task(made.keep())
    try:
        yield made
    finally:
        await jobs.end(task, ask_again=0.5)


async def publish(bus: Bus, numbers: range) -> None:
    for number in numbers:
        batch = Batch(number, [Reading("press-1", number, {"x": 1.0}, None, number, "a")])
        await bus.publish(subjects.telemetry(0), encode_batch(batch), msg_id=f"{number}")


async def store(bus: Bus, count: int) -> None:
    """Acknowledge as the store does once InfluxDB has it."""
    taken = bus.consume(subjects.TELEMETRY, subjects.STORE_DURABLE, filter_subject=subjects.TELEMETRY_ALL)
    async for message in taken:
        await message.ack_sync()
        count -= 1
        if not count:
            break
    await taken.aclose()


def counts(account: Account) -> tuple[int, int, int]:
    """Readings; stored; lost."""
    row = account.rows.get("press-1")
    return (row.readings, row.stored, account.lost) if row else (0, 0, account.lost)


async def test_what_is_published_is_in_flight_until_the_store_has_it(bus: Bus) -> None:
    await publish(bus, range(10))
    async with keeping(bus) as keeper:
        await eventually(lambda: counts(keeper.account) == (10, 0, 0))
        await store(bus, 7)
        await eventually(lambda: counts(keeper.account) == (10, 7, 0))
        await store(bus, 3)
        await eventually(lambda: counts(keeper.account) == (10, 10, 0))


async def test_a_killed_bookkeeper_goes_on_and_counts_nothing_twice(bus: Bus) -> None:
    for round_ in range(3):
        async with keeping(bus) as keeper:
            await publish(bus, range(round_ * 20, round_ * 20 + 20))
            await eventually(lambda keeper=keeper: counts(keeper.account)[0] > 0)  # type: ignore[misc]
    async with keeping(bus) as keeper:
        await eventually(lambda: counts(keeper.account) == (60, 0, 0))
        await store(bus, 60)
        await eventually(lambda: counts(keeper.account) == (60, 60, 0))
        numbers = keeper.account.rows["press-1"].numbers
        assert numbers is not None
        assert (numbers.last, numbers.missing, numbers.repeated) == (59, 0, 0)


def test_with_more_gaps_than_can_be_saved_their_number_stays_known() -> None:
    account = Account(since=0)
    for machine in range(MOST_MACHINES):
        row = account.rows[f"{machine:x}{hash(machine * 7919):x}"] = Row()
        for number in range(0, 10**12, 33 * 10**9 + machine):
            row.number(f"boot {machine}", number)
    missing = account.missing
    again = unpack(pack(account))
    assert (again.missing, len(pack(account)) <= MOST_BYTES) == (missing, True)


def test_devices_that_name_their_starts_wildly_do_not_keep_the_account_from_being_saved() -> None:
    account, chance = Account(since=0), Random(7)  # noqa: S311 - no secret
    honest = account.rows["honest"] = Row()
    for number in (1, 2, 9):
        honest.number("a1", number)
    for machine in range(MOST_MACHINES * 3 // 4):
        row = account.rows[f"{machine:x}"] = Row(messages=chance.getrandbits(20), last=chance.getrandbits(60))
        boot = "".join(chr(chance.randrange(0x10000, 0x110000)) for _ in range(32))
        row.number(boot, chance.getrandbits(52))
    data = pack(account)
    assert len(data) <= MOST_BYTES
    numbers = unpack(data).rows["honest"].numbers
    assert numbers is not None
    assert (numbers.boot, numbers.last, numbers.gaps) == ("a1", 9, [(3, 8)])


async def test_batches_that_somebody_takes_out_of_the_stream_are_lost_and_numbered(bus: Bus) -> None:
    async with keeping(bus) as keeper:
        await publish(bus, range(5))

        async def saved() -> bool:
            found = await read_account(bus)
            return found is not None and counts(found) == (5, 0, 0)

        await eventually(saved)
        del keeper
    await publish(bus, range(5, 10))
    await bus.js.purge_stream(subjects.TELEMETRY, seq=9)
    async with keeping(bus) as keeper:
        await eventually(lambda: counts(keeper.account) == (7, 0, 3))
        numbers = keeper.account.rows["press-1"].numbers
        assert numbers is not None
        assert (numbers.gaps, numbers.missing) == ([(5, 7)], 3)


async def test_a_stream_that_is_wiped_away_is_noticed(bus: Bus, nats: NatsForTest, tmp_path: Path) -> None:
    async with keeping(bus) as keeper:
        await publish(bus, range(10))
        await store(bus, 4)
        await eventually(lambda: counts(keeper.account) == (10, 4, 0))
        connections = bus.epoch
        nats.process.kill()
        shutil.rmtree(tmp_path / "nats")
        nats.process.start()
        await eventually(lambda: bus.epoch > connections)
        await publish(bus, range(10, 13))
        await eventually(lambda: counts(keeper.account) == (13, 4, 6), timeout=30)


async def test_a_stream_that_lost_its_end_is_noticed_and_counted_on(
    bus: Bus, nats: NatsForTest, tmp_path: Path
) -> None:
    """As after a power cut: the account was on the disk, and the last batches were not."""
    [stream] = (tmp_path / "nats").rglob(f"streams/{subjects.TELEMETRY}")
    async with keeping(bus) as keeper:
        await publish(bus, range(5))
        await eventually(lambda: counts(keeper.account) == (5, 0, 0))
        connections = bus.epoch
        nats.process.stop()
        shutil.copytree(stream, tmp_path / "before")
        nats.process.start()
        await eventually(lambda: bus.epoch > connections)
        await publish(bus, range(5, 9))
        await eventually(lambda: counts(keeper.account) == (9, 0, 0))
        connections = bus.epoch
        nats.process.stop()
        shutil.rmtree(stream)
        shutil.copytree(tmp_path / "before", stream)
        nats.process.start()
        await eventually(lambda: bus.epoch > connections)
        await publish(bus, range(9, 12))
        await eventually(lambda: counts(keeper.account) == (12, 0, 4), timeout=30)


async def test_a_batch_that_went_astray_on_its_way_to_us_is_not_lost(bus: Bus) -> None:
    """As when a client drops what it cannot hold, or a node hands it to a pull that has just ended."""
    async with keeping(bus) as keeper:
        await publish(bus, range(5))
        await eventually(lambda: counts(keeper.account) == (5, 0, 0))
        elsewhere = await bus.js.pull_subscribe_bind(subjects.LEDGER_DURABLE, subjects.TELEMETRY)
        astray = asyncio.create_task(elsewhere.fetch(1, timeout=10))

        async def is_waiting() -> bool:
            return (await bus.js.consumer_info(subjects.TELEMETRY, subjects.LEDGER_DURABLE)).num_waiting == 2

        await eventually(is_waiting)
        await publish(bus, range(5, 20))
        assert len(await astray) == 1
        await eventually(lambda: counts(keeper.account) == (20, 0, 0))
        numbers = keeper.account.rows["press-1"].numbers
        assert numbers is not None
        assert (numbers.missing, numbers.repeated) == (0, 0)
        await elsewhere.unsubscribe()
