"""Dead letters are found by place, text and time before they are paged, and looked at with all of their bytes."""

from collections.abc import Sequence

import msgspec
import pytest

from andon.common.bus import Bus
from andon.common.errors import NotFoundError, Reason
from andon.common.plant import Asset, Plant
from andon.common.reading import Reading
from andon.common.subjects import deadletter
from andon.common.testing.brokers import BrokerForTest
from andon.common.testing.waiting import eventually
from andon.common.wire import DeadLetter, encode_deadletter
from andon.ingest import intake
from andon.ingest.deadletters.deadletters import SHOWN, DeadLetters, view
from andon.ingest.deadletters.letterbox import PIECE, Letterbox
from andon.ingest.deadletters.letters import STORE, Filter, obstacle, place_of
from andon.ingest.decode import MAX_PAYLOAD
from andon.ingest.pipeline import Pipeline

TOPIC = "factory/berlin/painting/line-1/robot-3"
NEWER = 2**63 - 1


def letter(source: str = TOPIC, payload: bytes = b"{", reason: Reason = Reason.MALFORMED, at: int = 0) -> DeadLetter:
    """A letter as intake writes it."""
    return DeadLetter(reason, "cannot be read", source, payload, len(payload), at)


async def post(bus: Bus, letters: Sequence[DeadLetter]) -> None:
    """Put letters into the stream."""
    for number, item in enumerate(letters):
        await bus.publish(deadletter(item.reason), encode_deadletter(item), msg_id=f"{item.source}-{item.at}-{number}")


@pytest.fixture
def known(robot: Asset) -> Plant:
    """A plant of one robot."""
    plant = Plant()
    plant.put(robot)
    return plant


@pytest.mark.parametrize(
    ("source", "payload", "place"),
    [
        (TOPIC, b"{", "berlin/painting/line-1/robot-3"),
        ("factory/berlin/painting/line-1/nobody/torque", b"1", "berlin/painting/line-1/nobody/torque"),
        ("telemetry/berlin/painting", b"", None),
        ("factory", b"", None),
        ("mqtt", b"", None),
        (STORE, msgspec.json.encode(Reading("r3", 1, {"torque": 1.0})), "berlin/painting/line-1/robot-3"),
        (STORE, msgspec.json.encode(Reading("gone", 1, {"torque": 1.0})), None),
        (STORE, b"robot,asset=r3 torque=1 5", None),
        (STORE, b"[" * 5000, None),
    ],
)
def test_a_letter_belongs_to_the_place_it_speaks_of(
    known: Plant, source: str, payload: bytes, place: str | None
) -> None:
    found = letter(source, payload)
    assert place_of(found, known) == place
    assert Filter().matches(found, known), "who may see the whole plant sees all"
    assert Filter(parts=("berlin/painting",)).matches(found, known) is (place is not None)
    assert not Filter(parts=("berlin/paint",)).matches(found, known)
    assert not Filter(parts=("berlin", "munich")).matches(found, known)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Filter(reason=Reason.MALFORMED), 1),
        (Filter(reason=Reason.BAD_TIME), 0),
        (Filter(source="factory/berlin"), 1),
        (Filter(source="store"), 0),
        (Filter(start=5, end=6), 1),
        (Filter(start=6), 0),
        (Filter(end=5), 0),
        (Filter(text="ROBOT-3"), 1),
        (Filter(text="cannot BE"), 1),
        (Filter(text='"Oil (a)"'), 1),
        (Filter(text="oil.*a"), 0),
    ],
)
def test_a_filter_names_what_it_wants(known: Plant, wanted: Filter, found: int) -> None:
    assert wanted.matches(letter(payload=b'\xff{"oil (A)": 5}', at=5), known) == found


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (DeadLetter(Reason.FORBIDDEN, "", TOPIC, b'{"values": {"torque": 1}}', 25, 0), "not allowed"),
        (DeadLetter(Reason.TOO_LARGE, "", TOPIC, b"{", 2, 0), "only the first 1 of its 2 bytes"),
        (DeadLetter(Reason.TOO_LARGE, "", "mqtt", b"", 10**7, 0), "not kept"),
        (DeadLetter(Reason.UNREADABLE_BATCH, "", "TELEMETRY/5", b"\xc1", 1, 0), "no message of a machine"),
        (DeadLetter(Reason.STORE_REFUSED, "", STORE, b"robot torque=1 5", 16, 0), "no message of a machine"),
    ],
)
def test_what_must_never_become_a_reading_says_why(bad: DeadLetter, words: str) -> None:
    assert words in obstacle(bad)


@pytest.mark.parametrize(
    ("payload", "most", "shown", "encoding"),
    [
        (b"RUN", 9, "RUN", "utf-8"),
        ("aü".encode(), 2, "a", "utf-8"),
        ("aü".encode()[:2], 9, "YcM=", "base64"),
        (b"\xff{", 9, "/3s=", "base64"),
        (b"", 9, "", "utf-8"),
    ],
)
def test_bytes_are_shown_as_text_where_they_are_text(payload: bytes, most: int, shown: str, encoding: str) -> None:
    found = view(7, letter(payload=payload), Plant(), most)
    assert (found.payload, found.encoding, found.size, found.complete) == (shown, encoding, len(payload), True)


