"""Retyped: what waited while its machine was given another type is taken as if it came now."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from andon.common.errors import Reason
from andon.common.influx.names import STRAY
from andon.common.plant import Asset, Earlier, Sensor
from andon.common.reading import Reading, Value
from andon.common.wire import Batch
from andon.ingest.retyped import Retyped

T = 1_763_900_000_000_000_000
PATH = "berlin/body/line-1/m1"
KINDS = {"float": float, "bool": bool, "string": str}
BENCH = Asset(
    id="m1",
    path=PATH,
    kind="machine",
    slug="m1",
    name="M1",
    type="bench",
    sensors=(
        Sensor(key="number", path=f"{PATH}/number"),
        Sensor(key="open", path=f"{PATH}/open", datatype="bool"),
        Sensor(key="state", path=f"{PATH}/state", datatype="string"),
        Sensor(key="double", path=f"{PATH}/double", expression="2 * number"),
    ),
    earlier=(Earlier("press", T), Earlier("oven", T - STRAY)),
)
OTHER = replace(BENCH, id="m2", path="berlin/body/line-1/m2", earlier=())
BEFORE = T - 1

values = st.dictionaries(
    st.sampled_from(["number", "open", "state", "double", "gone"]),
    st.one_of(st.floats(allow_nan=False), st.booleans(), st.text(max_size=3)),
    min_size=1,
)


@given(values, st.sets(st.sampled_from(["number", "open", "state", "gone"])))
def test_each_value_is_stored_as_its_sensor_has_it_or_told_and_none_twice(
    said: dict[str, Value], bad: set[str]
) -> None:
    quality = {key: "bad" for key in bad if key in said} or None
    fits, rest, why = Retyped([BENCH]).fitting(Reading("m1", T, said, quality, 7, "b"), BEFORE)
    parts = [part for part in (fits, rest) if part is not None]
    assert sorted(key for part in parts for key in part.values) == sorted(said)
    assert {key: word for part in parts for key, word in (part.quality or {}).items()} == (quality or {})
    assert {(part.asset, part.time, part.seq, part.boot) for part in parts} == {("m1", T, 7, "b")}
    kinds = {sensor.key: KINDS[sensor.datatype] for sensor in BENCH.sensors}
    assert all(type(value) is kinds[key] for key, value in (fits.values if fits else {}).items())
    assert all(value == said[key] for part in parts for key, value in part.values.items())
    assert (rest is None) == (why is None)


def test_what_does_not_fit_says_why_and_what_to_do() -> None:
    reading = Reading("m1", T, {"number": "RUN", "gone": 1.0, "state": "RUN", "double": 2.0}, {"gone": "bad"})
    fits, rest, why = Retyped([BENCH]).fitting(reading, BEFORE)
    assert fits == Reading("m1", T, {"state": "RUN", "double": 2.0})
    assert rest == Reading("m1", T, {"number": "RUN", "gone": 1.0}, {"gone": "bad"})
    assert why is not None
    assert why.reason is Reason.BAD_VALUE
    assert why.detail == (
        f"'{PATH}' was given another type before this could be stored, and takes it no longer: 'number': expected a "
        f"number, got text; '{PATH}' has no sensor 'gone'. With the type it had, a replay stores it"
    )
    nothing, all_of_it, why = Retyped([BENCH]).fitting(Reading("m1", T, {"gone": 1.0}), BEFORE)
    assert nothing is None
    assert all_of_it == Reading("m1", T, {"gone": 1.0})
    assert why is not None
    assert why.reason is Reason.UNKNOWN_SENSOR


def test_nobody_looks_at_machines_that_never_changed_or_long_ago() -> None:
    none, some = Retyped([OTHER]), Retyped([BENCH, OTHER])
    assert not none.may_hold(Batch(1, []))
    assert ("m1" in some, "m2" in some) == (True, False)
    assert some.may_hold(Batch(T + STRAY - 1, []))
    assert not some.may_hold(Batch(T + STRAY, []))
    for asset, arrived in (("m2", BEFORE), ("m1", T + STRAY)):
        reading = Reading(asset, T, {"gone": 1.0})
        fits, rest, why = some.fitting(reading, arrived)
        assert fits is reading
        assert rest is why is None
