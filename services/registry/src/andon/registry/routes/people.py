"""People: who signs in."""

from typing import Annotated

from fastapi import APIRouter, Depends, status
from pydantic import BaseModel, Field, StringConstraints

from andon.common.api import Caller, Page, needs
from andon.common.auth import Role
from andon.common.times import ns_to_iso
from andon.registry.names import RoleName, Scope, Strict
from andon.registry.passwords import MAX_LENGTH, MIN_LENGTH
from andon.registry.routes.auth import forget_revoked
from andon.registry.routes.state import Cursor, Limit, Registry
from andon.registry.storage import people, tokens, views
from andon.registry.storage.tables import PersonRow

router = APIRouter(tags=["people"], dependencies=[Depends(needs(Role.ADMIN))])

Username = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@+-]{0,62}$")]
Password = Annotated[str, Field(min_length=MIN_LENGTH, max_length=MAX_LENGTH)]


class NewPerson(Strict):
    """Somebody who may sign in."""

    username: Username
    password: Password
    role: RoleName = "viewer"
    scope: Scope = ""


class PersonChange(Strict):
    """What is to change of a person; what is left out stays."""

    password: Password | None = None
    role: RoleName | None = None
    scope: Scope | None = None


class PersonOut(BaseModel):
    """A person; `scope` is their part of the plant, '' all of it.

    sessions: how many of their tokens are good: one for each place where they are signed in.
    """

    id: str
    username: str
    role: RoleName
    scope: str
    created: str
    sessions: int


def _out(row: PersonRow, sessions: int = 0) -> PersonOut:
    return PersonOut.model_validate(
        {
            "id": row.id,
            "username": row.username,
            "role": row.role,
            "scope": row.scope,
            "created": ns_to_iso(row.created),
            "sessions": sessions,
        }
    )


@router.get("/people")
async def list_people(registry: Registry, caller: Caller, cursor: Cursor = "", limit: Limit = 100) -> Page[PersonOut]:
    """List people in order of user name."""
    async with registry.database.read() as session:
        rows = await people.page(session, scope=caller.scope, after=cursor, limit=limit + 1)
        sessions = await tokens.sessions(session, [row.id for row in rows[:limit]])
    more = rows[limit - 1].username if len(rows) > limit else None
    return Page(items=[_out(row, sessions.get(row.id, 0)) for row in rows[:limit]], next_cursor=more)


@router.post("/people", status_code=status.HTTP_201_CREATED)
async def create_person(registry: Registry, caller: Caller, body: NewPerson) -> PersonOut:
    """Add a person."""
    caller.require_path(body.scope)
    kept = await registry.passwords.hash(body.password)
    async with registry.database.write() as session:
        role = Role[body.role.upper()]
        return _out(await people.create(session, username=body.username, password=kept, role=role, scope=body.scope))


@router.patch("/people/{person_id}")
async def change_person(registry: Registry, caller: Caller, person_id: str, body: PersonChange) -> PersonOut:
    """Change a person's password, role or part of the plant; they must sign in again."""
    if body.scope is not None:
        caller.require_path(body.scope)
    kept = None if body.password is None else await registry.passwords.hash(body.password)
    async with registry.database.write() as session:
        row = await people.visible(session, person_id, caller.scope)
        row.password = row.password if kept is None else kept
        row.role = row.role if body.role is None else body.role
        row.scope = row.scope if body.scope is None else body.scope
        await people.require_admin(session)
        await tokens.revoke_all(session, row.id)
    await forget_revoked(registry)
    return _out(row)


@router.delete("/people/{person_id}/sessions", status_code=status.HTTP_204_NO_CONTENT)
async def end_sessions(registry: Registry, caller: Caller, person_id: str) -> None:
    """Sign a person out wherever they are signed in; password, role and part of the plant stay."""
    async with registry.database.write() as session:
        row = await people.visible(session, person_id, caller.scope)
        await tokens.revoke_all(session, row.id)
    await forget_revoked(registry)


@router.delete("/people/{person_id}", status_code=status.HTTP_204_NO_CONTENT)
async def delete_person(registry: Registry, caller: Caller, person_id: str) -> None:
    """Delete a person; their tokens are revoked, their own views go, and those they shared are the caller's then."""
    async with registry.database.write() as session:
        row = await people.visible(session, person_id, caller.scope)
        await views.leave(session, row.id, caller.id)
        await session.delete(row)
        await people.require_admin(session)
        await tokens.revoke_all(session, row.id)
    await forget_revoked(registry)
