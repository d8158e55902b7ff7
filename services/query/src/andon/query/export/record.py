"""Record: an export as it is told to all query services, whichever of them makes it."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from time import time
from typing import Any, Literal, TypeAlias

import msgspec

from andon.common.auth import Principal, Role
from andon.common.errors import ConflictError
from andon.common.history.span import Span, span_of
from andon.common.plant import is_below
from andon.common.reading import NS_PER_S
from andon.common.times import time_zone
from andon.query.branches import Branches
from andon.query.export.order import Format, Layout, Order, Wish, order_of

State: TypeAlias = Literal["waiting", "running", "done", "failed"]


class Record(msgspec.Struct, kw_only=True):
    """One export of one person.

    process, instance: who makes it, or has its file. wish: what was asked for, to make it again where they are gone.
    assets: paths of the machines in it. start, end, reached, kept_since: UTC nanoseconds, as in `Order` and `Progress`.
    made, began, ended: epoch seconds, 0 before. attempt: how often it was begun. fetched: its file was asked for.
    """

    id: str
    process: str
    instance: str
    owner: Principal
    wish: dict[str, Any]
    name: str
    format: Format
    layout: Layout
    sensors: int
    assets: list[str]
    start: int
    end: int
    kept_since: int = 0
    state: State = "waiting"
    detail: str = ""
    samples: int = 0
    bytes: int = 0
    reached: int = 0
    made: float = 0.0
    began: float = 0.0
    ended: float = 0.0
    attempt: int = 1
    fetched: bool = False


encode = msgspec.json.encode
_decoder = msgspec.json.Decoder(Record)


def readable(data: bytes) -> Record | None:
    """Record from the bucket; None where the bytes are none."""
    with suppress(msgspec.DecodeError):
        return _decoder.decode(data)
    return None


def absolute(wish: Wish) -> Wish:
    """The same range in times that stay what they are, whenever they are read.

    Raises:
        InvalidError: no range.
    """
    span = span_of(wish.from_, wish.to, time_zone(wish.tz))
    return wish.model_copy(update={"from_": _moment(span.start), "to": _moment(span.end)})


def _moment(ns: int) -> str:
    """As exact as ISO 8601 is read here."""
    seconds, rest = divmod(ns, NS_PER_S)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest // 1000).isoformat()


def record_of(name: str, wish: Wish, order: Order, owner: Principal, *, process: str, instance: str) -> Record:
    """A new export, of what `absolute` made of a wish."""
    return Record(
        id=name,
        process=process,
        instance=instance,
        owner=owner,
        wish=wish.model_dump(by_alias=True),
        name=order.name,
        format=order.format,
        layout=order.layout,
        sensors=order.sensors,
        assets=sorted({column.asset.path for column in order.columns}),
        start=order.span.start,
        end=order.span.end,
        kept_since=order.kept_since,
        reached=order.span.start,
        made=time(),
    )


def order_again(record: Record, branches: Branches, kept_since: int) -> Order:
    """What a record asks for, of the plant as it is now.

    Raises:
        NotFoundError: a sensor is gone. InvalidError: it cannot be made any more.
    """
    found = order_of(Wish.model_validate(record.wish), branches, record.owner.scope, kept_since)
    return replace(found, span=Span(record.start, record.end), name=record.name)


def may_see(record: Record, caller: Principal) -> bool:
    """Its owner, and admins; as long as they may see what is in it."""
    mine = caller.id == record.owner.id or caller.role >= Role.ADMIN
    return mine and all(is_below(path, caller.scope) for path in record.assets)


def require_done(record: Record) -> None:
    """Go on only where there is a file.

    Raises:
        ConflictError: it is not done.
    """
    if record.state != "done":
        failed = f"The export has failed: {record.detail}"
        raise ConflictError(failed if record.state == "failed" else f"The export is {record.state} yet")
