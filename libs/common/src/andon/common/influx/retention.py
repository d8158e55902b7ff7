"""How long a database keeps values, in the words of each InfluxDB. Durations are nanoseconds, 0 is for ever."""

from andon.common.reading import NS_PER_S

HOUR = 3600 * NS_PER_S
DAY = 24 * HOUR
SHORTEST = HOUR
"""No InfluxDB keeps values for less."""


def shard(keep: int) -> int:
    """How much of time lies in one shard, as InfluxDB itself chooses: shards are deleted whole.

    It is told with every change, for none may be longer than what is kept.
    """
    if keep == 0 or keep > 180 * DAY:
        return 7 * DAY
    return DAY if keep >= 2 * DAY else HOUR


def seconds(duration: int) -> int:
    """A duration in whole seconds, rounded up: nothing goes early."""
    return -(-duration // NS_PER_S)


def written(duration: int) -> str:
    """A duration as people write it: `90d`, `36h`, `90s`."""
    for unit, size in (("d", DAY), ("h", HOUR)):
        if duration % size == 0:
            return f"{duration // size}{unit}"
    return f"{seconds(duration)}s"
