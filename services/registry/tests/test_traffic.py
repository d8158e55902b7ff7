"""Traffic: the sums of connections become what is new of each device, and dead letters find their sender."""

from hypothesis import given
from hypothesis import strategies as st

from andon.common.errors import Reason
from andon.common.wire import DeadLetter
from andon.registry.quota import Meter, Quotas
from andon.registry.traffic import FORGOTTEN_ROUNDS, Row, Tally
from andon.registry.useless import LOOKED_AT, Heap, heaps, path_of, sampled, sender


def row(cid: int, messages: int, username: str = "gw") -> Row:
    return Row(cid, username, messages, 10 * messages)


def started() -> Tally:
    tally = Tally()
    tally.listed("A", [row(1, 500)], last=True)
    assert tally.take(0) == {"gw": (0, 0)}  # what came before is nobody's concern
    return tally


def test_all_connections_of_a_device_count_together_the_short_ones_too() -> None:
    tally = started()
    tally.listed("A", [row(1, 510), row(2, 7)], last=False)
    tally.ended("A", row(3, 20), 1)
    tally.listed("A", [row(4, 1), row(5, 9, "other"), Row(6)], last=True)
    assert tally.take(1) == {"gw": (38, 380), "other": (9, 90)}
    assert tally.take(2) == {}


def test_an_answer_that_comes_late_counts_nothing_twice() -> None:
    tally = started()
    tally.ended("A", row(1, 510), 1)
    tally.listed("A", [row(1, 505)], last=True)
    assert tally.take(1) == {"gw": (10, 100)}
    tally.take(20)
    assert tally._ended == {}  # it must not grow


def test_what_a_page_left_out_is_counted_with_the_next() -> None:
    tally = started()
    tally.listed("A", [], last=True)
    assert tally.take(1) == {}
    tally.listed("A", [row(1, 600)], last=True)
    assert tally.take(2) == {"gw": (100, 1000)}


def test_several_servers_have_the_same_numbers_for_other_connections() -> None:
    tally = started()
    tally.listed("B", [row(1, 9000)], last=True)
    tally.listed("A", [row(1, 501)], last=True)
    assert tally.take(1) == {"gw": (1, 10)}
    tally.listed("B", [row(1, 9001)], last=True)
    assert tally.take(2) == {"gw": (1, 10)}


def test_connections_that_are_not_told_of_any_longer_are_forgotten() -> None:
    tally = started()
    for _ in range(FORGOTTEN_ROUNDS + 2):
        tally.round += 1
        tally.listed("A", [], last=True)
    tally.take(0)
    assert tally.connections == 0


def test_however_often_suspects_are_looked_at_a_page_may_leave_another_out() -> None:
    tally = started()
    for _ in range(2 * FORGOTTEN_ROUNDS):
        tally.listed("A", [row(2, 1, "suspect")], last=False)
        tally.take(0)
    tally.round += 1
    tally.listed("A", [row(2, 1, "suspect")], last=True)
    tally.listed("A", [row(1, 501), row(2, 1, "suspect")], last=True)
    assert tally.take(1)["gw"] == (1, 10)


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(0, 100), st.booleans())))
def test_nothing_is_lost_and_nothing_counted_twice(steps: list[tuple[int, int, bool]]) -> None:
    tally, sums, sent, counted, cids = Tally(), dict[int, int](), 0, 0, dict[int, int]()
    tally.listed("A", [], last=True)
    for number, (slot, messages, ends) in enumerate(steps):
        cid = cids.setdefault(slot, 100 + number)
        sums[cid] = sums.get(cid, 0) + messages
        sent += messages
        if ends:
            tally.ended("A", row(cid, sums.pop(cid)), number)
            del cids[slot]
        tally.listed("A", [row(c, m) for c, m in sums.items()], last=True)
        counted += tally.take(number).get("gw", (0, 0))[0]
    assert counted == sent


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_a_few_letters_are_looked_at_however_many_came(first: int, count: int) -> None:
    numbers = sampled(range(first, first + count))
    assert len(numbers) <= LOOKED_AT
    assert bool(numbers) == bool(count)


def letter(source: str, size: int = 10) -> DeadLetter:
    return DeadLetter(Reason.MALFORMED, "", source, b"", size, 0)


def test_the_letters_looked_at_stand_for_all_the_others() -> None:
    found = heaps([letter("factory/a/b/c/d"), letter("factory/a/b/c/d/x", 30), letter("http")], 300, 2)
    assert found == [Heap("a/b/c/d", 200, 4000, 100)]
    assert heaps([], 300, 2) == []
    assert (path_of("factory"), path_of("factory/x"), path_of("store")) == ("", "x", "")


def test_the_sender_is_the_narrowest_that_sent_so_much_at_all() -> None:
    scopes = {"plant": "", "press": "a/b/c/d", "other": "a/b/c/e"}
    meters = {name: Meter(Quotas(1000, 10**6, 3000).of_device(None, "a/b/c/d"), 0) for name in scopes}
    for name, speed in (("plant", 4000), ("press", 200), ("other", 9000)):
        meters[name].count(speed, 0, 1)
    heap = Heap("a/b/c/d", 150, 0, 150)
    assert sender(heap, meters, scopes.items()) == "press"
    assert sender(Heap("a/b/c/d", 3000, 0, 3000), meters, scopes.items()) == "plant"  # the press cannot have
    assert sender(Heap("a/b/c/d", 99_000, 0, 99_000), meters, scopes.items()) is None


def test_of_several_with_one_scope_the_busiest_is_not_blamed_for_what_a_slow_one_can_have_sent() -> None:
    speeds = {"busy": 1500, "broken": 170, "idle": 20}
    meters = {name: Meter(Quotas(2000, 10**6, 9000).of_device(None, "a/b/c/d"), 0) for name in speeds}
    for name, speed in speeds.items():
        meters[name].count(speed, 0, 1)
    assert sender(Heap("a/b/c/d", 150, 0, 150), meters, [(name, "a/b") for name in speeds]) == "broken"
