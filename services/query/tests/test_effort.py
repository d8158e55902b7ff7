"""What live clients say is worked at one by one, person by person, and others have as much time in between."""

import asyncio

from andon.common import jobs
from andon.query.live.effort import Effort


async def test_after_an_hour_of_work_there_is_an_hour_of_rest() -> None:
    hours = iter((0.0, 3600.0))
    effort, said = Effort(clock=lambda: next(hours)), list[str]()

    async def say(person: str) -> None:
        async with effort.turn(person):
            said.append(person)

    tasks = [asyncio.create_task(say("anna")), asyncio.create_task(say("ben"))]
    for _ in range(20):
        await asyncio.sleep(0)
    assert said == ["anna"], "the loop is left to the others"
    await jobs.end(*tasks)


async def test_who_says_much_waits_behind_themselves() -> None:
    effort, said = Effort(clock=lambda: 0.0), list[str]()

    async def say(person: str) -> None:
        async with effort.turn(person):
            said.append(person)

    await asyncio.gather(*(say(person) for person in ("anna", "anna", "anna", "ben")))
    assert said == ["anna", "anna", "ben", "anna"]
