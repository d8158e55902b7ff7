"""Ports of a test's own."""

import os
import socket
from contextlib import suppress
from itertools import count

FIRST, EACH, WORKERS = 12_000, 2_000, 8
"""Below the ports that outgoing connections get, or one of those may have it when the server starts; and for each
process that runs tests its own, for a port is free until its server listens."""
_numbers = count(os.getpid() * 37)


def free_port() -> int:
    """A TCP port nobody listens on just now, and nobody else is given."""
    worker = int("".join(filter(str.isdigit, os.environ.get("PYTEST_XDIST_WORKER", ""))) or 0) % WORKERS
    while True:
        port = FIRST + worker * EACH + next(_numbers) % EACH
        with suppress(OSError), socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return port


def is_open(port: int) -> bool:
    """Whether somebody listens on a port of this machine."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0
