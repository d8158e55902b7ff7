"""The value a sensor held at an instant: that of its newest sample before it. What a range begins with."""

from andon.common.plant import Asset
from andon.common.reading import Value
from andon.query.history.history import LONGEST, History, Span
from andon.query.history.stored import stored


async def sample_before(history: History, asset: Asset, key: str, at: int) -> tuple[int, Value] | None:
    """The newest sample before `at`, UTC nanoseconds: its time and value; None where the longest range has none.

    Raises:
        UnavailableError: InfluxDB does not answer, not in time, or refuses.
    """
    before = Span(max(at - LONGEST, 0), at)
    found = (await stored(history, [asset], [key], before, limit=1, backward=True)).get(asset.id)
    if found is None or not len(found):
        return None
    value = found.fields[key][-1]
    return int(found.times[-1]), value if isinstance(value, bool | str) else float(value)


async def held_at(history: History, asset: Asset, key: str, at: int) -> Value | None:
    """The value held just before `at`; None where there is none.

    Raises:
        UnavailableError: InfluxDB does not answer, not in time, or refuses.
    """
    found = await sample_before(history, asset, key, at)
    return found[1] if found else None
