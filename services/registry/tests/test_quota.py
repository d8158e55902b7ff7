"""Quotas: on the average nobody sends more, and nobody is slowed below."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from andon.registry.quota import (
    BURST_SECONDS,
    FORGIVEN_SECONDS,
    HELPING_SECONDS,
    LONGEST,
    SHORTEST,
    SHORTEST_IF_USELESS,
    Bucket,
    Meter,
    Quotas,
    line_of,
    verdicts,
)

MACHINE = "a/b/c/d"
QUOTAS = Quotas(messages=1000, bytes=1_000_000, line_messages=3000)
QUOTA = QUOTAS.of_device(None, MACHINE)
looks = st.lists(st.tuples(st.floats(0.1, 3), st.floats(0, 5000)), min_size=1, max_size=200)
"""(seconds since the last look, messages per second meanwhile)"""


def simulate(meter: Meter, speeds: list[tuple[float, float]]) -> tuple[float, float, list[float]]:
    """Send at these speeds, but not while kept out: what was sent, the time it took, and the terms."""
    now, sent, out_until, terms = 0.0, 0, 0.0, []
    for seconds, speed in speeds:
        now += seconds
        if now < out_until:
            meter.count(0, 0, now)
            continue
        if out_until:
            meter.release(now)
            out_until = 0.0
        messages = int(speed * seconds)
        sent += messages
        meter.count(messages, 0, now)
        if (verdict := meter.judge(now)) is not None:
            terms.append(verdict.seconds)
            out_until = now + verdict.seconds
    return sent, max(now, out_until), terms


@given(looks)
def test_who_sends_no_more_than_the_quota_is_never_kept_out(speeds) -> None:
    slow = [(seconds, min(speed, QUOTA.messages)) for seconds, speed in speeds]
    assert simulate(Meter(QUOTA, 0), slow)[2] == []


@given(looks)
def test_on_the_average_nobody_sends_more_than_the_quota_and_a_burst(speeds) -> None:
    sent, seconds, terms = simulate(Meter(QUOTA, 0), speeds)
    assert sent <= QUOTA.messages * (seconds + BURST_SECONDS) + 1
    assert all(SHORTEST <= term <= LONGEST for term in terms)


@pytest.mark.parametrize("speed", [1100, 2000, 10_000, 60_000])
def test_who_sends_for_hours_is_slowed_to_about_the_quota_and_not_below(speed: float) -> None:
    sent, seconds, terms = simulate(Meter(QUOTA, 0), [(0.25, speed)] * 40_000)
    assert 0.8 <= sent / seconds / QUOTA.messages <= 1.01
    assert terms


def test_large_messages_are_too_much_too() -> None:
    meter = Meter(QUOTA, 0)
    meter.count(10, 9_000_000, 1)
    verdict = meter.judge(1)
    assert verdict is not None
    assert "its quota is 1.0 MiB a second" in verdict.reason


def test_useless_messages_cost_twice_as_long_each_time_until_one_behaves() -> None:
    meter, now, terms = Meter(QUOTA, 0), 0.0, []
    for _ in range(9):
        meter.refuse(10_000, 0, now)
        verdict = meter.judge(now)
        assert verdict is not None
        assert verdict.reason == "sends what cannot be used; see its dead letters"
        terms.append(verdict.seconds)
        now += verdict.seconds
        meter.release(now)
        assert meter.judge(now) is None
    assert terms == [5, 10, 20, 40, 80, 160, 300, 300, 300]
    assert meter.offences(now) == 9
    now += FORGIVEN_SECONDS + 1
    assert meter.offences(now) == 0
    meter.refuse(1_000_000, 0, now)
    verdict = meter.judge(now)
    assert verdict is not None
    assert (verdict.seconds, meter.times) == (SHORTEST_IF_USELESS, 1)


@given(st.lists(st.tuples(st.floats(0.01, 5), st.floats(0, 1000)), max_size=50))
def test_a_bucket_holds_its_burst_at_most_and_refills_in_the_time_it_says(steps) -> None:
    bucket, now = Bucket(100, 200, 0), 0.0
    for seconds, tokens in steps:
        now += seconds
        bucket.take(tokens, now)
        assert bucket.level <= 200
    if bucket.ready_in > 0:
        bucket.take(0, now + bucket.ready_in)
        assert bucket.level == pytest.approx(100 * HELPING_SECONDS)


def test_a_quota_of_its_own_raises_all_in_proportion() -> None:
    own = QUOTAS.of_device(10_000, MACHINE)
    assert (own.messages, own.bytes, own.refused) == (10_000, 10_000_000, 200)
    assert QUOTAS.of_device(1, MACHINE).refused == 100
    quotas = [QUOTAS.of_device(n, MACHINE) for n in (1, 10, 1000, 100_000)]
    assert all(a.bytes < b.bytes for a, b in pairwise(quotas))


def test_the_wider_its_part_of_the_plant_the_more_a_device_may_send_and_not_the_more_garbage() -> None:
    quotas = [QUOTAS.of_device(None, scope) for scope in ("a/b/c/d", "a/b/c", "a/b", "")]
    assert [quota.messages for quota in quotas] == [1000, 3000, 30_000, 30_000]
    assert [quota.refused for quota in quotas] == [100, 100, 100, 100]
    assert QUOTAS.of_device(5000, "a/b").messages == 5000, "what was given says it"


def test_of_a_line_the_fastest_is_kept_out_and_the_others_are_not_blamed_for_it() -> None:
    meters = {name: Meter(QUOTA, 0) for name in ("slow", "fast")}
    line = QUOTAS.line_meter("a/b/c", meters, None, 0)
    assert line.bucket.rate == 3000
    meters["slow"].count(100, 0, 1)
    meters["fast"].count(19_000, 0, 1)
    line.count(19_100, 1)
    blamed = line.judge(1, list(meters))
    assert blamed is not None
    assert blamed[0] == "fast"
    assert "its line a/b/c" in blamed[1].reason
    assert line.judge(1, ["slow"]) is None
    assert QUOTAS.line_meter("a/b/c", meters, line, 1).bucket is line.bucket
    assert QUOTAS.line_meter("a/b/c", {"own": Meter(QUOTAS.of_device(9000, MACHINE), 0)}, line, 1).bucket.rate == 9000


def test_who_floods_alone_is_kept_out_and_no_neighbour_owes_what_it_sent() -> None:
    meters = {name: Meter(QUOTA, 0) for name in ("flood", "neighbour")}
    line = QUOTAS.line_meter("a/b/c", meters, None, 0)
    for name, messages in (("flood", 25_000), ("neighbour", 400)):
        meters[name].count(messages, 0, 0.5)
        line.count(messages, 0.5)
    assert list(verdicts(meters, [line], (), 0.5)) == ["flood"]
    assert verdicts(meters, [line], {"flood"}, 0.5) == {}


def test_who_began_to_send_a_moment_ago_is_the_fastest_of_its_line_already() -> None:
    meters = {name: Meter(QUOTAS.of_device(None, "a/b/c"), 0) for name in ("just now", "slow")}
    line = QUOTAS.line_meter("a/b/c", meters, None, 0)
    meters["just now"].count(0, 0, 0.5)
    for name, messages in (("just now", 2900), ("slow", 2000)):
        meters[name].count(messages, 0, 0.6)
        line.count(messages, 0.6)
    assert list(verdicts(meters, [line], (), 0.6)) == ["just now"]


@pytest.mark.parametrize(
    ("scope", "line"), [("", ""), ("a", ""), ("a/b", ""), ("a/b/c", "a/b/c"), ("a/b/c/d", "a/b/c")]
)
def test_a_scope_lies_in_a_line_or_is_wider(scope: str, line: str) -> None:
    assert line_of(scope) == line
