"""Counting: what the evaluation did, as metrics; a batch at a time."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from time import time_ns

from nats.aio.msg import Msg

from andon.alerting.alarm.shape import News
from andon.alerting.evaluate.verdict import Verdict
from andon.common import metrics, tracing
from andon.common.latency import passed, trip
from andon.common.reading import NS_PER_S
from andon.common.wire import Batch


@contextmanager
def timed(message: Msg) -> Iterator[None]:
    """One batch is evaluated within this block."""
    with metrics.BATCH_SECONDS.labels("evaluate").time(), tracing.handling("evaluate", (message,)):
        yield


def judged(batch: Batch) -> None:
    """A batch was held against the rules."""
    metrics.EVALUATED.inc(len(batch.readings))
    passed("judged", trip(batch), time_ns())


def written(turned: Iterable[Verdict], news: list[News]) -> list[News]:
    """These verdicts are in the database now, as that news. What was late says nothing of how long an alarm takes."""
    for one in news:
        metrics.TRANSITIONS.labels(one.verb).inc()
    took, now = metrics.READING_AGE.labels("alarm"), time_ns()
    for verdict in turned:
        if verdict.turn.raised and not verdict.late:
            took.observe(max(now - verdict.turn.at, 0) / NS_PER_S)
    return news
