"""What to do about an offender, from its own history. Pure.

Whatever is told has its numbers, and only promises what the journal can show: an alarm that cleared and came back
within the longer off-delay would have been one, and a spell shorter than the longer on-delay would have been none.
"""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from andon.alerting.kpis.columns import Numbers
from andon.alerting.kpis.offenders import Offender
from andon.common.reading import NS_PER_S

Advise: TypeAlias = Callable[[Offender], str]
"""Says what would help against an offender, '' for nothing; the room of backtests has a better one."""

ENOUGH = 0.8
"""A delay is worth its name if so much is gone by it."""
ON_DELAYS = (1, 2, 5, 10)
OFF_DELAYS = (5, 10, 30, 60, 120, 300, 600)
"""Seconds to choose from."""


def advise(offender: Offender) -> str:
    """One sentence, or two; '' where the journal suggests nothing."""
    found = []
    if offender.fleeting >= 3 and offender.fleeting * 2 >= len(offender.durations):
        found.append(_on_delay(offender))
    elif offender.chatter:
        found.append(_off_delay(offender))
    if offender.stale:
        days, hours = divmod(offender.stale // (3600 * NS_PER_S), 24)
        found.append(f"Active for {days} d {hours} h: review the limit, for this is a state and no alarm.")
    elif not found and offender.count >= 10 and not len(offender.acknowledged):
        found.append(f"None of {offender.count} was acknowledged: review whether anybody needs it.")
    return " ".join(found)


def _on_delay(offender: Offender) -> str:
    delay, kept = _least(offender.durations, ON_DELAYS, among=offender.fleeting)
    return (
        f"An on-delay longer by {delay} s would have kept {kept} of {len(offender.durations)} away; "
        f"the others would be told {delay} s later."
    )


def _off_delay(offender: Offender) -> str:
    total = len(offender.gaps)
    if not total:
        return "Asks again without having cleared: review the levels of its ladder, or when it realarms."
    delay, merged = _least(offender.gaps, OFF_DELAYS, among=total)
    if merged < ENOUGH * total:
        return (
            f"Chatters, and an off-delay longer by {_words(delay)} would merge {merged} of its {total} returns alone: "
            f"review the limit, or set a deadband."
        )
    share = round(100 * merged / total)
    return f"An off-delay longer by {_words(delay)} would have merged {share} % of its {total} returns."


def _least(durations: Numbers, delays: tuple[int, ...], *, among: int) -> tuple[int, int]:
    """The shortest delay that does away with enough of `among`, else the longest; and how many it does away with."""
    for delay in delays:
        gone = int(np.count_nonzero(durations < delay * NS_PER_S))
        if gone >= ENOUGH * among:
            break
    return delay, gone


def _words(seconds: int) -> str:
    return f"{seconds} s" if seconds < 60 else f"{seconds // 60} min"
