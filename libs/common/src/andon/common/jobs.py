"""Jobs: how tasks that run beside others are ended."""

import asyncio
from typing import Any

ASK_AGAIN_SECONDS = 4.0
"""Longer than any job takes to end in order."""


async def end(*jobs: asyncio.Future[Any], ask_again: float = ASK_AGAIN_SECONDS) -> None:
    """Cancel jobs, and wait until each has ended.

    They are asked again every `ask_again` seconds, for `asyncio.wait_for` of Python 3.11 loses a cancellation that
    arrives together with what it waits for.
    """
    pending = set(jobs)
    while pending:
        for job in pending:
            job.cancel()
        _, pending = await asyncio.wait(pending, timeout=ask_again)
    for job in jobs:
        if not job.cancelled():
            job.exception()  # taken note of: whoever ends a job no longer asks for its outcome
