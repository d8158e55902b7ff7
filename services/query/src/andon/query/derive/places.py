"""Places: a row that is made again lies where it lay, though its machine has moved since.

To InfluxDB a machine that moved is another series, and a row of the same window under its new tags would stand beside
the old one: all in it would count twice. So rows keep their tags, as samples do.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from andon.common.influx import TAGS, Influx, quote_identifier, quote_string, quote_tag
from andon.query.history.history import History, Span
from andon.query.tiers.tiers import Tier

AT_ONCE = 200
"""Machines in one statement."""


@dataclass
class Places:
    """Knows which machines have rows under other tags than their own, and asks InfluxDB where their rows lie.

    known: by tier and machine the head of its lines (measurement and tags) when it was looked at last.
    moved: those of them that have rows of another head.
    """

    history: History
    influx: Influx
    known: dict[tuple[str, str], bytes] = field(default_factory=dict)
    moved: set[tuple[str, str]] = field(default_factory=set)

    async def kept(self, tier: Tier, lines: list[bytes]) -> list[bytes]:
        """The same lines, those of windows that have a row already with the tags of that.

        Raises:
            UnavailableError: InfluxDB does not answer, or refuses.
        """
        spans = _spans(lines)
        await self._look(tier, [head for head in spans if self.known.get((tier.name, _asset(head))) != head])
        old = dict[tuple[bytes, bytes], bytes]()
        for head, span in spans.items():
            if (tier.name, _asset(head)) in self.moved:
                old |= await self._rows(tier, head, span)
        return [_with_head(line, old) for line in lines] if old else lines

    async def _look(self, tier: Tier, heads: list[bytes]) -> None:
        """Which of these machines have moved."""
        if heads and (await self.influx.version()).lists_series:
            for at in range(0, len(heads), AT_ONCE):
                some = heads[at : at + AT_ONCE]
                which = " OR ".join(f"{quote_tag('asset')} = {quote_string(_asset(head))}" for head in some)
                names = ", ".join(quote_identifier(name) for name in sorted({_measurement(head) for head in some}))
                (found,) = await self.history.ask(f"SHOW SERIES FROM {names} WHERE {which}", tier=tier)
                series = {row[0].encode() for one in found for row in one.rows} - set(some)
                current = {_asset(head) for head in some}
                self.moved -= {(tier.name, asset) for asset in current}
                self.moved |= {(tier.name, _asset(one)) for one in series}
        self.known |= {(tier.name, _asset(head)): head for head in heads}

    async def _rows(self, tier: Tier, head: bytes, span: Span) -> dict[tuple[bytes, bytes], bytes]:
        """By head and time of a line the head of the row that is there, where that is another one."""
        statement = (
            f"SELECT /__count$/ FROM {quote_identifier(_measurement(head))}"  # noqa: S608 - quoted
            f" WHERE {quote_tag('asset')} = {quote_string(_asset(head))}"
            f" AND time >= {span.start} AND time < {span.end} GROUP BY {', '.join(map(quote_identifier, TAGS))}"
        )
        old = dict[tuple[bytes, bytes], bytes]()
        for one in await self.history.columns(statement, tier):
            tags = ",".join(f"{tag}={one.tags[tag]}" for tag in sorted(TAGS) if one.tags[tag])
            if (found := f"{_measurement(head)},{tags}".encode()) != head:
                old |= {(head, b"%d" % time): found for time in one.times.tolist()}
        return old


def _spans(lines: Iterable[bytes]) -> dict[bytes, Span]:
    """From the first to the last window of each machine, by the head of its lines."""
    found = dict[bytes, Span]()
    for line in lines:
        head, time = line[: line.index(b" ")], int(line[line.rindex(b" ") + 1 :])
        before = found.get(head, Span(time, time))
        found[head] = Span(min(before.start, time), max(before.end, time + 1))
    return found


def _with_head(line: bytes, old: dict[tuple[bytes, bytes], bytes]) -> bytes:
    end = line.index(b" ")
    head = old.get((line[:end], line[line.rindex(b" ") + 1 :]))
    return line if head is None else head + line[end:]


def _measurement(head: bytes) -> str:
    """Slugs alone stand in a head, so nothing in it is escaped."""
    return head[: head.index(b",")].decode()


def _asset(head: bytes) -> str:
    return next(tag for tag in head.decode().split(",") if tag.startswith("asset=")).removeprefix("asset=")
