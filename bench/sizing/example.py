"""An example: a plant's disks as values of the Helm chart. Pure arithmetic."""

from collections.abc import Mapping
from math import ceil

from bench.sizing.figures import Figure
from bench.sizing.plan import Plant, plan

PLANT = Plant(10_000)
RAW_DAYS, MINUTE_DAYS, HOUR_DAYS = 90, 730, 3650
_DAY = 86_400
_GIGA = 10**9
_TRACES, _LETTERS, _EVENTS = 1.1, 1.1, 0.3
"""GB of the other streams, bounded by their settings."""
_ROOM = 4 / 3
"""The volume, of what JetStream may use of it."""
_STEP = 10


def values(figures: Mapping[str, Figure], plant: Plant = PLANT) -> str:
    """YAML: a day without InfluxDB, an hour without ingest; samples of 90 days, minutes of two years, hours of ten."""
    found = plan(plant, figures)
    stream = ceil(found.stream * _DAY / _GIGA)
    devices = max(2, ceil(found.devices * 3600 / _GIGA))
    disk = ceil(stream + devices + _TRACES + _LETTERS + _EVENTS)
    history = found.raw * RAW_DAYS + found.minutes * MINUTE_DAYS + found.hours * HOUR_DAYS
    return f"""settings:
  ANDON_NATS_TELEMETRY_BYTES: "{stream * _GIGA}"
  ANDON_QUERY_RETENTION_RAW: {RAW_DAYS}d
  ANDON_QUERY_RETENTION_1M: {MINUTE_DAYS}d
nats: {{storage: {{size: {_step(disk * _ROOM)}Gi, disk: {disk}GB, devicesDisk: {devices}GB}}}}
influxdb: {{storage: {{size: {_step(history / 365 / _GIGA)}Gi}}}}
"""


def _step(gigabytes: float) -> int:
    """Rounded up to tens."""
    return ceil(gigabytes / _STEP) * _STEP
