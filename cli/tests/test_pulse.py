"""When a child that runs, but does not work, is started anew."""

from andon.cli.pulse import MOST_FAULTS, STARTING_SECONDS, Pulse


def looks(pulse: Pulse, *faults: str, lived: float = 100, frozen: bool = False) -> list[bool]:
    return [pulse.feel(fault, lived, frozen=frozen) for fault in faults]


def test_only_many_faults_in_a_row_end_it() -> None:
    pulse = Pulse()
    bad = ["does not answer"] * (MOST_FAULTS - 1)
    assert not any(looks(pulse, "", *bad, "", *bad, "", *bad))
    assert looks(pulse, "does not answer") == [True]


def test_one_that_is_still_starting_is_left_alone() -> None:
    bad = ["does not answer"] * (2 * MOST_FAULTS)
    assert not any(looks(Pulse(), *bad))
    assert any(looks(Pulse(), *bad, lived=STARTING_SECONDS + 1)), "but not for ever"


def test_a_start_that_takes_longer_than_that_gets_twice_the_time_once_it_was_killed() -> None:
    bad = ["does not answer"] * (2 * MOST_FAULTS)
    slow = Pulse().next()
    assert not any(looks(slow, *bad, lived=2 * STARTING_SECONDS))
    assert any(looks(slow, *bad, lived=2 * STARTING_SECONDS + 1))
    looks(slow, "")
    assert slow.next().patience == STARTING_SECONDS, "it had come up: what ended it was no slow start"


def test_one_that_stands_still_is_not_starting() -> None:
    assert looks(Pulse(), *["stands still"] * MOST_FAULTS, frozen=True)[-1]