def test_what_the_store_could_not_write_is_shown_as_people_write_a_reading(known: Plant) -> None:
    doubtful = Reading("r3", 1_763_900_000_250_000_000, {"torque": 1.5, "state": "RUN"}, {"torque": "bad"})
    payload = msgspec.json.encode(doubtful)
    found = view(7, letter(STORE, payload, Reason.STORE_REFUSED), known)
    posted = msgspec.json.decode(found.payload)
    assert posted == {
        "asset": "berlin/painting/line-1/robot-3",
        "ts": "2025-11-23T12:13:20.250Z",
        "values": {"torque": 1.5, "state": "RUN"},
        "quality": {"torque": "bad"},
    }
    assert (found.complete, found.obstacle) == (True, "")
    gone = msgspec.json.encode(Reading("gone", 1, {"torque": 1.0}, None, 5, "b"))
    told = msgspec.json.decode(view(7, letter(STORE, gone), known).payload)
    assert (told["asset"], told["seq"], told["boot"]) == ("gone", 5, "b")


async def test_no_page_is_empty_for_what_others_have(bus: Bus, deadletters: DeadLetters) -> None:
    mine, others = "factory/munich/x/y/z", [letter(at=n) for n in range(1, 3 * PIECE)]
    await post(bus, [letter(mine, at=0), *others[:PIECE], letter(mine, at=1), *others[PIECE:]])
    items, cursor = await deadletters.page(Filter(parts=("munich",)), limit=1, cursor=None)
    assert ([i.source for i in items], cursor is None) == ([mine], False)
    items, cursor = await deadletters.page(Filter(parts=("munich",)), limit=1, cursor=cursor)
    assert ([i.id for i in items], cursor) == (["1"], None)


@pytest.mark.parametrize("kept", [{1}, {1, 2, 700}, {700}, {350, 351}, set(range(1, 701, 97)), set()])
async def test_what_was_taken_out_leaves_gaps_that_cost_nothing(
    bus: Bus, deadletters: DeadLetters, kept: set[int]
) -> None:
    await post(bus, [letter(at=n) for n in range(1, 701)])
    box = Letterbox(bus)
    for number in range(1, 701):
        if number not in kept:
            assert await box.take_out(number)
    assert not await box.take_out(500) or 500 in kept, "only one of two can be first"
    items, cursor = await deadletters.page(Filter(), limit=200, cursor=None)
    assert ([int(i.id) for i in items], cursor) == (sorted(kept, reverse=True), None)
    assert [number async for number, _ in box.oldest_first(1, NEWER)] == sorted(kept)


async def test_a_rare_reason_is_found_at_once_in_a_flood_of_another(
    bus: Bus, deadletters: DeadLetters, monkeypatch: pytest.MonkeyPatch
) -> None:
    flood = [letter(at=n) for n in range(1000)]
    rare = letter(at=1, reason=Reason.FORBIDDEN)
    await post(bus, [rare, *flood[:500], rare, *flood[500:]])
    asked: list[int] = []
    piece = Letterbox._piece

    async def counted(box: Letterbox, first: int, reason: Reason | None, most: int = PIECE) -> list[tuple[int, bytes]]:
        asked.append(first)
        return await piece(box, first, reason, most)

    monkeypatch.setattr(Letterbox, "_piece", counted)
    items, cursor = await deadletters.page(Filter(reason=Reason.FORBIDDEN), limit=200, cursor=None)
    assert ([i.id for i in items], cursor) == (["502", "1"], None)
    assert len(asked) < 50


async def test_one_letter_is_there_for_who_may_see_it(bus: Bus, deadletters: DeadLetters) -> None:
    await post(bus, [letter()])
    assert (await deadletters.one("1", Filter(parts=("berlin",))))[1].payload == b"{"
    for name, wanted in (("1", Filter(parts=("munich",))), ("2", Filter()), ("x", Filter()), ("9" * 30, Filter())):
        with pytest.raises(NotFoundError):
            await deadletters.one(name, wanted)


async def test_all_bytes_are_kept_up_to_the_largest_message_that_is_taken(
    pipeline: Pipeline, bus: Bus, nats_as_broker: BrokerForTest
) -> None:
    unknown, whole = f"{TOPIC}4", b'"' + b"7" * (MAX_PAYLOAD - 2) + b'"'
    async with nats_as_broker.device() as device:
        await device.publish(unknown, whole, qos=1)
        await device.publish(TOPIC, whole + b" ", qos=1)
    await eventually(lambda: pipeline.tally.dead_lettered == 2)
    [known_whole, too_large] = sorted([i async for i in Letterbox(bus).oldest_first(1, 2)], key=lambda i: i[1].size)
    assert (known_whole[1].reason, known_whole[1].payload) == (Reason.UNKNOWN_ASSET, whole)
    shown = view(*known_whole, Plant())
    assert (len(shown.payload), shown.complete, shown.obstacle) == (SHOWN, True, "")
    shown = view(*too_large, Plant())
    assert (shown.reason, shown.complete) == (Reason.TOO_LARGE, False)
    assert "let the device send again" in shown.obstacle


async def test_letters_lie_in_the_order_in_which_their_messages_came(
    pipeline: Pipeline, bus: Bus, nats_as_broker: BrokerForTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "MOST_PARKED", 70)
    async with nats_as_broker.device() as device:
        for number in range(500):
            await device.publish(f"{TOPIC}4", str(number), qos=1)
    await eventually(lambda: pipeline.tally.dead_lettered == 500)
    assert [found.payload async for _, found in Letterbox(bus).oldest_first(1, 500)] == [b"%d" % n for n in range(500)]
