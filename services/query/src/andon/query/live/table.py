"""The newest sample of every sensor, in memory. Event time decides: an older reading never replaces a newer one."""

from collections.abc import Container
from typing import TypeAlias

from andon.common.reading import Quality, Reading, Value

Sample: TypeAlias = tuple[int, Value, str]
"""Event time (UTC nanoseconds), value, quality."""

GOOD = Quality.GOOD.value
_NONE: dict[str, Sample] = {}


class Table:
    """Newest samples by machine id and sensor key."""

    def __init__(self) -> None:
        self._samples: dict[str, dict[str, Sample]] = {}
        self._last: dict[str, Reading] = {}
        """Of each machine a reading all of whose samples are newest; mostly the next one has the same keys."""
        self._waiting: dict[str, Reading] = {}
        """Those not yet put in sensor by sensor: many are replaced before anybody asks."""

    def put(self, reading: Reading) -> bool:
        """Take a reading in; whether any of it is newest. Of two with one event time the later one counts."""
        asset = reading.asset
        last = self._last.get(asset)
        if last is not None and reading.time >= last.time and reading.values.keys() == last.values.keys():
            self._last[asset] = self._waiting[asset] = reading
            return True
        self._settle(asset)
        count = self._put(reading)
        if count == len(reading.values):
            self._last[asset] = reading
        elif count:
            self._last.pop(asset, None)
        return count > 0

    def _put(self, reading: Reading) -> int:
        """Sensor by sensor; of how many this is the newest sample."""
        samples = self._samples.setdefault(reading.asset, {})
        time, quality, count = reading.time, reading.quality, 0
        for key, value in reading.values.items():
            known = samples.get(key)
            if known is None or time >= known[0]:
                samples[key] = (time, value, quality.get(key, GOOD) if quality else GOOD)
                count += 1
        return count

    def _settle(self, asset: str) -> None:
        waiting = self._waiting.pop(asset, None)
        if waiting is not None:
            self._put(waiting)

    def recall(self, asset: str, key: str, sample: Sample) -> bool:
        """Take in a sample from history, unless something as new is there already; whether it was taken."""
        self._settle(asset)
        samples = self._samples.setdefault(asset, {})
        known = samples.get(key)
        if known is not None and known[0] >= sample[0]:
            return False
        samples[key] = sample
        self._last.pop(asset, None)
        return True

    def samples(self, asset: str) -> dict[str, Sample]:
        """Sensor key -> newest sample of a machine. Not to be changed by the caller."""
        self._settle(asset)
        return self._samples.get(asset, _NONE)

    def forget(self, asset: str, key: str) -> None:
        """Forget the sample of a sensor."""
        self._settle(asset)
        self._samples.get(asset, {}).pop(key, None)
        self._last.pop(asset, None)

    def keep(self, assets: Container[str]) -> None:
        """Forget every machine that is not among `assets`."""
        for asset in [a for a in self._samples if a not in assets]:
            del self._samples[asset]
            self._last.pop(asset, None)
            self._waiting.pop(asset, None)
