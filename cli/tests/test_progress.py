"""What `andon` prints: words of a device stay words."""

import io

import pytest
from rich.console import Console

from andon.cli import progress
from andon.cli.progress import Progress, say
from andon.cli.tail import lines

HOSTILE = "\x1b]0;owned\x07\x1b[2J[red]\u202egone"


def test_no_word_of_a_device_steers_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    say("!", f"1 would stay:\n1 from factory/{HOSTILE}: there is no machine")
    (line,) = lines({"samples": [["a/b/c/d/state", 1_763_900_000_000, HOSTILE, "good"]]})
    for shown in (capsys.readouterr().out, line.plain):
        assert not set("\x1b\x07\u202e") & set(shown)
        assert "[2J[red]" in shown


@pytest.mark.parametrize(
    ("terminal", "seconds", "seen"), [(False, 0.0, True), (False, 60.0, False), (True, 60.0, True)]
)
def test_what_a_long_step_is_at_is_told(
    monkeypatch: pytest.MonkeyPatch, *, terminal: bool, seconds: float, seen: bool
) -> None:
    monkeypatch.setattr(progress, "EVERY_SECONDS", seconds)
    shown = io.StringIO()
    steps = Progress(Console(file=shown, force_terminal=terminal, width=100))
    with steps.shown(), steps.step("time series") as at:
        at("press [b] back to 2026-05-03")
        if terminal:
            steps._bars.refresh()
    assert ("time series: press [b] back to 2026-05-03" in shown.getvalue()) is seen
