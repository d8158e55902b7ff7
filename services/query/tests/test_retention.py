"""How long each tier is kept: wished by settings, enforced on the databases, told to who asks."""

import asyncio
from itertools import pairwise
from time import time_ns

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from andon.common import subjects
from andon.common.bus import Bus
from andon.common.errors import SetupError, UnavailableError
from andon.common.history.span import LONGEST
from andon.common.history.tier import RAW
from andon.common.influx import Influx
from andon.common.influx.retention import DAY, HOUR
from andon.common.reading import Reading
from andon.common.service import background
from andon.common.settings import load
from andon.common.testing.fixtures import InfluxForTest
from andon.common.testing.influx3_stand_in import Influx3StandIn
from andon.common.testing.machines import store
from andon.common.testing.waiting import eventually
from andon.query.derive import retention
from andon.query.settings import QuerySettings
from andon.query.tiers.extent import STEP, backward, forward
from andon.query.tiers.keeping import Keeper, Wish, gone_before, shortens, whole_since, wishes
from andon.query.tiers.tiers import HOURS, MINUTES

from .conftest import MS, OVEN, PRESS, QueryForTest, S, is_ready, running

FOR_EVER = [Wish(tier, 0) for tier in (RAW, MINUTES, HOURS)]


def wished(raw: int | None = None, minutes: int | None = None, hours: int | None = None) -> list[Wish]:
    return [Wish(RAW, raw), Wish(MINUTES, minutes), Wish(HOURS, hours)]


async def kept(influx: Influx) -> list[int | None]:
    return [await influx.retention(tier.database(influx.settings.database)) for tier in (RAW, MINUTES, HOURS)]


def test_what_the_settings_say(monkeypatch: pytest.MonkeyPatch) -> None:
    assert wishes(load(QuerySettings)) == wished()
    for name, text in {"RAW": "90d", "1M": "0", "1H": ""}.items():
        monkeypatch.setenv(f"ANDON_QUERY_RETENTION_{name}", text)
    assert wishes(load(QuerySettings)) == wished(90 * DAY, 0, None)


