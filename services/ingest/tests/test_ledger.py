"""What the ledger says of itself: a loss is told for a day, and a part of the plant hears of its own."""

from time import time_ns

from andon.common import subjects
from andon.common.auth import Principal, Role
from andon.common.bus import Bus
from andon.common.devices import Device, Devices
from andon.common.plant import Asset, Plant
from andon.common.reading import NS_PER_S, Reading
from andon.common.service import background
from andon.common.testing.waiting import eventually
from andon.common.wire import Batch, encode_batch
from andon.ingest.ledger.account import Account
from andon.ingest.ledger.bookkeeper import pack
from andon.ingest.ledger.ledger import Ledger, find_problems, instance_of
from andon.ingest.ledger.tally import Tallies, Tally, tell

DAY = 86_400 * NS_PER_S


def test_an_ingest_that_cannot_say_where_messages_are_is_a_problem() -> None:
    tally = Tally(received=10, published=6, dead_lettered=1, duplicate=1, retained=1)
    [problem] = find_problems(Account(since=0), [instance_of(tally)], 0)
    assert "1 messages" in problem
    tally.in_hand = 1
    assert find_problems(Account(since=0), [instance_of(tally)], 0) == []


def test_a_loss_is_told_for_a_day() -> None:
    account, well = Account(since=0), [instance_of(Tally())]
    account.lost_batches, account.lost_at = 2, DAY
    account.hear({"one": (3, "its queue was full")}, DAY)
    lost, dropped = find_problems(account, well, 2 * DAY - 1)
    assert "2 readings or batches" in lost
    assert "The broker lost 3 messages" in dropped
    assert "its queue was full" in dropped
    assert find_problems(account, well, 2 * DAY) == []


def test_nobody_who_counts_is_a_problem() -> None:
    assert find_problems(Account(since=0), [], 0) == ["No ingest is counting: see whether it runs"]


async def test_who_sees_a_part_of_the_plant_hears_of_that_alone(bus: Bus, robot: Asset) -> None:
    account = Account(since=1, at=1, lost_batches=7, lost_at=time_ns())
    readings = [Reading(robot.id, 1, {"x": 1.0}), Reading("elsewhere", 1, {"x": 1.0})]
    account.count(2, encode_batch(Batch(5, readings)), 0)
    await (await bus.bucket(subjects.LEDGER_BUCKET)).put(subjects.ACCOUNT_KEY, pack(account))
    await bus.js.add_consumer(subjects.TELEMETRY, durable_name=subjects.STORE_DURABLE, ack_policy="explicit")
    plant, devices, tallies = Plant(), Devices(), Tallies(bus)
    plant.put(robot)
    devices.put(Device("d1", "gateway", "u1", "berlin"))
    ledger = Ledger(bus, tallies, plant, devices)
    async with background(("tell", tell(bus, Tally())), ("hear", tallies.listen())):
        await eventually(tallies.now)
        whole = await ledger.view(person(""))
        part = await ledger.view(person("berlin"))
    assert (whole.balanced, whole.lost, len(whole.instances), len(whole.items)) == (False, 7, 1, 2)
    assert (part.balanced, part.lost, part.instances, [line.device for line in part.items]) == (
        True,
        0,
        [],
        ["gateway"],
    )


def person(scope: str) -> Principal:
    return Principal(id="p1", name="berta", role=Role.ENGINEER, scope=scope)
