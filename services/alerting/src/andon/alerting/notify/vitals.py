"""Vitals: what must be well beside the processes themselves, for a sign of life to be true.

An Andon whose processes all live, but which judges alarms late or reaches nobody, is worth no sign of life.
"""

from datetime import UTC, datetime

from nats.errors import Error as NatsError
from nats.js.errors import Error as JetStreamError
from nats.js.errors import NotFoundError
from sqlalchemy import and_, func, or_, select

from andon.alerting.database import Database
from andon.alerting.tables import NotificationRow
from andon.common import subjects
from andon.common.bus import Bus
from andon.common.reading import NS_PER_S

FAR_SECONDS = 60.0
"""Readings that have waited for so long to be judged: alarms come late by as much."""
TRIED_NS = 300 * NS_PER_S
"""A message that was tried for so long in vain tells, while no other arrives, that none does."""
REMEMBERED_NS = 3600 * NS_PER_S
"""What was given up longer ago than this proves nothing any more: somebody may have mended it, and nothing happened."""


async def behind(bus: Bus, far: float = FAR_SECONDS) -> str:
    """How late readings are judged, be it here or by another instance; '' where no later than `far` seconds.

    It is the stream that is asked: it also knows of a partition that nobody evaluates at all.
    """
    waited = 0.0
    try:
        for partition in range(bus.settings.partitions):
            waited = max(waited, await _waited(bus, partition))
    except (NatsError, JetStreamError, TimeoutError):
        return "the backbone does not say what waits to be judged"
    return f"readings wait {waited:.0f} s to be judged" if waited > far else ""


async def _waited(bus: Bus, partition: int) -> float:
    """Seconds for which the oldest reading of a partition that is not judged yet has waited."""
    partitions = bus.settings.partitions
    try:
        info = await bus.js.consumer_info(subjects.TELEMETRY, subjects.evaluate_durable(partition, partitions))
    except NotFoundError:
        return 0.0  # nobody has ever begun; the check of the evaluation says why
    if not (info.num_pending or info.num_ack_pending):
        return 0.0
    done, since = info.ack_floor.stream_seq if info.ack_floor else 0, datetime.now(UTC)
    for subject in subjects.store_filter(partition, partitions):
        try:
            oldest = await bus.js.get_msg(subjects.TELEMETRY, seq=done + 1, subject=subject, next=True)
        except NotFoundError:
            continue
        since = min(since, oldest.time or since)
    return (datetime.now(UTC) - since).total_seconds()


async def unheard(database: Database, now: int) -> str:
    """Since when no notification has arrived though some were tried; '' where one did, or none was to be sent."""
    waits = and_(NotificationRow.state == "pending", NotificationRow.created_at <= now - TRIED_NS)
    lost = and_(NotificationRow.state == "failed", NotificationRow.created_at > now - REMEMBERED_NS)
    tried = select(func.count(), func.min(NotificationRow.created_at)).where(
        NotificationRow.attempts > 0, or_(waits, lost)
    )
    async with database.read() as session:
        count, since = (await session.execute(tried)).one()
        arrived = select(NotificationRow.id).where(NotificationRow.sent_at > (since or 0)).limit(1)
        if not count or await session.scalar(arrived) is not None:
            return ""
    return f"no notification has arrived for {(now - since) // NS_PER_S} s; {count} tried in vain"
