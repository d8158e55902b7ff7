"""What is told of the ledger: what came about within the last hour."""

from andon.ingest.ledger.growth import HOUR, Growth


def test_what_was_lost_before_is_old_and_what_is_lost_now_is_told_for_an_hour() -> None:
    growth = Growth()
    assert growth.of(7, 0) == 0
    assert growth.of(9, 10) == 2
    assert growth.of(10, HOUR) == 3
    assert growth.of(10, HOUR + 9) == 3
    assert growth.of(10, HOUR + 10) == 1
    assert growth.of(10, 2 * HOUR) == 0


def test_a_number_that_came_after_all_takes_nothing_else_back() -> None:
    growth = Growth()
    assert [growth.of(total, now) for now, total in enumerate((0, 5, 6, 5, 5, 7))] == [0, 5, 6, 5, 5, 7]


def test_a_total_that_begins_anew_is_no_growth_and_grows_from_there() -> None:
    growth = Growth()
    assert growth.of(7, 0) == 0
    assert growth.of(0, 1) == 0
    assert growth.of(3, 2) == 3
