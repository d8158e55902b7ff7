"""Decode and resolve: good, bad and hostile messages against one robot."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from andon.common.errors import Reason, RefusedError
from andon.common.plant import Asset, Plant, Sensor
from andon.ingest.resolve import MOST_REFUSALS, Resolver

NOW = 1_763_900_000_000_000_000
MACHINE = b"factory/berlin/painting/line-1/robot-3"
TEMPERATURE = MACHINE + b"/temperature"


@pytest.fixture
def resolver(robot: Asset) -> Resolver:
    plant = Plant()
    plant.put(robot)
    return Resolver(plant)


def message(**values: object) -> bytes:
    return json.dumps({"values": values}).encode()


@pytest.mark.parametrize(
    ("topic", "payload", "values"),
    [
        (MACHINE, message(temperature=71), {"temperature": 71.0}),
        (
            MACHINE,
            message(temperature=71.5, state="RUN", moving=True),
            {"temperature": 71.5, "state": "RUN", "moving": True},
        ),
        (MACHINE, message(temperature=1, torque=None), {"temperature": 1.0}),
        (MACHINE, message(moving=1, temperature=True), {"moving": True, "temperature": 1.0}),
        (TEMPERATURE, b"71.3", {"temperature": 71.3}),
        (TEMPERATURE, b" -4 ", {"temperature": -4.0}),
        (MACHINE + b"/state", b'"RUN"', {"state": "RUN"}),
        (MACHINE + b"/state", b"RUN", {"state": "RUN"}),
        (MACHINE + b"/moving", b"true", {"moving": True}),
    ],
)
def test_good_messages(resolver: Resolver, topic: bytes, payload: bytes, values: dict[str, object]) -> None:
    (reading,), refusals = resolver.resolve(topic, payload, NOW)
    assert (reading.asset, reading.time, reading.values, refusals) == ("r3", NOW, values, [])
    assert {k: type(v) for k, v in reading.values.items()} == {k: type(v) for k, v in values.items()}


@pytest.mark.parametrize(
    ("said", "quality"),
    [
        (b'"bad"', {"temperature": "bad", "torque": "bad"}),
        (b'"Good"', None),
        (b'" GOOD"', None),
        (b'"good' + b" " * 30 + b'"', None),
        (b"null", None),
        (b'{"torque": " Stale "}', {"torque": "stale"}),
        (b'{"torque": "good", "state": "bad"}', None),
    ],
)
def test_a_device_says_how_far_it_can_be_trusted(
    resolver: Resolver, said: bytes, quality: dict[str, str] | None
) -> None:
    payload = b'{"values": {"temperature": 1, "torque": 2}, "quality": %b, "firmware": 7}' % said
    (reading,), refusals = resolver.resolve(MACHINE, payload, NOW)
    assert (reading.values, reading.quality, refusals) == ({"temperature": 1.0, "torque": 2.0}, quality, [])
    (first, second), refusals = resolver.resolve(
        MACHINE, b'[%b, {"values": {"torque": [1], "temperature": 3}}]' % payload, NOW
    )
    assert (first.quality, second.quality, second.values) == (quality, None, {"temperature": 3.0})
    assert [refusal.reason for refusal in refusals] == [Reason.BAD_VALUE]


@pytest.mark.parametrize(
    ("said", "used", "why"),
    [
        (b'{"torque": "so-so"}', {"temperature": 1.0}, "'torque': 'so-so' is no quality; write good, uncertain"),
        (b'{"torque": 192}', {"temperature": 1.0}, "'torque': '192' is no quality"),
        (b'{"colour": "bad"}', {"temperature": 1.0, "torque": 2.0}, "has no sensor 'colour'"),
        (b'"so-so"', {}, "'so-so' is no quality"),
        (b'"good' + b" " * 100 + b'"', {}, "is no quality"),
        (b"192", {}, "'quality' is to be good, uncertain, bad or stale"),
        (b'["bad"]', {}, "'quality' is to be good, uncertain, bad or stale"),
    ],
)
def test_a_quality_that_is_none_is_never_taken_for_good(
    resolver: Resolver, said: bytes, used: dict[str, object], why: str
) -> None:
    payload = b'{"values": {"temperature": 1, "torque": 2}, "quality": %b}' % said
    if not used:
        with pytest.raises(RefusedError, match=why):
            resolver.resolve(MACHINE, payload, NOW)
        return
    (reading,), (refusal,) = resolver.resolve(MACHINE, payload, NOW)
    assert (reading.values, reading.quality) == (used, None)
    assert why in refusal.detail


@pytest.mark.parametrize(
    ("topic", "payload", "reason"),
    [
        (MACHINE, b"{", Reason.MALFORMED),
        (MACHINE, b"", Reason.MALFORMED),
        (MACHINE, b"[]", Reason.MALFORMED),
        (MACHINE, b"{}", Reason.MALFORMED),
        (MACHINE, b"5", Reason.MALFORMED),
        (MACHINE, b'{"values":{}}', Reason.MALFORMED),
        (MACHINE, b'{"values":{"temperature":NaN}}', Reason.MALFORMED),
        (MACHINE, b'{"values":{"temperature":1e999}}', Reason.MALFORMED),
        (MACHINE, b'{"values":{"temperature":"\xff"}}', Reason.MALFORMED),
        (MACHINE, b'{"values":{"temperature":' + b"[" * 100_000, Reason.MALFORMED),
        (MACHINE, b"[" * 1_000_000, Reason.MALFORMED),
        (MACHINE, b" " * (2**20 + 1), Reason.TOO_LARGE),
        (MACHINE, b"[" + b",".join([b'{"values":{"torque":1}}'] * 10_001) + b"]", Reason.TOO_LARGE),
        (MACHINE, message(**{f"k{n}": 1 for n in range(1001)}), Reason.TOO_LARGE),
        (
            MACHINE,
            json.dumps({"values": {"torque": 1}, "quality": {f"k{n}": "bad" for n in range(1001)}}).encode(),
            Reason.TOO_LARGE,
        ),
        (
            MACHINE,
            json.dumps({"values": {"torque": 1}, "quality": {f"k{n}": 1 for n in range(1001)}}).encode(),
            Reason.MALFORMED,
        ),
        (MACHINE, message(temperature="hot"), Reason.BAD_VALUE),
        (MACHINE, message(temperature=[1]), Reason.BAD_VALUE),
        (MACHINE, message(temperature={"value": 1}), Reason.BAD_VALUE),
        (MACHINE, message(moving=2), Reason.BAD_VALUE),
        (MACHINE, message(state=5), Reason.BAD_VALUE),
        (MACHINE, message(state="x" * 257), Reason.BAD_VALUE),
        (MACHINE, message(colour=5), Reason.UNKNOWN_SENSOR),
        (MACHINE, b'{"ts":1,"values":{"torque":1}}', Reason.BAD_TIME),
        (MACHINE, b'{"ts":[],"values":{"torque":1}}', Reason.MALFORMED),
        (MACHINE + b"/colour", b"5", Reason.UNKNOWN_SENSOR),
        (MACHINE[:-1] + b"9", b"5", Reason.UNKNOWN_ASSET),
        (b"factory/berlin", b"5", Reason.BAD_TOPIC),
        (b"factory/a/b/c/d/e/f", b"5", Reason.BAD_TOPIC),
        (b"factory/\xff/b/c/d", b"5", Reason.BAD_TOPIC),
        (b"other/berlin/painting/line-1/robot-3", b"5", Reason.BAD_TOPIC),
        (b"factory/andon/platform/pipeline/ledger", message(unexplained=0), Reason.FORBIDDEN),
        (b"factory/andon/platform/pipeline/ledger/lost", b"0", Reason.FORBIDDEN),
    ],
)
def test_bad_messages_say_why(resolver: Resolver, topic: bytes, payload: bytes, reason: Reason) -> None:
    with pytest.raises(RefusedError) as refused:
        resolver.resolve(topic, payload, NOW)
    assert refused.value.reason is reason
    assert 0 < len(refused.value.detail) < 3000


def test_a_bad_value_leaves_its_neighbours_alone(resolver: Resolver) -> None:
    (reading,), refusals = resolver.resolve(MACHINE, message(temperature=71, torque=[1], colour=1), NOW)
    assert reading.values == {"temperature": 71.0}
    assert [r.reason for r in refusals] == [Reason.BAD_VALUE, Reason.UNKNOWN_SENSOR]


def test_what_is_calculated_takes_no_values_of_a_device(robot: Asset) -> None:
    plant, path = Plant(), f"{robot.path}/power"
    plant.put(structs.replace(robot, sensors=(*robot.sensors, Sensor("power", path, expression="torque * 2"))))
    resolver = Resolver(plant)
    (reading,), refusals = resolver.resolve(MACHINE, message(power=5, torque=1), NOW)
    assert reading.values == {"torque": 1.0}
    assert [(r.reason, r.detail) for r in refusals] == [
        (Reason.FORBIDDEN, f"'{path}' is calculated by Andon, and takes no values")
    ]
    for topic, payload in ((MACHINE, message(power=5)), (MACHINE + b"/power", b"5")):
        with pytest.raises(RefusedError, match="is calculated by Andon") as refused:
            resolver.resolve(topic, payload, NOW)
        assert refused.value.reason is Reason.FORBIDDEN


def test_a_bad_reading_of_a_list_leaves_the_others_alone(resolver: Resolver) -> None:
    payload = b'[{"values":{"torque":1}}, 7, {"ts":1,"values":{"torque":2}}, {"values":{"torque":3}}]'
    readings, refusals = resolver.resolve(MACHINE, payload, NOW)
    assert [r.values for r in readings] == [{"torque": 1.0}, {"torque": 3.0}]
    assert [r.reason for r in refusals] == [Reason.MALFORMED, Reason.BAD_TIME]


def test_a_changed_plant_is_heeded_at_once(robot: Asset) -> None:
    plant = Plant()
    resolver = Resolver(plant)
    with pytest.raises(RefusedError):
        resolver.resolve(TEMPERATURE, b"1", NOW)
    plant.put(robot)
    assert resolver.resolve(TEMPERATURE, b"1", NOW)[0]
    plant.remove(robot.id)
    with pytest.raises(RefusedError):
        resolver.resolve(TEMPERATURE, b"1", NOW)


_json = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["ts", "values", "torque", "x"]), inner)
    ),
    max_leaves=20,
)


@pytest.fixture(scope="module")
def lasting() -> Resolver:
    """One resolver for all examples of a property."""
    plant = Plant()
    sensors = (Sensor(key="torque", path="torque"), Sensor(key="temperature", path="temperature"))
    plant.put(Asset("r3", MACHINE.decode().removeprefix("factory/"), "machine", "robot-3", "Robot 3", sensors=sensors))
    return Resolver(plant)


@given(
    st.binary(max_size=200) | _json.map(lambda value: json.dumps(value).encode()),
    st.sampled_from([MACHINE, TEMPERATURE]),
)
def test_whatever_comes_is_readings_or_a_reason(lasting: Resolver, payload: bytes, topic: bytes) -> None:
    try:
        readings, _ = lasting.resolve(topic, payload, NOW)
    except RefusedError as error:
        readings = []
        said = error.detail
    else:
        said = "nothing"
    assert said
    assert all(type(value) is float for reading in readings for value in reading.values.values())


def test_a_message_of_which_far_too_much_cannot_be_used_takes_nobodys_time(resolver: Resolver) -> None:
    unknown = {"values": {"temperature": 1.0, **{f"x{n}": 1.0 for n in range(500)}}}
    many = [unknown] * (MOST_REFUSALS // 500)
    readings, refusals = resolver.resolve(MACHINE, json.dumps(many).encode(), NOW)
    assert (len(readings), len(refusals)) == (len(many), MOST_REFUSALS)
    with pytest.raises(RefusedError, match="so none is") as refused:
        resolver.resolve(MACHINE, json.dumps([*many, {"values": {"x": 1.0}}]).encode(), NOW)
    assert refused.value.reason is Reason.UNKNOWN_SENSOR
