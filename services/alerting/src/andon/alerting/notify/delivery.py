"""Delivery: what becomes of a message once somebody tried to send it."""

from random import uniform

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from andon.alerting.channel import Channel
from andon.alerting.couriers.message import one_line
from andon.alerting.notify.claim import read_budget, write_budget
from andon.alerting.tables import ChannelRow, NotificationRow
from andon.common import logs, metrics
from andon.common.reading import NS_PER_S

log = logs.get("alerting.delivery")

FIRST_WAIT = 1.0
LONGEST_WAIT = 900.0
LONGEST_ASKED = 3600.0
"""Receivers may ask for so long a wait, and are not asked before."""
GIVE_UP_AFTER = 24 * 3600 * NS_PER_S
FALLBACK_TRIES = 3
FALLBACK_AFTER = 300 * NS_PER_S
"""A channel with a fallback is given up after so many tries, or so long."""
_COPIED = ("alarm_id", "number", "step", "repeat", "asset", "place", "event", "at", "rank", "bundle", "payload")


class Outcome(msgspec.Struct, frozen=True):
    """What went wrong, '' when it arrived. for_good: the receiver says that trying again is in vain.

    wait: seconds for which the receiver asks to be left alone.
    """

    wrong: str = ""
    for_good: bool = False
    wait: float = 0.0


def wait_before(attempt: int) -> float:
    """Seconds to wait after `attempt` failed tries, with jitter so that channels do not knock in step."""
    return float(min(FIRST_WAIT * 2 ** min(attempt - 1, 20), LONGEST_WAIT) * uniform(0.8, 1.2))  # noqa: S311 - not a secret


async def note(  # noqa: PLR0917 - one place calls it
    session: AsyncSession, channel: Channel, row: NotificationRow, outcome: Outcome, owner: str, now: int
) -> None:
    """Write down the outcome of one try, unless somebody else has taken the message over."""
    kept = await session.get(NotificationRow, row.id, with_for_update=True)
    if kept is None or kept.owner != owner:
        log.warning("a message took so long that another instance sends it, too", channel=channel.name)
        return
    wrong = one_line(outcome.wrong.encode(errors="backslashreplace").decode(), 500)  # as a receiver said it
    kept.attempts += 1
    kept.error = wrong or None
    kept.owner = kept.claimed_until = None
    if not outcome.wrong:
        kept.state, kept.sent_at = "sent", now
        metrics.NOTIFY_SECONDS.observe((now - kept.created_at) / NS_PER_S)
    else:
        await _failed(session, channel, kept, outcome, now)
        log.warning("a notification was not delivered", channel=channel.name, key=row.payload["key"], error=wrong)
        await write_budget(session, channel.name, (await read_budget(session, channel)).give_back())
    told = "retry" if kept.state == "pending" else kept.state
    metrics.NOTIFICATIONS.labels(channel.name, told).inc()


async def _failed(session: AsyncSession, channel: Channel, kept: NotificationRow, outcome: Outcome, now: int) -> None:
    tried_enough = outcome.for_good or kept.attempts >= FALLBACK_TRIES or now - kept.created_at >= FALLBACK_AFTER
    if tried_enough and await fall_back(session, channel, kept, now):
        await _take_along(session, channel, now)
    elif outcome.for_good or now - kept.created_at >= GIVE_UP_AFTER:
        kept.state = "failed"
    else:
        kept.state = "pending"
        wait = max(wait_before(kept.attempts), min(outcome.wait, LONGEST_ASKED))
        kept.next_at = now + round(wait * NS_PER_S)


async def fall_back(session: AsyncSession, channel: Channel, kept: NotificationRow, now: int) -> bool:
    """Hand a message to the channel's fallback, with the same key; False where it has none, or stands in itself.

    One that goes there anyway is not sent twice.
    """
    if not channel.fallback or kept.stands_in or channel.fallback == channel.name:
        return False
    if await session.scalar(select(ChannelRow.id).where(ChannelRow.name == channel.fallback)) is None:
        return False
    same = select(NotificationRow.id).where(
        NotificationRow.channel == channel.fallback,
        *(getattr(NotificationRow, name) == getattr(kept, name) for name in ("alarm_id", "number", "step", "repeat")),
    )
    if await session.scalar(same) is None:
        copied = {name: getattr(kept, name) for name in _COPIED}
        session.add(
            NotificationRow(
                **copied,
                channel=channel.fallback,
                state="pending",
                reason=f"instead of {channel.name}"[:200],
                stands_in=channel.name,
                created_at=now,
                next_at=now,
            )
        )
    kept.state, kept.reason = "superseded", f"fallback {channel.fallback}"[:200]
    return True


async def _take_along(session: AsyncSession, channel: Channel, now: int) -> None:
    """What waits on a channel that fails for as long goes to the fallback at once, too."""
    old = (
        NotificationRow.channel == channel.name,
        NotificationRow.state == "pending",
        NotificationRow.created_at <= now - FALLBACK_AFTER,
    )
    for row in (await session.scalars(select(NotificationRow).where(*old).limit(500))).all():
        await fall_back(session, channel, row, now)
    await session.flush()
