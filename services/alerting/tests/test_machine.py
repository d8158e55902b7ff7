"""The state machine of an alarm: what leads where, and what no sequence of events can do."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from andon.alerting.alarm.events import ANNOUNCING, Event, announces
from andon.alerting.alarm.machine import Standing, after, state_of
from andon.alerting.alarm.state import HIDDEN, AlarmState

events = st.lists(st.sampled_from(Event), max_size=30)


def through(*happened: Event, latching: bool = False) -> Standing:
    standing = Standing(latching=latching)
    for event in happened:
        standing = after(standing, event)
    return standing


R, C, A, X = Event.RAISED, Event.CLEARED, Event.ACKNOWLEDGED, Event.RESET
STORIES = [
    ([R], "unacknowledged"),
    ([R, A], "acknowledged"),
    ([R, C], "returned"),
    ([R, C, A], "normal"),
    ([R, A, C], "normal"),
    ([R, C, R], "unacknowledged"),
    ([R, A, Event.REALARMED], "unacknowledged"),
    ([R, A, Event.ESCALATED], "unacknowledged"),
    ([R, A, Event.EASED], "acknowledged"),
    ([R, C, Event.REALARMED], "returned"),
    ([R, Event.SHELVED], "shelved"),
    ([R, A, Event.SHELVED, Event.UNSHELVED], "unacknowledged"),
    ([R, Event.SHELVED, C, Event.UNSHELVED], "normal"),
    ([R, Event.SHELVED, C, R, Event.UNSHELVED], "unacknowledged"),
    ([Event.SHELVED], "shelved"),
    ([R, Event.SHELVED, Event.SUPPRESSED], "suppressed"),
    ([R, Event.SHELVED, Event.SUPPRESSED, Event.OUT_OF_SERVICE], "out-of-service"),
    ([R, Event.SHELVED, Event.SUPPRESSED, Event.UNSHELVED], "suppressed"),
    ([R, Event.SHELVED, Event.SUPPRESSED, Event.RELEASED], "shelved"),
    ([R, Event.SUPPRESSED, A], "suppressed"),
    ([R, Event.CLOSED], "normal"),
    ([R, Event.OUT_OF_SERVICE, Event.CLOSED], "normal"),
    ([R, Event.OUT_OF_SERVICE, Event.IN_SERVICE], "unacknowledged"),
]


@pytest.mark.parametrize(("happened", "state"), STORIES)
def test_what_happened_leads_to_a_state(happened: list[Event], state: str) -> None:
    assert state_of(through(*happened)) == state


@pytest.mark.parametrize(
    ("happened", "state"),
    [
        ([R, C], "latched"),
        ([R, A, C], "latched"),
        ([R, C, A], "latched"),
        ([R, C, X], "latched"),
        ([R, A, X, C], "latched"),
        ([R, C, A, X], "normal"),
        ([R, A, C, X], "normal"),
        ([R, A, C, R], "unacknowledged"),
        ([R, A, C, Event.SHELVED, Event.UNSHELVED], "latched"),
    ],
)
def test_a_latching_alarm_ends_after_acknowledgement_and_reset(happened: list[Event], state: str) -> None:
    assert state_of(through(*happened, latching=True)) == state


@given(events, st.booleans())
def test_no_sequence_raises_and_every_state_is_one_of_the_standard(happened: list[Event], latching: bool) -> None:  # noqa: FBT001
    assert isinstance(state_of(through(*happened, latching=latching)), AlarmState)


@given(events, st.booleans())
def test_an_alarm_ends_only_when_it_may(happened: list[Event], latching: bool) -> None:  # noqa: FBT001
    standings = [through(*happened[:count], latching=latching) for count in range(len(happened) + 1)]
    for (before, now), event in zip(pairwise(standings), happened, strict=True):
        if not before.open or now.open or event is Event.CLOSED:
            continue
        assert not now.active
        assert not now.latched
        assert not now.hidden
        assert now.acknowledged or before.hidden
        if before.latched:
            assert event is Event.RESET
            assert before.acknowledged


@given(events, st.booleans())
def test_what_is_hidden_announces_nothing(happened: list[Event], latching: bool) -> None:  # noqa: FBT001
    standing = Standing(latching=latching)
    for event in happened:
        before, standing = standing, after(standing, event)
        if standing.hidden:
            assert state_of(standing) in HIDDEN
            assert not announces(event, state_of(standing))
        if not before.hidden and state_of(standing) == "unacknowledged" != state_of(before):
            assert event in ANNOUNCING


@given(events)
def test_what_hides_an_alarm_can_always_be_taken_away(happened: list[Event]) -> None:
    standing = through(*happened, Event.UNSHELVED, Event.RELEASED, Event.IN_SERVICE)
    assert not standing.hidden


@given(events, st.sampled_from([A, R, Event.SHELVED, Event.SUPPRESSED, Event.CLOSED, Event.UNSHELVED]))
def test_the_same_twice_is_once(happened: list[Event], event: Event) -> None:
    once = after(through(*happened), event)
    assert after(once, event) == once
