"""Quotas: how much one device may send, and for how long it is kept out when it sends more. Pure.

A token bucket: so much per second, and on top a burst of one second's worth. What was sent is known a moment after it
came, so a bucket can be in debt; whoever is, stays out until that is paid and a little is there to go on with. So a
device that sends far too much is slowed to about its quota, in small helpings, and its neighbours wait for none of them
long. Times are seconds of a clock that only goes forward.
"""

import math
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

LINE_STEPS = 3
"""Slugs in the path of a line."""
WIDE = 10
BURST_SECONDS = 1.0
HELPING_SECONDS = 0.3
"""What is there for a device that comes in again."""
SHORTEST, SHORTEST_IF_USELESS, LONGEST = 1.0, 5.0, 300.0
"""Seconds a device is kept out."""
REFUSED_BURST_SECONDS = 20.0
FORGIVEN_SECONDS = 600.0
"""Who is let in and behaves for so long has a clean record."""
SHORTEST_RATE_SECONDS = 0.2
"""A rate is taken over so long at least."""
SMOOTHING_SECONDS = 2.0
FADING_SECONDS = 10.0


@dataclass(frozen=True)
class Quota:
    """What a device may send in a second."""

    messages: float
    bytes: float
    refused: float
    refused_bytes: float


@dataclass
class Bucket:
    """`rate` tokens come in a second, up to `burst`; `level` below 0 is debt."""

    rate: float
    burst: float
    at: float
    level: float = field(init=False)

    def __post_init__(self) -> None:
        self.level = self.burst

    def take(self, tokens: float, now: float) -> None:
        """Take what was sent up to now, however long that took."""
        self.level = min(self.burst, self.level + (now - self.at) * self.rate - tokens)
        self.at = now

    @property
    def ready_in(self) -> float:
        """Seconds until its debt is paid and a helping is there."""
        return HELPING_SECONDS - self.level / self.rate

    def help(self) -> None:
        """A helping is there, whatever was owed."""
        self.level = max(self.level, self.rate * HELPING_SECONDS)


@dataclass(frozen=True)
class Verdict:
    """Keep a device out: why, as a predicate of which it is the subject, and how many seconds."""

    reason: str
    seconds: float


class Meter:
    """What one device sends, held against its quota."""

    def __init__(self, quota: Quota, now: float) -> None:
        self.quota = quota
        self.rate = self.bytes_rate = 0.0
        self.fastest = 0.0
        """Messages in a second, a short while ago; what becomes of them is known only later."""
        self.times = self.useless_times = 0
        self._good_from = now
        self._recent, self._at = (0, 0), now
        self._messages = Bucket(quota.messages, quota.messages * BURST_SECONDS, now)
        self._bytes = Bucket(quota.bytes, quota.bytes * BURST_SECONDS, now)
        self._refused = Bucket(quota.refused, quota.refused * REFUSED_BURST_SECONDS, now)
        self._refused_bytes = Bucket(quota.refused_bytes, quota.refused_bytes * REFUSED_BURST_SECONDS, now)

    def count(self, messages: int, size: int, now: float) -> None:
        """It has sent this since it was last counted."""
        self._messages.take(messages, now)
        self._bytes.take(size, now)
        self._recent = (self._recent[0] + messages, self._recent[1] + size)
        passed = now - self._at
        if passed >= SHORTEST_RATE_SECONDS:
            messages, size = self._recent
            self.rate, self.bytes_rate = self.rate_at(now), self._smoothed(self.bytes_rate, size, passed)
            self.fastest = max(messages / passed, self.fastest * math.exp(-passed / FADING_SECONDS))
            self._recent, self._at = (0, 0), now

    def rate_at(self, now: float) -> float:
        """Messages in a second, with what came so lately that `rate` does not tell of it yet."""
        return self._smoothed(self.rate, self._recent[0], max(now - self._at, SHORTEST_RATE_SECONDS))

    @staticmethod
    def _smoothed(rate: float, sent: int, passed: float) -> float:
        return rate + (sent / passed - rate) * (1 - math.exp(-passed / SMOOTHING_SECONDS))

    def offences(self, now: float) -> int:
        """How often it was kept out, until it has behaved for ten minutes."""
        return self.times if now < self._good_from + FORGIVEN_SECONDS else 0

    def is_suspect(self, now: float) -> bool:
        """Whether it may use up its quota in a moment: it is about to, or did so lately."""
        about_to = min(b.level - b.burst / 2 for b in (self._messages, self._bytes)) < 0
        return about_to or self.offences(now) > 0

    def refuse(self, messages: float, size: float, now: float) -> None:
        """So much of what it sent could not be used."""
        self._refused.take(messages, now)
        self._refused_bytes.take(size, now)

    def judge(self, now: float) -> Verdict | None:
        """Whether it must be kept out now. Who sends what is useless stays out twice as long each time."""
        useless = self._refused.level < 0 or self._refused_bytes.level < 0
        if not useless and self._messages.level >= 0 and self._bytes.level >= 0:
            return None
        if not self.offences(now):
            self.times = self.useless_times = 0
        if useless:
            seconds = SHORTEST_IF_USELESS * 2.0 ** min(self.useless_times, 10)
            self.useless_times += 1
            return self.convict("sends what cannot be used; see its dead letters", seconds, now)
        quota, seconds = self.quota, max(self._messages.ready_in, self._bytes.ready_in)
        if self._messages.level < 0:
            reason = f"sends more messages than it may; its quota is {quota.messages:,.0f} a second"
        else:
            reason = f"sends more bytes than it may; its quota is {quota.bytes / 2**20:,.1f} MiB a second"
        return self.convict(reason, seconds, now)

    def convict(self, reason: str, seconds: float, now: float) -> Verdict:
        """A verdict, which counts."""
        verdict = Verdict(reason, min(LONGEST, max(SHORTEST, seconds)))
        self.times += 1
        self._good_from = now + verdict.seconds
        return verdict

    def remember(self, times: int, useless_times: int, good_from: float) -> None:
        """It was kept out so often already, of that so often for what could not be used; who told knows until when."""
        self.times, self.useless_times, self._good_from = times, useless_times, good_from

    def release(self, now: float) -> None:
        """It may come in again, and owes nothing."""
        for bucket in (self._messages, self._bytes, self._refused, self._refused_bytes):
            bucket.take(0, now)
            bucket.help()


