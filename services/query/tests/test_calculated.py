"""What is calculated, and asked to be anew, over HTTP: cut to the caller's part, and for engineers."""

import asyncio
from typing import Any

import pytest
from msgspec import structs

from andon.common.auth import Principal, Role
from andon.common.bus import Bus
from andon.common.expression import Formula, formulas
from andon.common.plant import Asset, Sensor
from andon.common.testing.waiting import eventually
from andon.query.derive import anew

from .conftest import OVEN, PRESS, ROBOT, QueryForTest, put_assets


@pytest.fixture
async def calculating(bus: Bus, query: QueryForTest) -> QueryForTest:
    """A press that waits for another machine, a robot that follows from itself, and an oven that is well."""
    for machine, key, text in (
        (PRESS, "share", "temperature / '../press-9/temperature'"),
        (ROBOT, "power", "power + temperature"),
        (OVEN, "kelvin", "temperature + 273.15"),
    ):
        sensor = Sensor(key, f"{machine.path}/{key}", expression=text)
        await put_assets(bus, structs.replace(machine, sensors=(*machine.sensors, sensor)))

    async def known() -> bool:
        return len((await query.get("/calculated"))["items"]) == 3

    await eventually(known, what="the plant is known")
    return query


async def test_all_expressions_are_listed_with_what_they_wait_for(calculating: QueryForTest) -> None:
    press, robot, oven = (await calculating.get("/calculated"))["items"]
    assert press == {
        "sensor": f"{PRESS.path}/share",
        "expression": "temperature / '../press-9/temperature'",
        "waits_for": ["../press-9/temperature"],
        "trouble": "",
    }
    power = f"{ROBOT.path}/power"
    assert robot["trouble"] == f"'{power}' would follow from itself: {power} <- {power}"
    assert (oven["sensor"], oven["waits_for"], oven["trouble"]) == (f"{OVEN.path}/kelvin", [], "")


async def test_the_list_is_cut_to_what_was_asked_and_may_be_seen(calculating: QueryForTest) -> None:
    async def paths(under: str = "", scope: str = "") -> list[str]:
        return [one["sensor"] for one in (await calculating.get("/calculated", scope=scope, under=under))["items"]]

    assert await paths("berlin") == [f"{PRESS.path}/share", f"{ROBOT.path}/power"]
    assert await paths(f"{OVEN.path}/kelvin") == await paths(scope="lyon") == [f"{OVEN.path}/kelvin"]
    for scope, under in (("lyon", ROBOT.path), ("", "nowhere")):
        status, detail = await calculating.refusal("/calculated", scope=scope, under=under)
        assert (status, f"There is no sensor, machine or node '{under}'" in detail) == (404, True)


async def test_a_long_list_comes_in_pages_that_miss_nothing_and_repeat_nothing(
    bus: Bus, calculating: QueryForTest
) -> None:
    for slug in ("kiln", "kiln-2"):  # of the machines the first is kiln, of their sensors kiln-2/kelvin
        path = f"lyon/baking/line-1/{slug}"
        kelvin = Sensor("kelvin", f"{path}/kelvin", expression="temperature + 273.15")
        sensors = (Sensor("temperature", f"{path}/temperature"), kelvin)
        await put_assets(bus, structs.replace(OVEN, id=slug, slug=slug, path=path, sensors=sensors))

    async def whole() -> list[dict[str, Any]]:
        answer = await calculating.get("/calculated")
        assert (len(answer["items"]), answer["next_cursor"]) == (5, None)
        return list(answer["items"])

    found, cursor = list[dict[str, Any]](), ""
    every = await eventually(whole, what="the kilns are known")
    for size in (2, 2, 1):
        page = await calculating.get("/calculated", limit="2", cursor=cursor)
        assert len(page["items"]) == size
        found, cursor = found + page["items"], page["next_cursor"]
    assert (found, cursor) == (every, None)
    assert (await calculating.refusal("/calculated", limit="0"))[0] == 422


async def test_the_plant_is_looked_through_once_for_each_of_its_states_however_many_ask(
    bus: Bus, calculating: QueryForTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = list[int]()

    def count(machines: list[Asset]) -> tuple[list[Formula], dict[str, str]]:
        looked.append(len(machines))
        return formulas(machines)

    monkeypatch.setattr("andon.query.calculated.formulas", count)
    await put_assets(bus, structs.replace(PRESS, name="Press of old", sensors=PRESS.sensors))

    async def is_gone() -> bool:
        return len((await calculating.get("/calculated"))["items"]) == 2

    await eventually(is_gone, what="the press calculates nothing any more")
    before = len(looked)
    await asyncio.gather(*(calculating.get("/calculated") for _ in range(20)))
    assert 1 <= before == len(looked)


async def test_engineers_ask_for_more_and_are_told_when_nobody_hears(
    calculating: QueryForTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(anew, "ASK_SECONDS", 0.5)

    async def ask(role: Role, **params: str) -> tuple[int, str]:
        caller = Principal(id="eva", name="Eva", role=role, scope="berlin")
        token = calculating.tokens.sign(caller, token_id="t9", lifetime=60)
        headers = {"Authorization": f"Bearer {token}"}
        answer = await calculating.http.post("/api/query/v1/calculated/recompute", params=params, headers=headers)
        return answer.status_code, answer.json().get("detail", "")

    assert (await ask(Role.OPERATOR))[0] == 403
    assert (await ask(Role.ENGINEER, under="lyon"))[0] == 404
    assert await ask(Role.ENGINEER, **{"from": "now", "to": "-1h"}) == (422, "'from' (now) must be before 'to' (-1h)")
    status, says = await ask(Role.ENGINEER, **{"from": "-30d"})
    assert (status, "The derive process does not answer" in says) == (503, True)
