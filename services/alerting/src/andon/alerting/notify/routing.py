"""Routing: whom a transition or a step of an escalation calls. Pure; times are UTC nanoseconds.

    intent ──rule's channels──> messages (step 0)
       └────rule's policy────> messages (step 1, 2 ...; quiet hours, groups) and an escalation that goes on

A silence holds back what would call; quiet hours what is not severe enough. Both are messages that are `muted`, to be
seen, and not nothing.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from andon.alerting.alarm.state import Severity
from andon.alerting.notify.book import Book
from andon.alerting.notify.policy import Plan, PolicyDraft
from andon.alerting.rules.calendar import FOREVER
from andon.common.times import ns_to_iso, parse_duration

LATE = 30 * 10**9
"""A step this overdue was held up by us; those after it keep their distance to it."""


class Message(msgspec.Struct, frozen=True):
    """One message to one channel. shown: the step as people read it, 0 for who is told with the alarm.

    policy, rank: whose step it is, '' for none, and how severe the alarm was when it was called for.
    bundle, wait: what it may be merged with, and how long it waits for that.
    until: muted until then. held: muted until a silence ends. error: why it cannot be sent at all.
    """

    channel: str
    step: int = 0
    repeat: int = 0
    shown: int = 0
    policy: str = ""
    rank: int = 0
    bundle: str = ""
    wait: int = 0
    until: int | None = None
    held: bool = False
    reason: str | None = None
    error: str | None = None

    @property
    def state(self) -> str:
        """The state it begins in."""
        if self.error:
            return "failed"
        return "muted" if self.held or self.until is not None else "pending"


class Escalation(msgspec.Struct, frozen=True):
    """What comes next: a step of a round, and when. began: from when on the steps count."""

    policy: str
    step: int
    repeat: int
    began: int
    due: int
    held: bool = False


class Routed(msgspec.Struct, frozen=True):
    """Who is told now, and how it goes on; escalation None ends it."""

    messages: list[Message]
    escalation: Escalation | None = None


def call(alarm: Mapping[str, Any], channels: Iterable[str], policy: str | None, book: Book, now: int) -> Routed:
    """Who is called for an alarm that asks for attention."""
    silence = book.silenced(alarm, now)
    names = list(dict.fromkeys(channels))
    messages = [_to_channel(name, book, silence) for name in names]
    found = book.policy(policy) if policy else None
    if policy is None:
        return Routed(messages)
    if found is None:
        return Routed([*messages, _without_policy(policy, 1, 0)])
    first = Escalation(policy, 1, 0, now, now + found[1].afters[0])
    if silence is not None:
        return Routed(messages, msgspec.structs.replace(first, due=silence, held=True))
    if first.due > now:
        return Routed(messages, first)
    called = go_on(alarm, first, book, now)
    return Routed(messages + [m for m in called.messages if m.channel not in names], called.escalation)


def go_on(alarm: Mapping[str, Any], escalation: Escalation, book: Book, now: int) -> Routed:
    """Who is called next, now that a step is due. The alarm is still unacknowledged."""
    found = book.policy(escalation.policy)
    if found is None:
        return Routed([_without_policy(escalation.policy, escalation.step, escalation.repeat)])
    policy, plan = found
    if escalation.step > len(plan.afters):  # the policy had more steps when this one was planned
        escalation = msgspec.structs.replace(escalation, step=1, repeat=escalation.repeat + 1)
    silence = book.silenced(alarm, now)
    if silence is not None:
        return Routed([], _postponed(escalation, silence, held=True))
    step, repeat = escalation.step, escalation.repeat
    if escalation.held and (step, repeat) == (1, 0) and plan.afters[0]:
        return Routed([], Escalation(escalation.policy, 1, 0, now, now + plan.afters[0]))  # as if it came just now
    quiet = quiet_until(policy, Severity(alarm["severity"]).rank, book, now)
    if quiet is not None and (step, repeat) != (1, 0):
        return Routed([], _postponed(escalation, quiet))
    began = _timetable(escalation, plan, now)
    messages, reached = list[Message](), False
    while not reached and plan.due(began, step, repeat) is not None and repeat == escalation.repeat:
        messages += _of_step(found, alarm, (step, repeat), book, now, quiet)
        reached = any(not message.error for message in messages)
        step, repeat = plan.following(step, repeat)  # where a step reaches nobody, the next one is called at once
    if quiet is not None:
        began = quiet - plan.afters[0]
    due = None if quiet == FOREVER else plan.due(began, step, repeat)
    return Routed(messages, None if due is None else Escalation(escalation.policy, step, repeat, began, due))


def news(messages: Iterable[Message], book: Book, now: int) -> list[Message]:
    """What those hear who were called already: by night no more than what they would be called for by night."""
    return [_at_rest(message, book, now) for message in messages]


def _at_rest(message: Message, book: Book, now: int) -> Message:
    found = book.policy(message.policy) if message.policy and message.until is None else None
    quiet = quiet_until(found[0], message.rank, book, now) if found else None
    return message if found is None or quiet is None else _quietly(message, found[0], quiet)


def _quietly(message: Message, policy: PolicyDraft, until: int) -> Message:
    told = "quiet hours without an end" if until == FOREVER else f"quiet hours until {ns_to_iso(until)}"
    return msgspec.structs.replace(message, bundle=f"quiet/{policy.name}", until=until, reason=told)


def quiet_until(policy: PolicyDraft, rank: int, book: Book, now: int) -> int | None:
    """When the quiet hours end that hold for an alarm of a rank; None outside, and where it is too severe for them.

    FOREVER where the calendar never closes: what is not severe enough is then told to nobody.
    """
    if policy.quiet is None or rank >= policy.quiet.below.rank:
        return None
    hours = book.hours(policy.quiet.calendar)
    if hours is None or not hours.is_open(now):
        return None
    return hours.next_change(now)


def _postponed(escalation: Escalation, until: int, *, held: bool = False) -> Escalation:
    return msgspec.structs.replace(escalation, due=until, held=held)


def _timetable(escalation: Escalation, plan: Plan, now: int) -> int:
    """From when on the steps count: moved with a step that was held up, so that the next one keeps its distance."""
    planned = plan.due(escalation.began, escalation.step, escalation.repeat)
    late = 0 if planned is None else now - planned
    return escalation.began + (late if escalation.held or late > LATE else 0)


def _without_policy(name: str, step: int, repeat: int) -> Message:
    """Nobody is called, for all to see."""
    return Message(name, step, repeat, step, error=f"There is no policy '{name}' any more; nobody is called")


def _to_channel(name: str, book: Book, silence: int | None) -> Message:
    if name not in book.channels:
        return Message(name, error=f"There is no channel '{name}' any more")
    if silence is not None:
        return Message(name, held=True, reason=f"silence until {ns_to_iso(silence)}")
    return Message(name)


def _of_step(  # noqa: PLR0917 - one place calls it
    found: tuple[PolicyDraft, Plan],
    alarm: Mapping[str, Any],
    which: tuple[int, int],
    book: Book,
    now: int,
    quiet: int | None,
) -> list[Message]:
    (policy, plan), (step, repeat) = found, which
    shown = step - 1 if plan.afters[0] == 0 else step
    messages: dict[str, Message] = {}
    for target in policy.steps[step - 1].to:
        name, error = _reached(target, book, now)
        message = Message(name, step, repeat, shown, policy.name, error=error)
        if error is None and quiet is not None:
            message = _quietly(message, policy, quiet)
        elif error is None and policy.group_by != "none":
            wait = parse_duration(policy.group_wait)
            message = msgspec.structs.replace(message, bundle=_bundle(policy, alarm), wait=wait)
        messages.setdefault(name, message)
    return list(messages.values())


def _reached(target: str, book: Book, now: int) -> tuple[str, str | None]:
    """The channel that a target stands for just now, and why none does."""
    name = target
    if book.is_schedule(target):
        member = book.rota(target).on_call(now)
        if member is None:
            return target, f"Nobody is on call in schedule '{target}'"
        name = member
    return name, None if name in book.channels else f"There is no channel '{name}' any more"


def _bundle(policy: PolicyDraft, alarm: Mapping[str, Any]) -> str:
    place = {"rule": alarm["rule"], "machine": alarm["asset"], "line": alarm["asset"].rpartition("/")[0]}
    return f"{policy.name}/{place[policy.group_by]}"[:400]