@dataclass
class LineMeter:
    """What all devices of one line send, held against the line's quota."""

    path: str
    bucket: Bucket
    meters: Mapping[str, Meter]
    """By user name."""

    def count(self, messages: int, now: float) -> None:
        """They have sent this since they were last counted."""
        self.bucket.take(messages, now)

    def judge(self, now: float, at_large: Sequence[str]) -> tuple[str, Verdict] | None:
        """The fastest of those who are not kept out yet, when together they send too much."""
        if self.bucket.level >= 0 or not at_large:
            return None
        culprit = max(at_large, key=lambda username: self.meters[username].rate_at(now))
        seconds = self.bucket.ready_in
        self.bucket.help()  # or the next one would be blamed for what this one sent
        reason = f"sends most of what its line {self.path} does; the line's quota is {self.bucket.rate:,.0f} messages/s"
        return culprit, self.meters[culprit].convict(reason, seconds, now)

    def pardon(self) -> None:
        """One of them is kept out for what it sent; the others do not owe it."""
        if self.bucket.level < 0:
            self.bucket.help()


@dataclass(frozen=True)
class Quotas:
    """What devices without a quota of their own may send in a second: the device of one machine, and of a line.

    `line_messages` are for all devices of a line together as well; a device for more than one has WIDE times as many.
    """

    messages: float
    bytes: float
    line_messages: float

    def of_device(self, messages: float | None, scope: str) -> Quota:
        """The quota of a device that may send so many messages, None: as many as its part of the plant calls for.

        All else is in proportion. A fiftieth of its messages may be useless, and a tenth of its bytes; 100 messages and
        1 MiB are for everybody, and what a line may send is as much as goes without saying.
        """
        common = self._common(scope)
        useful = messages or min(common, self.line_messages)
        messages = messages or common
        size = self.bytes / self.messages
        return Quota(messages, size * messages, max(100.0, useful / 50), max(2.0**20, size * useful / 10))

    def _common(self, scope: str) -> float:
        steps = scope.count("/") + 1 if scope else 0
        if steps > LINE_STEPS:
            return self.messages
        return self.line_messages if steps == LINE_STEPS else self.line_messages * WIDE

    def line_meter(self, path: str, meters: Mapping[str, Meter], before: LineMeter | None, now: float) -> LineMeter:
        """The meter of a line. A device's own quota counts for its line too, or it would be worth nothing."""
        rate = max([self.line_messages, *(meter.quota.messages for meter in meters.values())])
        same = before is not None and before.bucket.rate == rate
        return LineMeter(path, before.bucket if before and same else Bucket(rate, rate * BURST_SECONDS, now), meters)


def verdicts(
    meters: Mapping[str, Meter], lines: Iterable[LineMeter], out: Container[str], now: float
) -> dict[str, Verdict]:
    """Who must be kept out now, by user name, of those who are not yet; `out` are."""
    at_large = {username: meter for username, meter in meters.items() if username not in out}
    found = {username: verdict for username, meter in at_large.items() if (verdict := meter.judge(now)) is not None}
    for line in lines:
        if found.keys() & line.meters.keys():
            line.pardon()
        elif (blamed := line.judge(now, [u for u in line.meters if u in at_large])) is not None:
            found[blamed[0]] = blamed[1]
    return found


def line_of(scope: str) -> str:
    """The line a scope lies in; '' for one that is wider."""
    steps = scope.split("/")
    return "/".join(steps[:LINE_STEPS]) if len(steps) >= LINE_STEPS else ""
