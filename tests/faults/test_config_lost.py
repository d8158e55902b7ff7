"""The registry's database is deleted while readings flow, and brought back from a backup: nothing is lost."""

import asyncio
import sqlite3
from contextlib import suppress
from functools import partial
from pathlib import Path
from shutil import copyfile

import httpx
import pytest
from tests.conftest import PLANT, PRESS
from tests.neighbour import are_history, say

from andon.common import jobs
from andon.common.testing.factory import Factory
from andon.common.testing.speaking import speak
from andon.common.testing.waiting import eventually

pytestmark = pytest.mark.timeout(180)

KEPT = ("registry.db", "admin-password")


def keep(home: Path, backup: Path) -> None:
    """A backup as one makes it of a database in use."""
    backup.mkdir()
    with sqlite3.connect(home / KEPT[0]) as source, sqlite3.connect(backup / KEPT[0]) as target:
        source.backup(target)
    copyfile(home / KEPT[1], backup / KEPT[1])


def delete(home: Path) -> None:
    for file in home.glob("registry.db*"):
        file.unlink()


async def assets(factory: Factory) -> int:
    return len((await factory.call("GET", "/api/registry/v1/assets"))["items"])


async def start_anew(factory: Factory, assets_then: int) -> None:
    """Kill api, and wait until another one has so many assets."""
    factory.kill("api")

    async def there() -> bool:
        with suppress(httpx.HTTPError):
            await factory.sign_in()
            return await assets(factory) == assets_then
        return False

    await eventually(there, timeout=60, what="the registry is there, with the other database")


async def replay(factory: Factory) -> int:
    """All dead letters; how many became readings."""
    replayed, cursor = 0, None
    while True:
        body = {"cursor": cursor} if cursor else {}
        answer = await factory.call("POST", "/api/ingest/v1/deadletters/replay", json=body)
        replayed, cursor = replayed + answer["replayed"], answer["next_cursor"]
        if cursor is None:
            return replayed


async def test_what_came_meanwhile_is_replayed_when_the_database_is_back(tmp_path: Path) -> None:
    async with Factory(tmp_path / "andon") as factory:
        home, backup, safe = factory.folder, tmp_path / "backup", list[list[float]]()
        await factory.apply_plant(PLANT)
        device = await factory.add_device("press shop", "berlin/pressing")
        known = await assets(factory)
        speaking = asyncio.create_task(speak(lambda: factory.device(device), lambda gateway: say(gateway, PRESS, safe)))
        await eventually(lambda: len(safe) > 50)
        keep(home, backup)
        delete(home)
        await start_anew(factory, 0)
        letters = "/api/ingest/v1/deadletters"

        async def refused() -> bool:
            return len((await factory.call("GET", letters, params={"reason": "unknown-asset"}))["items"]) > 20

        await eventually(refused, timeout=60, what="readings of a plant that is gone are dead letters")
        delete(home)
        for name in KEPT:
            copyfile(backup / name, home / name)
        await start_anew(factory, known)
        told = len(safe)
        await eventually(lambda: len(safe) > told + 50, timeout=60, what="the device speaks on")
        await jobs.end(speaking)
        assert await replay(factory) > 20
        history = partial(are_history, factory, PRESS, safe)
        await eventually(history, timeout=60, what="all that was acknowledged is history")
