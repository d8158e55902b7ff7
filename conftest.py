"""Fixtures for every suite, and the rule that a test leaves nothing running."""

pytest_plugins = ["andon.common.testing.fixtures"]
