"""Numbers of a device: every one that never came is counted, once, in whatever order the others came."""

from hypothesis import given
from hypothesis import strategies as st

from andon.ingest.ledger.numbers import GAPS_KEPT, Numbers


def told(numbers: list[int], boot: str = "a") -> Numbers:
    found = Numbers()
    for number in numbers:
        found.take(boot, number)
    return found


def test_numbers_without_a_gap_miss_nothing() -> None:
    found = told(list(range(100)))
    assert (found.first, found.last, found.missing, found.gaps) == (0, 99, 0, [])


def test_a_gap_is_shown_and_a_straggler_closes_it() -> None:
    found = told([5, 6, 10, 8])
    assert (found.missing, found.gaps) == (2, [(7, 7), (9, 9)])
    found.take("a", 7)
    found.take("a", 9)
    assert (found.missing, found.gaps, found.last) == (0, [], 10)


def test_what_comes_again_is_a_repetition() -> None:
    found = told([1, 2, 3, 2, 3])
    assert (found.repeated, found.missing) == (2, 0)


def test_a_new_start_counts_anew_and_forgets_no_loss() -> None:
    found = told([1, 2, 5])
    found.take("b", 0)
    found.take("b", 1)
    assert (found.boot, found.first, found.last, found.missing, found.gaps) == ("b", 0, 1, 2, [])


def test_a_device_that_does_not_name_its_start_is_known_by_beginning_with_0_or_1() -> None:
    found = told([7, 8, 9, 0, 1, 2], boot="")
    assert (found.first, found.last, found.missing, found.repeated) == (0, 2, 0, 0)


def test_a_straggler_of_the_start_before_begins_nothing() -> None:
    found = told([1, 2, 3])
    for boot, number in (("b", 0), ("b", 1), ("a", 4), ("b", 5), ("a", 5), ("b", 6)):
        found.take(boot, number)
    assert (found.boot, found.last, found.missing, found.gaps, found.repeated) == ("b", 6, 3, [(2, 4)], 2)


@given(st.sets(st.integers(0, 40), min_size=1), st.randoms())
def test_in_any_order_what_never_came_between_first_and_last_is_missing(came: set[int], random: object) -> None:
    lowest = min(came)
    others = sorted(came - {lowest})
    random.shuffle(others)  # type: ignore[attr-defined]
    found = told([lowest, *others])
    missing = [n for n in range(lowest, max(came) + 1) if n not in came]
    assert found.missing == len(missing)
    assert [n for a, b in found.gaps for n in range(a, b + 1)] == missing


def test_gaps_without_end_are_counted_and_not_kept() -> None:
    found = told([2 * n for n in range(1000)])
    assert (found.missing, len(found.gaps)) == (999, GAPS_KEPT)
