"""What is stored of machines, wherever it lies: in the measurement of their type, and in those of earlier types.

Of a machine that never changed its type one measurement is asked. Of others the answers are put together as if all had
been written to one: of two values of a field for one time the one that came last counts.
"""

from collections.abc import Collection, Iterable, Sequence

import numpy as np

from andon.common.history.columns import Columns, Times
from andon.common.history.history import History, worked
from andon.common.history.joining import Came, Parts, contested, fitting, join
from andon.common.history.span import Span
from andon.common.history.tier import RAW, Tier
from andon.common.influx import (
    ARRIVED_SUFFIX,
    QUALITY_SUFFIX,
    measurement,
    measurements,
    quote_identifier,
    quote_string,
    quote_tag,
)
from andon.common.plant import Asset
from andon.common.reading import NS_PER_MS


async def stored(
    history: History,
    machines: Collection[Asset],
    fields: Collection[str],
    span: Span,
    *,
    tier: Tier = RAW,
    limit: int = 0,
    backward: bool = False,
) -> dict[str, Columns]:
    """Some fields of machines in a range, by machine id, in order of time; of each at most the first `limit` rows.

    backward: the last ones instead of the first.

    Raises:
        UnavailableError: InfluxDB does not answer, not in time, or refuses.
        CutShortError: it is more than InfluxDB hands out at once.
    """
    order = " ORDER BY time DESC" if backward else ""
    tail = f"{order} LIMIT {limit}" if limit else order
    found = await parts(history, machines, ", ".join(map(quote_identifier, fields)), span, tier=tier, tail=tail)
    joined = {one.id: await _joined(history, one, found[one.id], tier) for one in machines if one.id in found}
    kept = slice(-limit, None) if backward else slice(limit or None)
    return {asset: rows if len(rows) <= (limit or len(rows)) else rows.part(kept) for asset, rows in joined.items()}


async def doubts(history: History, machines: Collection[Asset], span: Span) -> dict[str, Columns]:
    """The qualities of all sensors of machines in a range, where they are told, by machine id.

    Raises:
        UnavailableError: InfluxDB does not answer, not in time, or refuses.
        CutShortError: it is more than InfluxDB hands out at once.
    """
    found = await parts(history, machines, f"/{QUALITY_SUFFIX}$/", span)
    return {one.id: await _joined(history, one, found[one.id], RAW) for one in machines if one.id in found}


async def parts(
    history: History,
    machines: Iterable[Asset],
    what: str,
    span: Span,
    *,
    tier: Tier = RAW,
    by: Sequence[str] = (),
    tail: str = "",
) -> dict[str, Parts]:
    """What each measurement has of machines, by machine id. `what`, `by` and `tail` as `statement` has them.

    Raises:
        UnavailableError: InfluxDB does not answer, not in time, or refuses.
        CutShortError: it is more than InfluxDB hands out at once.
    """
    places = {machine.id: measurements(machine, span.start) for machine in machines}
    asked = dict[str, list[str]]()
    for asset, names in places.items():
        for name in names:
            asked.setdefault(name, []).append(asset)
    found = dict[tuple[str, str], Columns]()
    for name, assets in asked.items():
        for rows in await history.columns(statement(what, name, span, assets, by=by, tail=tail), tier):
            found[rows.tags.get("asset", assets[0]), name] = rows
    by_asset = {
        asset: {name: found[asset, name] for name in names if (asset, name) in found} for asset, names in places.items()
    }
    return {asset: some for asset, some in by_asset.items() if some}


def statement(
    what: str, name: str, span: Span, assets: Collection[str], *, by: Iterable[str] = (), tail: str = ""
) -> str:
    """InfluxQL over the points of some machines of a measurement, one series for each, grouped `by` more where wished.

    It is not grouped by a single machine: sums of a year would take a twelfth longer. `what`, `by` and `tail` hold
    quoted names and numbers alone.
    """
    groups = dict.fromkeys([*([quote_identifier("asset")] if len(assets) > 1 else []), *by])
    grouped = f" GROUP BY {', '.join(groups)}" if groups else ""
    which = " OR ".join(f"{quote_tag('asset')} = {quote_string(asset)}" for asset in assets)
    return (
        f"SELECT {what} FROM {quote_identifier(name)}"  # noqa: S608 - quoted
        f" WHERE time >= {span.start} AND time < {span.end} AND ({which}){grouped}{tail}"
    )


async def _joined(history: History, machine: Asset, found: Parts, tier: Tier) -> Columns:
    if list(found) == [measurement(machine)]:
        (rows,) = found.values()
        return rows if len(rows) < 2 or rows.times[0] <= rows.times[-1] else rows.part(slice(None, None, -1))
    count = sum(map(len, found.values()))
    some = {name: await worked(count, fitting, machine, rows) for name, rows in found.items()}
    dispute = await worked(count, contested, some) if tier is RAW else None
    came = {} if dispute is None else await _came(history, machine, some, *dispute)
    return await worked(count, join, some, came)


async def _came(history: History, machine: Asset, found: Parts, fields: list[str], span: Span) -> Came:
    """When the values of some fields came, of which several measurements have one for the same time."""
    arrived = {field: field.removesuffix(QUALITY_SUFFIX) + ARRIVED_SUFFIX for field in fields}
    what = ", ".join(map(quote_identifier, dict.fromkeys(arrived.values())))
    told = (await parts(history, [machine], what, span)).get(machine.id, {})
    return {
        name: {field: _at(found[name].times, rows, column) for field, column in arrived.items()}
        for name, rows in told.items()
        if name in found
    }


def _at(times: Times, told: Columns, column: str) -> Times:
    """When what stands at some times came: as it is told, or else then."""
    said = told.numbers(column)
    there = ~np.isnan(said) & np.isin(told.times, times)
    came = times.copy()
    came[np.searchsorted(times, told.times[there])] = said[there].astype(np.int64) * NS_PER_MS
    return came
