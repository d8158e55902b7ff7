"""What `andon` prints: words of a device stay words."""

import pytest

from andon.cli.progress import say
from andon.cli.tail import lines

HOSTILE = "\x1b]0;owned\x07\x1b[2J[red]\u202egone"


def test_no_word_of_a_device_steers_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    say("!", f"1 would stay:\n1 from factory/{HOSTILE}: there is no machine")
    (line,) = lines({"samples": [["a/b/c/d/state", 1_763_900_000_000, HOSTILE, "good"]]})
    for shown in (capsys.readouterr().out, line.plain):
        assert not set("\x1b\x07\u202e") & set(shown)
        assert "[2J[red]" in shown
