"""Names in InfluxDB: measurements, tags, fields. They are the design's (section 4.3), and are spelled here alone."""

from andon.common.plant import Asset
from andon.common.platform import is_platform
from andon.common.reading import NS_PER_S

TAGS = ("site", "area", "line", "machine", "asset")
UNTYPED = "machine"
PLATFORM = "andon_platform"
"""Measurement of the platform's own machines: no type can be called so, and no sensor of others meets theirs."""
ALARMS = "andon_alarm"
"""Measurement of what happens to alarms: a point for each line of their journals (`andon.alerting.alarm.record`)."""
QUALITY_SUFFIX = "__quality"
ARRIVED_SUFFIX = "__arrived"
"""Field that tells when a value came, epoch milliseconds, only where that is far from its time."""
LATE = 10 * NS_PER_S
EARLY = 2 * NS_PER_S
"""So much later, or earlier, than its time a reading's arrival is far from it."""
STRAY = 3600 * NS_PER_S
"""So long after its type has changed a machine may still have values under the old one: clocks run ahead, news late."""
RESERVED_KEYS = frozenset({*TAGS, "time"})


def is_reserved(key: str) -> bool:
    """Whether no sensor may have this key: as a field it would pass for a tag, a time, a quality or an arrival."""
    return key in RESERVED_KEYS or key.endswith((QUALITY_SUFFIX, ARRIVED_SUFFIX))


def measurement(asset: Asset) -> str:
    """Measurement of a machine."""
    return PLATFORM if is_platform(asset.path) else measurement_of(asset.type)


def measurements(asset: Asset, since: int = 0) -> tuple[str, ...]:
    """Measurements that may have values of a machine that were measured at `since` (UTC nanoseconds) or later.

    Its own comes first, then those of the types it had before, the newest first.
    """
    return (measurement(asset), *(one.measurement for one in asset.earlier if one.until + STRAY > since))


def measurement_of(type_: str | None) -> str:
    """Measurement of all machines of one type, or of none: its slug."""
    return type_ or UNTYPED
