"""Turns: whoever asks for much waits behind themselves alone, and nobody's turn is lost."""

import asyncio
from contextlib import AsyncExitStack, suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from andon.common.errors import TooManyError
from andon.common.history.history import MANY, History
from andon.common.history.turns import Turns
from andon.common.influx import Influx


async def test_one_question_waits_for_no_more_than_one_of_somebody_elses_thousand() -> None:
    turns, order = Turns(1), list[str]()

    async def ask(person: str) -> None:
        async with turns.turn(person):
            order.append(person)
            await asyncio.sleep(0)

    greedy = [asyncio.create_task(ask("greedy")) for _ in range(1000)]
    await asyncio.sleep(0)
    await asyncio.gather(ask("modest"), ask("shy"))
    assert max(order.index("modest"), order.index("shy")) <= 4
    await asyncio.gather(*greedy)
    assert len(order) == 1002


async def test_whoever_waits_too_long_for_very_many_samples_is_told_so(
    influx: Influx, monkeypatch: pytest.MonkeyPatch
) -> None:
    greedy = History(influx).asked_by("greedy")
    modest = greedy.asked_by("modest")
    async with AsyncExitStack() as readings:
        for _ in range(MANY):
            await readings.enter_async_context(greedy.many())
        monkeypatch.setattr("andon.common.history.history.ASK_SECONDS", 0.05)
        with pytest.raises(TooManyError, match="ask again in a moment"):
            async with modest.many():
                raise AssertionError("there was no turn")
    async with modest.many(), modest.many():
        pass


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=30), st.integers(1, 3))
def test_no_turn_is_lost_whoever_gives_up(asked: list[tuple[str, bool]], most: int) -> None:
    async def story() -> None:
        turns, inside, widest = Turns(most), 0, 0

        async def ask(person: str) -> None:
            nonlocal inside, widest
            async with turns.turn(person):
                inside += 1
                widest = max(widest, inside)
                try:
                    await asyncio.sleep(0)
                finally:
                    inside -= 1

        tasks = [asyncio.create_task(ask(person)) for person, _ in asked]
        for (_, gives_up), task in zip(asked, tasks, strict=True):
            if gives_up:
                await asyncio.sleep(0)
                task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*tasks, return_exceptions=True)
        assert widest <= most
        async with asyncio.timeout(5):
            for _ in range(most):
                await turns.take("last")

    asyncio.run(story())
