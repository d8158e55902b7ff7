"""Two registries on one database: whichever is killed, or stands still, all goes on as if there were one."""

import signal
from collections.abc import Iterator
from contextlib import suppress

import httpx
import pytest
from nats.js.errors import NotFoundError

from andon.common import subjects
from andon.common.buckets import read_entries
from andon.common.bus import Bus
from andon.common.plant import decode_asset
from andon.common.testing.fixtures import NatsForTest
from andon.common.testing.grafana_stand_in import GrafanaStandIn
from andon.common.testing.postgres import PostgresForTest
from andon.common.testing.waiting import ANSWER_SECONDS, eventually

from .conftest import PLANT
from .pair import CUT_OFF, PASSWORD, QUOTA, Instance, Pair, holding, running_pair

pytestmark = pytest.mark.timeout(240)

ROBOT = "berlin/painting/line-1/robot-3"
TOPIC = f"factory/{ROBOT}"
TAKEOVER = 40.0
YAML = {"Content-Type": "application/yaml"}


@pytest.fixture(scope="module")
def grafana() -> GrafanaStandIn:
    """A Grafana that is not started yet."""
    return GrafanaStandIn()


@pytest.fixture(scope="module")
def running(
    nats: NatsForTest, postgres: PostgresForTest, grafana: GrafanaStandIn, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Pair]:
    """Two registries that the stories of this file share."""
    folder = tmp_path_factory.mktemp("pair")
    with postgres.fresh() as url, running_pair(folder, nats, url, grafana.url) as found:
        yield found


@pytest.fixture
async def pair(running: Pair, bus: Bus) -> Pair:
    """Both of them, ready, with a plant; devices may come in."""
    await running.whole()
    await running.call(running.instances[0], "POST", "/plant", content=PLANT, headers=YAML)
    await (await bus.bucket(subjects.INTAKE_BUCKET)).put(subjects.INTAKE_SESSION_KEY, b"there")
    door = await running.device(running.instances[1], "door opener", "berlin")
    await eventually(lambda: running.comes_in(door), what="devices come in")
    await running.call(running.instances[0], "DELETE", f"/devices/{door['id']}")
    return running


async def told(bus: Bus, name: str) -> bool:
    """Whether the bucket has the robot under this name."""
    with suppress(NotFoundError, TimeoutError):
        entries = (await read_entries(bus.js, subjects.PLANT_BUCKET)).items()
        return name in [decode_asset(value).name for key, (value, _) in entries if key.startswith("asset.")]
    return False


async def rename(pair: Pair, at: Instance, name: str) -> None:
    await pair.call(at, "PATCH", f"/assets/{ROBOT}", json={"name": name})


async def test_both_start_at_once_on_an_empty_database_and_one_admin_is_made(pair: Pair) -> None:
    for one in pair.instances:
        assert [p["username"] for p in (await pair.call(one, "GET", "/people"))["items"]] == ["admin"]
        await pair.sign_in(one, "admin", PASSWORD)
    assert sum(one.log.read_text().count("first admin created") for one in pair.instances) == 1


async def test_who_signs_in_at_one_is_known_to_both_and_who_signs_out_at_one_is_out_at_both(
    pair: Pair, bus: Bus, grafana: GrafanaStandIn
) -> None:
    one, two = pair.instances
    token = await pair.sign_in(one, "admin", PASSWORD)
    grafana.jwks_url = f"{one.origin}/api/registry/v1/grafana/jwks.json"
    async with grafana, one.client(token) as here, two.client(token) as there, httpx.AsyncClient() as browser:
        assert (await there.get("/me")).json()["username"] == "admin"
        cookie = (await here.post("/grafana/session")).headers["set-cookie"].partition(";")[0]
        asked = {"Cookie": cookie, "sec-fetch-site": "same-origin"}

        async def grafana_says() -> int:
            answer = await browser.get(f"{two.origin}/grafana/api/user", headers=asked, timeout=ANSWER_SECONDS)
            return answer.status_code

        assert await grafana_says() == 200
        assert (await here.post("/auth/logout")).status_code == 204

        async def out() -> bool:
            return (await there.get("/me")).status_code == 401 and await grafana_says() == 401

        await eventually(out, what="the other refuses it")

    async def published() -> bool:
        return any(key.startswith("revoked.") for key in await read_entries(bus.js, subjects.PLANT_BUCKET))

    await eventually(published)


async def test_who_guesses_passwords_has_no_more_room_at_two(pair: Pair) -> None:
    answers = list[int]()

    async def held_up() -> bool:
        for one in pair.instances:
            async with one.client() as http:
                wrong = {"username": "eva", "password": "a wrong guess"}
                answers.append((await http.post("/auth/token", data=wrong)).status_code)
        return answers[-2:] == [429, 429]

    await eventually(held_up, what="both hold it up")
    assert answers.count(401) <= 8  # five are free, and one more each second or two


