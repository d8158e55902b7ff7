"""The account adds up, whatever comes in whatever batches, and shows what the stream has lost."""

from collections import Counter

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from andon.common.reading import Reading
from andon.common.wire import Batch, Note, encode_batch
from andon.ingest.bundle import OTHERS
from andon.ingest.ledger.account import KEPT_BATCHES, MOST_UNKNOWN, Account, InFlight


def batch(*readings: Reading, **notes: Note) -> bytes:
    return encode_batch(Batch(7, list(readings), notes))


def reading(asset: str, seq: int | None = None) -> Reading:
    return Reading(asset, 1, {"x": 1.0, "state": "RUN"}, None, seq, "a" if seq is not None else "")


def test_readings_and_notes_of_a_batch_are_counted_by_source() -> None:
    account = Account(since=0)
    account.count(
        1, batch(reading("p1"), reading("p1"), p1=Note(extra=-1), p2=Note(extra=3, dead_lettered=2, duplicate=1)), 0
    )
    one, two = account.rows["p1"], account.rows["p2"]
    assert (one.messages, one.readings, one.in_flight) == (1, 2, 2)
    assert (two.messages, two.dead_lettered, two.duplicate, two.readings) == (3, 2, 1, 0)


def test_what_the_store_refuses_is_neither_stored_nor_in_flight() -> None:
    account = Account(since=0)
    readings = account.count(1, batch(reading("p1"), reading("p1")), 0)
    account.count(2, batch(p1=Note(refused=1)), 0)
    account.settle(readings)
    row = account.rows["p1"]
    assert (row.readings, row.stored, row.refused, row.in_flight) == (2, 1, 1, 0)


def test_batches_that_are_not_there_are_lost() -> None:
    account = Account(since=0)
    account.count(41, batch(reading("p1")), 0)
    assert account.lost == 0, "what was before the account began is none of its business"
    account.count(45, batch(reading("p1")), 99)
    assert (account.lost, account.lost_at) == (3, 99)


def test_of_a_stream_that_begins_anew_only_what_was_in_flight_is_lost() -> None:
    account = Account(since=0)
    account.settle(account.count(1, batch(reading("p1")), 0))
    account.count(2, batch(reading("p1"), reading("p2")), 0)
    assert account.begin_anew("another", 5) == 2
    account.count(1, batch(reading("p1")), 6)
    assert (account.lost, account.rows["p1"].in_flight, account.rows["p2"].in_flight) == (2, 1, 0)


def test_a_batch_nobody_can_read_is_seen_all_the_same() -> None:
    account = Account(since=0)
    with pytest.raises(msgspec.DecodeError):
        account.count(1, b"\xc1", 0)
    account.count(2, batch(reading("p1")), 0)
    assert account.lost == 0


def test_a_number_whose_message_became_a_dead_letter_did_come() -> None:
    account = Account(since=0)
    note = Note(extra=1, dead_lettered=1, numbers=[("a", 2)])
    account.count(1, batch(reading("p1", 1), reading("p1", 3), p1=note), 0)
    numbers = account.rows["p1"].numbers
    assert numbers is not None
    assert (numbers.last, numbers.missing, numbers.repeated) == (3, 0, 0)


def test_what_the_broker_lost_outlives_the_ingest_that_noticed() -> None:
    account = Account(since=0)
    assert account.hear({"one": (0, "")}, 1) is False
    assert account.hear({"one": (3, "dropped"), "two": (2, "forgotten")}, 2) is True
    assert account.hear({"one": (3, "dropped"), "two": (2, "forgotten")}, 3) is False
    assert account.hear({"another": (1, "dropped")}, 4) is True
    assert (account.broker_lost, account.broker_lost_at, account.broker_how) == (6, 4, "dropped")


def test_topics_without_end_are_counted_together_and_leave_room_for_machines() -> None:
    account = Account(since=0)
    for number in range(MOST_UNKNOWN + 5):
        account.count(number + 1, batch(**{f"berlin/{number}/": Note(extra=1, dead_lettered=1)}), 0)
    account.count(2000, batch(reading("p1")), 0)
    assert account.rows[OTHERS].dead_lettered == 5
    assert account.rows["p1"].readings == 1


@given(st.lists(st.tuples(st.lists(st.sampled_from("abc"), max_size=5), st.booleans()), max_size=40), st.integers(1, 7))
def test_in_flight_is_what_was_counted_and_not_settled(batches: list[tuple[list[str], bool]], lag: int) -> None:
    account, flight, expected = Account(since=0), InFlight(), Counter[str]()
    for number, (assets, _) in enumerate(batches, 1):
        flight.put(number, account.count(number, batch(*map(reading, assets)), 0))
        account.settle(flight.take(number - lag))
    for assets, _ in batches[max(0, len(batches) - lag) :]:
        expected.update(assets)
    assert account.in_flight() == expected
    again = msgspec.msgpack.decode(msgspec.msgpack.encode(account), type=Account)
    assert again.in_flight() == expected


def test_of_a_long_backlog_the_oldest_batches_count_as_one() -> None:
    flight = InFlight()
    for number in range(1, KEPT_BATCHES + 101):
        flight.put(number, Counter("a"))
    assert flight.take(50) == Counter()
    assert flight.take(101) == Counter({"a": 101})
    assert flight.take(KEPT_BATCHES + 100).total() == KEPT_BATCHES - 1
