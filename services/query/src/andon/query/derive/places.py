"""Places: a row that is made again lies where it lay, though its machine has moved or changed its type since.

To InfluxDB it is another series then, and a row of the same window under its new measurement and tags would stand
beside the old one: all in it would count twice. So rows keep theirs, as samples do.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from andon.common.influx import TAGS, Influx, measurements, quote_identifier, quote_string, quote_tag
from andon.common.plant import Asset
from andon.query.history.history import History, Span
from andon.query.history.joining import there
from andon.query.history.stored import statement
from andon.query.tiers import tiers
from andon.query.tiers.tiers import Tier

COUNT = tiers.field("", "count").encode()
AT_ONCE = 200
"""Machines in one statement."""

Row: TypeAlias = tuple[bytes, bytes, bytes]
"""A row that a line is to replace: the line's head (measurement and tags), the sensor's key, the time."""


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

    async def kept(self, tier: Tier, machines: Iterable[Asset], lines: list[bytes]) -> list[bytes]:
        """The same lines of these machines, those of windows that have a row already where that is.

        Raises:
            UnavailableError: InfluxDB does not answer, or refuses.
        """
        spans, keys = _spans(lines), {_key(line) for line in lines}
        await self._look(tier, [head for head in spans if self.known.get((tier.name, _asset(head))) != head])
        earlier = {machine.id: machine for machine in machines if machine.earlier}
        wanted = dict[str, dict[bytes, Span]]()
        for head, span in spans.items():
            machine, own = earlier.get(_asset(head)), _measurement(head)
            names = (own,) if machine is None else measurements(machine, span.start)
            if len(names) > 1 or (tier.name, _asset(head)) in self.moved:
                for name in names:
                    wanted.setdefault(name, {})[head] = span
        old = dict[Row, bytes]()
        for name, heads in wanted.items():
            for row, head in (await self._rows(tier, name, heads, keys)).items():
                if row not in old or name == _measurement(row[0]):
                    old[row] = head
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

    async def _rows(self, tier: Tier, name: str, heads: dict[bytes, Span], keys: set[bytes]) -> dict[Row, bytes]:
        """The heads of rows that are in a measurement, of some sensor keys."""
        by_asset = {_asset(head): head for head in heads}
        span = Span(min(one.start for one in heads.values()), max(one.end for one in heads.values()))
        counts = {tiers.field(key.decode(), "count"): key for key in sorted(keys)}
        what, tags = ", ".join(map(quote_identifier, counts)), map(quote_identifier, TAGS)
        old = dict[Row, bytes]()
        for one in await self.history.columns(statement(what, name, span, by_asset, by=tags), tier):
            head = by_asset[one.tags["asset"]]
            found = f"{name},{','.join(f'{tag}={one.tags[tag]}' for tag in sorted(TAGS) if one.tags[tag])}".encode()
            for count, key in counts.items():
                times = one.times[there(one.fields[count])].tolist()
                rows = [(head, key, b"%d" % time) for time in times]
                old.update((row, found) for row in rows if found != head or row not in old)
        return old


def _spans(lines: Iterable[bytes]) -> dict[bytes, Span]:
    """From the first to the last window of each machine, by the head of its lines."""
    found = dict[bytes, Span]()
    for line in lines:
        head, time = line[: line.index(b" ")], int(line[line.rindex(b" ") + 1 :])
        before = found.get(head, Span(time, time))
        found[head] = Span(min(before.start, time), max(before.end, time + 1))
    return found


def _with_head(line: bytes, old: dict[Row, bytes]) -> bytes:
    end = line.index(b" ")
    head = old.get((line[:end], _key(line), line[line.rindex(b" ") + 1 :]))
    return line if head is None else head + line[end:]


def _key(line: bytes) -> bytes:
    """The sensor's key: a row begins with its count."""
    begin = line.index(b" ") + 1
    return line[begin : line.index(b"=", begin)].removesuffix(COUNT)


def _measurement(head: bytes) -> str:
    """Slugs alone stand in a head, so nothing in it is escaped."""
    return head[: head.index(b",")].decode()


def _asset(head: bytes) -> str:
    return next(tag for tag in head.decode().split(",") if tag.startswith("asset=")).removeprefix("asset=")
