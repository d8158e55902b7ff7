"""What nats-server keeps of MQTT messages: a stream in which they wait, and a consumer for each of intake's filters.

The stream keeps a message until every consumer has acknowledged it, so whatever is in it waits for intake. It has no
bound of its own but that of the account: at that the server ends the connections of those who publish, and nothing
acknowledged is lost.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256

from nats.aio.client import Client
from nats.js.errors import NotFoundError

from andon.common import subjects

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Kept:
    """What one look found. consumers: how much waits for each; used, limit: bytes of the account (limit 0: none)."""

    consumers: dict[str, int] = field(default_factory=dict)
    used: int = 0
    limit: int = 0

    @property
    def waiting(self) -> int:
        """Messages that wait for intake."""
        return sum(self.consumers.values())

    def lost_since(self, before: "Kept") -> int:
        """What waited for consumers that are gone: nobody gives it to intake any more."""
        return sum(waiting for name, waiting in before.consumers.items() if name not in self.consumers)


async def look(nc: Client, client_ids: Iterable[str]) -> Kept | None:
    """What waits for the sessions of these client ids. None: this server keeps no MQTT messages, or none yet.

    Raises:
        NatsError, APIError, OSError, TimeoutError: it does not answer, or does not let us.
    """
    js = nc.jetstream(timeout=2)
    own = tuple(f"{session_hash(client_id)}_" for client_id in client_ids)
    try:
        found = await js.consumers_info(subjects.MQTT_MESSAGES)
        account = await js.account_info()
    except NotFoundError:
        return None
    consumers = {c.name: (c.num_pending or 0) + (c.num_ack_pending or 0) for c in found if c.name.startswith(own)}
    return Kept(consumers, account.storage, max(0, account.limits.max_storage))


async def rewind(nc: Client, client_id: str) -> None:
    """Let what was sent to a session and never acknowledged be the first that it is sent next, in its order.

    By itself the server would send it only after `ack_wait`, behind newer messages: too late for alarms.

    Raises:
        NatsError, APIError, OSError, TimeoutError: it does not answer, or does not let us.
    """
    js = nc.jetstream(timeout=2)
    for consumer in await js.consumers_info(subjects.MQTT_MESSAGES):
        if consumer.name.startswith(f"{session_hash(client_id)}_") and consumer.num_ack_pending:
            await nc.request(f"$JS.API.CONSUMER.RESET.{subjects.MQTT_MESSAGES}.{consumer.name}", timeout=2)


def session_hash(client_id: str) -> str:
    """How nats-server names a client's session, and so its consumers (`getHash` in its source)."""
    return "".join(_DIGITS[byte % len(_DIGITS)] for byte in sha256(client_id.encode()).digest()[:8])
