"""How far the rollups are, and who may have them made again."""

import pytest

from andon.common.auth import Principal, Role
from andon.query.derive import anew

from .conftest import MS, NOW, OVEN, PRESS, QueryForTest, S

HOUR = 3600 * S


async def test_everybody_sees_how_far_they_are_and_what_is_pending_of_their_part_of_the_plant(
    query: QueryForTest,
) -> None:
    query.coverage.pending = {"p1": [(NOW, NOW + HOUR)], "o1": [(NOW - HOUR, NOW)], "gone": [(NOW, NOW + HOUR)]}
    found = await query.get("/rollups", scope="berlin")
    assert found["pending"] == [{"asset": "p1", "path": PRESS.path, "ranges": [[NOW // MS, (NOW + HOUR) // MS]]}]
    assert [one["path"] for one in (await query.get("/rollups"))["pending"]] == [PRESS.path, OVEN.path]


async def test_admins_have_them_made_again_and_are_told_when_nobody_hears(
    query: QueryForTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(anew, "ASK_SECONDS", 0.5)

    async def ask(role: Role, **params: str) -> tuple[int, str]:
        caller = Principal(id="eva", name="Eva", role=role, scope="berlin")
        headers = {"Authorization": f"Bearer {query.tokens.sign(caller, token_id='t9', lifetime=60)}"}
        answer = await query.http.post("/api/query/v1/rollups", params=params, headers=headers)
        return answer.status_code, answer.json().get("detail", "")

    assert (await ask(Role.ENGINEER))[0] == 403
    assert (await ask(Role.ADMIN, under="lyon"))[0] == 404
    assert await ask(Role.ADMIN, **{"from": "now", "to": "-1h"}) == (422, "'from' (now) must be before 'to' (-1h)")
    status, says = await ask(Role.ADMIN, **{"from": "-30d"})
    assert (status, "The derive process does not answer" in says) == (503, True)
