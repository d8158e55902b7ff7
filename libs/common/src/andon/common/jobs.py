"""Jobs: how tasks that run beside others are ended."""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any, TypeVar

from andon.common.errors import AndonError

T = TypeVar("T")

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


async def together(work: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """What all of them return, in their order; or the first error of theirs, and then none goes on.

    Raises:
        AndonError: that of the first to fail.
    """
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one) for one in work]
    except* AndonError as errors:
        raise errors.exceptions[0] from None
    return [task.result() for task in tasks]
