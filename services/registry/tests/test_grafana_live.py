"""WebSockets to Grafana: passed on both ways in the name of their person, for as long as they may look."""

import asyncio
import json
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, InvalidStatus

from andon.common.testing.waiting import STATE_SECONDS, eventually
from andon.registry.grafana import live

from .grafana_house import House


async def heard(socket: ClientConnection) -> Any:
    return json.loads(await asyncio.wait_for(socket.recv(), STATE_SECONDS))


async def test_a_websocket_is_passed_on_both_ways_in_the_name_of_its_person(house: House) -> None:
    browser = await house.admin()
    async with house.listen(browser, **{"X-WEBAUTH-USER": "root"}) as socket:
        told = await heard(socket)
        assert told["who"] == "admin"
        assert told["headers"]["host"] == house.host
        assert told["headers"]["origin"] == house.origin
        assert not {"x-webauth-user", "cookie"} & set(told["headers"])
        await socket.send("ping")
        assert await socket.recv() == "ping"
        await socket.send(b"\x00\xff")
        assert await socket.recv() == b"\x00\xff"
        await socket.send("good-bye")
        with pytest.raises(ConnectionClosed):
            await socket.recv()
        assert socket.close_code == 3005


async def test_a_websocket_of_somebody_else_is_refused(house: House) -> None:
    browser, stranger = await house.admin(), await house.browser()
    for who, headers in (
        (stranger, {}),
        (browser, {"Origin": "https://evil.example"}),
        (browser, {"Origin": "null"}),
    ):
        with pytest.raises(InvalidStatus) as refused:
            async with house.listen(who, **headers):
                pass
        assert refused.value.response.status_code == 403


async def test_a_websocket_ends_when_its_person_signs_out(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "GUARD_SECONDS", 0.02)
    eva = await house.registry.person("eva", "viewer")
    async with house.listen(await house.browser(eva)) as socket:
        await heard(socket)
        await eva.post("/auth/logout")
        with pytest.raises(ConnectionClosed):
            await asyncio.wait_for(socket.recv(), 10)
        assert socket.close_code == live.NOT_ALLOWED


async def test_one_person_has_a_number_of_websockets_and_gives_them_back(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "OF_ONE", 1)
    browser = await house.admin()
    async with house.listen(browser) as socket:
        await heard(socket)
        with pytest.raises(InvalidStatus):
            async with house.listen(browser):
                pass

    async def again() -> bool:
        try:
            async with house.listen(browser) as socket:
                return bool(await heard(socket))
        except InvalidStatus as error:
            raise AssertionError(str(error)) from None

    await eventually(again)


async def test_a_websocket_to_a_grafana_that_is_away_is_refused(house: House) -> None:
    browser = await house.admin()
    await house.grafana.stop()
    with pytest.raises(InvalidStatus):
        async with house.listen(browser):
            pass
    await house.grafana.start()
