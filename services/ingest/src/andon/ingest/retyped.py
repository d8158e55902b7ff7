"""Retyped: what still waited for the store while its machine was given another type, held against the type of now.

InfluxDB keeps the first datatype of a field for good: a text that a press said, written to the number it is on a bench,
would make each later reading of all benches one that cannot be stored. Pure.
"""

from collections.abc import Iterable

from msgspec import structs

from andon.common.errors import RefusedError
from andon.common.influx.names import STRAY
from andon.common.plant import Asset
from andon.common.reading import Reading, Value
from andon.common.wire import Batch
from andon.ingest.resolve import TYPES, Refusal, Route, join, usable


class Retyped:
    """Machines that had another type before. Times in UTC nanoseconds."""

    def __init__(self, assets: Iterable[Asset] = ()) -> None:
        self._assets = {asset.id: asset for asset in assets if asset.earlier}
        self._routes: dict[str, Route] = {}
        self.until = max(map(_until, self._assets.values()), default=0)
        """No batch that arrived then or later can hold what was meant for an earlier type."""

    def __contains__(self, asset_id: str) -> bool:
        return asset_id in self._assets

    def may_hold(self, batch: Batch) -> bool:
        """Whether the batch came so early that its readings must be looked at."""
        return batch.arrived < self.until

    def fitting(self, reading: Reading, arrived: int) -> tuple[Reading | None, Reading | None, Refusal | None]:
        """What the type of now takes of a reading, what it does not, and why: as if it came now."""
        asset = self._assets.get(reading.asset)
        if asset is None or arrived >= _until(asset):
            return reading, None, None
        route = self._routes.get(asset.id)
        if route is None:
            types = {sensor.key: TYPES[sensor.datatype] for sensor in asset.sensors}
            route = self._routes[asset.id] = Route(asset.id, asset.path, types)
        values, refusals = dict[str, Value](), list[Refusal]()
        for key, value in reading.values.items():
            try:
                values[key] = usable(route, key, value)
            except RefusedError as error:
                refusals.append(Refusal(error.reason, error.detail))
        if not refusals:
            return _part(reading, values), None, None
        rest = {key: value for key, value in reading.values.items() if key not in values}
        why = (
            f"'{asset.path}' was given another type before this could be stored, and takes it no longer: "
            f"{join(refusals)}. With the type it had, a replay stores it"
        )
        return _part(reading, values) if values else None, _part(reading, rest), Refusal(refusals[0].reason, why)


def _until(asset: Asset) -> int:
    return asset.earlier[0].until + STRAY


def _part(reading: Reading, values: dict[str, Value]) -> Reading:
    quality = {key: word for key, word in (reading.quality or {}).items() if key in values}
    return structs.replace(reading, values=values, quality=quality or None)
