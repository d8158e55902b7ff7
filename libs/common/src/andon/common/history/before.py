"""What was stored of a sensor last before an instant: what it held there, as long as its samples are kept."""

from collections.abc import Collection

from andon.common.history.columns import Columns, as_value
from andon.common.history.history import History
from andon.common.history.span import LONGEST, Span
from andon.common.history.stored import stored
from andon.common.history.tier import RAW, Tier
from andon.common.plant import Asset
from andon.common.reading import Value


async def stored_before(history: History, asset: Asset, key: str, at: int) -> tuple[int, Value] | None:
    """The newest stored sample before `at`, UTC nanoseconds: its time and value; None where the longest range has none.

    Raises:
        UnavailableError: InfluxDB does not answer, not in time, or refuses.
    """
    found = await row_before(history, asset, [key], at)
    return None if found is None else (int(found.times[-1]), as_value(found.fields[key][-1]))


async def row_before(
    history: History, asset: Asset, fields: Collection[str], at: int, tier: Tier = RAW
) -> Columns | None:
    """The last row of a tier before an instant; None where the longest range has none.

    Raises:
        UnavailableError: InfluxDB does not answer, not in time, or refuses.
    """
    before = Span(max(at - LONGEST, 0), at)
    found = (await stored(history, [asset], fields, before, tier=tier, limit=1, backward=True)).get(asset.id)
    return found if found is not None and len(found) else None
