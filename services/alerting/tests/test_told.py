"""Who hears how an alarm ended: those who were called since it was last over, and nobody else."""

from typing import Any

import pytest

from andon.alerting.notify.told import CALLED, OVER, Told
from andon.alerting.tables import NotificationRow


def row(number: int, channel: str, event: str = CALLED, state: str = "sent", **fields: Any) -> NotificationRow:
    made = {"alarm_id": "a", "bundle": "", "rank": 3, "payload": {}} | fields
    return NotificationRow(number=number, channel=channel, event=event, state=state, **made)


def hears(*rows: NotificationRow, number: int = 9) -> list[str]:
    return [message.channel for message in Told(rows).of("a", number)]


def test_who_was_called_for_an_earlier_time_is_not_told_of_this_one() -> None:
    """Ada was on call when it came first, Ben when it came again."""
    assert hears(row(1, "ada"), row(2, "ada", OVER), row(3, "ben")) == ["ben"]


def test_who_was_called_after_it_was_over_has_heard_nothing_of_that() -> None:
    assert hears(row(1, "ada"), row(3, "ben"), number=2) == ["ada"]


@pytest.mark.parametrize(("state", "until", "told"), [("failed", None, []), ("muted", None, []), ("muted", 7, ["ada"])])
def test_who_heard_nothing_is_told_nothing_but_after_quiet_hours_both(
    state: str, until: int | None, told: list[str]
) -> None:
    assert hears(row(1, "ada", state=state, until=until)) == told


def test_an_end_knows_whose_step_called_and_how_severe_it_was_at_worst() -> None:
    low, high = (row(n, "ada", rank=rank, payload={"policy": "p"}) for n, rank in ((1, 4), (2, 2)))
    [message] = Told([low, high]).of("a", 9)
    assert (message.policy, message.rank) == ("p", 4)


def test_of_others_alarms_nothing_is_told() -> None:
    assert Told([row(1, "ada")]).of("b", 9) == []
