"""The value a sensor held at an instant: that of its newest sample before it. What a range begins with."""

from andon.common.history.before import row_before, stored_before
from andon.common.history.columns import Columns
from andon.common.history.history import History
from andon.common.history.tier import Tier
from andon.common.plant import Asset
from andon.common.reading import Value
from andon.query.tiers import runs, tiers
from andon.query.tiers.tiers import HOURS, MINUTES

_FIELDS = dict.fromkeys((*tiers.WHOLE, *runs.FIELDS))


async def sample_before(history: History, asset: Asset, key: str, at: int) -> tuple[int, Value] | None:
    """The newest sample before `at`, UTC nanoseconds: its time and value; None where the longest range has none.

    Where it is kept no longer, as that of a switch which seldom changes, whole minutes or hours still tell it.

    Raises:
        UnavailableError: InfluxDB does not answer, not in time, or refuses.
    """
    found = await stored_before(history, asset, key, at)
    if found is not None:
        return found
    for tier in (MINUTES, HOURS):
        fields = [tiers.field(key, name) for name in _FIELDS]
        rows = await row_before(history, asset, fields, at // tier.width * tier.width, tier)
        if rows is not None:
            return _told(asset, key, rows, tier)
    return None


def _told(asset: Asset, key: str, rows: Columns, tier: Tier) -> tuple[int, Value] | None:
    """The last sample of a window; None where it is not told, for there was too much."""
    if any(sensor.key == key and sensor.datatype == "float" for sensor in asset.sensors):
        found = tiers.windows_of(rows, key, tier.width)
        return (int(found.last_at[-1]), float(found.last[-1])) if len(found) else None
    told = runs.of_rows(rows, key)
    return (int(told.times[-1]), told.values[-1]) if len(told) and told.whole else None


async def held_at(history: History, asset: Asset, key: str, at: int) -> Value | None:
    """The value held just before `at`; None where there is none.

    Raises:
        UnavailableError: InfluxDB does not answer, not in time, or refuses.
    """
    found = await sample_before(history, asset, key, at)
    return found[1] if found else None
