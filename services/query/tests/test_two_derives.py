"""Two derive processes: one works, the other stands by, and goes on when the first stands still or is killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import msgspec
import pytest
from nats.js.errors import NotFoundError

from andon.common import subjects
from andon.common.bus import Bus
from andon.common.errors import UnavailableError
from andon.common.history.history import History
from andon.common.history.span import Span
from andon.common.influx import Influx
from andon.common.lease import Holding
from andon.common.testing.fixtures import InfluxForTest
from andon.common.testing.machines import store
from andon.common.testing.ports import free_port
from andon.common.testing.waiting import eventually
from andon.query.derive import anew
from andon.query.derive.anew import Wanted, ask
from andon.query.tiers.read import read_windows
from andon.query.tiers.tiers import MINUTES

from .conftest import PRESS
from .deriving import HOUR, LONG_AGO, clean_up, some

TAKES_OVER_SECONDS = 40.0
"""It does within eight on a machine that does nothing else."""

Running = dict[str, subprocess.Popen[bytes]]


@pytest.fixture
def two(neighbours: None, plant: None) -> Iterator[Running]:
    """Two processes with names of their own."""
    running = {name: begin(name) for name in ("derive-1", "derive-2")}
    yield running
    for one in running.values():
        one.kill()
        one.wait()


def begin(name: str) -> subprocess.Popen[bytes]:
    more = {"ANDON_INSTANCE": name, "ANDON_DERIVE_PORT": str(free_port())}
    return subprocess.Popen([sys.executable, "-m", "andon.query.derive"], env={**os.environ, **more})


async def leads(bus: Bus, *names: str) -> str:
    """Which of these has the lease, once one has."""

    async def found() -> str:
        try:
            entry = await (await bus.bucket(subjects.LEASES_BUCKET)).get(subjects.DERIVE_LEASE)
        except NotFoundError:
            return ""
        holder = msgspec.json.decode(entry.value or b"", type=Holding).holder
        return holder if holder in names else ""

    holder: str = await eventually(found, timeout=TAKES_OVER_SECONDS, what=f"one of {names} leads")
    return holder


async def rolls_up(bus: Bus, influx: Influx, hour: int) -> None:
    """Somebody takes an order for an hour of the past, and makes it."""
    await store(influx, PRESS, *some(PRESS.id, LONG_AGO + hour * HOUR, 600))
    span = Span(LONG_AGO + hour * HOUR, LONG_AGO + (hour + 1) * HOUR)

    async def taken() -> bool:
        try:
            return await ask(bus, subjects.REBUILD, Wanted(PRESS.path, span.start, span.end)) == 1
        except UnavailableError as error:
            raise AssertionError(str(error)) from None

    async def made() -> bool:
        return int((await read_windows(History(influx), MINUTES, PRESS, "temperature", span)).count.sum()) == 600

    await eventually(taken, timeout=TAKES_OVER_SECONDS, what="the order is taken")
    await eventually(made, timeout=TAKES_OVER_SECONDS, what="it is made")


async def test_the_other_goes_on_and_one_that_wakes_up_stands_by(bus: Bus, influx: Influx, two: Running) -> None:
    first = await leads(bus, *two)
    (second,) = two.keys() - {first}
    await rolls_up(bus, influx, 0)
    two[first].send_signal(signal.SIGSTOP)
    assert await leads(bus, second) == second
    await rolls_up(bus, influx, 1)
    two[first].send_signal(signal.SIGCONT)
    await rolls_up(bus, influx, 2)
    assert await leads(bus, *two) == second
    two[second].kill()
    assert await leads(bus, first) == first
    await rolls_up(bus, influx, 3)
    two[first].terminate()  # it gives the lease back, so that nobody waits for its end
    two[first].wait(TAKES_OVER_SECONDS)
    entry = await (await bus.bucket(subjects.LEASES_BUCKET)).get(subjects.DERIVE_LEASE)
    assert msgspec.json.decode(entry.value or b"", type=Holding).holder == ""


async def test_who_has_lost_the_lease_writes_nothing(bus: Bus, influxdb: InfluxForTest, influx: Influx) -> None:
    def lost() -> None:
        raise UnavailableError("another has it")

    other = Influx(influxdb.settings, fence=lost)
    with pytest.raises(UnavailableError, match="another has it"):
        await other.write(b"press,asset=p1 temperature=1 1")
    with pytest.raises(UnavailableError, match="another has it"):
        await other.ensure_database("second")
    await other.aclose()
    assert await influx.retention("second") is None
    bus.fence = lost
    with pytest.raises(UnavailableError, match="another has it"):
        await bus.publish(subjects.telemetry(0), b"", msg_id="x")
    with pytest.raises(UnavailableError, match="another has it"):
        await bus.bucket(subjects.DERIVE_BUCKET)


async def test_an_order_waits_a_moment_for_who_takes_over(bus: Bus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anew, "ASK_SECONDS", 0.5)
    with pytest.raises(UnavailableError, match="is it running"):
        await ask(bus, subjects.REBUILD, Wanted("", 0, 1))


@pytest.fixture(autouse=True)
async def _clean(bus: Bus) -> None:
    await clean_up(bus)
