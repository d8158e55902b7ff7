"""The newest sample of each sensor, whatever the order in which readings arrive."""

from hypothesis import given
from hypothesis import strategies as st

from andon.common.reading import Quality, Reading
from andon.query.live.table import Table

readings = st.lists(
    st.builds(
        Reading,
        st.sampled_from(("m1", "m2")),
        st.integers(0, 9),
        st.dictionaries(st.sampled_from(("a", "b")), st.floats(0, 9), min_size=1),
        st.none() | st.dictionaries(st.sampled_from(("a", "b")), st.sampled_from([q.value for q in Quality])),
    ),
    max_size=30,
)


@given(readings, st.sets(st.integers(0, 29)))
def test_the_newest_event_time_wins_and_of_two_equal_ones_the_later_arrival(
    arrivals: list[Reading], looks: set[int]
) -> None:
    table = Table()
    expected: dict[tuple[str, str], tuple[int, object, str]] = {}
    for number, reading in enumerate(arrivals):
        before = dict(expected)
        for key, value in reading.values.items():
            sample = (reading.time, value, (reading.quality or {}).get(key, "good"))
            expected[reading.asset, key] = max(expected.get((reading.asset, key), sample), sample, key=lambda s: s[0])
            if before.get((reading.asset, key), sample)[0] <= reading.time:
                expected[reading.asset, key] = sample
        moved = any(before.get((reading.asset, k), (-1,))[0] <= reading.time for k in reading.values)
        assert table.put(reading) is moved
        if number in looks:
            assert table.samples(reading.asset) == {k: v for (m, k), v in expected.items() if m == reading.asset}
    found = {(m, key): sample for m in ("m1", "m2") for key, sample in table.samples(m).items()}
    assert found == expected


@given(readings, readings)
def test_history_fills_gaps_and_never_replaces_what_is_as_new(live: list[Reading], stored: list[Reading]) -> None:
    table = Table()
    for reading in live:
        table.put(reading)
    for reading in stored:
        for key, value in reading.values.items():
            known = table.samples(reading.asset).get(key)
            taken = table.recall(reading.asset, key, (reading.time, value, "good"))
            assert taken is (known is None or known[0] < reading.time)
            assert table.samples(reading.asset)[key] == ((reading.time, value, "good") if taken else known)


def test_machines_that_are_no_more_are_forgotten() -> None:
    table = Table()
    table.put(Reading("m1", 1, {"a": 1.0}))
    table.put(Reading("m2", 1, {"a": 1.0}))
    table.keep({"m2", "m3"})
    assert (table.samples("m1"), table.samples("m2")) == ({}, {"a": (1, 1.0, "good")})


def test_the_sample_of_one_sensor_is_forgotten_and_may_come_again() -> None:
    table = Table()
    table.put(Reading("m1", 1, {"a": 1.0, "b": "RUN"}))
    table.forget("m1", "b")
    table.forget("m2", "b")
    assert table.samples("m1") == {"a": (1, 1.0, "good")}
    table.put(Reading("m1", 0, {"a": 0.0, "b": "IDLE"}))
    assert table.samples("m1") == {"a": (1, 1.0, "good"), "b": (0, "IDLE", "good")}
