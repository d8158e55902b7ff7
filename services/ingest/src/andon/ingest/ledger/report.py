"""Report: the sums of the ledger as readings of the platform's own machine, so that a rule can watch them.

What was lost stays lost; so that an alarm can end, what is told is what came about within the last hour.
"""

import asyncio
from collections import deque
from time import monotonic, time_ns

from andon.common import logs, metrics, platform
from andon.common.errors import UnavailableError
from andon.common.plant import Plant
from andon.common.reading import Reading, Value
from andon.ingest.bundle import Bundle
from andon.ingest.ledger.bookkeeper import Bookkeeper
from andon.ingest.ledger.ledger import Ledger
from andon.ingest.publish import Publisher

log = logs.get("ingest.report")

EVERY_SECONDS = 5.0
HOUR = 3600.0


class Growth:
    """By how much a total grew within the last hour. What it was when first seen is old."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()

    def of(self, total: int, now: float) -> int:
        """The growth up to `now`, seconds of any clock that only goes forward.

        A total that falls has begun anew, or what was missing came after all: what is left of it stays told.
        """
        while len(self._seen) > 1 and now - self._seen[1][0] >= HOUR:
            self._seen.popleft()
        if self._seen and total < self._seen[-1][1]:
            self._seen = deque((at, min(seen, total)) for at, seen in self._seen)
        if not self._seen or self._seen[-1][1] != total:
            self._seen.append((now, total))
        return total - self._seen[0][1]


async def report_for_ever(ledger: Ledger, keeper: Bookkeeper, publisher: Publisher, partitions: int) -> None:
    """Publish the sums every few seconds. What cannot be told now is told the next time.

    What was in the account when it was opened is old; what was lost while nobody counted is found after that, and told.
    """
    await keeper.opened.wait()
    lost, missing = Growth(), Growth()
    lost.of(keeper.account.lost, monotonic())
    missing.of(keeper.account.missing, monotonic())
    while True:
        await asyncio.sleep(EVERY_SECONDS)
        machine = _machine(ledger.plant)
        if machine is None:
            continue
        try:
            sums = await ledger.sums(keeper.account)
        except UnavailableError as error:
            log.debug("the ledger is not told this time", error=str(error))
            continue
        metrics.LEDGER_UNEXPLAINED.set(sums.unexplained)
        now = monotonic()
        values: dict[str, Value] = {
            platform.UNEXPLAINED: float(sums.unexplained),
            platform.LOST: float(lost.of(sums.lost, now)),
            platform.MISSING: float(missing.of(sums.missing, now)),
            platform.WAITING: float(sums.waiting),
        }
        bundle = Bundle(partitions)
        bundle.add([Reading(machine, time_ns(), values)])
        await publisher.publish(bundle)


def _machine(plant: Plant) -> str | None:
    asset = plant.find(platform.LEDGER)
    return asset.id if asset is not None else None
