"""What a machine of another type shows no more of its history, in sentences. Pure."""

from collections.abc import Iterable

from andon.common.plant import Sensor


def lost(path: str, before: Iterable[Sensor], after: Iterable[Sensor]) -> list[str]:
    """A sentence where a machine has not all the sensors it had."""
    there = {sensor.key for sensor in after}
    keys = ", ".join(sensor.key for sensor in before if sensor.key not in there)
    return [f"machine {path} loses {keys}: what they said stays stored, and is not shown"] if keys else []


def other_datatypes(path: str, before: Iterable[Sensor], after: Iterable[Sensor]) -> list[str]:
    """A sentence for each sensor of a machine that has another datatype than before."""
    had = {sensor.key: sensor.datatype for sensor in before}
    return [
        f"machine {path}: '{now.key}' was a {had[now.key]} and is a {now.datatype} now; "
        f"what it said as a {had[now.key]} stays stored, and is not shown"
        for now in after
        if had.get(now.key, now.datatype) != now.datatype
    ]
