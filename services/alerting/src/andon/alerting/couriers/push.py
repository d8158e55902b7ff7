"""Push: notifications of browsers, also while Andon's page is closed (Web Push, RFC 8030).

A message goes to all browsers of a person, or of everybody; each must belong to somebody who may see the machine. What
a browser got is remembered until all have it, so that a second try goes to the others alone.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from time import time_ns
from typing import Any

import msgspec
from sqlalchemy import delete, select, update

from andon.alerting.channel import Channel
from andon.alerting.couriers.encryption import MAX_PLAIN, encode, encrypt
from andon.alerting.couriers.guarded import GuardedClient
from andon.alerting.couriers.message import Single, one_line, tell
from andon.alerting.couriers.vapid import Vapid
from andon.alerting.database import Database
from andon.alerting.elsewhere import cut_text
from andon.alerting.tables import PushRow
from andon.common import logs
from andon.common.errors import InvalidError, UnavailableError
from andon.common.plant import is_below
from andon.common.reading import NS_PER_S

log = logs.get("alerting.push")

EVERYBODY = "*"
TTL_SECONDS = 24 * 3600
"""How long a push service keeps a message for a browser that is not there."""

KEPT = 60 * 24 * 3600 * NS_PER_S
"""A browser that has not renewed its subscription for so long gets no more: its person may be gone, or see less."""

PARALLEL = 20
REMEMBERED = 1000
GONE = (404, 410)
TRY_AGAIN = (408, 425, 429)


class Push:
    """Sends to the browsers in `push_subscriptions`."""

    def __init__(self, database: Database, http: GuardedClient, vapid: Vapid, public_url: str) -> None:
        self._database = database
        self._http = http
        self._vapid = vapid
        self._public_url = public_url
        self._turns = asyncio.Semaphore(PARALLEL)
        self._reached = OrderedDict[str, set[str]]()

    async def send(self, channel: Channel, payload: Mapping[str, Any]) -> None:
        """Send one message to all browsers it is for.

        Raises:
            InvalidError: there is none, or each refuses it for good.
            UnavailableError: some could not be reached; try again.
        """
        rows = await self._rows(channel.target, payload)
        if not rows:
            who = "nobody" if channel.target == EVERYBODY else f"no browser of '{channel.target}'"
            raise InvalidError(f"There is {who} to notify who may see this; turn notifications on in a browser first")
        key = f"{channel.id}/{payload['key']}"
        reached = self._reached.setdefault(key, set())
        outcomes = await asyncio.gather(*(self._one(row, payload, reached) for row in rows))
        failed = [wrong for wrong in outcomes if wrong]
        if failed:
            await self._note({row.id: wrong for row, wrong in zip(rows, outcomes, strict=True) if wrong})
        if any(isinstance(wrong, UnavailableError) for wrong in failed):
            while len(self._reached) > REMEMBERED:
                self._reached.popitem(last=False)
            raise UnavailableError(f"{len(failed)} of {len(rows)} browsers were not reached: {failed[0]}")
        self._reached.pop(key, None)
        if len(failed) == len(rows):
            raise InvalidError(f"No browser was reached: {failed[0]}")

    async def _rows(self, target: str, payload: Mapping[str, Any]) -> Sequence[PushRow]:
        query = select(PushRow).where(PushRow.created_at >= time_ns() - KEPT)
        if target != EVERYBODY:
            query = query.where(PushRow.person == target)
        async with self._database.read() as session:
            rows = (await session.scalars(query)).all()
        places = _places(payload)
        return [row for row in rows if not row.scope or any(is_below(place, row.scope) for place in places)]

    async def _one(self, row: PushRow, payload: Mapping[str, Any], reached: set[str]) -> Exception | None:
        """Send to one browser, unless it has it; what went wrong, if anything."""
        if row.id in reached:
            return None
        try:
            async with self._turns:
                await self._post(row, payload)
        except (InvalidError, UnavailableError) as error:
            return error
        reached.add(row.id)
        return None

    async def _post(self, row: PushRow, payload: Mapping[str, Any]) -> None:
        content = words(payload, self._public_url, row.scope)
        body = encrypt(msgspec.json.encode(content), row.p256dh, row.auth)
        headers = {
            "Authorization": self._vapid.authorization(row.endpoint),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(TTL_SECONDS),
            "Urgency": "high" if content["severity"] in ("critical", "high") else "normal",
            # What waits for a browser that is off is replaced by what came of the same alarm later.
            "Topic": encode(sha256(content["tag"].encode()).digest())[:32],
        }
        answer = await self._http.post(row.endpoint, body, headers)
        if answer.is_success:
            return
        if answer.status_code in GONE:
            raise GoneError("the browser has unsubscribed")
        again = answer.status_code in TRY_AGAIN or answer.status_code >= 500
        raise (UnavailableError if again else InvalidError)(f"its push service answered {answer.status_code}")

    async def _note(self, failed: Mapping[str, Exception]) -> None:
        """Drop browsers that are gone; write down when others failed."""
        gone = [name for name, wrong in failed.items() if isinstance(wrong, GoneError)]
        async with self._database.write() as session:
            await session.execute(delete(PushRow).where(PushRow.id.in_(gone)))
            await session.execute(update(PushRow).where(PushRow.id.in_(list(failed))).values(failed_at=time_ns()))


class GoneError(InvalidError):
    """A browser does not want messages any more."""


def words(payload: Mapping[str, Any], public_url: str, scope: str = "") -> dict[str, str]:
    """What a browser shows: title, body, tag (a later one replaces an earlier one), url, acknowledge, severity, key.

    scope: the part of the plant its person may see. Sensors beyond are cut, and a digest that reaches there is told
    without its places.
    """
    told = tell(payload, public_url)
    title, body = told.subject, told.sentence
    acknowledge = ""
    if isinstance(told, Single):
        body = f"{cut_text(told.sentence, payload['alarm']['asset'], scope)}\n{told.place}"
        acknowledge = told.acknowledge
    elif scope and not all(is_below(place, scope) for place in _places(payload)):
        title, body = f"[{told.mark}] Many alarms", f"Some of them are in {one_line(scope)}"
    return {
        "title": one_line(title, 160),
        "body": body if len(body) <= 400 else body[:399] + "…",
        "tag": told.thread,
        "url": _short(told.link),
        "acknowledge": _short(acknowledge),
        "severity": told.tone,
        "key": told.key,
    }


def _short(link: str) -> str:
    """A link, if a message has room for it."""
    return link if len(link) <= MAX_PLAIN // 6 else ""


def _places(payload: Mapping[str, Any]) -> Iterable[str]:
    if "digest" not in payload:
        return [payload["alarm"]["asset"]]
    digest = payload["digest"]
    return [*(place for place, _ in digest["places"]), *(alarm["asset"] for alarm in digest["alarms"])]
