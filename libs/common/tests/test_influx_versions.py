"""Which InfluxDB it is, and what is said where one of them differs from the others."""

import httpx
import orjson
import pytest
from pydantic import SecretStr

from andon.common.errors import UnavailableError
from andon.common.influx import JSON, MSGPACK, Influx, WriteAnswer, is_missing
from andon.common.influx.answers import reason
from andon.common.influx.retention import DAY, HOUR, shard, written
from andon.common.influx.version import Version, told_by
from andon.common.settings import InfluxSettings
from andon.common.testing.fixtures import InfluxForTest
from andon.common.testing.influx2_stand_in import ORG, Influx2StandIn
from andon.common.testing.influx3_stand_in import MOST_BODY, Influx3StandIn
from andon.common.testing.influx_sink import InfluxSink


@pytest.mark.parametrize(
    ("text", "build", "major"),
    [
        ("1.6.7~rc0", "OSS", 1),
        ("1.8.10", "OSS", 1),
        ("v2.7.12", "OSS", 2),
        ("2.0.9", "oss", 2),
        ("3.10.0", "Core", 3),
        ("3.0.0-nightly", "Enterprise", 3),
        ("4.1.0", "Core", 3),
    ],
)
def test_a_server_tells_its_version_with_every_ping(text: str, build: str, major: int) -> None:
    found = told_by({"x-influxdb-version": text, "x-influxdb-build": build})
    assert found is not None
    assert (found.major, found.build) == (major, build)
    assert str(found) == f"InfluxDB {text.removeprefix('v')} {build}"


@pytest.mark.parametrize("headers", [{}, {"x-influxdb-version": "unknown"}, {"x-influxdb-version": ""}])
def test_what_tells_no_version_tells_none(headers: dict[str, str]) -> None:
    assert told_by(headers) is None


async def test_what_does_not_say_what_it_is_is_taken_as_1x_was(influxdb: InfluxForTest) -> None:
    async with InfluxSink() as sink:
        client = Influx(sink.settings)
        assert await client.version() == Version(1)
        await client.aclose()


async def test_health_says_why_it_is_not_well(influxdb: InfluxForTest) -> None:
    async with Influx3StandIn(influxdb.settings) as stand_in:
        client = Influx(stand_in.settings)
        assert await client.trouble() == ""
        stranger = Influx(stand_in.settings.model_copy(update={"token": SecretStr("wrong")}))
        assert await stranger.trouble() == "InfluxDB refused us (401): unauthorized access"
    assert (await client.trouble()).startswith("InfluxDB does not answer: ")
    await client.aclose()
    await stranger.aclose()


async def test_the_version_is_looked_at_anew_with_every_ping(influxdb: InfluxForTest) -> None:
    """Somebody replaces 2.x by 3 while Andon runs."""
    async with Influx2StandIn(influxdb.settings) as before:
        client = Influx(before.settings)
        assert (await client.version()).major == 2
    assert not await client.ping()
    async with Influx3StandIn(influxdb.settings) as after:
        client._http.base_url = httpx.URL(after.settings.url)
        assert await client.ping()
        assert str(await client.version()) == "InfluxDB 3.10.0 Core"
    await client.aclose()


@pytest.mark.parametrize(
    "error",
    [
        "database not found: andon",
        "query error: database not found: andon_1m",
        "Database andon not found",
        "not executed",
    ],
)
def test_no_such_database_has_many_names(error: str) -> None:
    assert is_missing(error)


@pytest.mark.parametrize("error", ['"database not found" is no field', "default retention policy not set for: a", ""])
def test_what_else_is_wrong_is_not_taken_for_it(error: str) -> None:
    assert not is_missing(error)


LINES_OF_3 = orjson.dumps(
    {
        "error": "partial write of line protocol occurred",
        "data": [
            {"original_line": "a", "line_number": 2, "error_message": "no"},
            {"original_line": "b", "line_number": 7, "error_message": "nor that"},
        ],
    }
)
RETENTION_OF_2 = """\
failure writing points to database: partial write: dropped 350 points outside retention policy of duration 72h0m0s - \
oldest point m,a=b at 2025-08-26T03:26:38Z dropped because it violates a Retention Policy Lower Bound dropped=350 \
for database: 0a for retention policy: autogen"""


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b'{"error":"partial write: field type conflict dropped=1"}', "partial write: field type conflict dropped=1"),
        (b'{"code":"invalid","message":"unable to parse"}', "unable to parse"),
        (LINES_OF_3, "partial write of line protocol occurred; line 2: no; line 7: nor that"),
        (
            b'{"error":"parsing failed","data":{"original_line":"a","line_number":1,"error_message":"no"}}',
            "parsing failed; line 1: no",
        ),
        (b"max request size (10485760 bytes) exceeded", "max request size (10485760 bytes) exceeded"),
        (b'{"other":1}', '{"other":1}'),
        (b"[1]", "[1]"),
        (b"\xff", "\ufffd"),
        (b"", ""),
    ],
)
def test_a_refusal_is_a_sentence_whoever_says_it(body: bytes, sentence: str) -> None:
    assert reason(body) == sentence


