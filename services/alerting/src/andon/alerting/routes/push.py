"""Routes of browsers that want to be told (Web Push). Each person has their own."""

from secrets import token_hex
from time import time_ns
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from andon.alerting.channel import check_url
from andon.alerting.couriers.encryption import read_keys
from andon.alerting.couriers.push import KEPT
from andon.alerting.draft import Draft
from andon.alerting.tables import PushRow
from andon.common.api import Caller, Page
from andon.common.auth import Principal, Role
from andon.common.errors import ConflictError, NotFoundError
from andon.common.times import ns_to_iso

router = APIRouter(tags=["push"])

MAX_BROWSERS = 20
"""Of one person."""


class Key(BaseModel):
    """What a browser subscribes with (`applicationServerKey`)."""

    key: str


class Keys(Draft):
    """With which messages to the browser are encrypted."""

    p256dh: str = Field(max_length=200)
    auth: str = Field(max_length=100)


class SubscriptionDraft(Draft):
    """A subscription as a browser writes it (`PushSubscription.toJSON()`)."""

    endpoint: str = Field(min_length=1, max_length=1000)
    keys: Keys
    expiration_time: Annotated[float | None, Field(alias="expirationTime")] = None


class Subscription(BaseModel):
    """A browser that is told. service: the host of its push service; the endpoint itself is a secret."""

    id: str
    person: str
    service: str
    created_at: str


@router.get("/push/key")
async def read_key(request: Request, _caller: Caller) -> Key:
    """The key a browser subscribes with."""
    return Key(key=request.app.state.vapid.public)


@router.get("/push/subscriptions")
async def list_subscriptions(request: Request, caller: Caller) -> Page[Subscription]:
    """One's own browsers; an admin of the whole plant sees those of everybody."""
    query = select(PushRow).order_by(PushRow.person, PushRow.created_at)
    if not _is_admin(caller):
        query = query.where(PushRow.person == _name(caller))
    async with request.app.state.database.read() as session:
        return Page(items=[_shown(row) for row in await session.scalars(query)])


@router.post("/push/subscriptions", status_code=201)
async def subscribe(draft: SubscriptionDraft, request: Request, caller: Caller) -> Subscription:
    """Tell this browser from now on what its person may see. To be repeated now and then, or it ends after 60 days."""
    check_url(draft.endpoint)
    read_keys(draft.keys.p256dh, draft.keys.auth)
    async with request.app.state.database.write() as session:
        await session.execute(delete(PushRow).where(PushRow.created_at < time_ns() - KEPT))
        row = await session.scalar(select(PushRow).where(PushRow.endpoint == draft.endpoint))
        if row is None or row.person != _name(caller):
            await _refuse_many(session, caller)
        if row is None:
            row = PushRow(id=token_hex(8), endpoint=draft.endpoint)
            session.add(row)
        # Whoever signs in with a browser has it; what its person may see may have changed, too.
        row.person, row.scope = _name(caller), caller.scope
        row.p256dh, row.auth, row.created_at, row.failed_at = draft.keys.p256dh, draft.keys.auth, time_ns(), None
    return _shown(row)


@router.delete("/push/subscriptions/{subscription_id}", status_code=204)
async def unsubscribe(subscription_id: str, request: Request, caller: Caller) -> None:
    """Tell a browser of one's own no more; an admin of the whole plant may do so for anybody's."""
    async with request.app.state.database.write() as session:
        row = await session.get(PushRow, subscription_id)
        if row is None or (row.person != _name(caller) and not _is_admin(caller)):
            raise NotFoundError(f"There is no subscription '{subscription_id}'")
        await session.delete(row)


async def _refuse_many(session: AsyncSession, caller: Principal) -> None:
    query = select(func.count()).where(PushRow.person == _name(caller))
    if (await session.scalar(query) or 0) >= MAX_BROWSERS:
        raise ConflictError(f"{MAX_BROWSERS} of your browsers are told already; take one away first")


def _is_admin(caller: Principal) -> bool:
    return caller.role >= Role.ADMIN and not caller.scope


def _name(caller: Principal) -> str:
    return caller.name or caller.id


def _shown(row: PushRow) -> Subscription:
    service = urlsplit(row.endpoint).hostname or ""
    return Subscription(id=row.id, person=row.person, service=service, created_at=ns_to_iso(row.created_at))
