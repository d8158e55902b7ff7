"""When the plant changes, each who listens hears the right machines again, and the change costs what it touches."""

import asyncio
from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

from andon.common import jobs
from andon.common.plant import Asset, Plant
from andon.common.testing.machines import a_machine
from andon.query.branches import Branches, Keys
from andon.query.live.audience import Audience, Listener
from andon.query.live.effort import Effort
from andon.query.live.interest import Interest
from andon.query.live.outbox import Outbox
from andon.query.live.table import Table

PLACES = ("berlin", "berlin/body", "berlin/body/line-1", "berlin/body/line-2", "lyon", "andon", "andon/platform")
MACHINES = ("a", "b", "c", "d")
NAMES = (
    "",
    *PLACES,
    *(f"id-{place}" for place in PLACES),
    *MACHINES,
    "berlin/body/line-1/a",
    "a/temperature",
    "b/state",
)


def a_node(path: str, *, id: str) -> Asset:  # noqa: A002 - the asset's words
    """A site, an area or a line."""
    return Asset(id=id, path=path, kind="area", slug=path.rpartition("/")[2], name=path)


class Counted(Interest):
    """Counts the machines that each look brought."""

    def __init__(self, *names: str) -> None:
        super().__init__(*names)
        self.looks: list[int] = []

    @override
    def choose(self, branches: Branches, scope: str) -> tuple[dict[str, Keys], dict[str, str]]:
        found, wrong = super().choose(branches, scope)
        self.looks.append(len(found))
        return found, wrong


def an_audience(plant: Plant, *hours: float) -> Audience:
    """`hours`: what the clock says each time it is asked; without, work takes no time."""
    clock = iter(hours)
    return Audience(Branches(plant), Table(), Effort(clock=lambda: 3600 * next(clock, 0.0)))


def a_plant(machines: int) -> Plant:
    plant = Plant()
    for path in PLACES:
        plant.put(a_node(path, id=f"id-{path}"))
    for i in range(machines):
        plant.put(a_machine(f"berlin/body/line-1/m{i}", id=f"m{i}"))
    return plant


def a_listener(*names: str, scope: str = "") -> Listener:
    return Listener(scope=scope, outbox=Outbox(), interest=Counted(*names))


def looks(listener: Listener) -> list[int]:
    assert isinstance(listener.interest, Counted)
    return listener.interest.looks


async def test_a_machine_that_is_edited_costs_each_who_listens_one_machine() -> None:
    plant = a_plant(100)
    audience, listeners = an_audience(plant), [a_listener("") for _ in range(3)]
    for listener in listeners:
        audience.place(listener)
    plant.put(a_machine("berlin/body/line-2/m7", id="m7"))
    await audience.follow_plant()
    assert [looks(listener) for listener in listeners] == [[100, 1]] * 3
    plant.put(a_node("berlin/body/line-3", id="line-3"))
    await audience.follow_plant()
    assert [looks(listener)[2:] for listener in listeners] == [[0]] * 3, "a new line has no machines yet"


async def test_what_is_heard_stays_the_same_when_the_whole_plant_is_told_again() -> None:
    plant = a_plant(10)
    audience, listener = an_audience(plant), a_listener("")
    audience.place(listener)
    for asset in list(plant):
        plant.put(a_machine(asset.path, id=asset.id) if asset.kind == "machine" else a_node(asset.path, id=asset.id))
    await audience.follow_plant()
    assert sum(looks(listener)[1:]) == 0
    assert len(listener.chosen) == 10


def with_a_new_machine(count: int) -> tuple[Audience, list[Listener]]:
    """So many who listen to the whole plant, which has a machine they have not heard of; work takes a second."""
    plant = a_plant(1)
    audience, listeners = an_audience(plant, 0, 1), [a_listener("") for _ in range(count)]
    for listener in listeners:
        audience.place(listener)
    plant.put(a_machine("berlin/body/line-1/new", id="new"))
    return audience, listeners


