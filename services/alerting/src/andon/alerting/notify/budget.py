"""Budget: how many messages a channel may send, as a bucket of tokens. Pure.

A flood of alarms must not become a flood of messages: ten go out at once, then one a minute, and what waits meanwhile
goes into that one together. Programs (webhooks) take more, and want each transition by itself: a hundred at once, then
one a second.
"""

import msgspec
from msgspec.structs import replace

from andon.alerting.channel import Channel
from andon.common.reading import NS_PER_S

AT_ONCE = 10.0
EVERY = 60 * NS_PER_S
PROGRAM_AT_ONCE = 100.0
PROGRAM_EVERY = NS_PER_S


class Budget(msgspec.Struct, frozen=True):
    """`tokens` as of `at` (UTC nanoseconds); each message takes one. most: a full bucket; every: until the next one."""

    tokens: float = AT_ONCE
    at: int = 0
    most: float = AT_ONCE
    every: int = EVERY

    def now(self, now: int) -> "Budget":
        """As it stands at `now`; a clock that goes back gives nothing and takes nothing."""
        if now <= self.at:
            return replace(self, at=now)
        return replace(self, tokens=min(self.most, self.tokens + (now - self.at) / self.every), at=now)

    def spend(self) -> "Budget":
        """With one token less."""
        return replace(self, tokens=self.tokens - 1)

    def give_back(self) -> "Budget":
        """With the token of a message that did not arrive."""
        return replace(self, tokens=min(self.most, self.tokens + 1))

    @property
    def has_one(self) -> bool:
        """Whether a message may go out."""
        return self.tokens >= 1 - 1e-9

    @property
    def is_last(self) -> bool:
        """Whether the next message is the last one for a while: if several wait, they go out as one."""
        return self.tokens < 2 - 1e-9


def is_for_programs(channel: Channel) -> bool:
    """Whether a program reads what is sent on a channel."""
    return channel.kind == "webhook"


def full(channel: Channel) -> Budget:
    """The budget of a channel on which nothing was sent yet."""
    if is_for_programs(channel):
        return Budget(PROGRAM_AT_ONCE, 0, PROGRAM_AT_ONCE, PROGRAM_EVERY)
    return Budget()
