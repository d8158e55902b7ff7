"""Places: a row that is made again lies where it lay, though its machine has had another type then.

A row of the same window under the measurement of now would stand beside the old one: all in it would count twice. So
rows keep theirs, as samples do.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from andon.common.history.history import History
from andon.common.history.joining import there
from andon.common.history.span import Span
from andon.common.history.stored import statement
from andon.common.history.tier import Tier
from andon.common.influx import measurements, quote_identifier
from andon.common.plant import Asset
from andon.query.tiers import tiers

COUNT = tiers.field("", "count").encode()

Row: TypeAlias = tuple[bytes, bytes, bytes]
"""A row that a line is to replace: the line's head (measurement and tags), the sensor's key, the time."""


@dataclass
class Places:
    """Asks InfluxDB where rows of machines lie that have had other types."""

    history: History

    async def kept(self, tier: Tier, machines: Iterable[Asset], lines: list[bytes]) -> list[bytes]:
        """The same lines of these machines, those of windows that have a row already where that is.

        Raises:
            UnavailableError: InfluxDB does not answer, or refuses.
        """
        earlier = {machine.id: machine for machine in machines if machine.earlier}
        if not earlier:
            return lines
        wanted = dict[str, dict[bytes, Span]]()
        for head, span in _spans(lines).items():
            machine = earlier.get(_asset(head))
            names = () if machine is None else measurements(machine, span.start)
            for name in names if len(names) > 1 else ():
                wanted.setdefault(name, {})[head] = span
        old, keys = dict[Row, bytes](), {_key(line) for line in lines}
        for name, heads in wanted.items():
            for row, head in (await self._rows(tier, name, heads, keys)).items():
                if row not in old or name == _measurement(row[0]):
                    old[row] = head
        return [_with_head(line, old) for line in lines] if old else lines

    async def _rows(self, tier: Tier, name: str, heads: dict[bytes, Span], keys: set[bytes]) -> dict[Row, bytes]:
        """The heads of rows that are in a measurement, of some sensor keys."""
        by_asset = {_asset(head): head for head in heads}
        span = Span(min(one.start for one in heads.values()), max(one.end for one in heads.values()))
        counts = {tiers.field(key.decode(), "count"): key for key in sorted(keys)}
        what, by = ", ".join(map(quote_identifier, counts)), [quote_identifier("asset")]
        old = dict[Row, bytes]()
        for one in await self.history.columns(statement(what, name, span, by_asset, by=by), tier):
            head = by_asset[one.tags["asset"]]
            found = name.encode() + head[head.index(b",") :]
            for count, key in counts.items():
                times = one.times[there(one.fields[count])].tolist()
                old.update(((head, key, b"%d" % time), found) for time in times)
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
