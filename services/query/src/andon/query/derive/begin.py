"""Begin: what was stored before anything was rolled up."""

from andon.common.history.history import History
from andon.common.influx import measurements, quote_identifier
from andon.common.plant import Plant
from andon.query.tiers.coverage import Ranges
from andon.query.tiers.tiers import HOURS, MINUTES


async def stored(history: History, plant: Plant, now: int) -> dict[str, Ranges]:
    """By machine id the range from its first sample, to the whole hour, until now, to the end of the minute.

    Raises:
        UnavailableError: InfluxDB does not answer, or refuses.
    """
    first: dict[str, int] = {}
    pairs = {(name, s.key) for one in plant.machines() for name in measurements(one) for s in one.sensors}
    for name, key in sorted(pairs):
        asked = (
            f"SELECT first({quote_identifier(key)}) FROM {quote_identifier(name)}"  # noqa: S608 - quoted
            f" GROUP BY {quote_identifier('asset')}"
        )
        for one in await history.columns(asked):
            at, asset = int(one.times[0]), one.tags["asset"]
            first[asset] = min(at, first.get(asset, at))
    end = -(-now // MINUTES.width) * MINUTES.width
    begun = {asset: at // HOURS.width * HOURS.width for asset, at in first.items()}
    return {asset: [(start, end)] for asset, start in begun.items() if start < end}
