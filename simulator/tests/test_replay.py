"""A recorded day can be played again, from either form of CSV."""

from collections.abc import Callable
from pathlib import Path
from time import time
from typing import Any

import pytest

from andon.common.errors import InvalidError
from andon.common.service import background
from andon.common.testing.waiting import eventually
from andon.simulator.faults import Report
from andon.simulator.publish import Publisher
from andon.simulator.replay import parse_recording, read_recording, replay
from andon.simulator.settings import Broker

WIDE = """time,a/b/c/press-1/force,a/b/c/press-1/state,a/b/c/press-2/open
2026-11-23T12:00:00Z,1.5,RUN,true
2026-11-23T12:00:01Z,,IDLE,
1795435202000,3,,false
"""
LONG = "time,sensor,value\n1795435200000,a/b/c/press-1/force,1.5\n1795435201000,a/b/c/press-1/state,RUN\n"


def test_the_wide_form_gives_one_report_per_machine_and_row() -> None:
    assert list(parse_recording(WIDE.splitlines())) == [
        Report("a/b/c/press-1", 1795435200000, {"force": 1.5, "state": "RUN"}),
        Report("a/b/c/press-2", 1795435200000, {"open": True}),
        Report("a/b/c/press-1", 1795435201000, {"state": "IDLE"}),
        Report("a/b/c/press-1", 1795435202000, {"force": 3.0}),
        Report("a/b/c/press-2", 1795435202000, {"open": False}),
    ]


def test_the_long_form_gives_one_report_per_row() -> None:
    assert [r.values for r in parse_recording(LONG.splitlines())] == [{"force": 1.5}, {"state": "RUN"}]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "line 0: the first line must be"),
        ("when,a/b/c/d/e\n", "line 1: the first line must be"),
        ("time,sensor,value\nyesterday,a/b/c/d/e,1\n", "line 2: 'yesterday' is no time"),
        ("time,sensor,value\n0,a/b,1\n", "line 2: 'a/b' is no sensor"),
        ("time,sensor,value\n0,a/b/+/d/e,1\n", "line 2: .* is no sensor"),
        ("time,sensor,value\n0\n", "line 2: "),
        ("time,a/b/c/d/e\n0,1,2\n", "line 2: "),
    ],
)
def test_a_row_that_makes_no_sense_is_named(text: str, sentence: str) -> None:
    with pytest.raises(InvalidError, match=sentence):
        list(parse_recording(text.splitlines()))


def test_a_missing_recording_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidError, match="cannot be read"):
        list(read_recording(tmp_path / "nothing.csv"))


async def test_a_recording_is_played_faster_and_as_if_it_happened_now(
    address: Broker, hear: Callable[[], Any], tmp_path: Path
) -> None:
    file = tmp_path / "day.csv"
    file.write_text(WIDE)
    publisher = Publisher(address)
    async with hear() as messages, background(("publish", publisher.run())):
        began = time()
        assert await replay(read_recording(file), publisher, speed=10, now=True) == 5
        assert time() - began >= 0.19
        await eventually(lambda: len(messages) == 5)
    times = [message["ts"] for _, message in messages]
    assert times[-1] - times[0] == 200
    assert abs(times[0] / 1000 - began) < 1


async def test_a_recording_is_played_with_its_own_times(address: Broker, hear: Callable[[], Any]) -> None:
    publisher = Publisher(address)
    async with hear() as messages, background(("publish", publisher.run())):
        await replay(parse_recording(LONG.splitlines()), publisher, speed=100, now=False)
        await eventually(lambda: len(messages) == 2)
    assert [message["ts"] for _, message in messages] == [1795435200000, 1795435201000]
