"""Who is on call: turns on the clock of a place, layers, overrides; against a slow model that counts turn by turn."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from andon.alerting.notify.schedule import Override, Rota, ScheduleDraft, Shift, local_iso
from andon.alerting.rules.calendar import CalendarDraft, Hours
from andon.common.errors import InvalidError
from andon.common.reading import NS_PER_S
from andon.common.times import datetime_to_ns, parse_duration

HOUR = 3600 * NS_PER_S
BEGIN = datetime_to_ns(datetime(2026, 3, 20, tzinfo=UTC))
DAYTIME = Hours(
    CalendarDraft.model_validate(
        {
            "name": "day",
            "zone": "Europe/Berlin",
            "hours": [{"days": ["mon", "tue", "sun"], "start": "08:00", "end": "17:00"}],
        }
    )
)
layers = st.fixed_dictionaries(
    {
        "members": st.lists(st.sampled_from("abcde"), min_size=1, max_size=4),
        "start": st.integers(0, 299).map(lambda h: f"2026-03-{18 + h // 24:02}T{h % 24:02}:00:00"),
        "every": st.sampled_from(["1h", "8h", "12h", "1d", "36h", "2d", "1w", "10d"]),
        "hours": st.sampled_from([None, None, "day"]),
    }
)
overrides = st.builds(
    lambda member, start, length: Override(member, BEGIN + start * HOUR // 2, BEGIN + (start + length) * HOUR // 2),
    st.sampled_from("xyz"),
    st.integers(0, 700),
    st.integers(1, 60),
)


def schedule(*drafts: object, zone: str = "Europe/Berlin") -> ScheduleDraft:
    return ScheduleDraft.model_validate({"name": "s", "zone": zone, "layers": drafts})


def model_on_call(draft: ScheduleDraft, found: list[Override], at: int) -> str | None:
    """Count turn by turn, on the clock of the place where turns are whole days."""
    who, zone = None, ZoneInfo(draft.zone)
    for layer in draft.layers:
        every, number, start = parse_duration(layer.every), 0, datetime_to_ns(layer.start, zone)
        if at < start or (layer.hours and not DAYTIME.is_open(at)):
            continue
        while True:
            ends = start + (number + 1) * every
            if every % (24 * HOUR) == 0:
                ends = datetime_to_ns(layer.start + (number + 1) * timedelta(days=every // (24 * HOUR)), zone)
            if at < ends:
                break
            number += 1
        who = layer.members[number % len(layer.members)]
    for one in found:
        who = one.member if one.start <= at < one.end else who
    return who


@given(
    st.lists(layers, min_size=1, max_size=3),
    st.lists(overrides, max_size=3),
    st.sampled_from(["UTC", "Europe/Berlin", "America/New_York"]),
    st.lists(st.integers(0, 24 * 60 * 14 - 1), min_size=1, max_size=20),
)
@settings(max_examples=100, deadline=None)
def test_it_is_always_the_turn_of_the_one_who_is_counted_to(
    drafts: list[object], found: list[Override], zone: str, minutes: list[int]
) -> None:
    draft = schedule(*drafts, zone=zone)
    rota = Rota(draft, found, {"day": DAYTIME})
    shifts = rota.shifts(BEGIN, BEGIN + 14 * 24 * HOUR)
    assert (shifts[0].start, shifts[-1].end) == (BEGIN, BEGIN + 14 * 24 * HOUR)
    for before, after in pairwise(shifts):
        assert before.end == after.start
        assert before.member != after.member
    for minute in minutes:
        at = BEGIN + minute * 60 * NS_PER_S
        expected = model_on_call(draft, found, at)
        assert rota.on_call(at) == expected
        assert next(one.member for one in shifts if one.start <= at < one.end) == expected


def test_the_handover_stays_at_eight_on_the_clock_when_clocks_change() -> None:
    rota = Rota(schedule({"members": ["ada", "ben"], "start": "2026-03-23T08:00:00", "every": "1w"}), [], {})
    start = datetime_to_ns(datetime(2026, 3, 23, 7, tzinfo=UTC))
    shifts = rota.shifts(start, start + 27 * 24 * HOUR)
    assert [local_iso(one.start, "Europe/Berlin") for one in shifts] == [
        "2026-03-23T08:00:00+01:00",
        "2026-03-30T08:00:00+02:00",
        "2026-04-06T08:00:00+02:00",
        "2026-04-13T08:00:00+02:00",
    ]
    assert [one.member for one in shifts] == ["ada", "ben", "ada", "ben"]


def test_somebody_takes_over_for_an_evening() -> None:
    rota = Rota(
        schedule({"members": ["ada"], "start": "2026-03-01T00:00:00"}), [Override("cleo", BEGIN, BEGIN + HOUR)], {}
    )
    assert rota.shifts(BEGIN - HOUR, BEGIN + 2 * HOUR) == [
        Shift("ada", BEGIN - HOUR, BEGIN),
        Shift("cleo", BEGIN, BEGIN + HOUR),
        Shift("ada", BEGIN + HOUR, BEGIN + 2 * HOUR),
    ]
    assert Rota(schedule({"members": ["ada"], "start": "2027-01-01T00:00:00"}), [], {}).on_call(BEGIN) is None


def test_a_preview_of_very_many_shifts_is_refused() -> None:
    rota = Rota(schedule({"members": ["ada", "ben"], "start": "2020-01-01T00:00:00", "every": "1h"}), [], {})
    with pytest.raises(InvalidError, match="shorter time"):
        rota.shifts(BEGIN, BEGIN + 365 * 24 * HOUR)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [({"every": "5m"}, "an hour at least"), ({"every": "soon"}, "no duration"), ({"members": []}, "members")],
)
def test_turns_that_make_no_sense_are_refused(wrong: dict[str, object], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        schedule({"members": ["ada"], "start": "2026-03-01T00:00:00"} | wrong)
