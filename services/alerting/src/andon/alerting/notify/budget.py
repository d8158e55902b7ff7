"""Budget: how many messages a channel may send, as a bucket of tokens. Pure.

A flood of alarms must not become a flood of messages: ten go out at once, then one a minute, and what waits meanwhile
goes into that one together.
"""

import msgspec

from andon.common.reading import NS_PER_S

AT_ONCE = 10.0
EVERY = 60 * NS_PER_S


class Budget(msgspec.Struct, frozen=True):
    """`tokens` as of `at` (UTC nanoseconds); each message takes one."""

    tokens: float = AT_ONCE
    at: int = 0

    def now(self, now: int) -> "Budget":
        """As it stands at `now`; a clock that goes back gives nothing and takes nothing."""
        if now <= self.at:
            return Budget(self.tokens, now)
        return Budget(min(AT_ONCE, self.tokens + (now - self.at) / EVERY), now)

    def spend(self) -> "Budget":
        """With one token less."""
        return Budget(self.tokens - 1, self.at)

    def give_back(self) -> "Budget":
        """With the token of a message that did not arrive."""
        return Budget(min(AT_ONCE, self.tokens + 1), self.at)

    @property
    def has_one(self) -> bool:
        """Whether a message may go out."""
        return self.tokens >= 1 - 1e-9

    @property
    def is_last(self) -> bool:
        """Whether the next message is the last one for a while: if several wait, they go out as one."""
        return self.tokens < 2 - 1e-9
