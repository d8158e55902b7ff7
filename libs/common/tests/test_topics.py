"""Topics: every slot has one taker, whatever the number of partitions."""

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from andon.common import subjects, topics

PARTITIONS = st.integers(1, topics.SLOTS)


@given(PARTITIONS.filter(lambda n: n > 1))
def test_each_slot_has_one_taker(partitions: int) -> None:
    taken = [one for partition in range(partitions) for one in topics.intake_filters(partition, partitions)]
    assert sorted(taken) == sorted([topics.INTAKE_FILTER, *(f"intake/{slot}/#" for slot in range(topics.SLOTS))])


def test_a_single_intake_takes_all_of_a_broker_that_does_not_sort() -> None:
    assert topics.intake_filters(0, 1) == ("factory/#",)


@given(PARTITIONS, PARTITIONS)
def test_what_was_published_for_other_partitions_is_stored_once(before: int, now: int) -> None:
    filters = [one for partition in range(now) for one in subjects.store_filter(partition, now)]
    takers = [
        filters.count(subjects.telemetry(partition)) + filters.count(subjects.TELEMETRY_ALL)
        for partition in range(before)
    ]
    assert takers == [1] * before


@given(PARTITIONS, PARTITIONS)
def test_names_are_those_of_one_number_of_partitions(some: int, others: int) -> None:
    durables, more = set(subjects.store_durables(some)), set(subjects.store_durables(others))
    assert len(durables) == some
    assert some == others or not durables & more


def test_a_topic_is_told_without_its_slot() -> None:
    assert topics.plain(b"intake/11/factory/berlin/a/l/m") == b"factory/berlin/a/l/m"
    assert topics.plain(b"factory/berlin/a/l/m") == b"factory/berlin/a/l/m"
    assert topics.topic_of("intake.3.factory.berlin.l//1") == "factory/berlin/l.1"


def test_a_device_may_publish_what_is_sorted_only_where_somebody_takes_it() -> None:
    assert topics.nats_subjects("berlin") == ["factory.berlin", "factory.berlin.>"]
    assert topics.nats_subjects("berlin", 3)[2:] == ["intake.*.factory.berlin", "intake.*.factory.berlin.>"]


@given(PARTITIONS)
def test_the_filters_of_a_session_have_room_on_the_way(partitions: int) -> None:
    for partition in range(partitions):
        assert 2 * len(topics.intake_filters(partition, partitions)) * topics.window(partitions) <= 65535
    assert topics.window(1) == 8192


def test_the_mapping_is_told_as_it_is() -> None:
    page = Path(__file__).parents[3] / "docs/how-to/run-several.md"
    told = page.read_text().split("ANDON_NATS_MAPPINGS='")[1].split("'\n")[0]
    assert json.loads(told) == topics.mappings()
