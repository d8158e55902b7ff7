"""A lean MQTT session for taking messages in: QoS 1, persistent, acknowledged by hand.

One asyncio Protocol and no task per message; acknowledgements go out in one write per batch. It speaks MQTT 3.1.1
and 5 as far as a subscriber needs them (OASIS standards, sections named in `packets`).
"""

from andon.common.mqtt.packets import Publish
from andon.common.mqtt.session import Broker, Session

__all__ = ["Broker", "Publish", "Session"]
