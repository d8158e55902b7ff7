"""The contract of writing: what Andon relies on when an InfluxDB says that it has, or has not, taken lines."""

import pytest

from andon.common.influx import Influx, join_lines, line, line_prefix, quote_identifier, quote_string, quote_tag
from andon.common.plant import Asset
from andon.common.reading import Reading

T = 1_763_900_000_000_000_000
PRESS = Asset(id="a1", path="berlin/body/line-1/press-1", kind="machine", slug="press-1", name="Press", type="press")
PREFIX = line_prefix(PRESS)

pytestmark = pytest.mark.usefixtures("database")


async def rows(influx: Influx, fields: str, where: str = "") -> list[list[object]]:
    """Rows of the press."""
    ((*found,),) = await influx.query(f"SELECT {fields} FROM press {where}")
    return found[0].rows if found else []


async def test_what_is_written_is_read_exactly(influx: Influx) -> None:
    said = [
        Reading("a1", T, {"t": 71.0, "p": -1e-9, "on": False}),
        Reading("a1", T + 1, {"state": "RÜN 走る"}, {"state": "uncertain"}),
        Reading("a1", T + 2, {"t": 1.7976931348623157e308, "p": 5e-324}),
        Reading("a1", T + 3, {"t": 0.1 + 0.2, "on": True}),
    ]
    assert (await influx.write(join_lines(line(PREFIX, r) for r in said))).stored
    assert await rows(influx, 't, p, "on", state, state__quality') == [
        [T, 71.0, -1e-9, False, None, None],
        [T + 1, None, None, None, "RÜN 走る", "uncertain"],
        [T + 2, 1.7976931348623157e308, 5e-324, None, None, None],
        [T + 3, 0.1 + 0.2, None, True, None, None],
    ]


@pytest.mark.parametrize("wrong", [b't="text"', b"t=true", b"t=1i", b"t=NaN", b"t=", b"t=1,", b'state="open'])
async def test_what_cannot_be_stored_is_refused_and_halving_finds_it(influx: Influx, wrong: bytes) -> None:
    await influx.write(line(PREFIX, Reading("a1", T, {"t": 1.0})))
    good = [line(PREFIX, Reading("a1", T + n, {"t": float(n)})) for n in (1, 2, 3)]
    bad = PREFIX + wrong + b" %d" % (T + 9)
    answer = await influx.write(join_lines([good[0], bad, *good[1:]]))
    assert (answer.stored, answer.refused, answer.too_old) == (False, True, 0)
    assert answer.detail
    assert not answer.detail.startswith("{"), "a sentence for a dead letter, not JSON"
    for alone in good:
        assert (await influx.write(alone)).stored
    assert (await influx.write(bad)).refused
    assert await rows(influx, "t") == [[T, 1.0], [T + 1, 1.0], [T + 2, 2.0], [T + 3, 3.0]]


async def test_the_same_point_twice_is_one_point_and_fields_join(influx: Influx) -> None:
    first, second = Reading("a1", T, {"t": 1.0}), Reading("a1", T, {"p": 2.0})
    for reading in (first, second, first):
        assert (await influx.write(line(PREFIX, reading))).stored
    assert await rows(influx, "t, p") == [[T, 1.0, 2.0]]


async def test_of_two_values_of_one_instant_one_stays(influx: Influx) -> None:
    """The later one; in InfluxDB 3 whichever it likes: docs/how-to/use-influxdb-2-or-3.md says what follows."""
    for value in (1.0, 2.0):
        assert (await influx.write(line(PREFIX, Reading("a1", T, {"t": value})))).stored
    possible = [[[T, 2.0]]] if (await influx.version()).major < 3 else [[[T, 1.0]], [[T, 2.0]]]
    assert await rows(influx, "t") in possible


HOSTILE = ["a b,c=d", "quote\"d 'too'", "ünïcode", "$name *x* --", "semi; DROP MEASUREMENT press"]


@pytest.mark.parametrize("slug", HOSTILE)
async def test_hostile_names_are_names_and_nothing_else(influx: Influx, slug: str) -> None:
    asset = Asset(id=slug, path=f"berlin/body/line-1/{slug}", kind="machine", slug=slug, name=slug, type="press")
    said = [line(line_prefix(asset), Reading(slug, T, {"t": 7.0})), line(PREFIX, Reading("a1", T, {"t": 1.0}))]
    assert (await influx.write(join_lines(said))).stored
    assert await rows(influx, "t", f"WHERE {quote_tag('asset')} = {quote_string(slug)}") == [[T, 7.0]]
    assert await rows(influx, quote_identifier(slug)) == []
    assert len(await rows(influx, "t")) == 2


@pytest.mark.parametrize(
    "text", [*HOSTILE, "a\\b", "ends with \\", '"', "", " ", "=,\\,\\ ", "0", "true", "tab\tand\x7f"]
)
async def test_hostile_texts_are_values_and_nothing_else(influx: Influx, text: str) -> None:
    said = [Reading("a1", T, {"state": text}), Reading("a1", T + 1, {"state": "RUN"})]
    assert (await influx.write(join_lines(line(PREFIX, one) for one in said))).stored
    assert await rows(influx, "state") == [[T, text], [T + 1, "RUN"]]


async def test_a_large_body_is_stored_or_refused_so_that_halves_fit(influx: Influx) -> None:
    await influx.version()
    said = [line(PREFIX, Reading("a1", T + n, {"state": f"{n}" + "x" * 60_000})) for n in range(200)]
    waiting = [said]
    while waiting:
        lines = waiting.pop()
        answer = await influx.write(join_lines(lines))
        assert answer.stored or answer.refused, answer
        if answer.refused:
            waiting += [lines[: len(lines) // 2], lines[len(lines) // 2 :]]
    assert await rows(influx, "count(state)") == [[0, 200]]


async def test_a_field_called_like_a_tag_is_refused_or_told_apart(influx: Influx) -> None:
    """The registry admits no such sensor; one written by others must not be taken for the machine's name."""
    if (await influx.write(PREFIX + b'asset="b2",t=1 %d' % T)).stored:
        assert await rows(influx, "t", f"WHERE {quote_tag('asset')} = 'a1'") == [[T, 1.0]]
        assert await rows(influx, "t", f"WHERE {quote_tag('asset')} = 'b2'") == []
