"""Whom an alarm calls: rules' channels, policies' steps and rounds, silences, quiet hours, groups."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from andon.alerting.alarm.state import Severity
from andon.alerting.notify.book import Book
from andon.alerting.notify.budget import AT_ONCE, EVERY, Budget
from andon.alerting.notify.policy import PolicyDraft, plan_of
from andon.alerting.notify.routing import Escalation, Message, call, go_on, news
from andon.alerting.notify.silence import WEEK, Silence, SilenceDraft, read_silence
from andon.common.errors import InvalidError
from andon.common.reading import NS_PER_S
from andon.common.times import datetime_to_ns, parse_duration

MINUTE = 60 * NS_PER_S
NOW = datetime_to_ns(datetime(2026, 11, 26, 12, tzinfo=UTC))
ALARM = {
    "id": "a1",
    "rule": "r1",
    "rule_name": "Gearbox hot",
    "sensor": "berlin/painting/line-1/robot-3/temperature",
    "asset": "berlin/painting/line-1/robot-3",
    "severity": "high",
}
NIGHT = {"name": "night", "hours": [{"start": "22:00", "end": "06:00"}]}


def policy(*steps: tuple[str, list[str]], **fields: Any) -> dict[str, Any]:
    return {"name": "p", "steps": [{"after": after, "to": to} for after, to in steps], **fields}


def book(*drafts: dict[str, Any], **fields: Any) -> Book:
    schedule = {
        "name": "on call",
        "layers": [{"members": ["ada", "ben"], "start": "2026-01-01T00:00:00", "every": "1d"}],
    }
    nobody = {"name": "later", "layers": [{"members": ["ada"], "start": "2030-01-01T00:00:00"}]}
    return Book(
        channels=["ada", "ben", "boss", "team"],
        policies={draft["name"]: draft for draft in drafts},
        schedules={"on call": schedule, "later": nobody},
        **{"calendars": {"night": NIGHT}} | fields,
    )


def told(found: Book, at: int, until: int, **alarm: Any) -> list[tuple[int, str, int, int]]:
    """All who are called while nobody acknowledges: minutes after the alarm, channel, step, round."""
    routed = call(ALARM | alarm, [], "p", found, at)
    calls = [(0, m.channel, m.step, m.repeat) for m in routed.messages]
    while routed.escalation is not None and routed.escalation.due <= until:
        due = routed.escalation.due
        routed = go_on(ALARM | alarm, routed.escalation, found, due)
        calls += [((due - at) // MINUTE, m.channel, m.step, m.repeat) for m in routed.messages]
    return calls


def test_steps_come_in_time_and_rounds_start_over_until_there_are_enough() -> None:
    found = book(policy(("0s", ["on call"]), ("5m", ["boss", "on call"]), repeat="15m", repeats=2))
    who = "ada" if datetime(2026, 11, 26, tzinfo=UTC).timetuple().tm_yday % 2 else "ben"
    assert told(found, NOW, NOW + 1000 * MINUTE) == [
        (0, who, 1, 0),
        *((5, name, 2, 0) for name in ("boss", who)),
        (20, who, 1, 1),
        *((25, name, 2, 1) for name in ("boss", who)),
        (40, who, 1, 2),
        *((45, name, 2, 2) for name in ("boss", who)),
    ]


def test_where_nobody_is_on_call_it_is_seen_and_the_next_step_is_called_at_once() -> None:
    routed = call(ALARM, [], "p", book(policy(("0s", ["later"]), ("30m", ["boss"]))), NOW)
    assert [(m.channel, m.state, m.error) for m in routed.messages] == [
        ("later", "failed", "Nobody is on call in schedule 'later'"),
        ("boss", "pending", None),
    ]
    assert routed.escalation is None


def test_who_is_told_by_the_rule_is_not_told_by_the_first_step_again() -> None:
    routed = call(ALARM, ["team", "team", "gone"], "p", book(policy(("0s", ["team", "boss"]))), NOW)
    assert [(m.channel, m.step, m.shown) for m in routed.messages] == [("team", 0, 0), ("gone", 0, 0), ("boss", 1, 0)]
    assert routed.messages[1].error == "There is no channel 'gone' any more"


def test_a_policy_that_loses_a_step_goes_on_with_the_next_round() -> None:
    """It would end otherwise, for an alarm that waits for its third step while nobody has acknowledged it."""
    third = Escalation("p", 3, 0, NOW, NOW + 10 * MINUTE)
    shorter = policy(("0s", ["ada"]), ("5m", ["boss"]), repeat="15m", repeats=2)
    routed = go_on(ALARM, third, book(shorter), NOW + 10 * MINUTE)
    assert [(m.channel, m.step, m.repeat) for m in routed.messages] == [("ada", 1, 1)]
    assert routed.escalation is not None
    assert (routed.escalation.step, routed.escalation.repeat) == (2, 1)
    assert go_on(ALARM, third, book(policy(("0s", ["ada"]))), NOW + 10 * MINUTE).escalation is None


def test_a_policy_that_is_gone_is_seen_among_the_notifications() -> None:
    escalation = Escalation("old", 2, 0, NOW, NOW)
    for routed in (call(ALARM, [], "old", book(), NOW), go_on(ALARM, escalation, book(), NOW)):
        [message] = routed.messages
        assert (message.state, message.error) == ("failed", "There is no policy 'old' any more; nobody is called")
        assert routed.escalation is None


def test_after_a_long_standstill_steps_keep_their_distance() -> None:
    found = book(policy(("1m", ["ada"]), ("11m", ["boss"])))
    first = Escalation("p", 1, 0, NOW, NOW + MINUTE)
    routed = go_on(ALARM, first, found, NOW + 600 * MINUTE)
    assert [m.channel for m in routed.messages] == ["ada"]
    assert routed.escalation is not None
    assert routed.escalation.due == NOW + 610 * MINUTE


def test_a_silence_holds_back_everything_and_lets_it_start_anew() -> None:
    silence = Silence("s", "berlin/painting", NOW - MINUTE, NOW + 30 * MINUTE)
    found = book(policy(("0s", ["ada"]), ("5m", ["boss"])), silences=[silence])
    routed = call(ALARM, ["team"], "p", found, NOW)
    assert [(m.channel, m.state) for m in routed.messages] == [("team", "muted")]
    assert str(routed.messages[0].reason).startswith("silence until 2026-11-26T12:30")
    assert routed.escalation is not None
    assert (routed.escalation.due, routed.escalation.held) == (NOW + 30 * MINUTE, True)
    assert told(found, NOW, NOW + 1000 * MINUTE) == [(30, "ada", 1, 0), (35, "boss", 2, 0)]
    other = call(ALARM | {"sensor": "oslo/a/b/c/d"}, ["team"], None, found, NOW)
    assert [m.state for m in other.messages] == ["pending"]


def test_quiet_hours_hold_back_what_is_not_severe_until_the_morning() -> None:
    quiet = {"calendar": "night", "below": "critical"}
    found = book(policy(("0s", ["ada"]), ("5m", ["boss"]), quiet=quiet))
    late = NOW + 11 * 60 * MINUTE
    routed = call(ALARM, ["team"], "p", found, late)
    assert [(m.channel, m.state) for m in routed.messages] == [("team", "pending"), ("ada", "muted")]
    assert routed.messages[1].until == NOW + 18 * 60 * MINUTE
    assert routed.messages[1].bundle == "quiet/p"
    assert told(found, late, late + 1000 * MINUTE) == [(0, "ada", 1, 0), (7 * 60 + 5, "boss", 2, 0)]
    assert told(found, late, late + 1000 * MINUTE, severity="critical") == [(0, "ada", 1, 0), (5, "boss", 2, 0)]
    evening = NOW + (9 * 60 + 58) * MINUTE  # the second step would be called in the night
    assert told(found, evening, evening + 1000 * MINUTE) == [(0, "ada", 1, 0), (8 * 60 + 2, "boss", 2, 0)]


def test_an_end_wakes_nobody_who_would_not_be_called_by_night_for_the_alarm_itself() -> None:
    found = book(policy(("0s", ["ada"]), quiet={"calendar": "night", "below": "critical"}))
    by_rule, by_policy = Message("team", rank=1), Message("ada", policy="p", rank=3)
    severe, gone = Message("boss", policy="p", rank=4), Message("ben", policy="old", rank=1)
    late = NOW + 11 * 60 * MINUTE
    heard = news([by_rule, by_policy, severe, gone], found, late)
    assert [(m.channel, m.state) for m in heard] == [
        ("team", "pending"),
        ("ada", "muted"),
        ("boss", "pending"),
        ("ben", "pending"),
    ]
    assert (heard[1].until, heard[1].bundle) == (NOW + 18 * 60 * MINUTE, "quiet/p")
    assert {m.state for m in news([by_policy], found, NOW)} == {"pending"}


def test_quiet_hours_without_an_end_tell_nobody_and_escalate_nothing() -> None:
    """Whoever never wants to be called for little things writes a calendar that is always open."""
    found = book(
        policy(("0s", ["ada"]), ("5m", ["boss"]), repeat="10m", quiet={"calendar": "always", "below": "high"}),
        calendars={"always": {"name": "always", "hours": [{}]}},
    )
    routed = call(ALARM | {"severity": "low"}, ["team"], "p", found, NOW)
    assert [(m.channel, m.state, m.reason) for m in routed.messages] == [
        ("team", "pending", None),
        ("ada", "muted", "quiet hours without an end"),
    ]
    assert routed.escalation is None
    assert told(found, NOW, NOW + 6 * MINUTE) == [(0, "ada", 1, 0), (5, "boss", 2, 0)]


@pytest.mark.parametrize(
    ("by", "bundle"),
    [
        ("none", ""),
        ("rule", "p/r1"),
        ("machine", "p/berlin/painting/line-1/robot-3"),
        ("line", "p/berlin/painting/line-1"),
    ],
)
def test_groups_are_made_by_rule_machine_or_line(by: str, bundle: str) -> None:
    routed = call(ALARM, [], "p", book(policy(("0s", ["ada"]), group_by=by, group_wait="30s")), NOW)
    assert [(m.bundle, m.wait) for m in routed.messages] == [(bundle, 30 * NS_PER_S if bundle else 0)]


@given(
    st.lists(st.integers(0, 600), min_size=1, max_size=10).map(sorted),
    st.one_of(st.none(), st.integers(1, 120)),
    st.integers(1, 5),
)
@settings(max_examples=100, deadline=None)
def test_every_step_is_called_once_in_each_round_in_order(afters: list[int], repeat: int | None, repeats: int) -> None:
    steps = [(f"{minutes}m", ["ada"]) for minutes in afters]
    found = book(policy(*steps, repeat=f"{repeat}m" if repeat else None, repeats=repeats))
    rounds = repeats + 1 if repeat else 1
    length = afters[-1] + (repeat or 0)
    expected = [
        (number * length + minutes, "ada", step, number)
        for number in range(rounds)
        for step, minutes in enumerate(afters, 1)
    ]
    assert told(found, NOW, NOW + 10_000 * MINUTE) == expected


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"steps": []}, "at least 1"),
        ({"steps": [{"after": "5m", "to": ["a"]}, {"after": "1m", "to": ["b"]}]}, "in order of time"),
        ({"repeat": "1s"}, "a minute at least"),
        ({"group_wait": "1h"}, "600 s"),
        ({"repeats": 101}, "100"),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(wrong: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        PolicyDraft.model_validate(policy(("0s", ["a"])) | wrong)
    assert plan_of(PolicyDraft.model_validate(policy(("0s", ["a"]), ("5m", ["b"])))).afters == (0, parse_duration("5m"))


def silence(**fields: Any) -> Silence:
    return read_silence(
        SilenceDraft.model_validate({"from": "2026-10-20T22:00", "to": "2026-10-21T02:00"} | fields), "s"
    )


def test_a_weekly_window_stays_on_the_clock_and_ends_for_good() -> None:
    weekly = silence(weekly=True, zone="Europe/Berlin", until="2026-11-10T23:00")
    for local, ends in (
        ("2026-10-20T22:30+02:00", "2026-10-21T02:00+02:00"),
        ("2026-10-27T22:30+01:00", "2026-10-28T02:00+01:00"),  # clocks were changed in between
        ("2026-11-10T22:30+01:00", "2026-11-10T23:00+01:00"),
        ("2026-10-27T21:30+01:00", None),
        ("2026-10-28T02:00+01:00", None),
        ("2026-10-13T22:30+02:00", None),
        ("2026-11-17T22:30+01:00", None),
    ):
        expected = datetime_to_ns(datetime.fromisoformat(ends)) if ends else None
        assert weekly.ends(datetime_to_ns(datetime.fromisoformat(local))) == expected
    assert not weekly.over(NOW - 3 * WEEK)
    assert weekly.over(NOW)


def test_a_silence_is_about_a_part_a_rule_and_severities() -> None:
    about = silence(under="berlin/painting", rule="r1", below="high")
    assert about.matches("berlin/painting/line-1/x/t", "r1", Severity.MEDIUM)
    assert not about.matches("berlin/painting/line-1/x/t", "r1", Severity.HIGH)
    assert not about.matches("berlin/painting/line-1/x/t", "r2", Severity.LOW)
    assert not about.matches("berlin/painting-2/line-1/x/t", "r1", Severity.LOW)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"to": "2026-10-20T22:00"}, "not after"),
        ({"to": "2026-10-27T21:00", "weekly": True}, "gap each week"),
        ({"until": "2026-12-01T00:00"}, "goes with 'weekly'"),
    ],
)
def test_a_silence_that_makes_no_sense_is_refused(fields: dict[str, Any], why: str) -> None:
    with pytest.raises(InvalidError, match=why):
        silence(**fields)


@given(st.lists(st.tuples(st.integers(0, 300), st.booleans()), max_size=100))
def test_a_budget_never_lets_more_through_than_ten_and_one_a_minute(moves: list[tuple[int, bool]]) -> None:
    budget, now, sent = Budget(), NOW, list[int]()
    for seconds, wants in moves:
        now += seconds * NS_PER_S
        budget = budget.now(now)
        assert 0 <= budget.tokens <= AT_ONCE
        if wants and budget.has_one:
            budget = budget.spend()
            sent.append(now)
    for index, first in enumerate(sent):
        for number, last in enumerate(sent[index:], 1):
            assert number <= AT_ONCE + (last - first) / EVERY + 1e-6
    assert budget.now(now - EVERY).tokens == budget.tokens