@pytest.mark.parametrize(
    ("status", "detail", "old"),
    [
        (400, "partial write: points beyond retention policy dropped=2", 2),
        (422, "failure writing points to database: partial write: points beyond retention policy dropped=17", 17),
        (422, RETENTION_OF_2, 350),
        (400, "partial write: field type conflict: input field dropped=3", 0),
        (204, "", 0),
        (500, "partial write: points beyond retention policy dropped=2", 0),
    ],
)
def test_how_many_points_were_too_old(status: int, detail: str, old: int) -> None:
    assert WriteAnswer(status, detail).too_old == old


@pytest.mark.parametrize("keep", [HOUR, 2 * HOUR, DAY, 2 * DAY, 30 * DAY, 181 * DAY, 10_000 * DAY])
def test_no_shard_is_longer_than_what_is_kept(keep: int) -> None:
    assert shard(keep) <= keep
    assert shard(keep, few=True) <= keep
    assert (shard(0), shard(0, few=True)) == (7 * DAY, 364 * DAY)


def test_durations_are_written_as_people_read_them() -> None:
    assert [written(n) for n in (90 * DAY, 36 * HOUR, HOUR + 10**9)] == ["90d", "36h", "3601s"]


@pytest.mark.parametrize("refusal", [400, 406, 415, 200])
async def test_what_cannot_pack_is_asked_for_json_from_then_on(refusal: int) -> None:
    """Something else that speaks InfluxQL, or a proxy in between."""
    asked: list[str] = []

    async def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path != "/query":
            return httpx.Response(204, headers={"X-Influxdb-Version": "1.8.0"})
        asked.append(request.headers["accept"])
        known = {"headers": {"content-type": "application/json; charset=utf-8"}, "content": b'{"results":[{}]}'}
        return httpx.Response(refusal, **known) if asked[-1] == MSGPACK else httpx.Response(200, **known)

    client = Influx(InfluxSettings())
    await client.aclose()
    client._http = httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="http://influx")
    for _ in range(2):
        found = await client.fetch("SELECT x FROM m")
        assert (found.packed, found.content_type, found.body) == (False, JSON, b'{"results":[{}]}')
    assert asked == ([MSGPACK, JSON] if refusal == 200 else [MSGPACK, JSON, JSON])
    await client.aclose()


async def test_a_wrong_token_is_an_outage_that_says_so_and_not_a_refusal(influxdb: InfluxForTest) -> None:
    """What waits must not become dead letters because somebody changed a token."""
    for stand_in in (Influx2StandIn(influxdb.settings), Influx3StandIn(influxdb.settings)):
        async with stand_in:
            client = Influx(stand_in.settings.model_copy(update={"token": SecretStr("wrong")}))
            answer = await client.write(b"m x=1 1")
            assert (answer.status, answer.stored, answer.refused) == (401, False, False)
            with pytest.raises(UnavailableError, match="401"):
                await client.query("SELECT x FROM m")
            with pytest.raises(UnavailableError, match="401"):
                await client.ensure_database()
            await client.aclose()


@pytest.mark.parametrize(
    ("orgs", "org", "said"),
    [
        ([], "", "ANDON_INFLUX_ORG; the token sees none"),
        (["acme", "other"], "", "ANDON_INFLUX_ORG; the token sees 'acme', 'other'"),
        (["acme", "other"], "third", "ANDON_INFLUX_ORG; the token sees none"),
    ],
)
async def test_which_organisation_is_meant_must_be_plain(
    influxdb: InfluxForTest, orgs: list[str], org: str, said: str
) -> None:
    async with Influx2StandIn(influxdb.settings) as stand_in:
        stand_in.orgs = [{"id": ORG, "name": name} for name in orgs]
        client = Influx(stand_in.settings.model_copy(update={"org": org}))
        with pytest.raises(UnavailableError, match=said):
            await client.ensure_database()
        await client.aclose()


@pytest.mark.parametrize("org", ["", "acme", ORG])
async def test_an_organisation_is_the_only_one_or_named_or_its_id(influxdb: InfluxForTest, org: str) -> None:
    async with Influx2StandIn(influxdb.settings) as stand_in:
        client = Influx(stand_in.settings.model_copy(update={"org": org}))
        await client.ensure_database()
        assert await client.retention() == 0
        await client.aclose()


async def test_a_bucket_of_another_name_is_used_where_a_mapping_says_so(influxdb: InfluxForTest) -> None:
    async with Influx2StandIn(influxdb.settings, maps=False) as stand_in:
        client = Influx(stand_in.settings)
        await client.ensure_database("sensors", keep=DAY)
        stand_in.mappings[0].database = "andon"
        await client.ensure_database()
        assert len(stand_in.buckets) == 1
        assert await client.retention() == DAY
        await client.aclose()


async def test_3_is_never_sent_what_it_would_answer_with_a_failure(influxdb: InfluxForTest) -> None:
    """A body above its bound would be tried for ever, if it were known by its 500 alone."""
    async with Influx3StandIn(influxdb.settings) as stand_in:
        client = Influx(stand_in.settings)
        assert await client.ping()
        answer = await client.write(b"m x=1 1\n" * (MOST_BODY // 8 + 1))
        assert (answer.status, answer.refused) == (413, True)
        assert "InfluxDB 3.10.0 Core takes at most 10485760 bytes at once" in answer.detail
        await client.aclose()
