"""How long a database keeps values, in the words of each InfluxDB. Durations are nanoseconds, 0 is for ever."""

from andon.common.reading import NS_PER_S

HOUR = 3600 * NS_PER_S
DAY = 24 * HOUR
YEAR = 364 * DAY
SHORTEST = HOUR
"""No InfluxDB keeps values for less."""


def shard(keep: int, *, few: bool = False) -> int:
    """How much of time lies in one shard, as InfluxDB itself chooses: shards are deleted whole.

    It is told with every change, for none may be longer than what is kept. few: values are so few, as one an hour, that
    a year of them belongs into one: to open 52 shards takes nine times as long as to read what is in them.
    """
    if few and (keep == 0 or keep >= 2 * YEAR):
        return YEAR
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
