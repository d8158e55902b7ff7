"""Streams: messages, their numbers, and how far readers are, from one nats-server into another."""

import io
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from nats.js.api import KeyValueConfig

from andon.cli.backup import ledger, streams
from andon.cli.backup.archive import Hashed
from andon.common import subjects
from andon.common.bus import open_bus
from andon.common.errors import SetupError
from andon.common.testing.fixtures import NatsForTest, running_nats
from andon.ingest.ledger.account import Account
from andon.ingest.ledger.bookkeeper import pack, unpack

COUNT = 3000


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[NatsForTest]]:
    with ExitStack() as stack:
        yield [stack.enter_context(running_nats(tmp_path_factory.mktemp("nats"))) for _ in range(2)]


async def test_streams_go_on_elsewhere_where_they_were(two: list[NatsForTest]) -> None:
    async with open_bus(two[0].settings, "test") as bus:
        await bus.ready()
        js = bus.js
        for number in range(COUNT):
            await bus.nc.publish(subjects.telemetry(0), b"%d" % number * 500)
        await js.publish(subjects.telemetry(0), b"last", headers={"Nats-Msg-Id": "once"})
        await js.purge_stream(subjects.TELEMETRY, seq=11)
        reader = await js.pull_subscribe(subjects.TELEMETRY_ALL, subjects.STORE_DURABLE, stream=subjects.TELEMETRY)
        for message in await reader.fetch(100):
            await message.ack()
        await (await bus.bucket(subjects.PLANT_BUCKET)).put("asset.x", b"{}")
        await js.create_key_value(KeyValueConfig(bucket="others"))
        before = (await js.stream_info(subjects.TELEMETRY)).state
        account = Account(since=1, stream="of old", at=60)
        await (await bus.bucket(subjects.LEDGER_BUCKET)).put(subjects.ACCOUNT_KEY, pack(account))

    taken = await _taken(two[0])
    assert list(taken)[:2] == ["KV_ledger", "TELEMETRY"]
    assert "KV_others" in taken
    assert "KV_intake" not in taken
    await _put(two[1], taken)

    async with open_bus(two[1].settings, "test") as bus:
        await bus.ready()  # its streams are made as the services do it: nothing is in the way
        js = bus.js
        after = await js.stream_info(subjects.TELEMETRY)
        assert (after.state.first_seq, after.state.last_seq) == (before.first_seq, before.last_seq) == (11, COUNT + 1)
        reader = await js.pull_subscribe(subjects.TELEMETRY_ALL, subjects.STORE_DURABLE, stream=subjects.TELEMETRY)
        [message] = await reader.fetch(1)
        assert message.metadata.sequence.stream == 111  # what was acknowledged does not come again
        assert (await (await bus.bucket(subjects.PLANT_BUCKET)).get("asset.x")).value == b"{}"
        kept = unpack((await (await bus.bucket(subjects.LEDGER_BUCKET)).get(subjects.ACCOUNT_KEY)).value or b"")
        assert kept.stream == (after.created.isoformat() if after.created else "")
        assert kept.at == 60


async def _taken(server: NatsForTest) -> dict[str, tuple[dict[str, object], bytes]]:
    nc, taken = await streams.connect(server.settings), {}
    assert await ledger.counted(nc) == 60
    for name in await streams.names(nc):
        out = io.BytesIO()
        told = await streams.dump(nc, name, Hashed(out))
        taken[name] = (told, out.getvalue())
    await nc.close()
    return taken


async def _put(server: NatsForTest, taken: dict[str, tuple[dict[str, object], bytes]]) -> None:
    nc = await streams.connect(server.settings)
    assert await streams.filled(nc, list(taken)) == []
    for name, (told, content) in taken.items():
        await streams.load(nc, name, told, io.BytesIO(content), server.settings)
    assert "TELEMETRY" in await streams.filled(nc, list(taken))
    for name, (told, content) in taken.items():  # over what is there now
        await streams.load(nc, name, told, io.BytesIO(content), server.settings)
    await ledger.rejoin(nc)
    await nc.close()


async def test_what_is_no_snapshot_is_refused(two: list[NatsForTest]) -> None:
    nc = await streams.connect(two[1].settings)
    told = {"config": {"name": "X", "subjects": ["x"], "storage": "file"}, "state": {}}
    with pytest.raises(SetupError, match="nats-server refuses the stream X"):
        await streams.load(nc, "X", told, io.BytesIO(b"no snapshot" * 1000), two[1].settings)
    await nc.close()


async def test_a_stream_that_is_not_there_is_named(two: list[NatsForTest]) -> None:
    nc = await streams.connect(two[1].settings)
    with pytest.raises(SetupError, match="the stream NOWHERE"):
        await streams.dump(nc, "NOWHERE", Hashed(io.BytesIO()))
    await nc.close()


async def test_a_server_that_is_not_there_is_named(two: list[NatsForTest]) -> None:
    away = two[0].settings.model_copy(update={"url": "nats://127.0.0.1:1"})
    with pytest.raises(SetupError, match=r"does not answer at nats://127\.0\.0\.1:1"):
        await streams.connect(away)


def test_an_account_taken_first_must_reach_the_beginning_of_the_stream() -> None:
    assert ledger.is_gapless(at=10, first=11)
    assert not ledger.is_gapless(at=10, first=12)
