"""Free ports."""

import socket


def free_port() -> int:
    """A TCP port of the loopback that nobody uses now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
