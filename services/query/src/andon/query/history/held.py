"""The value a sensor held at an instant: that of its newest sample before it. What a range begins with."""

from andon.common.influx import quote_identifier
from andon.common.plant import Asset
from andon.common.reading import Value
from andon.query.history.history import LONGEST, History, Span, select


async def sample_before(history: History, asset: Asset, key: str, at: int) -> tuple[int, Value] | None:
    """The newest sample before `at`, UTC nanoseconds: its time and value; None where the longest range has none.

    Raises:
        UnavailableError: InfluxDB does not answer, not in time, or refuses.
    """
    statement = select(quote_identifier(key), asset, Span(max(at - LONGEST, 0), at), "ORDER BY time DESC LIMIT 1")
    ((*found,),) = await history.ask(statement)
    if not found:
        return None
    time, value = found[0].rows[0]
    return time, value if isinstance(value, bool | str) else float(value)  # JSON does not tell 9 from 9.0


async def held_at(history: History, asset: Asset, key: str, at: int) -> Value | None:
    """The value held just before `at`; None where there is none.

    Raises:
        UnavailableError: InfluxDB does not answer, not in time, or refuses.
    """
    found = await sample_before(history, asset, key, at)
    return found[1] if found else None
