"""What waits for one live client: bounded, conflated to the newest, nothing forgotten."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from andon.common.reading import Reading
from andon.query.live.outbox import Item, Outbox
from andon.query.live.table import Table

KEYS = ("a", "b")
TAKE = "take"
steps = st.lists(st.just(TAKE) | st.tuples(st.sampled_from(("m1", "m2")), st.integers(0, 9), st.sampled_from(KEYS)))


def put(table: Table, outbox: Outbox, asset: str, time: int, key: str) -> bool:
    """One reading as the feed gives it on; whether it was the newest."""
    reading = Reading(asset, time, {key: float(time)})
    newest = table.put(reading)
    outbox.offer(reading, None, newest=newest)
    return newest


@given(steps)
def test_a_client_always_ends_up_with_the_newest_of_each_sensor(run: list[tuple[str, int, str] | str]) -> None:
    table, outbox = Table(), Outbox()
    seen: dict[tuple[str, str], Item] = {}
    news = sent = conflated = 0
    for step in [*run, TAKE]:
        if isinstance(step, str):
            parcel = outbox.take(table)
            assert len({(i.asset, i.key) for i in parcel.items}) == len(parcel.items), "each sensor once"
            assert not outbox.news.is_set()
            seen |= {(i.asset, i.key): i for i in parcel.items}
            sent, conflated = sent + len(parcel.items), conflated + parcel.conflated
        elif put(table, outbox, *step):
            news += 1
            assert outbox.news.is_set()
        assert len(outbox._dirty) <= 4, "never more than there are sensors"
    assert {at: item.sample for at, item in seen.items()} == {
        (m, key): sample for m in ("m1", "m2") for key, sample in table.samples(m).items()
    }
    assert sent + conflated == news, "what was not sent is counted"


@given(steps, st.integers(1, 5))
def test_a_client_that_wants_every_sample_gets_each_in_order_or_is_told_how_many_not(
    run: list[tuple[str, int, str] | str], room: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("andon.query.live.outbox.QUEUE_SAMPLES", room)
        table, outbox = Table(), Outbox(every=True)
        offered: list[Item] = []
        for step in [*run, TAKE]:
            if not isinstance(step, str):
                asset, time, key = step
                put(table, outbox, asset, time, key)
                offered.append(Item(asset, key, (time, float(time), "good")))
                assert len(outbox._queue) <= room
                continue
            parcel = outbox.take(table)
            assert parcel.items[:room] == offered[:room]
            assert parcel.lost == max(0, len(offered) - room)
            newest = {(i.asset, i.key): table.samples(i.asset)[i.key] for i in offered[room:]}
            assert {(i.asset, i.key): i.sample for i in parcel.items[room:]} == newest
            offered = []


def test_what_greets_is_sent_once_and_first() -> None:
    table, outbox = Table(), Outbox()
    table.put(Reading("m1", 1, {"a": 1.0}))
    outbox.greet("m1", "a", table.samples("m1")["a"])
    put(table, outbox, "m1", 2, "a")
    assert outbox.take(table).items == [Item("m1", "a", (1, 1.0, "good")), Item("m1", "a", (2, 2.0, "good"))]
    assert outbox.take(table).items == []


def test_keys_that_were_not_asked_for_stay_out() -> None:
    for every in (False, True):
        table, outbox = Table(), Outbox(every=every)
        reading = Reading("m1", 1, {"a": 1.0, "b": 2.0}, {"b": "bad"})
        outbox.offer(reading, frozenset("b"), newest=table.put(reading))
        assert outbox.take(table).items == [Item("m1", "b", (1, 2.0, "bad"))]
