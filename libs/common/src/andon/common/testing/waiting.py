"""Wait for states, never for time."""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import Any


async def eventually(probe: Callable[[], Awaitable[Any] | Any], *, timeout: float = 20.0, what: str = "") -> Any:
    """Ask `probe` until its answer is true, and return that; an AssertionError in it counts as 'not yet'.

    Raises:
        AssertionError: not within `timeout` seconds; carries the last answer.
    """
    deadline = time.monotonic() + timeout
    last: object = None
    while time.monotonic() < deadline:
        try:
            answer = probe()
            if inspect.isawaitable(answer):
                answer = await answer
            if answer:
                return answer
            last = answer
        except AssertionError as error:
            last = error
        await asyncio.sleep(0.02)
    raise AssertionError(f"not within {timeout} s: {what or probe}; last: {last!r}")