async def test_between_two_who_listen_the_others_have_the_loop() -> None:
    audience, listeners = with_a_new_machine(3)
    following = asyncio.create_task(audience.follow_plant())
    for _ in range(20):
        await asyncio.sleep(0)
    assert ["new" in listener.chosen for listener in listeners] == [True, False, False], (
        "an hour's work, an hour's rest"
    )
    await jobs.end(following)
    await audience.follow_plant()
    assert all("new" in listener.chosen for listener in listeners), "what was broken off is done again"


async def test_who_comes_back_before_the_plant_is_placed_in_turn_and_once() -> None:
    audience, listeners = with_a_new_machine(2)
    coming = [asyncio.create_task(audience.catch_up(listener, "anna")) for listener in listeners]
    for _ in range(20):
        await asyncio.sleep(0)
    assert ["new" in listener.chosen for listener in listeners] == [True, False]
    await jobs.end(*coming)
    await audience.catch_up(listeners[0], "anna")
    assert looks(listeners[0]) == [1, 2]


async def test_who_subscribes_or_leaves_meanwhile_is_not_set_back() -> None:
    plant = a_plant(1)
    audience = an_audience(plant)
    first, second, third = a_listener("berlin"), a_listener("berlin"), a_listener("")
    for listener in (first, second, third):
        audience.place(listener)
    plant.put(a_machine("lyon/m0", id="m0"))
    following = asyncio.create_task(audience.follow_plant())
    while first.chosen:
        await asyncio.sleep(0)
    plant.put(a_machine("berlin/body/line-1/m0", id="m0"))
    audience.place(second)
    audience.remove(third)
    await following
    assert (first.chosen, second.chosen, third.chosen) == ({}, {"m0": None}, {})
    assert audience.by_machine == {"m0": {second: None}}
    await audience.follow_plant()
    assert audience.by_machine == {"m0": {second: None, first: None}}


def stand(plant: Plant, what: str, where: str) -> None:
    """Put one asset somewhere, or take it away."""
    if not where:
        plant.remove(what)
    elif what in MACHINES:
        plant.put(a_machine(f"{where}/{what}", id=what))
    else:
        plant.put(a_node(where, id=what))


def heard(audience: Audience, listeners: list[Listener]) -> list[Mapping[str, Keys]]:
    """What each listener is in the index for."""
    return [
        {machine: theirs[one] for machine, theirs in audience.by_machine.items() if one in theirs} for one in listeners
    ]


where = st.sampled_from(("", *PLACES))
nodes = st.sampled_from([(f"id-{place}", at) for place in PLACES for at in ("", place, f"moved/{place}")])
changes = st.one_of(st.tuples(st.sampled_from(MACHINES), where), nodes)
wishes = st.tuples(st.lists(st.sampled_from(NAMES), max_size=3), st.lists(st.sampled_from(NAMES), max_size=2))


@given(
    st.lists(st.lists(changes, max_size=4), max_size=6),
    st.lists(st.tuples(wishes, st.sampled_from(("", "berlin", "berlin/body/line-1"))), min_size=1, max_size=3),
)
def test_following_the_plant_ends_where_placing_all_anew_does(
    rounds: list[list[tuple[str, str]]], wanted: list[tuple[tuple[list[str], list[str]], str]]
) -> None:
    plant = a_plant(0)
    audience, anew = an_audience(plant), an_audience(plant)
    sides: tuple[list[Listener], list[Listener]] = [], []
    for (names, without), scope in wanted:
        for one, side in zip((audience, anew), sides, strict=True):
            listener = a_listener(*names, scope=scope)
            listener.interest.remove(without, plant)
            one.place(listener)
            side.append(listener)
    for steps in rounds:
        for what, at in steps:
            stand(plant, what, at)
        asyncio.run(audience.follow_plant())
        for listener in sides[1]:
            anew.place(listener)
        assert heard(audience, sides[0]) == heard(anew, sides[1]) == [one.chosen for one in sides[0]]
