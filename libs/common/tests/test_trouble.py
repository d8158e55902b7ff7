"""Trouble is told once when it comes and once when it is over, however often it is said."""

from structlog.testing import capture_logs

from andon.common import logs
from andon.common.trouble import Trouble


def test_an_outage_of_many_attempts_is_two_lines_in_the_log() -> None:
    with capture_logs() as lines:
        trouble = Trouble(logs.get("test"), comes="nothing is kept", over="all is kept again")
        for why in ("", "no answer", "no answer", "refused", "", ""):
            trouble.say(why)
            assert trouble.why == why
    assert lines == [
        {"event": "nothing is kept", "error": "no answer", "log_level": "warning"},
        {"event": "all is kept again", "log_level": "info"},
    ]
