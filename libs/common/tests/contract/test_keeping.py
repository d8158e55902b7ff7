"""The contract of databases: made where they are missing, side by side, and values kept as long as is asked for."""

from time import time_ns

import pytest

from andon.common.errors import SetupError, UnavailableError
from andon.common.influx import Influx
from andon.common.influx.retention import DAY, HOUR


async def test_a_missing_database_is_made_and_then_takes_values(influx: Influx) -> None:
    assert await influx.retention() is None
    first = await influx.write(b"press t=1 1")
    assert first.stored or (first.status == 404 and not first.refused)
    await influx.ensure_database()
    await influx.ensure_database()
    assert (await influx.write(b"press t=1 1")).stored
    assert await influx.retention() == 0


async def test_databases_lie_side_by_side(influx: Influx, database: str) -> None:
    other = f"{database}_1m"
    await influx.ensure_database(other)
    assert (await influx.write(b"press t=1 1", database=other)).stored
    assert await influx.query("SELECT t FROM press") == [[]]
    ((series,),) = await influx.query("SELECT t FROM press", database=other)
    assert series.rows == [[1, 1]]


@pytest.mark.parametrize("keep", [HOUR, 36 * HOUR, 90 * DAY, 3650 * DAY])
async def test_a_new_database_keeps_as_long_as_it_is_told(influx: Influx, keep: int) -> None:
    await influx.ensure_database(keep=keep)
    assert await influx.retention() == keep
    await influx.ensure_database(keep=keep + DAY)
    assert await influx.retention() == keep, "one that exists keeps what it keeps"


async def test_how_long_is_changed_either_way_or_the_reason_is_told(influx: Influx, database: str) -> None:
    version = await influx.version()
    if (version.major, version.build) == (3, "Core"):
        with pytest.raises(SetupError, match="refused to change the retention") as caught:
            await influx.keep(30 * DAY)
        assert "--retention-period 720h" in caught.value.hint
        assert await influx.retention() == 0
        return
    for keep in (90 * DAY, HOUR, 400 * DAY, 0, 36 * HOUR, 36 * HOUR):
        await influx.keep(keep)
        assert await influx.retention() == keep


async def test_a_database_that_is_not_there_cannot_be_told_how_long(influx: Influx) -> None:
    with pytest.raises((UnavailableError, SetupError)):
        await influx.keep(DAY)
    assert await influx.retention() is None


async def test_what_is_older_than_is_kept_is_refused_or_never_seen_and_the_rest_is_stored(influx: Influx) -> None:
    await influx.ensure_database(keep=2 * DAY)
    now = time_ns()
    old = [b"press t=1 %d" % (now - 3 * DAY - n) for n in range(5)]
    answer = await influx.write(b"\n".join([b"press t=2 %d" % now, *old]))
    if (await influx.version()).major < 3:
        assert (answer.stored, answer.refused, answer.too_old) == (False, True, 5)
        assert "retention policy" in answer.detail
    ((series,),) = await influx.query("SELECT t FROM press")
    assert series.rows == [[now, 2]]
