"""Brings all that `up` needs. With the word `check` also what the checks need, with `test` what the tests need.

With `api` no more than writing down what the services say of themselves takes: pages that do not build are no obstacle.
With `docs` no more than building the documentation site takes.

What is done already is found to be so in a moment.
"""

import os
import sys

import chromium
import influxdb
import node
import postgresql
import python
import unpacked
import web
from steps import TOOLS, TroubleError, main

FLAVOURS = ("up", "api", "check", "docs", "test")
GROUPS = {"up": (), "docs": ("docs",), "test": ("dev", "docs")}
"""Groups of Python packages that a set-up takes besides; others take what the checks need."""


def prepare() -> None:
    """Every step looks first whether its work is done."""
    flavour = sys.argv[1] if len(sys.argv) > 1 else "up"
    if flavour not in FLAVOURS:
        raise TroubleError(f"There is no set-up '{flavour}'.", f"Say one of: {', '.join(FLAVOURS)}.")
    os.environ["PATH"] = f"{TOOLS / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    os.environ.pop("VIRTUAL_ENV", None)  # another environment that is active does not matter here
    if flavour in ("up", "test"):
        influxdb.provide()
    python.provide(*GROUPS.get(flavour, ("dev",)))
    if flavour == "docs":
        return
    if flavour != "up":
        node.provide()
    if flavour == "api":
        web.install()
        return
    web.provide()
    if flavour == "test":
        unpacked.provide("usr/sbin/mosquitto", "Mosquitto")
        unpacked.provide("usr/sbin/nginx", "nginx")
        postgresql.provide()
        unpacked.provide("usr/bin/strace", "strace")
        chromium.provide()


if __name__ == "__main__":
    main(prepare)
