"""Whether a rule counts just now: shifts, and what its machine does."""

import pytest

from andon.alerting.evaluate.gate import Gate
from andon.alerting.evaluate.phase import FOREVER
from andon.alerting.evaluate.sources.formula import Expression
from andon.alerting.rules.calendar import Calendar, Hours, HoursDraft
from andon.common.expression import Input, inputs, parse
from andon.common.reading import NS_PER_S

HOUR = 3600 * NS_PER_S
MONDAY = 4 * 24 * HOUR
"""1970-01-05."""
EARLY = Hours(Calendar(id="c", name="early", hours=[HoursDraft(start="06:00", end="14:00")]))
SPEED = ("a", "speed")


@pytest.fixture
def running() -> Expression:
    tree = parse("speed > 0")
    return Expression(tree, {node: (SPEED,) for node in inputs(tree) if isinstance(node, Input)})


def test_one_without_conditions_is_open() -> None:
    gate = Gate([], None)
    assert (gate.is_open, gate.due, gate.look(5), gate.is_open) == (True, FOREVER, False, True)


def test_a_shift_opens_and_closes_it() -> None:
    gate = Gate([EARLY], None)
    assert gate.look(MONDAY)
    assert (gate.is_open, gate.due) == (False, MONDAY + 6 * HOUR)
    assert gate.look(MONDAY + 6 * HOUR)
    assert (gate.is_open, gate.due) == (True, MONDAY + 14 * HOUR)


def test_what_is_not_known_does_not_close_it(running: Expression) -> None:
    gate = Gate([], running)
    assert (gate.look(1), gate.is_open) == (False, True)
    running.hear(SPEED, 1, 0.0, "bad")
    assert (gate.look(1), gate.is_open) == (False, True)
    running.hear(SPEED, 1, 0.0, "")
    assert (gate.look(1), gate.is_open) == (True, False)


def test_both_must_hold(running: Expression) -> None:
    gate = Gate([EARLY], running)
    running.hear(SPEED, 1, 5.0, "")
    gate.look(MONDAY + 7 * HOUR)
    assert gate.is_open
    running.hear(SPEED, 2, 0.0, "")
    gate.look(MONDAY + 8 * HOUR)
    assert not gate.is_open
    running.hear(SPEED, 3, 5.0, "")
    gate.look(MONDAY + 15 * HOUR)
    assert not gate.is_open


def test_one_that_was_closed_before_a_restart_stays_so_until_its_machine_speaks(running: Expression) -> None:
    gate = Gate([], running)
    gate.go_on(is_open=False)
    assert (gate.look(1), gate.is_open) == (False, False)
    running.hear(SPEED, 1, 5.0, "")
    assert (gate.look(2), gate.is_open) == (True, True)


def test_one_that_has_lost_its_conditions_opens() -> None:
    gate = Gate([], None)
    gate.go_on(is_open=False)
    assert gate.due < 0
    assert (gate.look(1), gate.is_open, gate.due) == (True, True, FOREVER)
