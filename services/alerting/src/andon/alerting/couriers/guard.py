"""Guard: keeps a thread that runs somebody else's HTTP code (`requests`) from private addresses, and from hanging.

Every connection that urllib3 opens in a guarded thread, redirects included, goes to an address that was checked.
Proxies and credentials of this machine are not used. Other threads are left alone. When its time is over, `cut` ends
the connections, and so the thread.
"""

import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from contextvars import ContextVar
from ipaddress import ip_address
from threading import Lock
from typing import Any, TypeVar

import requests
import urllib3.util.connection

from andon.alerting.couriers.address import choose
from andon.alerting.settings import Network
from andon.common.errors import InvalidError

_T = TypeVar("_T")
_connect = urllib3.util.connection.create_connection


class RefusedAddressError(OSError):
    """A connection that may not be made; an OSError, for that is what HTTP code expects of one that fails."""


class Guard:
    """Watches over one call. `refused`: why a connection was not made, if one was not."""

    def __init__(self, allowed: Sequence[Network]) -> None:
        self._allowed = allowed
        self._lock = Lock()
        self._open: list[socket.socket] = []
        self._over = False
        self.refused: InvalidError | None = None

    def run(self, what: Callable[[], _T]) -> _T:
        """Call something in this thread, guarded."""
        token = _current.set(self)
        try:
            return what()
        finally:
            _current.reset(token)
            self.cut()

    def cut(self) -> None:
        """End all connections, and let none begin."""
        with self._lock:
            self._over = True
            for one in self._open:
                with suppress(OSError):  # it is over already
                    one.shutdown(socket.SHUT_RDWR)
                one.close()
            self._open.clear()

    def connect(self, address: tuple[str, int], *given: Any, **named: Any) -> socket.socket:
        """A connection to one of a name's addresses that is permitted.

        Raises:
            RefusedAddressError: none is, or the time is over.
        """
        host, port = address
        found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
        try:
            chosen = choose(host, [ip_address(entry[4][0]) for entry in found], self._allowed)
        except InvalidError as error:
            self.refused = error
            raise RefusedAddressError(str(error)) from error
        made = _connect((str(chosen), port), *given, **named)
        with self._lock:
            if self._over:
                made.close()
                raise RefusedAddressError("The time for this message is over")
            self._open.append(made.dup())  # TLS takes the socket over; a copy of it can still be ended
        return made


_current: ContextVar[Guard | None] = ContextVar("guard", default=None)


def _guarded(address: tuple[str, int], *given: Any, **named: Any) -> socket.socket:
    guard = _current.get()
    return _connect(address, *given, **named) if guard is None else guard.connect(address, *given, **named)


def _start_session(session: requests.Session) -> None:
    _begin(session)
    if _current.get() is not None:
        # A proxy from the environment would connect elsewhere; and what .netrc holds is for nobody's eyes.
        session.trust_env = False


_begin = requests.Session.__init__
urllib3.util.connection.create_connection = _guarded
setattr(requests.Session, "__init__", _start_session)  # noqa: B010 - mypy knows no other way to replace it
