"""Jobs: how tasks that run beside others are ended."""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any, TypeVar

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


def heed() -> None:
    """End here if this job is to end: for those that wait for NATS again and again, and would miss the word of it.

    A cancellation that `asyncio.wait_for` has lost is still counted. Not for where a TaskGroup may have failed before:
    in Python 3.11 it leaves one counted that was never meant.

    Raises:
        CancelledError: it is to end.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


async def together(work: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """What all of them return, in their order; or the first error of theirs, and then none goes on.

    No TaskGroup: in Python 3.11 it leaves a task whose group failed counted as cancelled, and then no `asyncio.timeout`
    around it says TimeoutError any more.
    """
    tasks = [asyncio.ensure_future(one) for one in work]
    try:
        if tasks:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        for task in tasks:
            if task.done():
                task.result()  # the error, if it is this one's
        return [task.result() for task in tasks]
    finally:
        await end(*tasks)
