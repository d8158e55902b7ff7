"""Raws: found by time, and when a batch was stored, however much waited before it."""

from time import time_ns

from andon.common import subjects
from andon.common.bus import Bus
from andon.common.wire import Stored, encode_stored
from andon.ingest.trace.raws import Raws


async def test_when_a_batch_was_stored_is_found_behind_a_long_backlog(bus: Bus) -> None:
    begun = time_ns()
    for number in range(1000):
        told = encode_stored(Stored(1000 + number, 10 * number, 10 * number + 9))
        await bus.publish(subjects.raw_stored(0), told, msg_id=f"{number}")
    kept = Raws(bus)
    assert [await kept.stored(0, n, begun) for n in (5, 4567, 9999)] == [1000, 1456, 1999]
    assert await kept.stored(0, 10_000, begun) is None
    assert await kept.stored(1, 5, begun) is None


async def test_pieces_hold_everything_from_a_time_on_and_nothing_twice(bus: Bus) -> None:
    raws, times = Raws(bus), list[int]()
    assert await raws.since() is None
    for number in range(150):
        times.append(time_ns())
        await bus.publish(subjects.raw_received(number % 2), b"%d" % number, msg_id=f"{number}")
    all_there = [piece async for piece in raws.pieces(subjects.RAW_RECEIVED, times[0] - 10**9)]
    assert [int(kept.data) for piece in all_there for kept in piece.kept] == list(range(150))
    assert [kept.partition for piece in all_there for kept in piece.kept] == [0, 1] * 75
    odd = [piece async for piece in raws.pieces(subjects.raw_received(1), times[100])]
    found = [int(kept.data) for piece in odd for kept in piece.kept]
    assert found == list(range(found[0], 150, 2))
    assert 90 <= found[0] <= 101
    assert [piece async for piece in raws.pieces(subjects.RAW_RECEIVED, time_ns() + 10**9)] == []
    assert times[0] - 10**9 < (await raws.since() or 0) < times[1] + 10**9
