"""Share: every partition has one ingest, and settings that leave one without are refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from andon.common.errors import SetupError
from andon.common.mqtt import Broker
from andon.common.topics import SLOTS
from andon.ingest.settings import IngestSettings
from andon.ingest.share import Share, names

BROKER = Broker.at("mqtt://a:1,mqtt://b:2,mqtt://c:3", client_id="andon-intake", username="", password="")


@given(st.integers(1, SLOTS), st.data())
def test_each_partition_has_one_ingest(partitions: int, data: st.DataObject) -> None:
    instances = data.draw(st.integers(1, partitions))
    seats = [seat for one in range(instances) for seat in Share(one, instances).seats(BROKER, partitions)]
    assert len({seat.broker.client_id for seat in seats}) == len({seat.key for seat in seats}) == partitions
    served = [partition for one in range(instances) for partition in Share(one, instances).partitions(partitions)]
    assert sorted(served) == list(range(partitions))


@given(st.integers(2, SLOTS), st.integers(1, SLOTS), st.integers(1, SLOTS))
def test_sessions_stay_when_the_number_of_ingests_changes(partitions: int, some: int, others: int) -> None:
    def sessions(instances: int) -> set[str]:
        return {
            seat.broker.client_id
            for one in range(instances)
            for seat in Share(one, instances).seats(BROKER, partitions)
        }

    assert sessions(min(some, partitions)) == sessions(min(others, partitions))


def test_sessions_spread_over_the_nodes() -> None:
    assert {seat.broker.addresses[0] for seat in Share().seats(BROKER, 3)} == set(BROKER.addresses)


def test_one_alone_is_what_it_always_was() -> None:
    [seat] = Share().seats(BROKER, 1)
    assert (seat.broker.client_id, seat.filters, seat.key) == ("andon-intake", ("factory/#",), "session")
    assert names(1) == ("ingest",)


def test_those_who_take_turns_have_a_session_each_and_one_filter() -> None:
    found = [Share(one, 2, taking_turns=True).seats(BROKER, 1) for one in range(2)]
    assert [[seat.broker.client_id for seat in seats] for seats in found] == [["andon-intake-0"], ["andon-intake-1"]]
    assert {seat.filters for seats in found for seat in seats} == {("$share/andon/factory/#",)}


@pytest.mark.parametrize(
    ("instance", "instances", "partitions", "hint"),
    [(3, 3, 6, "ANDON_INGEST_INSTANCES"), (0, 3, 2, "ANDON_NATS_PARTITIONS")],
)
def test_who_would_have_nothing_to_do_is_told(instance: int, instances: int, partitions: int, hint: str) -> None:
    with pytest.raises(SetupError) as told:
        Share.of(IngestSettings(instance=instance, instances=instances), partitions)
    assert hint in told.value.hint


def test_more_may_take_turns_than_there_are_partitions() -> None:
    assert Share.of(IngestSettings(instance=1, instances=2, mqtt_share=True), 1) == Share(1, 2, taking_turns=True)
