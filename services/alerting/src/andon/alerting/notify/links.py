"""Links in messages: to an alarm, and to acknowledge it without signing in.

The token of such a link is signed, and bound to one alarm, one of its transitions and one channel. It is good for a
day, and for one use: once the alarm is acknowledged, or has asked anew since, it does nothing.
"""

from collections.abc import Mapping
from secrets import token_urlsafe
from time import time
from typing import Any

import jwt
import msgspec
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from andon.alerting.alarm.state import AlarmState
from andon.alerting.channel import Channel
from andon.alerting.couriers.message import alarm_link
from andon.alerting.database import Database
from andon.alerting.tables import KeptRow
from andon.common.errors import InvalidError

GOOD_SECONDS = 24 * 3600
_ALGORITHM, _AUDIENCE = "HS256", "acknowledge"
_KEY = "link key"


def is_unseen(alarm: Mapping[str, Any]) -> bool:
    """Whether an alarm, as `alarm_json` has it, can be acknowledged."""
    held = alarm["state"] == AlarmState.LATCHED and not alarm.get("acknowledged")
    return held or alarm["state"] in (AlarmState.UNACKNOWLEDGED, AlarmState.RETURNED)


class Ticket(msgspec.Struct, frozen=True):
    """What a link is bound to. expired: it was good once."""

    alarm_id: str
    number: int
    channel: str
    expired: bool = False


class Links:
    """Makes links and reads them. public_url: where people open Andon."""

    def __init__(self, public_url: str, key: str) -> None:
        self._public_url = public_url.rstrip("/")
        self._key = key

    def of(self, payload: dict[str, Any], channel: Channel) -> dict[str, str]:
        """The links of a message; one to acknowledge only where nobody has, be its cause gone or not."""
        if "digest" in payload:
            return {"alarm": f"{self._public_url}/alarms"}
        alarm = payload["alarm"]
        links = {"alarm": alarm_link(self._public_url, alarm["id"])}
        if is_unseen(alarm):
            token = self.token(alarm["id"], payload["transition"]["number"], channel.name)
            links["acknowledge"] = f"{self._public_url}/api/alerting/v1/acknowledge/{token}"
        return links

    def token(self, alarm_id: str, number: int, channel: str, lifetime: float = GOOD_SECONDS) -> str:
        """Token to acknowledge an alarm as of one of its transitions."""
        claims = {"a": alarm_id, "n": number, "c": channel, "exp": int(time() + lifetime), "aud": _AUDIENCE}
        return jwt.encode(claims, self._key, algorithm=_ALGORITHM)

    def read(self, token: str) -> Ticket:
        """What a token is bound to.

        Raises:
            InvalidError: it is none of ours.
        """
        options: Any = {"require": ["exp"], "verify_exp": False}
        try:
            claims = jwt.decode(token, self._key, algorithms=[_ALGORITHM], audience=_AUDIENCE, options=options)
            return Ticket(str(claims["a"]), int(claims["n"]), str(claims["c"]), expired=time() >= float(claims["exp"]))
        except (jwt.InvalidTokenError, KeyError, ValueError, TypeError):
            raise InvalidError(
                "This link is not complete, or not one of ours; open it from the message itself"
            ) from None


async def load_key(database: Database) -> str:
    """The key links are signed with; made at the first start, and the same for all instances."""
    query = select(KeptRow.value).where(KeptRow.name == _KEY)
    async with database.read() as session:
        key = await session.scalar(query)
    if key is not None:
        return key
    try:
        async with database.write() as session:
            session.add(KeptRow(name=_KEY, value=token_urlsafe(48)))
    except IntegrityError:
        pass  # another instance was first
    async with database.read() as session:
        return (await session.scalars(query)).one()
