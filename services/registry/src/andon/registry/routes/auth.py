"""Signing in and out, and one's own account."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request, Response, status
from pydantic import BaseModel, Field

from andon.common import logs
from andon.common.answer import Answer
from andon.common.api import Caller
from andon.common.errors import ForbiddenError, UnauthorizedError
from andon.registry.grafana.sessions import set_cookie
from andon.registry.names import RoleName, Strict
from andon.registry.passwords import MAX_LENGTH, MIN_LENGTH
from andon.registry.routes.state import Registry, State
from andon.registry.storage import people, tokens
from andon.registry.throttle import address_of

log = logs.get("registry.auth")

TOKEN_SECONDS = 12 * 3600

TRIED, TAKEN_BACK, SUCCEEDED = "tried", "taken-back", "succeeded"
"""What the other registries are told of who tries to sign in: `Throttle.count`, `take_back`, `succeeded`."""

public = APIRouter(tags=["sign in"])
router = APIRouter(tags=["sign in"])


class TokenOut(Answer):
    """A bearer token, as OAuth2 has it."""

    access_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 - a word of OAuth2, no secret
    expires_in: int


class Me(BaseModel):
    """The caller; `scope` is their part of the plant, '' all of it."""

    id: str
    username: str
    role: RoleName
    scope: str


class NewPassword(Strict):
    """A change of one's own password."""

    current: str = Field(max_length=MAX_LENGTH)
    new: str = Field(min_length=MIN_LENGTH, max_length=MAX_LENGTH)


@public.post("/auth/token")
async def sign_in(
    request: Request,
    response: Response,
    registry: Registry,
    username: Annotated[str, Form(max_length=63)],
    password: Annotated[str, Form(max_length=MAX_LENGTH)],
) -> TokenOut:
    """Give a token for a user name and a password (OAuth2 password form).

    A session with Grafana that somebody left in this browser ends.
    """
    async with registry.database.read() as session:
        person = await people.by_username(session, username)
    await check_password(request, registry, username, password, kept=person.password if person else None)
    async with registry.database.write() as session:
        now = await people.by_username(session, username)
        if now is None or person is None or now.password != person.password:
            raise UnauthorizedError("User name or password is wrong")  # they changed while it was checked
        jti = await tokens.issue(session, now.id, lifetime=TOKEN_SECONDS)
    signed = registry.tokens.sign(people.principal(now), token_id=jti, lifetime=TOKEN_SECONDS)
    response.headers["Set-Cookie"] = set_cookie("", secure=request.url.scheme == "https")
    return TokenOut(access_token=signed, expires_in=TOKEN_SECONDS)


@router.post("/auth/token/renew")
async def renew(registry: Registry, caller: Caller) -> TokenOut:
    """Give a new token for one that is still good, for a page that stays open for days; the old one ends in its time.

    The new one says what the person may do now. Both have the same id: signing out by either of them ends both, so that
    nobody who came by one of them stays.
    """
    async with registry.database.write() as session:
        if not await tokens.extend(session, caller.token_id, lifetime=TOKEN_SECONDS):
            raise UnauthorizedError("This token was revoked; sign in again")
        person = await people.visible(session, caller.id, scope="")
    signed = registry.tokens.sign(people.principal(person), token_id=caller.token_id, lifetime=TOKEN_SECONDS)
    return TokenOut(access_token=signed, expires_in=TOKEN_SECONDS)


@router.post("/auth/logout", status_code=status.HTTP_204_NO_CONTENT)
async def sign_out(request: Request, response: Response, registry: Registry, caller: Caller) -> None:
    """Revoke the token this request carries, and end the session with Grafana that it opened."""
    response.headers["Set-Cookie"] = set_cookie("", secure=request.url.scheme == "https")
    async with registry.database.write() as session:
        await tokens.revoke(session, caller.token_id)
    await forget_revoked(registry)


@router.get("/me")
async def me(caller: Caller) -> Me:
    """Say who the caller is."""
    role = caller.role.name.lower()
    return Me.model_validate({"id": caller.id, "username": caller.name, "role": role, "scope": caller.scope})


@router.post("/me/password", status_code=status.HTTP_204_NO_CONTENT)
async def change_password(request: Request, registry: Registry, caller: Caller, body: NewPassword) -> None:
    """Change one's own password; all other tokens of the caller are revoked."""
    async with registry.database.read() as session:
        kept = (await people.visible(session, caller.id, caller.scope)).password
    try:
        await check_password(request, registry, caller.name, body.current, kept=kept)
    except UnauthorizedError:
        # Their token is good: 401 would say that it is not, and sign them out of their pages.
        raise ForbiddenError("The current password is wrong; type the one by which you have signed in") from None
    changed = await registry.passwords.hash(body.new)
    async with registry.database.write() as session:
        person = await people.visible(session, caller.id, caller.scope)
        person.password = changed
        await tokens.revoke_all(session, caller.id, but=caller.token_id)
    await forget_revoked(registry)


async def check_password(request: Request, registry: State, username: str, password: str, *, kept: str | None) -> None:
    """Check a password, slower with each wrong one from the same address; a try that nobody looked at does not count.

    Raises:
        TooManyError: the caller must wait.
        UnauthorizedError: it is wrong, or there is nobody of that name; it says the same for both.
        UnavailableError: too many sign in at once.
    """
    address = address_of(request.client.host if request.client else "")
    registry.throttle.enter(username, address)
    await registry.peers.tell(TRIED, name=username, address=address)
    try:
        right = await registry.passwords.check(password, kept, address=address)
    except BaseException:
        registry.throttle.take_back(username, address)
        await registry.peers.tell(TAKEN_BACK, name=username, address=address)
        raise
    if not right:
        log.warning("wrong password", username=ascii(username[:63]), address=address)
        raise UnauthorizedError("User name or password is wrong")
    registry.throttle.succeeded(username, address)
    await registry.peers.tell(SUCCEEDED, name=username, address=address)


async def forget_revoked(registry: State) -> None:
    """Let what the database calls revoked be refused from now on, here and everywhere."""
    await registry.revoked.tell()
    registry.publisher.wake()
