"""What devices had acknowledged and intake had not taken over when the backup began: waited for, not copied.

The broker's own streams are left out on purpose: they belong to its sessions and connections. Once intake has taken
over what they held at the beginning, that is in the telemetry stream, or further.
"""

import asyncio
import json
from typing import Any

from nats.aio.client import Client
from nats.errors import Error as NatsError

from andon.common import subjects
from andon.common.errors import SetupError

ASK = "$SYS.REQ.SERVER.PING.JSZ"
ALL_SECONDS = 1.0
"""Within which all nodes of a cluster have answered."""
LOOK_SECONDS = 0.2
PATIENCE_SECONDS = 60.0


async def settled(system: Client, patience: float = PATIENCE_SECONDS) -> int:
    """Wait until intake has all that the broker had acknowledged by now; how many messages it still lacks (0: none).

    system: nats-server, as the user of its system account sees it.

    Raises:
        SetupError: it does not tell.
    """
    wanted = (await _state(system)).get("last_seq", 0)
    end = asyncio.get_running_loop().time() + patience
    while True:
        first = (await _state(system)).get("first_seq", 0)  # behind the last one where nothing is left
        if first > wanted or not wanted:
            return 0
        if asyncio.get_running_loop().time() > end:
            return int(wanted - first + 1)
        await asyncio.sleep(LOOK_SECONDS)


async def _state(system: Client) -> dict[str, int]:
    """State of the stream of devices' messages, by the node that is behind; {} where nats-server is not the broker."""
    found = [one for told in await _told(system) if (one := _of(told))]
    if not found:
        return {}
    return {name: pick(one[name] for one in found) for name, pick in (("first_seq", min), ("last_seq", max))}


async def _told(system: Client) -> list[dict[str, Any]]:
    """What each node says of the devices' account.

    Raises:
        SetupError: none says anything, so that nobody knows what waits.
    """
    inbox = system.new_inbox()
    answers = await system.subscribe(inbox)
    found = list[dict[str, Any]]()
    try:
        await system.publish(ASK, json.dumps({"account": "DEVICES", "streams": True}).encode(), reply=inbox)
        patience = ALL_SECONDS * 10
        while True:
            found.append(json.loads((await answers.next_msg(timeout=patience)).data))
            patience = ALL_SECONDS if len(system.servers) > 1 else LOOK_SECONDS
    except (NatsError, TimeoutError) as error:
        if not found:
            hint = "Does ANDON_SYS_PASSWORD belong to the user 'sys' of its system account?"
            raise SetupError(f"NATS does not tell what waits at the broker: {error}.", hint) from None
        return found
    finally:
        await answers.unsubscribe()


def _of(told: dict[str, Any]) -> dict[str, int]:
    for account in told.get("data", {}).get("account_details") or []:
        for stream in account.get("stream_detail") or []:
            if stream.get("name") == subjects.MQTT_MESSAGES:
                return dict(stream["state"])
    return {}
