"""Rolled up rows of sensors, read from InfluxDB as the windows they tell of: of one machine, or of many at once."""

from collections.abc import Collection

from andon.common.history.history import History, worked
from andon.common.history.span import Span
from andon.common.history.stored import stored
from andon.common.history.tier import Tier
from andon.common.plant import Asset
from andon.query.tiers import tiers, windows
from andon.query.tiers.windows import Windows


async def read_windows(history: History, tier: Tier, asset: Asset, key: str, span: Span) -> Windows:
    """A sensor's windows in a tier, whose width both ends of `span` are multiples of.

    Raises:
        UnavailableError: InfluxDB does not answer, not in time, or refuses.
    """
    found = await read_many_windows(history, tier, [asset], key, span)
    return found.get(asset.id, windows.none())


async def read_many_windows(
    history: History, tier: Tier, machines: Collection[Asset], key: str, span: Span
) -> dict[str, Windows]:
    """Windows in a tier by machine id, of those that have any.

    Raises:
        UnavailableError: InfluxDB does not answer, not in time, or refuses.
    """
    fields = [tiers.field(key, statistic) for statistic in tiers.WHOLE]
    rows = await stored(history, machines, fields, span, tier=tier)
    return {asset: await worked(len(one), tiers.windows_of, one, key, tier.width) for asset, one in rows.items()}