async def test_a_change_at_either_is_published_whoever_of_them_is_killed(pair: Pair, bus: Bus) -> None:
    leads, other = await pair.leader(bus)
    for number, one in enumerate((leads, other)):
        await rename(pair, one, f"Robot {number}")
        await eventually(lambda number=number: told(bus, f"Robot {number}"))
    leads.signal(signal.SIGKILL)
    await rename(pair, other, "Robot of the survivor")
    await eventually(lambda: told(bus, "Robot of the survivor"), timeout=TAKEOVER)
    await pair.whole()  # the killed one is back
    await rename(pair, leads, "Robot of who was killed")
    assert (await holding(bus)).holder == other.name
    leads.signal(signal.SIGKILL)  # right after its answer, and it is not the one who publishes
    await eventually(lambda: told(bus, "Robot of who was killed"), timeout=TAKEOVER)


async def test_one_that_stood_still_puts_nothing_old_back(pair: Pair, bus: Bus) -> None:
    leads, other = await pair.leader(bus)
    await rename(pair, other, "Robot before")
    await eventually(lambda: told(bus, "Robot before"))
    leads.signal(signal.SIGSTOP)
    try:
        await rename(pair, other, "Robot after")
        await eventually(lambda: told(bus, "Robot after"), timeout=TAKEOVER)
    finally:
        leads.signal(signal.SIGCONT)
    await pair.whole()
    await rename(pair, leads, "Robot at last")
    await eventually(lambda: told(bus, "Robot at last"), timeout=TAKEOVER)
    assert (await holding(bus)).holder == other.name


async def test_a_quarantine_holds_at_both_and_when_the_one_that_judged_is_killed(pair: Pair, bus: Bus) -> None:
    leads, other = await pair.leader(bus)
    device = await pair.device(other, "gateway", ROBOT)
    path = f"/devices/{device['id']}"

    async def kept_out() -> bool:
        with suppress(*CUT_OFF):
            async with pair.mqtt(device) as mqtt:
                for _ in range(20 * QUOTA):
                    await mqtt.publish(TOPIC, b"1", qos=0)
        stays = [(await pair.call(one, "GET", path))["quarantine"] for one in pair.instances]
        return stays[0] is not None and stays[0] == stays[1]

    await eventually(kept_out, timeout=60, what="both say that it is out, and why")
    stay = (await pair.call(other, "GET", path))["quarantine"]
    assert "its quota is 50 a second" in stay["reason"]
    leads.signal(signal.SIGKILL)
    assert (await pair.call(other, "GET", path))["quarantine"] == stay
    assert not await pair.comes_in(device)
    await pair.call(other, "DELETE", f"{path}/quarantine")
    await eventually(lambda: pair.comes_in(device), what="it comes in again")
    await pair.whole()
    for one in pair.instances:
        told_there = await pair.call(one, "GET", path)
        assert (told_there["quarantine"], told_there["quarantines"]) == (None, 0)


async def test_devices_come_in_and_revoked_ones_stay_out_whoever_is_killed(pair: Pair, bus: Bus) -> None:
    leads, other = await pair.leader(bus)
    devices = [await pair.device(one, f"of {one.name}", ROBOT) for one in pair.instances]
    gone = await pair.device(other, "stolen", ROBOT)
    thief = pair.mqtt(gone)
    with suppress(*CUT_OFF):
        async with thief:
            await pair.call(other, "DELETE", f"/devices/{gone['id']}")
            other.signal(signal.SIGKILL)  # it had no time to end the thief's connection
            async for _ in thief.messages:
                pass
    assert not await pair.comes_in(gone)
    for device in devices:
        await eventually(lambda device=device: pair.comes_in(device), what="it comes in")
    await pair.whole()
    leads.signal(signal.SIGKILL)
    for device in devices:
        await eventually(lambda device=device: pair.comes_in(device), what="it comes in")
    assert not await pair.comes_in(gone)


async def test_a_client_id_is_one_devices_at_both(pair: Pair, bus: Bus) -> None:
    first, second = [await pair.device(pair.instances[0], name, ROBOT) for name in ("first", "second")]
    async with pair.mqtt(first, "plc-1") as mqtt:
        for _ in range(6):  # either is asked
            assert not await pair.comes_in(second, "plc-1")
        leads, _ = await pair.leader(bus)
        leads.signal(signal.SIGKILL)
        await pair.whole(*[one for one in pair.instances if one is not leads])
        for _ in range(3):
            assert not await pair.comes_in(second, "plc-1")
        await mqtt.publish(TOPIC, b"1", qos=1)
    assert await pair.comes_in(first, "plc-1")
