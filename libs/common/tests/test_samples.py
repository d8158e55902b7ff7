"""Samples, read from a real InfluxDB."""

import pytest

from andon.common.errors import UnavailableError
from andon.common.history import samples
from andon.common.history.columns import decode
from andon.common.history.history import History
from andon.common.history.span import Span
from andon.common.influx import Answer, Influx
from andon.common.reading import Reading
from andon.common.testing.machines import a_machine, store

S = 1_000_000_000
PRESS = a_machine("berlin/body/line-1/press-1", id="p1")
OVEN = a_machine("lyon/heat/line-1/oven-1", id="o1", type="")
T = 1_763_899_200 * S
DAY = Span(T, T + 86_400 * S)


async def test_numbers_states_and_switches_with_their_quality(influx: Influx) -> None:
    await store(
        influx,
        PRESS,
        Reading("p1", T, {"temperature": 20.5, "state": "RUN", "running": True}),
        Reading("p1", T + S, {"temperature": 21.0}, {"temperature": "bad"}),
        Reading("p1", T + 2 * S, {"state": 'it\'s "odd"; DROP \\ SERIES'}),
        Reading("p1", T + 86_400 * S, {"temperature": 99.0}),
    )
    history = History(influx)
    numbers = await samples.read(history, PRESS, "temperature", DAY)
    assert (numbers.times.tolist(), numbers.numbers.tolist()) == ([T, T + S], [20.5, 21.0])
    assert numbers.good.tolist() == [True, False]
    states = await samples.read(history, PRESS, "state", DAY)
    assert (states.times.tolist(), states.values.tolist()) == ([T, T + 2 * S], ["RUN", 'it\'s "odd"; DROP \\ SERIES'])
    assert (await samples.read(history, PRESS, "running", DAY)).values.tolist() == [True]
    assert len(await samples.read(history, PRESS, "temperature", DAY, most=1)) == 1


async def test_what_was_never_stored_is_empty(influx: Influx) -> None:
    history = History(influx)
    assert len(await samples.read(history, OVEN, "temperature", DAY)) == 0
    await store(influx, OVEN, Reading("o1", T, {"temperature": 1.0}))
    assert len(await samples.read(history, OVEN, "nothing", DAY)) == 0
    assert len(await samples.read(history, PRESS, "temperature", DAY)) == 0


async def test_many_machines_at_once_each_with_its_own(influx: Influx) -> None:
    presses = [a_machine(f"berlin/body/line-1/press-{n}", id=f"p{n}") for n in range(1, 4)]
    for n, press in enumerate(presses):
        await store(influx, press, *(Reading(press.id, T + i * S, {"temperature": n + i / 10}) for i in range(20)))
    found = await samples.read_many(History(influx), [*presses, OVEN], "temperature", DAY)
    assert {asset: len(one) for asset, one in found.items()} == {"p1": 20, "p2": 20, "p3": 20}
    assert found["p3"].numbers.tolist() == [2 + i / 10 for i in range(20)]
    odd = a_machine("berlin/body/line-1/odd", id="'; DROP")
    some = await samples.read_many(History(influx), [*presses[:2], odd], "temperature", DAY)
    assert set(some) == {"p1", "p2"}


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"\x81\xa7", "cannot be read"),
        (b"\x80", "no InfluxDB"),
        (b"\x81\xa7results\x91\x81\xa5error\xa4oops", "refused a query: oops"),
    ],
)
def test_an_answer_that_is_none_is_said(body: bytes, says: str) -> None:
    with pytest.raises(UnavailableError, match=says):
        decode(Answer(body, "application/x-msgpack"))


async def test_json_and_msgpack_say_the_same(influx: Influx) -> None:
    await store(influx, PRESS, *(Reading("p1", T + i * S, {"temperature": i / 7}) for i in range(100)))
    statement = 'SELECT "temperature" FROM "press"'
    packed = await influx.fetch(statement)
    assert packed.packed
    (one,) = decode(packed)
    (other,) = decode(Answer(await as_json(influx, statement), "application/json"))
    assert one.times.tolist() == other.times.tolist()
    assert one.fields["temperature"].tolist() == other.fields["temperature"].tolist()


async def as_json(influx: Influx, statement: str) -> bytes:
    asked = {"db": influx.settings.database, "epoch": "ns", "q": statement}
    return (await influx._http.post("/query", data=asked)).content
