"""The devices' connections as nats-server sees them, over its system account: find them, end them."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass
from typing import Any

from nats.aio.client import Client
from nats.errors import TimeoutError as NatsTimeoutError
from pydantic import SecretStr

from andon.common import subjects
from andon.common.visit import visit
from andon.registry.admission import ACCOUNT

PATIENCE = 2.0
"""Seconds the first server may take to answer."""
SILENCE = 0.25
"""Seconds after which no further server will answer."""


@dataclass(frozen=True)
class Connection:
    """One device's connection: its number on one server, the device's user name, and `ip:port`."""

    server: str
    cid: int
    username: str
    address: str


class Connections:
    """Asks all servers of a cluster at once. Each call connects anew, for they are rare."""

    def __init__(self, url: str, password: SecretStr) -> None:
        self._url = url
        self._password = password

    async def find(self, **wanted: Any) -> list[Connection]:
        """Connections of the account DEVICES that fit CONNZ's options, like `cid=7`.

        Raises:
            NatsError, OSError, TimeoutError: no server answers.
        """
        async with self.system() as nc:
            return [found async for found in _ask(nc, wanted)]

    async def end(self, username: str) -> int:
        """End all connections of one device; says how many there were.

        Raises:
            NatsError, OSError, TimeoutError: no server answers.
        """
        ended = 0
        async with self.system() as nc:
            async for found in _ask(nc, {"user": username}):
                await nc.request(subjects.kick(found.server), json.dumps({"cid": found.cid}).encode(), timeout=PATIENCE)
                ended += 1
        return ended

    def system(self) -> AbstractAsyncContextManager[Client]:
        """A connection to nats-server's system account.

        Raises:
            NatsError, OSError, TimeoutError: no server answers.
        """
        return visit(self._url, name="registry connections", user="sys", password=self._password.get_secret_value())


async def _ask(nc: Client, wanted: dict[str, Any]) -> AsyncIterator[Connection]:
    """Every server answers for itself; how many there are nobody knows, so silence ends the asking."""
    inbox = nc.new_inbox()
    sub = await nc.subscribe(inbox)
    question = {"auth": True, "acc": ACCOUNT, **wanted}
    await nc.publish(subjects.CONNECTIONS, json.dumps(question).encode(), reply=inbox)
    answer = json.loads((await sub.next_msg(timeout=PATIENCE)).data)
    with suppress(NatsTimeoutError, asyncio.TimeoutError):
        while True:
            for one in answer.get("data", {}).get("connections") or []:
                address = f"{one['ip']}:{one['port']}"
                yield Connection(answer["server"]["id"], one["cid"], one.get("authorized_user", ""), address)
            answer = json.loads((await sub.next_msg(timeout=SILENCE)).data)
