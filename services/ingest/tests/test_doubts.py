"""Doubts: whatever comes in whatever order, the quality that is stored is the one that was said last."""

from hypothesis import example, given
from hypothesis import strategies as st
from msgspec import structs

from andon.common.plant import Asset, Earlier
from andon.common.reading import NS_PER_S, Reading
from andon.ingest.doubts import AHEAD, Doubts

MACHINES = [
    Asset(id=slug, path=f"berlin/body/line-1/{slug}", kind="machine", slug=slug, name=slug, type=kind)
    for slug, kind in (("p1", "press"), ("p2", "press"), ("r1", "robot"))
]
KEYS = ("a", "b")
T = 1_763_900_000 * NS_PER_S

qualities = st.dictionaries(st.sampled_from(KEYS), st.sampled_from(["bad", "uncertain", "good"]), max_size=2)
readings = st.builds(
    lambda machine, second, keys, quality: Reading(
        machine.id,
        T + second * NS_PER_S,
        dict.fromkeys(keys, 1.0),
        {key: word for key, word in quality.items() if key in keys} or None,
    ),
    st.sampled_from(MACHINES),
    st.integers(-3, 3),
    st.sets(st.sampled_from(KEYS), min_size=1),
    qualities,
)


class Fields:
    """What an InfluxDB holds of quality: each field keeps what was written to it last."""

    def __init__(self) -> None:
        self.words: dict[tuple[str, int, str], str] = {}

    def write(self, reading: Reading) -> None:
        self.words |= {(reading.asset, reading.time, key): word for key, word in (reading.quality or {}).items()}

    def doubts(self, arrived: int) -> Doubts:
        """As a store has them that starts now."""
        types = {machine.id: machine.type or "" for machine in MACHINES}
        stored: dict[str, set[str]] = {}
        for asset, _, key in self.words:
            stored.setdefault(types[asset], set()).add(key)
        doubts = Doubts(stored, arrived + AHEAD)
        for machine in MACHINES:
            doubts.meet(machine)
        return doubts


@given(st.lists(st.lists(readings, max_size=20), max_size=4))
@example([[Reading("p1", T, {"a": 1.0}, {"a": "bad"})], [Reading("p1", T, {"a": 1.0})]])
def test_the_quality_said_last_is_the_one_that_is_stored(lives: list[list[Reading]]) -> None:
    fields, said = Fields(), dict[tuple[str, int, str], str]()
    for life in lives:
        doubts = fields.doubts(T)
        for reading in life:
            fields.write(doubts.told(reading))
            quality = reading.quality or {}
            said |= {(reading.asset, reading.time, key): quality.get(key, "good") for key in reading.values}
    assert {at: fields.words.get(at, "good") for at in said} == said


def test_nothing_is_said_where_nothing_can_be_corrected() -> None:
    doubts = Doubts({"robot": {"a"}}, T)
    for machine in MACHINES:
        doubts.meet(machine)
    plain = Reading("p1", T, {"a": 1.0, "b": 2.0})
    assert doubts.told(plain) is plain, "no press was ever in doubt"
    doubts.told(Reading("p1", T, {"a": 1.0}, {"a": "bad"}))
    newer = Reading("p1", T + 1, {"a": 1.0, "b": 2.0})
    assert doubts.told(newer) is newer
    assert doubts.told(plain).quality == {"a": "good"}, "of b there is no doubt"
    assert doubts.newest == {"p1": T, "r1": T}, "what is newer need not be looked at"
    assert plain.quality is None, "a dead letter says what came"
    assert doubts.told(Reading("r1", T, {"a": 1.0})).quality == {"a": "good"}
    assert doubts.told(Reading("r1", T + 1, {"a": 1.0})).quality is None


def test_what_a_machine_said_as_another_type_can_be_corrected_too() -> None:
    doubts = Doubts({"bench": {"a"}}, T)
    doubts.meet(MACHINES[0])
    correction = Reading("p1", T - 1, {"a": 1.0})
    assert doubts.told(correction) is correction
    doubts.meet(structs.replace(MACHINES[0], earlier=(Earlier("bench", T),)))
    assert doubts.told(correction).quality == {"a": "good"}
