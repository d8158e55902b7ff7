"""Wait for states, never for time."""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import Any

from nats.js.errors import NotFoundError

from andon.common import subjects
from andon.common.bus import Bus

ANSWER_SECONDS = 40.0
"""How long a story waits for an answer of HTTP: a machine may do much else meanwhile."""
STATE_SECONDS = 20.0
"""How long for a state or a message; less than the 30 s after which services try again what went amiss by themselves.

Where a story tells how soon something must happen, it has a bound of its own.
"""
SOONEST, LATEST = 0.02, 0.1
"""Seconds between two looks: at first, and in a long wait, where looking often would take the time it waits for."""


async def eventually(
    probe: Callable[[], Awaitable[Any] | Any], *, timeout: float = STATE_SECONDS, what: str = ""
) -> Any:
    """Ask `probe` until its answer is true, and return that; an AssertionError in it counts as 'not yet'.

    Raises:
        AssertionError: not within `timeout` seconds; carries the last answer.
    """
    begun = time.monotonic()
    last: object = None
    while (waited := time.monotonic() - begun) < timeout:
        try:
            answer = probe()
            if inspect.isawaitable(answer):
                answer = await answer
            if answer:
                return answer
            last = answer
        except AssertionError as error:
            last = error
        await asyncio.sleep(min(max(SOONEST, waited / 10), LATEST))
    raise AssertionError(f"not within {timeout} s: {what or probe}; last: {last!r}")


async def all_acknowledged(bus: Bus, durable: str) -> bool:
    """Whether a durable has acknowledged all telemetry that was published.

    Compares numbers: the server counts a consumer's `num_pending` a moment after the stream's acknowledgement, so that
    a zero may only mean that it has not looked yet.
    """
    last = (await bus.js.stream_info(subjects.TELEMETRY)).state.last_seq
    try:
        floor = (await bus.js.consumer_info(subjects.TELEMETRY, durable)).ack_floor
    except NotFoundError:  # the reader has not come so far
        return False
    return (floor.stream_seq if floor else 0) >= last
