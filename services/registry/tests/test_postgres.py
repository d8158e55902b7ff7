"""PostgreSQL goes and comes back under way: the registry says so, and goes on."""

from collections.abc import Iterator

import pytest

from andon.common.testing.postgres import PostgresForTest


@pytest.fixture
def own_url(postgres: PostgresForTest, postgres_url: str) -> Iterator[str]:
    yield postgres_url
    if not postgres.process.running:
        postgres.process.start()  # others need it


async def test_a_server_that_is_restarted_is_told_of_and_then_all_is_there(registry, postgres: PostgresForTest) -> None:
    await registry.apply()
    postgres.stop()
    assert "connection" in (await registry.http.get("http://registry/readyz")).json()["sick"]["registry: database"]
    answer = await registry.http.post("/devices", json={"name": "oven", "scope": "berlin"})
    assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
    postgres.process.start()
    await registry.ready()
    assert await registry.device("oven", "berlin")
    assert await registry.apply() == {"created": 0, "changed": 0, "unchanged": 8}


async def test_a_text_that_it_cannot_look_for_is_refused(registry) -> None:
    answer = await registry.http.get("/assets", params={"under": "\0"})
    assert (answer.status_code, "NUL" in answer.json()["detail"]) == (422, True)
