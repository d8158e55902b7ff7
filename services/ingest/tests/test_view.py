"""The ledger in pages: each path is one line, and none is passed by."""

from andon.common.devices import Device, Devices
from andon.common.plant import Asset, Plant
from andon.ingest.ledger.account import Account, Row
from andon.ingest.ledger.view import REMOVED, MachineLine, Seen, machine_lines

LINE = "berlin/painting/line-1"


def seen(*machines: str) -> Seen:
    plant, devices = Plant(), Devices()
    for slug in machines:
        plant.put(Asset(id=f"id-{slug}", path=f"{LINE}/{slug}", kind="machine", slug=slug, name=slug))
    devices.put(Device(id="d1", name="Gateway", username="gateway", scope=LINE))
    return Seen(plant, devices, lambda _: True)


def pages(account: Account, view: Seen, size: int) -> list[MachineLine]:
    found, after = list[MachineLine](), ""
    while page := machine_lines(account, view, after=after, most=size):
        found += page
        after = page[-1].machine
    return found


def test_pages_hold_every_row_once_those_of_removed_machines_together() -> None:
    account = Account(since=0)
    for source in ("id-a", "id-b", "gone-1", "gone-2", "gone-3", f"{LINE}/c/", f"{LINE}/"):
        account.rows[source] = Row(messages=1)
    lines = {line.machine: line for line in pages(account, seen("a", "b"), 2)}
    assert {path: line.received for path, line in lines.items()} == {
        REMOVED: 3,
        LINE: 1,
        f"{LINE}/a": 1,
        f"{LINE}/b": 1,
        f"{LINE}/c": 1,
    }
    assert [path for path, line in lines.items() if line.known] == [f"{LINE}/a", f"{LINE}/b"]


def test_a_topic_that_became_a_machine_is_one_line_with_the_numbers_of_the_machine() -> None:
    account = Account(since=0)
    account.rows[f"{LINE}/a/"] = Row(messages=2, dead_lettered=2)
    account.rows["id-a"] = Row(messages=3, readings=3)
    account.rows["id-a"].number("boot", 7)
    [line] = machine_lines(account, seen("a"), device="d1")
    assert (line.received, line.dead_lettered, line.published, line.number) == (5, 2, 3, 7)
