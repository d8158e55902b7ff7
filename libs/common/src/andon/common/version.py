"""Which Andon this is."""

from importlib.metadata import version

VERSION = version("andon-common")
"""As in its package; all of one workspace have the same."""
