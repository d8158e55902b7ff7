"""Fixtures for every suite, and the rule that a test leaves nothing running."""

from collections.abc import Generator

import pytest
from hypothesis import settings

pytest_plugins = ["andon.common.testing.fixtures"]

settings.register_profile("andon", deadline=None)  # no test asserts how fast this machine is just now
settings.load_profile("andon")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failure shows what the processes of its fixtures wrote last: what has a `story` tells it."""
    report = yield
    if report.failed and isinstance(item, pytest.Function):
        for name, fixture in item.funcargs.items():
            if callable(story := getattr(fixture, "story", None)):
                report.sections.append((f"story of {name}", story()))
    return report
