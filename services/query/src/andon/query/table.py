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

    def put(self, reading: Reading) -> bool:
        """Take a reading in; whether any of it is newest. Of two with one event time the later one counts."""
        samples = self._samples.get(reading.asset)
        if samples is None:
            samples = self._samples[reading.asset] = {}
        time, quality, newest = reading.time, reading.quality, False
        for key, value in reading.values.items():
            known = samples.get(key)
            if known is None or time >= known[0]:
                samples[key] = (time, value, quality.get(key, GOOD) if quality else GOOD)
                newest = True
        return newest

    def recall(self, asset: str, key: str, sample: Sample) -> bool:
        """Take in a sample from history, unless something as new is there already; whether it was taken."""
        samples = self._samples.setdefault(asset, {})
        known = samples.get(key)
        if known is not None and known[0] >= sample[0]:
            return False
        samples[key] = sample
        return True

    def samples(self, asset: str) -> dict[str, Sample]:
        """Sensor key -> newest sample of a machine. Not to be changed by the caller."""
        return self._samples.get(asset, _NONE)

    def keep(self, assets: Container[str]) -> None:
        """Forget every machine that is not among `assets`."""
        for asset in [a for a in self._samples if a not in assets]:
            del self._samples[asset]
