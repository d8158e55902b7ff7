"""Three nodes, three ingests: each message is taken once, and one of each is killed under load without a loss."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from andon.common.influx import Influx
from andon.common.testing.waiting import eventually
from soak.journal import Journal
from soak.look import is_kept

from .house import House, running_house

INGESTS, PARTITIONS, PRESSES = 3, 6, 12
LINE = "berlin/pressing/line-1"
MACHINES = [f"{LINE}/press-{number}" for number in range(PRESSES)]
COUNTS = ("published", "repeated", "missing", "readings", "stored")
PLANT = f"""
types:
  press:
    sensors: [{{key: number}}, {{key: oil_temperature, unit: Cel}}]
sites:
  - slug: berlin
    areas:
      - slug: pressing
        lines:
          - slug: line-1
            machines: [{", ".join(f"{{slug: press-{number}, type: press}}" for number in range(PRESSES))}]
"""


async def more(journal: Journal, samples: int = 1000) -> None:
    """Wait until so many more samples are acknowledged, some of every press."""
    wanted = {path: len(journal.safe.get(path, {})) + samples // PRESSES // 2 for path in MACHINES}
    whole = journal.acknowledged + samples
    await eventually(
        lambda: journal.acknowledged >= whole and all(len(journal.safe[path]) >= n for path, n in wanted.items()),
        timeout=90,
        what="the presses get on",
    )


async def ledger(house: House) -> dict[str, Any]:
    """The ledger, once nothing is on its way."""

    async def settled() -> dict[str, Any] | None:
        found: dict[str, Any] = await house.call("GET", "/api/ingest/v1/ledger")
        held = [one["intake"]["in_hand"] for one in found["instances"]]
        assert (len(held), sum(held), found["batches_waiting"]) == (INGESTS, 0, 0)
        return found

    found: dict[str, Any] = await eventually(settled, timeout=60, what="nothing is on its way")
    return found


async def is_counted_once(house: House, samples: int) -> bool:
    """Whether the ledger has so many samples of all presses together, each of them once.

    What came again after a kill, or was sent again for want of its PUBACK, is known by its number.
    """
    rows = (await house.call("GET", "/api/ingest/v1/ledger/machines", params={"under": LINE}))["items"]
    found = {
        name: sum(row[name] for row in rows) for name in ("published", "repeated", "missing", "readings", "stored")
    }
    assert (found["published"] - found["repeated"], found["missing"]) == (samples, 0), found
    assert found["readings"] == found["stored"] == found["published"], found
    return True


@pytest.mark.timeout(240)
async def test_three_nodes_and_three_ingests_lose_nothing_and_count_nothing_twice(tmp_path: Path) -> None:
    async with running_house(tmp_path, ingests=INGESTS, partitions=PARTITIONS) as house:
        await house.apply_plant(PLANT)
        influx, journal = Influx(house.influx.settings), Journal()
        async with house.presses(MACHINES, journal) as presses:
            await more(journal)
            await asyncio.gather(*(press.rests() for press in presses))
            taken = [one["intake"]["published"] for one in (await ledger(house))["instances"]]
            assert min(taken) > PRESSES, f"each ingest takes its share: {taken}"
            once = journal.acknowledged
            await eventually(lambda: is_counted_once(house, once), what="each sample is counted once")

            for press in presses:
                press.quiet = False
            house.nats.nodes[0].kill()
            house.ingests[1].kill()
            await eventually(lambda: journal.acknowledged > once + 500, timeout=60, what="two nodes do")
            house.nats.nodes[0].spawn()
            house.ingests[1].spawn()
            await house.nats.is_whole()
            await house.is_ready()
            await more(journal)
            await asyncio.gather(*(press.rests() for press in presses))
            assert (await ledger(house))["balanced"]
            await eventually(lambda: is_counted_once(house, journal.acknowledged), what="copies are known as such")
        await eventually(lambda: is_kept(influx, journal), timeout=60, what="everything acknowledged is stored")
        await influx.aclose()
