"""Fixtures for every suite, and the rule that a test leaves nothing running."""

from hypothesis import settings

pytest_plugins = ["andon.common.testing.fixtures"]

settings.register_profile("andon", deadline=None)  # no test asserts how fast this machine is just now
settings.load_profile("andon")
