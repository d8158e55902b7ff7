"""Seven numbers of a range."""

from andon.common.influx import Influx
from andon.common.reading import Reading

from .conftest import MS, PRESS, QueryForTest, S, store

T = 1_763_900_000 * S


async def test_a_range_in_seven_numbers(query: QueryForTest, influx: Influx) -> None:
    await store(influx, PRESS, *(Reading("p1", T + i * S, {"temperature": float(v)}) for i, v in enumerate((2, 4, 9))))
    name = f"{PRESS.path}/temperature"
    found = await query.get("/stats", sensor=name, **{"from": T // MS, "to": T // MS + 3000})
    assert found.pop("stddev") == 3.605551275463989
    assert found == {
        "sensor": name, "unit": "Cel", "count": 3, "mean": 5, "min": 2, "max": 9, "first": 2, "last": 9,
    }  # fmt: skip
    nothing = await query.get("/stats", sensor=name, **{"from": T // MS + 3000, "to": T // MS + 4000})
    assert (nothing["count"], nothing["mean"]) == (0, None)


async def test_a_state_has_no_mean(query: QueryForTest) -> None:
    status, detail = await query.refusal("/stats", sensor=f"{PRESS.path}/state")
    assert (status, detail) == (422, f"'{PRESS.path}/state' is a string; statistics need numbers")
