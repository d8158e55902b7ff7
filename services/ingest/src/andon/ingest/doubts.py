"""Doubts: up to when a sensor was of another quality than good; what comes for such a time must say that it is good.

Only a quality other than good is stored, as a word beside its value. Where the value comes again for that time and is
good now, nothing would take the word's place: so `good` is written in so many words, but only where it can meet such a
word, that is where it is not newer than the newest of its sensor. All other values, which is nearly all, say nothing.

What earlier stores have written, the names of InfluxDB's fields tell: a sensor that has ever had such a word is taken
to have one up to the newest time a reading of back then can have. So a correction holds after a restart, too.

Cost: a look into a dictionary for each reading, 30 ns. One that is no newer than the newest doubt of its machine costs
0.3 us and 0.03 for each of its values, and a word for each whose own doubt is so new (in an import of what was before
it, too). For ten minutes behind a start of the store that is each value of such a key on all machines of that type.
"""

from collections.abc import Collection, Mapping

from msgspec import structs

from andon.common.influx import QUALITY_SUFFIX, Influx, measurements
from andon.common.plant import Asset
from andon.common.reading import NS_PER_S, Quality, Reading
from andon.ingest.event_time import NEWEST

GOOD = Quality.GOOD.value
AHEAD = NEWEST + NS_PER_S
"""A reading may be so far ahead of its arrival; what is calculated from it for whole seconds, a second more."""


class Doubts:
    """Times in UTC nanoseconds. Pure. Of each machine tell it the readings in the order in which they are written.

    stored: by measurement, the keys of sensors that had another quality than good before, at most up to `until`.
    """

    def __init__(self, stored: Mapping[str, Collection[str]], until: int) -> None:
        self._stored = stored
        self._until = until
        self.newest: dict[str, int] = {}
        """By machine, the newest time of another quality than good; only where there can be one."""
        self._of_sensors: dict[str, dict[str, int]] = {}
        """The same by machine and sensor key."""

    def meet(self, asset: Asset) -> None:
        """Take up a machine, or what it has become."""
        for name in measurements(asset):
            for key in self._stored.get(name, ()):
                self._doubt(asset.id, key, self._until)

    def told(self, reading: Reading) -> Reading:
        """The reading as it is to be written: with the word `good` where there may be another."""
        if reading.quality:
            for key, word in reading.quality.items():
                if word != GOOD:
                    self._doubt(reading.asset, key, reading.time)
        newest = self._of_sensors.get(reading.asset)
        if newest is None or reading.time > self.newest[reading.asset]:
            return reading
        words = {key: GOOD for key in reading.values if reading.time <= newest.get(key, -1)}
        return structs.replace(reading, quality=words | (reading.quality or {})) if words else reading

    def _doubt(self, asset: str, key: str, time: int) -> None:
        newest = self._of_sensors.setdefault(asset, {})
        newest[key] = max(time, newest.get(key, time))
        self.newest[asset] = max(time, self.newest.get(asset, time))


async def recalled(influx: Influx, arrived: int) -> Doubts:
    """The doubts that are stored, given when the next reading arrived: all that is stored arrived before.

    Raises:
        UnavailableError: InfluxDB does not answer.
    """
    (found,) = await influx.query("SHOW FIELD KEYS")
    stored = {
        series.name: [field.removesuffix(QUALITY_SUFFIX) for field, *_ in series.rows if field.endswith(QUALITY_SUFFIX)]
        for series in found
    }
    return Doubts(stored, arrived + AHEAD)
