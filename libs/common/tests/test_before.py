"""What a sensor held before an instant, of samples alone; from a real InfluxDB."""

from andon.common.history.before import stored_before
from andon.common.history.history import History
from andon.common.influx import Influx
from andon.common.reading import Reading
from andon.common.testing.machines import a_machine, store

S = 1_000_000_000
T = 1_763_899_200 * S
PRESS = a_machine("berlin/body/line-1/press-1", id="p1")


async def test_the_newest_sample_before_an_instant_counts_and_none_at_it(influx: Influx) -> None:
    history = History(influx)
    assert await stored_before(history, PRESS, "state", T) is None
    await store(
        influx,
        PRESS,
        Reading("p1", T, {"state": "RUN", "temperature": 20}),
        Reading("p1", T + S, {"temperature": 21}),
        Reading("p1", T + 2 * S, {"state": "STOP", "running": False}),
    )
    assert await stored_before(history, PRESS, "state", T) is None
    assert await stored_before(history, PRESS, "state", T + 2 * S) == (T, "RUN")
    assert await stored_before(history, PRESS, "state", T + 2 * S + 1) == (T + 2 * S, "STOP")
    assert await stored_before(history, PRESS, "temperature", T + 9 * S) == (T + S, 21.0)
    assert await stored_before(history, PRESS, "running", T + 9 * S) == (T + 2 * S, False)
