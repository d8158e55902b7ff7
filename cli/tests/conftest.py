"""Lets the tests import deploy/setup, which is no package: it runs before there is any."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "deploy" / "setup"))
