"""A sign of life is given while all is well, and stays away when it is not."""

import asyncio
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from typing_extensions import override

from andon.alerting.notify.heartbeat import Heartbeat
from andon.common import jobs
from andon.common.testing.waiting import ANSWER_SECONDS, eventually


class Watcher:
    """Somebody outside, who counts signs of life."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.status = 200
        watcher = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                watcher.seen.append(self.path)
                self.send_response(watcher.status)
                self.end_headers()

            @override
            def log_message(self, *_: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/ping/secret"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self.thread.start()


@pytest.fixture
def watcher() -> Iterator[Watcher]:
    made = Watcher()
    yield made
    made.server.shutdown()
    made.server.server_close()
    made.thread.join()


async def test_no_sign_of_life_while_something_is_wrong(watcher: Watcher) -> None:
    wrong = {"database": ""}
    async with httpx.AsyncClient(timeout=ANSWER_SECONDS) as http:
        heartbeat = Heartbeat(watcher.url, {"database": lambda: wrong["database"]}, http)
        assert await heartbeat.beat()
        assert watcher.seen == ["/ping/secret"]
        wrong["database"] = "does not answer"
        assert not await heartbeat.beat()
        assert len(watcher.seen) == 1
        wrong["database"] = ""
        watcher.status = 500
        assert not await heartbeat.beat()
        watcher.status = 200
        assert await heartbeat.beat()
        assert not await Heartbeat("http://127.0.0.1:9/", {}, http).beat()


async def test_only_the_instance_with_the_lease_beats_and_without_a_url_nobody(watcher: Watcher) -> None:
    held, looked = [False], list[bool]()

    def holds() -> bool:
        looked.append(held[0])
        return held[0]

    async with httpx.AsyncClient(timeout=ANSWER_SECONDS) as http:
        await Heartbeat("", {}, http).run(lambda: True)
        task = asyncio.create_task(Heartbeat(watcher.url, {}, http).run(holds, every=0.01))
        await eventually(lambda: len(looked) > 3)
        assert watcher.seen == []
        held[0] = True
        await eventually(lambda: len(watcher.seen) > 2)
        await jobs.end(task)
