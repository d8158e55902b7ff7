"""Python's search for garbage is kept away from watches; what is around them goes on as ever."""

import gc
from collections.abc import Iterator

import pytest

from andon.alerting.evaluate.memory import MANY, Unsearched
from andon.common.garbage import unsearched


@pytest.fixture
def thawed() -> Iterator[None]:
    gc.unfreeze()
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("thawed")
def test_many_watches_are_left_out_of_the_search_and_a_few_are_not_worth_it() -> None:
    watches = Unsearched()
    watches.add(MANY - 1)
    assert gc.get_freeze_count() == 0
    watches.add(1)
    assert gc.get_freeze_count() > 0
    gc.unfreeze()
    watches.add(MANY - 1)
    assert gc.get_freeze_count() == 0


def test_while_many_are_made_nothing_is_searched_and_then_as_before() -> None:
    with unsearched():
        assert not gc.isenabled()
        with unsearched():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_a_failure_leaves_the_search_as_it_was() -> None:
    with pytest.raises(ValueError, match="too many"), unsearched():
        raise ValueError("too many")
    assert gc.isenabled()
