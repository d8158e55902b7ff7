"""A bundle leaves whole: nothing lost, nothing too large, and in order."""

from hypothesis import given
from hypothesis import strategies as st

from andon.common.errors import Reason
from andon.common.reading import Reading
from andon.common.subjects import partition_of, telemetry
from andon.common.wire import MAX_BATCH_BYTES, DeadLetter, decode_batch, decode_deadletter
from andon.ingest.bundle import MOST_UNKNOWN, OTHERS, Bundle

LETTER = DeadLetter(Reason.MALFORMED, "why", "factory/a", b"{", 1, 7)


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 10**9)), max_size=60), st.integers(1, 4))
def test_every_reading_leaves_once_in_order_and_in_the_partition_of_its_machine(
    sent: list[tuple[str, int]], partitions: int
) -> None:
    bundle = Bundle(partitions)
    for asset, time in sent:
        bundle.add([Reading(asset, time, {"x": 1.0})])
    left: dict[str, list[int]] = {}
    for subject, data in bundle.pack(9):
        batch = decode_batch(data)
        assert batch.arrived == 9
        for reading in batch.readings:
            assert subject == telemetry(partition_of(reading.asset, partitions) if partitions > 1 else 0)
            left.setdefault(reading.asset, []).append(reading.time)
    assert left == {asset: [t for a, t in sent if a == asset] for asset in {a for a, _ in sent}}


def test_what_is_too_large_for_one_batch_leaves_in_several() -> None:
    bundle = Bundle()
    bundle.add([Reading("a", n, {"text": "x" * 1000}) for n in range(2000)])
    packed = [data for _, data in bundle.pack(0)]
    assert len(packed) > 1
    assert all(len(data) <= MAX_BATCH_BYTES for data in packed)
    assert [r.time for data in packed for r in decode_batch(data).readings] == list(range(2000))


def test_dead_letters_leave_with_it_and_only_named_packets_wait() -> None:
    bundle = Bundle(letters=[LETTER])
    bundle.sign(b"\x00\x01", 10)
    bundle.sign(b"", 5)
    ((subject, data),) = bundle.pack(0)
    assert (subject, decode_deadletter(data)) == ("deadletter.malformed", LETTER)
    assert (bundle.receipts, bundle.messages, bundle.size) == ([b"\x00\x01"], 2, 15)
    assert bundle.held > bundle.size


def test_topics_without_end_take_nothing_off_the_account_of_a_machine() -> None:
    bundle = Bundle()
    for number in range(3 * MOST_UNKNOWN):
        bundle.note(f"madrid/l/m/{number}/", extra=1, dead_lettered=1)
    bundle.note("press-1", extra=-9)
    ((_, data),) = bundle.pack(0)
    notes = decode_batch(data).notes
    assert (notes["press-1"].extra, notes[OTHERS].dead_lettered) == (-9, 2 * MOST_UNKNOWN)
    assert len(notes) == MOST_UNKNOWN + 2


def test_notes_that_leave_no_room_beside_readings_leave_alone() -> None:
    bundle = Bundle()
    bundle.add([Reading("a", 1, {"text": "x" * (MAX_BATCH_BYTES - 100)})])
    for number in range(300):
        bundle.note(f"berlin/{number}/", extra=1, dead_lettered=1)
    batches = [decode_batch(data) for _, data in bundle.pack(0)]
    assert [(len(batch.readings), len(batch.notes)) for batch in batches] == [(1, 0), (0, 300)]