@pytest.mark.parametrize("text", ["30m", "90 days", "1h30m", "-1d", "for ever", "59m", "1.5h"])
def test_what_no_database_can_keep_is_refused_with_the_variable(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("ANDON_QUERY_RETENTION_1M", text)
    with pytest.raises(SetupError, match=f"ANDON_QUERY_RETENTION_1M: '{text}'"):
        load(QuerySettings)


@pytest.mark.parametrize(
    ("raw", "minutes", "hours", "says"),
    [
        ("60d", "", "2h", "_1H: kept for 2h, shorter than .* ANDON_QUERY_RETENTION_RAW is 60d; keep them at least as"),
        ("60d", "30d", "", "_1M: kept for 30d, shorter than .* ANDON_QUERY_RETENTION_RAW is 60d"),
        ("0", "30d", "", "_1M: kept for 30d, shorter than .* ANDON_QUERY_RETENTION_RAW is 0 .for ever."),
        ("7d", "90d", "30d", "_1H: kept for 30d, shorter than .* ANDON_QUERY_RETENTION_1M is 90d"),
        ("", "0", "30d", "_1H: kept for 30d, shorter than .* ANDON_QUERY_RETENTION_1M is 0"),
    ],
)
def test_rows_that_would_go_before_what_they_are_made_of_are_refused(
    monkeypatch: pytest.MonkeyPatch, raw: str, minutes: str, hours: str, says: str
) -> None:
    for name, text in {"RAW": raw, "1M": minutes, "1H": hours}.items():
        monkeypatch.setenv(f"ANDON_QUERY_RETENTION_{name}", text)
    with pytest.raises(SetupError, match=says):
        load(QuerySettings)


async def test_missing_databases_are_made_so_and_a_second_time_changes_nothing(influxdb: InfluxForTest) -> None:
    influx = Influx(influxdb.settings)
    keeper = Keeper(influx, wished(90 * DAY, 730 * DAY, 0))
    for _ in range(2):
        with capture_logs() as logs:
            await keeper.enforce()
        assert await kept(influx) == [90 * DAY, 730 * DAY, 0]
        assert logs == []
    assert keeper.has == {"raw": 90 * DAY, "1m": 730 * DAY, "1h": 0}
    await influx.aclose()


async def test_who_shortens_is_told_what_goes_before_it_goes(influx: Influx) -> None:
    await Keeper(influx, FOR_EVER).enforce()
    with capture_logs() as logs:
        await Keeper(influx, wished(30 * DAY, None, 3650 * DAY)).enforce()
    database = influx.settings.database
    said = [(one["event"], one["database"], one["was_kept"], one["is_kept"], one["log_level"]) for one in logs]
    assert said == [
        ("values will be deleted", database, "for ever", "30d", "warning"),
        ("values will be deleted", f"{database}_1h", "for ever", "3650d", "warning"),
    ]
    assert logs[0]["older_than"].endswith("Z")
    with capture_logs() as logs:
        await Keeper(influx, wished(60 * DAY, None, 0)).enforce()
    assert [(one["event"], one["log_level"]) for one in logs] == [("values are kept longer", "info")] * 2
    assert await kept(influx) == [60 * DAY, 0, 0]


async def test_without_a_wish_a_database_stays_as_somebody_made_it(influx: Influx) -> None:
    await influx.keep(7 * DAY)
    keeper = Keeper(influx, wished())
    await keeper.enforce()
    assert await kept(influx) == [7 * DAY, 0, 0]
    assert keeper.has["raw"] == 7 * DAY, "what is whole depends on what the database does, whoever told it"


async def test_what_core_cannot_do_is_said_once_and_tried_again(influxdb: InfluxForTest) -> None:
    async with Influx3StandIn(influxdb.settings) as stand_in:
        influx = Influx(stand_in.settings)
        await influx.ensure_database()
        keeper = Keeper(influx, wished(30 * DAY, 90 * DAY))
        with capture_logs() as logs:
            await keeper.enforce()
            await keeper.enforce()
        assert await kept(influx) == [0, 90 * DAY, 0], "a new database is made so, an old one stays as it is"
        assert [one["event"] for one in logs] == ["values will be deleted", "retention is not changed"]
        assert "--retention-period 720h" in logs[1]["hint"]
        await influx.aclose()


async def test_a_missing_influxdb_is_an_outage(influxdb: InfluxForTest) -> None:
    influx = Influx(influxdb.settings)
    influxdb.process.kill()
    with pytest.raises(UnavailableError):
        await Keeper(influx, FOR_EVER).enforce()
    await influx.aclose()


async def test_what_is_gone_stays_gone_when_more_is_kept_again(bus: Bus, influx: Influx) -> None:
    """A window of 60 days ago was made of all values; made again, it would hold what came since alone."""
    now = time_ns()
    await retention.once(Keeper(influx, wished(30 * DAY)), bus)
    await retention.once(Keeper(influx, wished(30 * DAY)), bus)  # the database had its 30 days
    later = Keeper(influx, wished(0))
    await retention.once(later, bus)
    assert later.has["raw"] == 0
    assert now - 30 * DAY <= later.whole_since(RAW, now) <= time_ns() - 30 * DAY
    assert later.whole_since(MINUTES, now) == 0
    again = Keeper(influx, wished(0))
    await retention.once(again, bus)
    assert again.whole_since(RAW, now) == later.whole_since(RAW, now), "a restart forgets nothing"


async def test_a_missing_influxdb_is_waited_for_and_said_once(
    bus: Bus, influxdb: InfluxForTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "SOON_SECONDS", 0.1)
    influxdb.process.kill()
    influx = Influx(influxdb.settings)
    keeper = Keeper(influx, wished(30 * DAY))
    with capture_logs() as logs:
        async with background(("retention", retention.keep_retention(keeper, bus))):
            await eventually(lambda: len(logs) == 1)
            influxdb.process.start()
            await asyncio.wait_for(keeper.enforced.wait(), 30)
    assert await kept(influx) == [30 * DAY, 0, 0]
    assert [one["event"] for one in logs] == ["retention cannot be enforced; trying again until it can"]
    await influx.aclose()


async def test_what_somebody_changed_by_hand_is_put_right(
    bus: Bus, influx: Influx, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "AGAIN_SECONDS", 0.1)
    keeper = Keeper(influx, wished(30 * DAY))
    async with background(("retention", retention.keep_retention(keeper, bus))):
        await asyncio.wait_for(keeper.enforced.wait(), 30)
        await influx.keep(90 * DAY)
        await eventually(lambda: is_kept(influx, 30 * DAY))


async def is_kept(influx: Influx, keep: int) -> bool:
    return await influx.retention() == keep


async def test_an_unreadable_memory_is_said_and_made_anew(bus: Bus, influx: Influx) -> None:
    bucket = await bus.bucket(subjects.DERIVE_BUCKET)
    await bucket.put(subjects.GONE_KEY, b"no json")
    keeper = Keeper(influx, wished())
    await retention.once(keeper, bus)
    assert (await bucket.get(subjects.GONE_KEY)).value == b'{"raw":0,"1m":0,"1h":0}'


times = st.integers(0, 2**62)
keeps = st.none() | st.integers(HOUR, 4000 * DAY)


@given(keeps, st.integers(10**18, 2 * 10**18), st.integers(0, 10**18), st.integers(0, HOUR))
def test_what_is_whole_now_is_there_when_it_is_read(keep: int | None, now: int, gone: int, wait: int) -> None:
    since = whole_since(keep, now, gone)
    assert since >= gone
    assert since >= gone_before(keep, now + wait, gone), "within the next hour nothing of it goes"
    assert gone_before(None, now, gone) == gone_before(0, now, gone) == gone
    assert whole_since(0, now, gone) == whole_since(None, now, gone) == gone


@given(st.integers(0, 4000), st.integers(0, 4000))
def test_for_ever_is_longer_than_anything(has: int, keep: int) -> None:
    assert shortens(has, keep) == ((keep or 10**9) < (has or 10**9))


@given(st.integers(10**18, 2**62))
def test_no_time_is_left_out_of_the_search(now: int) -> None:
    rising, falling = list(forward(now)), backward(now)
    assert rising[0].start <= now - LONGEST
    assert rising[-1].end >= now + 24 * HOUR
    assert all(one.end == after.start and one.end - one.start == STEP for one, after in pairwise(rising))
    assert falling[0].end >= now + 24 * HOUR
    assert all(one.start == before.end for one, before in pairwise(falling))
    assert falling[-1].start <= now - LONGEST + STEP


async def test_who_asks_is_told_each_tier_and_the_extent_of_their_part(query: QueryForTest, influx: Influx) -> None:
    now = time_ns() // S * S
    old = now - 400 * DAY
    await store(influx, PRESS, Reading("p1", old, {"state": "RUN"}), Reading("p1", now, {"temperature": 1.0}))
    await store(influx, OVEN, Reading("o1", now - 9 * DAY, {"temperature": 1.0}))
    minutes = f"{influx.settings.database}_1m"
    await influx.ensure_database(minutes, keep=500 * DAY)
    row = b"press,asset=p1,site=berlin,area=body,line=line-1,machine=press-1 temperature__count=60 %d" % (old - 60 * S)
    assert (await influx.write(row, database=minutes)).stored
    raw, one_m, one_h = (await query.get("/retention"))["items"]
    asked = {"keep": None, "enforced": True, "why_not": ""}
    database = influx.settings.database
    assert raw == {
        "tier": "raw", "database": database, "has": "for ever", "oldest": old // MS, "newest": now // MS, **asked,
    }  # fmt: skip
    assert one_m == {
        "tier": "1m", "database": minutes, "has": "500d", "oldest": old // MS - 60_000, "newest": old // MS - 60_000,
        **asked,
    }  # fmt: skip
    assert one_h == {
        "tier": "1h", "database": f"{database}_1h", "has": None, "oldest": None, "newest": None, **asked,
    }  # fmt: skip
    (lyon, *_) = (await query.get("/retention", scope="lyon"))["items"]
    assert lyon["oldest"] == lyon["newest"] == (now - 9 * DAY) // MS
    (oven, *_) = (await query.get("/retention", scope="berlin/painting"))["items"]
    assert (oven["oldest"], oven["newest"]) == (None, None)


async def test_a_wish_that_is_not_fulfilled_says_why(
    neighbours: None, influx: Influx, plant: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANDON_QUERY_RETENTION_RAW", "90d")
    monkeypatch.setenv("ANDON_QUERY_RETENTION_1H", "0")
    async with running() as query:
        await eventually(lambda: is_ready(query), what="the plant is known")
        raw, minutes, hours = (await query.get("/retention"))["items"]
        assert (raw["keep"], raw["has"], raw["enforced"]) == ("90d", "for ever", False)
        assert raw["why_not"].startswith("The derive process has not set it yet")
        assert minutes["enforced"]
        assert hours["why_not"].startswith("There is no such database yet")
        await Keeper(influx, wished(90 * DAY, None, 0)).enforce()
        assert [one["enforced"] for one in (await query.get("/retention"))["items"]] == [True] * 3


async def test_on_core_it_says_that_core_cannot(
    neighbours: None, influxdb: InfluxForTest, plant: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Influx3StandIn(influxdb.settings) as stand_in:
        monkeypatch.setenv("ANDON_INFLUX_URL", stand_in.settings.url)
        monkeypatch.setenv("ANDON_INFLUX_TOKEN", stand_in.settings.token.get_secret_value())
        monkeypatch.setenv("ANDON_QUERY_RETENTION_RAW", "90d")
        influx = Influx(stand_in.settings.model_copy(update={"database": influxdb.database}))
        await influx.ensure_database()
        async with running() as query:
            await eventually(lambda: is_ready(query), what="the plant is known")
            raw, *_ = (await query.get("/retention"))["items"]
        assert not raw["enforced"]
        assert raw["why_not"].startswith("InfluxDB 3.10.0 Core sets a retention when it makes a database, and never")
        await influx.aclose()
