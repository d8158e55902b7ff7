"""Where notifications arrive in tests: a real mail server, and a real HTTP server that keeps what is posted."""

import asyncio
from contextlib import suppress
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from typing_extensions import override


class Mailbox:
    """A mail server; `refuse` makes it answer 451 for an address, `holds` keep its answers back."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.messages: list[EmailMessage] = []
        self.refuse = ""
        self.holds = False
        self._controller = Controller(self, hostname="127.0.0.1", port=port)

    async def handle_DATA(self, _server: SMTP, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Take one mail."""
        if self.refuse in envelope.rcpt_tos:
            return "451 Mailbox is busy"
        self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
        while self.holds:
            await asyncio.sleep(0.01)
        return "250 OK"

    @property
    def subjects(self) -> list[str]:
        """Subject lines of all mail, in order of arrival."""
        return [str(m["Subject"]) for m in self.messages]

    def start(self) -> None:
        """Listen."""
        self._controller.start()

    def go_on(self) -> None:
        """Answer what was held back."""
        self.holds = False

    def stop(self) -> None:
        """Listen no more."""
        self._controller.stop(no_assert=True)


class Sink:
    """An HTTP server that keeps what is posted; answers `status`, and `body`. `accepted`: bodies it said yes to."""

    def __init__(self) -> None:
        self.requests: list[tuple[dict[str, str], bytes]] = []
        self.accepted: list[bytes] = []
        self.status = 200
        self.headers: dict[str, str] = {}
        self.body = b"{}"
        sink = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                """Keep it, and answer."""
                body = self.rfile.read(int(self.headers["Content-Length"]))
                sink.requests.append(({k.lower(): v for k, v in self.headers.items()}, body))
                status = sink.status
                if status < 300:
                    sink.accepted.append(body)
                self.send_response(status)
                for name, value in sink.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                with suppress(ConnectionError):  # one that hangs up before the end is just what some tests are about
                    self.wfile.write(sink.body)

            @override
            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"
        self._thread = Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def stop(self) -> None:
        """Listen no more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
