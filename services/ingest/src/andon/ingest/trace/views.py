"""Views: how a traced value is shown: each message it came by, and how long it took from hop to hop."""

import base64
import codecs
from typing import Literal

from pydantic import BaseModel, Field

from andon.common import topics
from andon.common.answer import Answer
from andon.common.reading import NS_PER_MS
from andon.common.times import ns_to_iso
from andon.common.wire import RawBatch, RawMessage, Source
from andon.ingest.trace.said import Said

SHOWN = 64 * 1024
"""Bytes of a payload shown."""


class Hop(BaseModel):
    """One place on the way: when it was there (ISO 8601), and milliseconds since the hop before."""

    name: Literal["measured", "arrived", "published", "stored"]
    at: str
    after_ms: float | None


class MessageView(BaseModel):
    """One message that a value came by.

    source: by which way. counts: whether it is the newest of them, so that its value is the one that is stored.
    devices: who speaks for the machine now; MQTT does not tell who sent. by: who sent it, where that is known.
    note: what that person wrote beside it.
    topic: under which it came; empty for other ways than MQTT.
    payload: the first 64 KiB, as text, or base64 where it is no UTF-8; size: bytes of all of it.
    rule: how it became a reading. form: of the payload. value: what it says of the sensor; null where the plant has
    changed since, so that it cannot be read any more.
    names_time: whether the message said when; else its arrival stands for it.
    sequence: number of its batch in the stream TELEMETRY. hops: in order; `stored` is missing where it is not known.
    """

    source: Source
    counts: bool
    devices: list[str]
    by: str
    note: str
    topic: str
    payload: str
    encoding: Literal["utf-8", "base64"]
    size: int
    rule: str
    form: str
    value: float | bool | str | None
    names_time: bool
    sequence: int
    hops: list[Hop]


class TraceView(Answer):
    """Where a value came from.

    value: as it is stored; null where it is not, or not yet, or InfluxDB does not answer.
    items: the messages it came by, newest first, 20 at most.
    complete: false where looking was given up, or there are more; there may be older or newer copies then.
    kept_since: when the oldest message came that is still kept.
    expression, follows_from: of a calculated sensor, which no message brings: trace those sensors in their turn.
    """

    sensor: str
    ts: str
    value: float | bool | str | None
    items: list[MessageView]
    complete: bool
    kept_since: str | None
    expression: str = ""
    follows_from: list[str] = Field(default=[])


def view(
    batch: RawBatch, message: RawMessage, what: Said, stored: int | None, *, counts: bool, devices: list[str]
) -> MessageView:
    """A message as people see it."""
    payload, encoding = _shown(message.payload)
    return MessageView(
        source=batch.source,
        counts=counts,
        devices=devices,
        by=message.by,
        note=what.note,
        topic=topics.plain(message.topic).decode(errors="replace"),
        payload=payload,
        encoding=encoding,
        size=message.size or len(message.payload),
        rule=what.rule,
        form=what.form,
        value=what.value,
        names_time=what.named,
        sequence=batch.sequence,
        hops=_hops(what.time, message.arrived, batch.published, stored),
    )


def _hops(measured: int, arrived: int, published: int, stored: int | None) -> list[Hop]:
    hops, before = [Hop(name="measured", at=ns_to_iso(measured), after_ms=None)], measured
    later: tuple[tuple[Literal["arrived", "published", "stored"], int | None], ...] = (
        ("arrived", arrived),
        ("published", published),
        ("stored", stored),
    )
    for name, at in later:
        if at is not None:
            hops.append(Hop(name=name, at=ns_to_iso(at), after_ms=round((at - before) / NS_PER_MS, 3)))
            before = at
    return hops


def _shown(payload: bytes) -> tuple[str, Literal["utf-8", "base64"]]:
    shown = payload[:SHOWN]
    try:  # what is cut off in the middle of a character is text all the same
        return codecs.getincrementaldecoder("utf-8")().decode(shown, final=len(shown) == len(payload)), "utf-8"
    except UnicodeDecodeError:
        return base64.b64encode(shown).decode(), "base64"
