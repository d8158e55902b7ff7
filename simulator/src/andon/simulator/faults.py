"""Faults: what goes wrong with sensors and machines, as pure functions of time.

A fault begins, lasts and ends by itself. It distorts what a healthy machine would show, so a sensor that sticks knows
what it last showed without having been watched.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

import msgspec

from andon.common.plant import Sensor
from andon.common.reading import Value
from andon.simulator.machine import Machine
from andon.simulator.signals import hiss, seed_of

_RISE, _HOLD = 0.4, 0.8  # shares of a drift: it rises, holds, and returns
_UNREST = 0.004  # noise of a drifted value, so that it does not look stuck


class FaultKind(StrEnum):
    """Ways to go wrong."""

    DRIFT = "drift"
    STUCK = "stuck"
    SPIKE = "spike"
    DROP_OUT = "drop-out"
    CLOCK_SKEW = "clock-skew"


class Fault(msgspec.Struct, frozen=True):
    """One fault. Without `key` the whole machine is meant (drop-out, clock skew).

    `start` in seconds since 1970; `to` is the value a drift or a spike reaches, or the seconds a clock is wrong by.
    """

    machine: str
    key: str
    kind: FaultKind
    start: float
    seconds: float
    to: float = 0.0

    def active(self, t: float) -> bool:
        """Whether it is there at `t`."""
        return self.start <= t < self.start + self.seconds


class Report(NamedTuple):
    """What a machine says: `ts` in milliseconds since 1970 by its own clock."""

    path: str
    ts: int
    values: dict[str, Value]


def report(machine: Machine, t: float, faults: Iterable[Fault]) -> Report | None:
    """What the machine says at `t` with these faults; None when it says nothing."""
    values, clock = dict(machine.values(t)), t
    for fault in faults:
        if fault.machine != machine.path or not fault.active(t):
            continue
        if fault.kind is FaultKind.CLOCK_SKEW:
            clock += fault.to
        elif not fault.key:  # all that befalls a whole machine, save its clock, silences it
            return None
        elif fault.key in values:
            _distort(values, fault, machine, t)
    return Report(machine.path, round(clock * 1000), values) if values else None


def drift_share(progress: float) -> float:
    """How far a drift has come, in [0, 1], at `progress` of its time."""
    if progress < _RISE:
        return progress / _RISE
    return 1.0 if progress < _HOLD else (1 - progress) / (1 - _HOLD)


def worst_of(sensor: Sensor) -> float:
    """A value that is clearly wrong for a sensor: a little beyond its outermost limit; 100 when it has none."""
    limits = sensor.limits
    high = limits.hh if limits.hh is not None else limits.h
    if high is not None:
        return beyond(high, upwards=True)
    low = limits.ll if limits.ll is not None else limits.l
    return 100.0 if low is None else beyond(low, upwards=False)


def beyond(limit: float, *, upwards: bool) -> float:
    """A value 8 % beyond a limit."""
    step = 0.08 * (abs(limit) or 1.0)
    return limit + step if upwards else limit - step


def _distort(values: dict[str, Value], fault: Fault, machine: Machine, t: float) -> None:
    healthy = values[fault.key]
    if fault.kind is FaultKind.DROP_OUT:
        del values[fault.key]
    elif fault.kind is FaultKind.STUCK:
        values[fault.key] = machine.values(fault.start)[fault.key]
    elif isinstance(healthy, float):  # only numbers drift and spike
        share = 1.0 if fault.kind is FaultKind.SPIKE else drift_share((t - fault.start) / fault.seconds)
        target = fault.to * (1 + _UNREST * hiss(seed_of(fault.machine + fault.key), round(t * 1000)))
        decimals = next(s.decimals for s in machine.sensors if s.key == fault.key)
        values[fault.key] = round(healthy + share * (target - healthy), decimals)
