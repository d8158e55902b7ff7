"""Report: the sums of the ledger as readings of the platform's own machine, so that a rule can watch them.

What was lost stays lost; so that an alarm can end, what is told is what came about within the last hour.
"""

import asyncio
from time import time, time_ns

import msgspec

from andon.common import logs, metrics, platform
from andon.common.errors import UnavailableError
from andon.common.plant import Plant
from andon.common.reading import Reading, Value
from andon.common.wire import Source
from andon.ingest.bundle import Bundle
from andon.ingest.ledger.bookkeeper import Bookkeeper
from andon.ingest.ledger.ledger import Ledger
from andon.ingest.publish import Publisher

log = logs.get("ingest.report")

EVERY_SECONDS = 5.0


async def report_for_ever(ledger: Ledger, keeper: Bookkeeper, publisher: Publisher, partitions: int) -> None:
    """Publish the sums every few seconds. What cannot be told now is told the next time."""
    await keeper.opened.wait()
    while True:
        await asyncio.sleep(EVERY_SECONDS)
        account = keeper.account
        try:
            sums = await ledger.sums(account)
        except UnavailableError as error:
            log.debug("the ledger is not told this time", error=str(error))
            continue
        metrics.LEDGER_UNEXPLAINED.set(sums.unexplained)
        metrics.LEDGER_LOST.set(sums.lost)
        metrics.LEDGER_MISSING.set(sums.missing)
        machine, now = _machine(ledger.plant), int(time())
        if machine is None:
            continue
        values: dict[str, Value] = {
            platform.UNEXPLAINED: float(sums.unexplained),
            platform.LOST: float(account.lost_growth.of(sums.lost + account.broker_lost, now)),
            platform.MISSING: float(account.missing_growth.of(sums.missing, now)),
            platform.WAITING: float(sums.waiting),
        }
        bundle, reading = Bundle(partitions, source=Source.PLATFORM), Reading(machine, time_ns(), values)
        bundle.add([reading])
        bundle.keep([reading], b"", msgspec.json.encode({"asset": machine, "values": values}), reading.time)
        await publisher.publish(bundle)


def _machine(plant: Plant) -> str | None:
    asset = plant.find(platform.LEDGER)
    return asset.id if asset is not None else None
