"""Batches as the derive process reads them: in order, whatever waits to be acknowledged."""

from contextlib import aclosing

import pytest

from andon.common import subjects
from andon.common.bus import Bus
from andon.common.reading import Reading
from andon.query.derive import batches

from .conftest import publish
from .deriving import clean_up

DAY = 86_400


async def test_what_waits_for_influxdb_is_not_handed_out_again_by_time(
    bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    await clean_up(bus)
    for n in range(3):
        await publish(bus, Reading("p1", n, {"temperature": 1.0}))
    with monkeypatch.context() as before:
        before.setattr(batches, "ACK_WAIT", 600.0)  # as a release before had it
        async with aclosing(batches.batches(bus, subjects.DERIVE_DURABLE)) as found:
            assert (await anext(found)).metadata.sequence.stream == 1
    async with aclosing(batches.batches(bus, subjects.DERIVE_DURABLE)) as found:
        assert [(await anext(found)).metadata.sequence.stream for _ in range(3)] == [1, 2, 3]
        config = (await bus.js.consumer_info(subjects.TELEMETRY, subjects.DERIVE_DURABLE)).config
        assert (config.ack_wait or 0) > 30 * DAY
