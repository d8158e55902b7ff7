"""Preferences: kept with the person, whoever they are, at whatever screen they sign in."""

from contextlib import aclosing

import pytest
from sqlalchemy import text

from andon.registry.storage.database import Database

AS_BROWSER = {"language": "", "theme": "", "numbers": "", "zone": "", "sound": False}
MINE = {"language": "de", "theme": "dark", "numbers": "de-CH", "zone": "Europe/Zurich", "sound": True}


async def test_everybody_has_their_own_and_finds_them_again(registry) -> None:
    otto = await registry.person("otto", "viewer", "berlin")
    assert (await otto.get("/me/preferences")).json() == AS_BROWSER
    assert (await otto.put("/me/preferences", json=MINE)).json() == MINE
    elsewhere = await registry.sign_in("otto", "otto-password")
    assert (await elsewhere.get("/me/preferences")).json() == MINE
    assert (await registry.http.get("/me/preferences")).json() == AS_BROWSER
    some = {"theme": "contrast"}
    assert (await otto.put("/me/preferences", json=some)).json() == AS_BROWSER | some


@pytest.mark.parametrize("numbers", ["en", "en-GB", "zh-Hant-TW", "es-419", "ar-EG-u-nu-latn", "gsw"])
async def test_the_ways_of_the_world_are_known(registry, numbers: str) -> None:
    answer = await registry.http.put("/me/preferences", json={"numbers": numbers, "zone": "America/Argentina/Ushuaia"})
    assert answer.json()["numbers"] == numbers


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"language": "fr"}, "language"),
        ({"theme": "pink"}, "theme"),
        ({"numbers": "german"}, "numbers"),
        ({"numbers": "de_DE"}, "numbers"),
        ({"numbers": "de\n"}, "numbers"),
        ({"numbers": "de-u-" + "nu-" * 20}, "numbers"),
        ({"zone": "Europe/Atlantis"}, "'Europe/Atlantis' is no time zone; write for example Europe/Berlin"),
        ({"zone": "../../etc/passwd"}, "is no time zone"),
        ({"zone": "Europe"}, "is no time zone"),
        ({"zone": "\0"}, "is no time zone"),
        ({"zone": "x" * 65}, "zone"),
        ({"sound": "loud"}, "sound"),
        ({"font": "Comic"}, "font"),
    ],
)
async def test_what_no_page_could_follow_is_refused(registry, wrong, says: str) -> None:
    answer = await registry.http.put("/me/preferences", json={**MINE, **wrong})
    assert answer.status_code == 422
    assert says in answer.json()["detail"]
    assert (await registry.http.get("/me/preferences")).json() == AS_BROWSER


async def test_what_was_good_once_is_answered_for_ever(registry, own_url: str) -> None:
    kept = """UPDATE people SET preferences = '{"zone": "Europe/Kiev-that-was", "theme": "dark"}'"""
    async with aclosing(Database(own_url)) as database, database.write() as session:
        await session.execute(text(kept))
    assert (await registry.http.get("/me/preferences")).json() == {
        **AS_BROWSER,
        "zone": "Europe/Kiev-that-was",
        "theme": "dark",
    }
