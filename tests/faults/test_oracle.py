"""The oracle itself: whatever is taken away, changed or made up, it says so; of what is right it says nothing."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from soak.journal import Journal, Sample
from soak.oracle import alarm_complaints, judge, notification_complaints, turns

PRESS = "berlin/pressing/line-1/press-1"
Row = tuple[int, float, float]
PICK = st.integers(0, 19)


def told(count: int = 20) -> tuple[Journal, list[Row]]:
    """A journal, and what a faultless Andon stores of it."""
    journal, rows = Journal(), list[Row]()
    for seq in range(count):
        sample = Sample(PRESS, "b", seq, 1000 + seq, 40.0, 1000)
        journal.send(sample)
        journal.acknowledge(sample)
        rows.append((sample.ts, float(seq), 40.0))
    return journal, rows


def test_what_is_right_is_clean() -> None:
    journal, rows = told()
    assert judge(journal, {PRESS: rows}, set()).clean


@given(PICK)
def test_a_missing_sample_is_lost_unless_it_is_a_dead_letter(which: int) -> None:
    journal, rows = told()
    gone = journal.safe[PRESS][rows.pop(which)[0]]
    assert judge(journal, {PRESS: rows}, set()).lost == (gone,)
    explained = judge(journal, {PRESS: rows}, {gone.payload()})
    assert (explained.clean, explained.letters) == (True, 1)


@given(PICK, st.booleans())
def test_a_changed_sample_is_wrong(which: int, number: bool) -> None:  # noqa: FBT001
    journal, rows = told()
    at, seq, value = rows[which]
    rows[which] = (at, seq + 0.5, value) if number else (at, seq, value + 1)
    assert [sample.ts for sample in judge(journal, {PRESS: rows}, set()).wrong] == [at]


@given(PICK)
def test_a_sample_under_a_second_time_is_a_duplicate_that_nobody_sent(which: int) -> None:
    journal, rows = told()
    rows.append((5000, *rows[which][1:]))
    verdict = judge(journal, {PRESS: rows}, set())
    assert (len(verdict.duplicated), len(verdict.unexplained)) == (1, 1)


def test_what_was_sent_and_never_acknowledged_may_be_there_or_not() -> None:
    journal, rows = told()
    journal.send(Sample(PRESS, "b", 20, 2000, 40.0, 2000))
    assert judge(journal, {PRESS: rows}, set()).clean
    assert judge(journal, {PRESS: [*rows, (2000, 20.0, 40.0)]}, set()).clean


@given(st.lists(st.sampled_from((40.0, 65.0, 81.2))))
def test_an_alarm_turns_at_each_crossing_and_nowhere_else(values: list[float]) -> None:
    found = turns(values)
    assert found == ["unacknowledged", "returned"] * (len(found) // 2) + ["unacknowledged"] * (len(found) % 2)
    assert (len(found) % 2 == 1) == bool(values and values[-1] > 65)
    assert alarm_complaints(PRESS, found, found) == []
    assert alarm_complaints(PRESS, found, [*found, "returned"]) != []


def test_notifications_are_told_once() -> None:
    assert notification_complaints({"a/1", "a/2"}, Counter({"a/1": 1, "a/2": 1}), 0) == []
    assert len(notification_complaints({"a/1", "a/2"}, Counter({"a/1": 2}), 0)) == 2
    assert notification_complaints({"a/1"}, Counter({"a/1": 2}), 1) == []
