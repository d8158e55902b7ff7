"""An MQTT client id is its first device's, as long as that is there."""

import aiomqtt
import pytest

from andon.common.errors import UnauthorizedError
from andon.registry import clientids
from andon.registry.claims import Claim, Picture
from andon.registry.clientids import ASK_SECONDS, CLAIMS_OF_ONE, OFFLINE_SECONDS, ClientIds


class Bucket:
    """What the bucket of claims holds, with revisions; `see` lets a registry see it."""

    def __init__(self) -> None:
        self.entries: dict[str, tuple[Claim, int]] = {}
        self.writes = 0

    def store(self) -> "Seen":
        return Seen(self)


class Seen:
    """The bucket as one registry sees it."""

    def __init__(self, bucket: Bucket) -> None:
        self.bucket, self.picture = bucket, Picture()

    def see(self) -> None:
        self.picture.keep(set(self.bucket.entries))
        for key, (claim, _) in self.bucket.entries.items():
            self.picture.put(key, claim)

    async def read(self, key: str) -> tuple[Claim | None, int]:
        return self.bucket.entries.get(key, (None, 0))

    async def write(self, key: str, claim: Claim, revision: int) -> None:
        if self.bucket.entries.get(key, (None, 0))[1] != revision:
            raise UnauthorizedError("somebody else was first")
        self.bucket.writes += 1
        self.bucket.entries[key] = claim, self.bucket.writes
        self.picture.put(key, claim)

    async def drop(self, key: str) -> None:
        self.picture.forget(key)
        self.bucket.entries.pop(key, None)


class Plc:
    """A broker and a clock to play with."""

    def __init__(self, bucket: Bucket | None = None) -> None:
        self.now, self.asked = 1000.0, 0
        self.online: set[tuple[str, str]] = set()
        self.bucket = bucket or Bucket()
        self.seen = self.bucket.store()
        self.ids = ClientIds(self.seen, self._revoked, self._connected, lambda: self.now)

    async def _revoked(self, username: str) -> bool:
        return username == "revoked"

    async def _connected(self, username: str, client_id: str) -> bool:
        self.asked += 1
        return (username, client_id) in self.online

    async def may(self, device: str, client_id: str = "plc-1") -> bool:
        try:
            await self.ids.bind(client_id, device)
        except UnauthorizedError:
            return False
        return True


async def test_who_is_away_for_ten_minutes_loses_the_id_and_who_is_there_never() -> None:
    plc = Plc()
    plc.online = {("first", "plc-1")}
    assert await plc.may("first")
    for _ in range(100):
        plc.now += ASK_SECONDS
        assert not await plc.may("second")
    plc.online = set()
    for _ in range(int(OFFLINE_SECONDS / ASK_SECONDS)):
        plc.now += ASK_SECONDS
        assert not await plc.may("second")
    plc.now += ASK_SECONDS
    assert await plc.may("second")
    assert not await plc.may("first")


async def test_who_comes_back_in_between_has_ten_more_minutes() -> None:
    plc = Plc()
    await plc.may("first")
    assert not await plc.may("second")
    plc.now += OFFLINE_SECONDS - 1
    assert await plc.may("first")
    plc.now += 2
    assert not await plc.may("second")
    plc.now += OFFLINE_SECONDS - 1
    assert not await plc.may("second")
    plc.now += 2
    assert await plc.may("second")


async def test_the_broker_is_asked_seldom_however_often_somebody_knocks() -> None:
    plc = Plc()
    for n in range(50):
        await plc.may("first", f"plc-{n}")
        plc.online.add(("first", f"plc-{n}"))
    for n in range(1000):
        plc.now += 0.001
        assert not await plc.may("second", f"plc-{n % 50}")
    assert plc.asked == 1


async def test_one_device_claims_a_hundred_ids_and_then_its_own_oldest_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    plc = Plc()
    await plc.may("quiet", "its own")
    for n in range(CLAIMS_OF_ONE + 1):
        assert await plc.may("greedy", f"plc-{n}")
    assert await plc.may("other", "plc-0")
    assert not await plc.may("other", "plc-1")
    assert not await plc.may("greedy", "its own")
    monkeypatch.setattr(clientids, "CLAIMS", 5)
    for n in range(200):
        assert await plc.may(f"device {n}", f"id {n}")
    assert await plc.may("revoked", "plc-x")
    assert await plc.may("other", "plc-x")


async def test_two_registries_do_not_disagree(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Plc()
    two = Plc(one.bucket)
    assert await one.may("first")
    assert not await two.may("second")  # though it has not seen that yet
    two.seen.see()
    for registry in (one, two):
        for _ in range(3):
            assert await registry.may("first")
    one.seen.see()
    written = one.bucket.writes
    for registry in (one, two):
        assert await registry.may("first")  # who is expected costs no write
        registry.now += 2 * ASK_SECONDS
        assert not await registry.may("second")
    assert one.bucket.writes == written + 1  # it was found offline once, for both
    one.now = two.now = one.now + OFFLINE_SECONDS
    one.seen.see()
    assert await one.may("first")  # it is back, and so has ten more minutes at both
    two.seen.see()
    assert not await two.may("second")
    assert await two.may("first")


async def test_a_device_that_is_gone_does_not_keep_its_id_and_a_live_session_is_not_taken(
    registry, open_door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clientids, "OFFLINE_SECONDS", 0.0)
    monkeypatch.setattr(clientids, "ASK_SECONDS", 0.0)
    monkeypatch.setattr(clientids, "ASK_ALL_SECONDS", 0.0)
    first, second = await registry.device("first", "berlin"), await registry.device("second", "munich")
    async with registry.mqtt(first, client_id="plc-9") as mqtt:
        for _ in range(3):
            with pytest.raises(aiomqtt.MqttError):
                async with registry.mqtt(second, client_id="plc-9"):
                    pass
        await mqtt.publish("factory/berlin/a/b/c", b"still here", qos=1)
    with pytest.raises(aiomqtt.MqttError):
        async with registry.mqtt(second, client_id="plc-9"):
            pass
    async with registry.mqtt(second, client_id="plc-9") as mqtt:
        await mqtt.publish("factory/munich/a/b/c", b"1", qos=1)
