"""Pace: an import ends when somebody cancels it, wherever that finds it."""

import asyncio
from contextlib import suppress

import pytest

from andon.common import subjects
from andon.common.bus import Bus
from andon.ingest.imports import pace
from andon.ingest.imports.pace import Pace
from andon.ingest.publish import Publisher


class Losing:
    """Answers of NATS of which the first comes together with a cancellation, that is lost: as in Python 3.11."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()

    async def answer(self, *_: object) -> int:
        if not self.asked.is_set():
            self.asked.set()
            with suppress(asyncio.CancelledError):
                await asyncio.Event().wait()
            return 0
        return 1


async def test_who_cancels_while_a_batch_is_published_is_heeded(bus: Bus, monkeypatch: pytest.MonkeyPatch) -> None:
    publisher, nats = Publisher(bus), Losing()
    monkeypatch.setattr(publisher, "until_stored", nats.answer)
    found, published = Pace(bus, publisher), list[int]()

    async def publish() -> None:
        for data in (b"one", b"two"):
            published.append(await found.publish(subjects.telemetry(0), data))

    publishing = asyncio.create_task(publish())
    await nats.asked.wait()
    publishing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await publishing
    assert len(published) == 1, "what the stream has by then is known"


async def test_who_cancels_while_the_store_is_waited_for_is_heeded(bus: Bus, monkeypatch: pytest.MonkeyPatch) -> None:
    publisher, nats = Publisher(bus), Losing()
    found = Pace(bus, publisher)
    found._ahead.append(1)
    monkeypatch.setattr(pace, "floor", nats.answer)
    waiting = asyncio.create_task(found.finish())
    await nats.asked.wait()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
