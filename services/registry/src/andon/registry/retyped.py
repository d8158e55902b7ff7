"""A machine that is given another type: how often, and what it shows no more of its history, in sentences. Pure."""

from collections.abc import Iterable

from andon.common.errors import InvalidError
from andon.common.plant import Sensor

MOST = 50
"""Types a machine may ever have, none counting as one: its whole history is asked for in the measurement of each."""


def check_number(path: str, measurements: Iterable[str]) -> None:
    """Refuse one type too many; `measurements` are those of all types a machine has had, with the next one.

    Raises:
        InvalidError: says what can be done instead.
    """
    if len(set(measurements)) > MOST:
        raise InvalidError(
            f"type: machine {path} has had {MOST} types, and its history lies with each of them; "
            "give it one of these again, or add another machine"
        )


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
