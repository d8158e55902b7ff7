"""The value a sensor held at an instant: that of its newest sample before it. What a range begins with."""

from andon.common.influx import quote_identifier
from andon.common.plant import Asset
from andon.common.reading import Value
from andon.query.history.history import LONGEST, History, Span, select


async def held_at(history: History, asset: Asset, key: str, at: int) -> Value | None:
    """The value held just before `at`, UTC nanoseconds; None where there is none within the longest range.

    Raises:
        UnavailableError: InfluxDB does not answer, not in time, or refuses.
    """
    statement = select(quote_identifier(key), asset, Span(max(at - LONGEST, 0), at), "ORDER BY time DESC LIMIT 1")
    ((*found,),) = await history.ask(statement)
    if not found:
        return None
    value = found[0].rows[0][1]
    return value if isinstance(value, bool | str) else float(value)  # JSON does not tell 9 from 9.0
